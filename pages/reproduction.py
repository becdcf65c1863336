"""Reproduction: the paper's every figure and table beside what came out here, and what explains the difference."""

import streamlit as st

from ui import reproduction

st.title("Reproduction")
st.markdown(
    "What the paper reports, and what this project's own code obtained on full MNIST, with the seeds and the machine "
    "that are named. These results came with the project."
)
found = reproduction.sections()
reproduction.figures(found)
for section in found:
    reproduction.show(section)
reproduction.download(found)

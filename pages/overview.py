"""Overview: the chosen run beside the paper's result, its network, and what to do next."""

import streamlit as st

from core.network_summary import summarise
from ui import network_sketch, overview, page

run = page.finished_run("Overview", "its accuracy beside the paper's, and its network")

overview.result(run)
overview.running()

st.header("The network", anchor=False)
facts = run.request.dataset
network_sketch.show(summarise(run.request.recipe.architecture, facts.image_shape, len(facts.class_names)))

left, right = st.columns(2, gap="large")
with left:
    st.header("What to do next", anchor=False)
    overview.next_steps(run)
with right:
    st.header("Settings of this run", anchor=False)
    overview.settings(run)

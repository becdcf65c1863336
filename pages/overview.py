"""Overview: the chosen run beside the paper's result, its network, and what to do next."""

import streamlit as st

from ui import network_sketch, overview, page

run = page.finished_run("Overview", "its accuracy beside the paper's, and its network")

overview.result(run)
overview.running()

st.header("The network", anchor=False)
network_sketch.show(run.request.network)

left, right = st.columns(2, gap="large")
with left:
    st.header("What to do next", anchor=False)
    overview.next_steps(run)
with right:
    st.header("Settings of this run", anchor=False)
    overview.settings(run)

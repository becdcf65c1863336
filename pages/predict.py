"""Predict: the digits in pictures that somebody uploads, takes or draws, how sure the network is of each, and why."""

import streamlit as st

from ui import desk, reader

with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
    st.title("Predict", width="content")
    run, predictor = reader.choose()
desk.show(run, predictor)

"""Evaluation: a run's scores on the test images beside the paper's, which classes it mixes up, how sure it is."""

import streamlit as st

from ui import evaluation, overview, page, state

run = page.finished_run(
    "Evaluation", "its scores, the classes that it mixes up, and how far its confidence is to be trusted"
)
state.remember(*evaluation.PARAMETERS)

overview.result(run)

images = page.images_of(run)
pair = evaluation.pair_of(run)

st.header("Which classes it mixes up", anchor=False)
left, right = st.columns([5, 4], gap="large")
with left:
    evaluation.matrix(run, pair)
with right:
    evaluation.choose_cell(run, pair)
evaluation.images(run, images, pair)

st.header("Each class", anchor=False)
evaluation.class_table(run)

st.header("How sure it is", anchor=False)
evaluation.confidence(run)

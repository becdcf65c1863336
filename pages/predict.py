"""Predict: the digits in pictures that somebody uploads, and how sure the network is of each."""

import streamlit as st

from ui import pictures

st.title("Predict")
run, predictor = pictures.reader()
found = pictures.read(run, predictor, pictures.upload())
pictures.problems(found)
pictures.answers(found, run.request.dataset.class_names)

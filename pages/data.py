"""Data: the datasets at hand, their classes and images, and the way to bring another."""

import streamlit as st

from ui import dataset_upload, datasets, state

st.title("Data")
state.remember("dataset", "class", "part", "order", "page", "image")

if dataset := datasets.chosen():
    datasets.figures(dataset)
    st.header("Classes", anchor=False)
    datasets.classes(dataset)
    st.header("Images", anchor=False)
    datasets.examples(dataset)

st.header("Datasets at hand", anchor=False)
datasets.listing()

st.header("Add a dataset", anchor=False)
dataset_upload.show()

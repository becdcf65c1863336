"""Autoencoder: what it gives back of images, where their codes lie, its training and layers (figures 3 and 4)."""

import streamlit as st

from ui import autoencoder, code_space, drawer, network_sketch, page, state

run = page.finished_run("Autoencoder", "what it gives back of each image, and a map of its codes")
state.remember(*autoencoder.PARAMETERS, *code_space.PARAMETERS)
images = page.images_of(run)

network = run.request.network
autoencoder.result(run, network)

st.header("What it gives back", anchor=False)
autoencoder.reconstructions(run, images)

st.header("Map of the codes", anchor=False)
code_space.show(run, images)

left, right = st.columns(2, gap="large")
with left:
    st.header("Loss per epoch", anchor=False)
    autoencoder.losses(run)
with right:
    st.header("Error of each class", anchor=False)
    autoencoder.errors_by_class(run)

st.header("Layers", anchor=False)
network_sketch.show(network, ("encoder", "decoder"))

drawer.show(run, images, (autoencoder.chosen(run)[1], code_space.selected_images(run)))

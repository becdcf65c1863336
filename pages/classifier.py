"""Classifier: both phases of its training, what the second repaired and broke, its layers (figures 6, 7 and 8)."""

import streamlit as st

from ui import classifier, drawer, network_sketch, page, repairs, state

run = page.finished_run("Classifier", "both phases of its training, and what the second one changed")
state.remember(*repairs.PARAMETERS)
images = page.images_of(run)
changes = classifier.changes(run)

network = run.request.network
classifier.result(run, changes)

st.header("Training", anchor=False)
classifier.curves(run)

st.header("What phase 2 repaired and what it broke", anchor=False)
repairs.show(changes, images, run.request.dataset.class_names, f"{run.fingerprint[:8]}-phases.csv")

st.header("What each phase moved", anchor=False)
classifier.proof(run, network)

st.header("Layers", anchor=False)
network_sketch.show(network, ("encoder", "head"))

st.header("Settings of both phases", anchor=False)
classifier.settings(run)

drawer.show(run, images, (changes.repaired, changes.broken))

"""Classifier: both phases of its training, what the second repaired and broke, its layers (figures 6, 7 and 8)."""

import streamlit as st

from core.network_summary import summarise
from ui import classifier, drawer, network_sketch, page, repairs, state

run = page.finished_run("Classifier", "both phases of its training, and what the second one changed")
state.remember(*repairs.PARAMETERS)
images = page.images_of(run)
changes = classifier.changes(run)

facts = run.request.dataset
network = summarise(run.request.recipe.architecture, facts.image_shape, len(facts.class_names))
classifier.result(run, changes)

st.header("Training", anchor=False)
classifier.curves(run)

st.header("What phase 2 repaired and what it broke", anchor=False)
repairs.show(changes, images, facts.class_names, f"{run.fingerprint[:8]}-phases.csv")

st.header("What each phase moved", anchor=False)
classifier.proof(run, network)

st.header("Layers", anchor=False)
network_sketch.show(network, ("encoder", "head"))

st.header("Settings of both phases", anchor=False)
classifier.settings(run)

drawer.show(run, images, (changes.repaired, changes.broken))

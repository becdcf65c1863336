"""Mistakes: every test image that was read wrongly (or rightly), and an inspector that says why."""

import streamlit as st

from ui import inspector, mistakes, page, state

run = page.finished_run("Mistakes", "every image that it read wrongly, and what it took it for")
state.remember(*mistakes.PARAMETERS)

images = page.images_of(run)
chosen = mistakes.read(run)
positions = mistakes.positions_of(run, chosen)

opened = inspector.opened(run)
if opened is not None:
    inspector.show(run, images, opened, positions)
else:
    mistakes.figures(run)
    st.header("Images", anchor=False)
    mistakes.controls(run, chosen, positions)
    mistakes.images(run, images, chosen, positions)

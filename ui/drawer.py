"""The inspector in a drawer beside the page: for long pages, whose reader wants to be where he was when it closes."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.store import Run, RunImages
from ui import inspector, state
from ui.readings import Positions


def show(run: Run, images: RunImages, lists: Sequence[Positions]) -> None:
    """Everything about the test image that the URL names, if it names one.

    lists: what to step through with previous and next: the first that holds the image; else all test images.
    """
    if inspector.opened(run) is not None:
        _drawer(run, images, lists)


@st.dialog("Test image", width="medium", position="right", on_dismiss=lambda: state.put(image=None))
def _drawer(run: Run, images: RunImages, lists: Sequence[Positions]) -> None:
    position = inspector.opened(run)
    if position is None:
        st.rerun()
    among = next((one for one in lists if position in one), np.empty(0, np.int64))
    inspector.show(run, images, position, among)

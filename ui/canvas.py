"""The canvas: a sheet to write digits on, with mouse, finger or pen; the answer is laid over what was drawn.

A drawing is a short text (`core.images.drawing`) that goes into the link as `?drawing=`, so that it survives a reload
and can be sent; one too long for a link stays in the visit. The browser keeps the strokes: an answer that comes late
never undoes a stroke made meanwhile, and is shown only over the drawing that it belongs to.
"""

import time
from collections.abc import Sequence

import streamlit as st

from core.images import drawing
from ui import marks, state
from ui.component import component
from ui.marks import Mark

LONGEST_LINK = 4000
"""Longest drawing that is put into the link, in signs."""
PARAMETER = "drawing"
_KEY = "canvas"
_TOO_LONG = "drawing too long for a link"


def drawn() -> str:
    """The drawing as it stands: the canvas's own, else the link's; "" for an empty sheet or what is no drawing."""
    kept = st.session_state.get(_KEY)
    text = kept.get(PARAMETER) if kept else None
    if text is None:
        text = st.query_params.get(PARAMETER, st.session_state.get(_TOO_LONG, ""))
    return text if drawing.parse(text) else ""


def show(text: str, found: Sequence[Mark], chosen: int = 0) -> None:
    """The sheet with that drawing and what was read in it. chosen: the digit that is marked, if there are several."""
    state.put(**{PARAMETER: text if text and len(text) <= LONGEST_LINK else None})
    st.session_state[_TOO_LONG] = text if len(text) > LONGEST_LINK else ""
    component("canvas", shared="marks")(
        key=_KEY,
        data={
            "drawing": text,
            "answered": text,
            "marks": marks.data_of(found),
            "chosen": chosen if len(found) > 1 else None,
            "size": [drawing.WIDTH, drawing.HEIGHT],
            "scale": drawing.SCALE,
            "longest_link": LONGEST_LINK,
            "moment": time.time_ns(),  # new data make the browser look after the link when a rerun is over
            "alt": "A sheet to draw digits on, with a mouse, a finger or a pen; Ctrl+Z undoes.",
        },
        on_drawing_change=lambda: None,
    )


def last_drawn(found: Sequence[Mark]) -> int:
    """The position of the digit that the last stroke belongs to; 0 if that cannot be said."""
    strokes = drawing.parse(drawn())
    if not strokes:
        return 0
    across, down = strokes[-1].points.mean(axis=0) * drawing.SCALE
    inside = (
        number
        for number, (x, y, width, height) in enumerate(mark.box for mark in found)
        if x <= across <= x + width and y <= down <= y + height
    )
    return next(inside, 0)

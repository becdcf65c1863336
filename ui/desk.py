"""The desk of the Predict page: what comes in on one side, what was read on the other, and below it why."""

import numpy as np
import streamlit as st

from core.prediction import Predictor
from core.store import Run
from ui import answer, canvas, corrections, digit, gallery, intake, many, own_digits, reading, state
from ui.gallery import Tile
from ui.markdown import plain
from ui.marks import first_unsure
from ui.reading import Source, Whole

PARAMETERS = ("reader", "way", "drawing", "sample", "order", "picture", "digit", "view")
"""Those of the URL, which are what they were when somebody comes back to the page."""

_READ = "picture read"
_ROW, _STRIP = 24, 220
"""More digits than this are scrolled through, in a strip of so many pixels."""


@st.fragment
def show(run: Run, predictor: Predictor) -> None:
    """Everything below the run that reads; a fragment, so that a stroke of the pen draws nothing else anew."""
    _desk(run, predictor)
    state.remember(*PARAMETERS)  # a fragment is drawn anew without the head of the page
    own_digits.show(run, predictor)


def _desk(run: Run, predictor: Predictor) -> None:
    way = intake.way()
    if way == "draw":
        _drawing(run, predictor)
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        given = intake.camera() if way == "camera" else intake.files()
    with right:
        place = st.empty()
        found = many.read(run, predictor, given.sources, place)
        good = [one for one in found if not one.problem]
        if len(good) > 1:
            source = good[many.table(good, found, predictor.class_names)].source
        intake.problems(given.problems, found)
        if not good:
            if not found and not given.problems:
                with place.container():
                    intake.empty(way)
            return
        if len(good) == 1:
            source = good[0].source
            whole, position = _opened(run, predictor, source)
    if len(good) > 1:
        st.header(plain(source.name), anchor=False)
        whole, position = _opened(run, predictor, source, wide=True)
    _details(run, predictor, source, whole, position)


def _drawing(run: Run, predictor: Predictor) -> None:
    given = intake.drawn()
    found = [reading.brief(run, predictor, one) for one in given.sources]
    source = given.sources[0] if found and not found[0].problem else None
    whole = reading.whole(run, predictor, source) if source else None
    left, right = st.columns([3, 2], gap="large")
    if source is None or whole is None:
        with left:
            canvas.show(canvas.drawn(), [])
        with right:
            if found:
                intake.problems([], found)
            else:
                intake.empty("draw")
        return
    with right:
        position = _answer(whole, source, image=False, default=canvas.last_drawn(whole.marks))
    with left:
        canvas.show(canvas.drawn(), whole.marks, position)
    with right:
        corrections.ask(run, source, whole.reading.digits, position)
    _details(run, predictor, source, whole, position)


def _opened(run: Run, predictor: Predictor, source: Source, *, wide: bool = False) -> tuple[Whole, int]:
    """What was read on one picture, and the question whether it is right; the position of the chosen digit with it.

    wide: there is room for both beside each other.
    """
    whole = reading.whole(run, predictor, source)
    assert whole is not None, "only pictures that were read can be opened"
    left, right = st.columns([3, 2], gap="large") if wide else (st.container(), st.container())
    with left:
        position = _answer(whole, source, image=True, comes=not wide)
    with right:
        corrections.ask(run, source, whole.reading.digits, position)
    return whole, position


def _answer(whole: Whole, source: Source, *, image: bool, default: int | None = None, comes: bool = False) -> int:
    """The number and, unless it is seen elsewhere, the picture; returns the position of the chosen digit.

    default: the digit that is chosen as long as nobody chose one; None for the first that should be looked at.
    comes: as of `answer.show`.
    """
    digits = whole.reading.digits
    default = first_unsure(whole.marks) if default is None else default
    if st.session_state.get(_READ, source.key) != source.key:
        state.put(digit=None)  # it was one of another picture
    st.session_state[_READ] = source.key
    position = state.number("digit", default + 1, 1, len(digits)) - 1
    picked = answer.show(
        whole.marks,
        key="answer",
        chosen=position,
        image=whole.image if image else None,
        size=whole.size,
        name=source.name,
        comes=comes,
    )
    if picked is not None and picked != position and picked < len(digits):
        _open(picked)
    return position


def _details(run: Run, predictor: Predictor, source: Source, whole: Whole, position: int) -> None:
    digits = whole.reading.digits
    if len(digits) > 1:
        with st.container(height="content" if len(digits) <= _ROW else _STRIP, border=False):
            opened = gallery.show(
                np.stack([one.image for one in digits]),
                [Tile(mark.alt, mark.label, "" if mark.state == "sure" else "bad") for mark in whole.marks],
                key="digits",
                label="The digits as the network saw them",
                size=64,
                selected=position,
            )
        if opened is not None and opened != position:
            _open(opened)
    digit.show(run, predictor, source, whole, position)


def _open(position: int) -> None:
    state.put(digit=position + 1)
    st.rerun()

"""One digit of a picture: everything that the run can say about why it was read as it was.

Each view is computed when it is opened (`?view=`), as the canvas is read after every stroke.
"""

import numpy as np
import streamlit as st

from core.prediction import Predictor, ReadDigit
from core.store import Run
from ui import bars, inspector, preparation, retrieval, state
from ui.markdown import plain
from ui.marks import state_of
from ui.reading import Source, Whole

VIEWS = {
    "probabilities": "How sure it is",
    "steps": "What the network saw",
    "occlusion": "What it rests on",
    "neighbours": "Training digits like it",
}
_BESIDE = 300
"""Pixels of the image beside the map of what it rests on, which is about as large."""
_JUDGED = (
    "Three witnesses are heard: how well the code can draw the image again, where it lies among the codes of the "
    "training images, and how sure the classifier is."
)


def show(run: Run, predictor: Predictor, source: Source, whole: Whole, position: int) -> None:
    """The chosen view of the digit at this position."""
    digit = whole.reading.digits[position]
    st.subheader(_title(digit, position if len(whole.reading.digits) > 1 else None), anchor=False)
    chosen = state.segments("View", "view", VIEWS, "probabilities", is_labelled=False)
    if chosen == "steps":
        preparation.show(run, predictor, source, whole, digit, position + 1)
    elif chosen == "occlusion":
        _occlusion(run, digit)
    elif chosen == "neighbours":
        retrieval.show(run, digit.image)
    else:
        _probabilities(run, predictor, digit)


def _title(digit: ReadDigit, position: int | None) -> str:
    trust = state_of(digit)
    if trust == "other":
        return "Not a digit" if position is None else f"Part {position + 1}, not a digit"
    name = plain(digit.class_name) + (", doubtful" if trust == "doubtful" else "")
    return f"Read as {name}" if position is None else f"Digit {position + 1}, read as {name}"


def _probabilities(run: Run, predictor: Predictor, digit: ReadDigit) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        inspector.pictures(run, digit.image, "the digit")
        st.caption(f"Novelty {digit.novelty:.0%}: above 50% it counts as no digit. {predictor.gate.caution or _JUDGED}")
    with right:
        bars.show(digit.probabilities, run.request.dataset.class_names, is_digit=digit.is_digit)


def _occlusion(run: Run, digit: ReadDigit) -> None:
    second = int(np.argsort(-digit.probabilities, kind="stable")[1])
    label = inspector.speaks_for(run, [(digit.label, "as read"), (second, "the second choice")], "digit")
    left, right = st.columns(2, gap="large", vertical_alignment="bottom")
    with left:
        inspector.occlusion(run, digit.image, label, "digit")
    with right:
        st.caption(
            "A black square is laid over the image, place by place, and each time the network is asked again. Where "
            "the probability falls, the digit rests on what was covered."
        )
        inspector.large(digit.image, "What the network saw", "The digit, as the network saw it", side=_BESIDE)

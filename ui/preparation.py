"""What the network saw: the way from the picture to the image of a digit, step by step.

Each step is shown with its reason, and with what would have been read had it been left out. That reads the picture once
more for every step, so it is done when somebody looks, and kept.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.gallery import data_url, enlarged
from core.images.preparation import REASONS
from core.images.steps import Step
from core.prediction import Predictor, ReadDigit
from core.store import Run
from ui import answer, reading
from ui.markdown import plain
from ui.reading import Source, Whole

_NAMES = {
    "level_light": "Level the light",
    "use_colour": "Use the colour",
    "find_polarity": "Find what is ink",
    "remove_edges": "Remove edges and frames",
    "remove_lines": "Remove ruled lines and boxes",
    "remove_specks": "Remove specks",
    "crop": "Cut the digit out",
    "join_pieces": "Join broken strokes",
    "split_touching": "Split touching digits",
    "thicken": "Thicken thin strokes",
    "centre_mass": "Centre the mass",
}
"""Switches of the preparation in words; one that is missing is called by its own name."""
_SQUARES, _FINE = 64, 280
"""A picture of at most so many pixels a side is enlarged to at least that many, twice those on the screen."""

Picture = npt.NDArray[np.uint8]


def show(run: Run, predictor: Predictor, source: Source, whole: Whole, digit: ReadDigit, number: int) -> None:
    """The steps of the picture and of one digit on it. number: of that digit, from 1."""
    with st.spinner("Reading the picture without each step"):
        without = reading.text_without(run, predictor, source)
    text = whole.reading.text
    title = f"Digit {number}" if len(whole.reading.digits) > 1 else "The digit"
    first = _cards("The whole picture", whole.reading.steps, 1, text, without)
    _cards(title, digit.steps, first, text, without, digit.image)
    taken = {step.name for step in (*whole.reading.steps, *digit.steps)}
    _not_needed({switch: other for switch, other in without.items() if switch not in taken}, text)


def name_of(step: str) -> str:
    """A step of the preparation in words."""
    return _NAMES.get(step, step.replace("_", " ").capitalize())


def _cards(
    title: str,
    steps: Sequence[Step],
    first: int,
    text: str,
    without: Mapping[str, str | None],
    last: Picture | None = None,
) -> int:
    """Steps as pictures with their reasons, numbered from `first`; returns the number of the next.

    last: what the network gets, which is called that where it is shown.
    """
    if not steps:
        return first
    st.markdown(f"**{title}**")
    grid = st.grid("auto", min_column_width=200, border=True)
    for number, step in enumerate(steps, start=first):
        with grid.cell(), st.container(gap="xsmall"):
            name = name_of(step.name)
            if last is not None and np.array_equal(step.picture, last):
                name = "{}×{}: what the network gets".format(*last.shape)
            st.image(shown(step.picture), width=_width(step.picture), alt=f"{name}: {step.reason}")
            st.markdown(f"**{number}. {name}**")
            if step.name in without:
                _difference(without[step.name], text)
            st.caption(step.reason)
    return first + len(steps)


def _difference(other: str | None, text: str) -> None:
    if other == text:
        st.badge("the same without it", color="gray", icon=":material/check:")
    else:
        st.badge(f"without it: {plain(_one_line(other))}", color="orange", icon=":material/priority_high:")


def _not_needed(without: Mapping[str, str | None], text: str) -> None:
    """Steps that found nothing to do here."""
    if not without:
        return
    st.markdown("**Steps that found nothing to do here**")
    st.dataframe(
        {
            "Step": [name_of(switch) for switch in without],
            "Read without it": ["the same" if other == text else _one_line(other) for other in without.values()],
            "What it is for": [REASONS[switch] for switch in without],
        },
        hide_index=True,
        column_config={
            "Step": st.column_config.TextColumn(width=190),
            "Read without it": st.column_config.TextColumn(width=130),
        },
        height="content",
        alt=f"{len(without)} steps of the preparation that found nothing to do, and what they are for",
    )


def shown(picture: Picture) -> str:
    """As a data URL; the pixels of one so small that they can be told apart are squares."""
    if max(picture.shape[:2]) <= _SQUARES:
        return data_url(enlarged(picture, _FINE), exact=True)
    return answer.data_url(picture)


def _width(picture: Picture) -> int:
    """On the screen, in pixels: within 180 by 140, whatever the picture's own size."""
    height, width = picture.shape[:2]
    return max(24, round(min(180, 140 * width / height)))


def _one_line(text: str | None) -> str:
    return "nothing" if not text else text.replace("\n", " / ")

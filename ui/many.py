"""Many pictures: a table with what was read on each, the least sure first, and the one that is open."""

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.prediction import Predictor
from core.store import Run
from core.wording import count
from ui import cards, reading
from ui.cards import Card
from ui.marks import SURE, state_of
from ui.reading import Brief, Source
from ui.tables import csv_button

_PATIENCE = 0.4
"""Seconds of reading before its progress is shown."""
_CHOSEN = "picture chosen"
ORDERS = {"unsure": "Least sure first", "given": "As given"}


def read(run: Run, predictor: Predictor, sources: Sequence[Source]) -> list[Brief]:
    """What is read in each picture; how far it is is shown if it takes a while."""
    start, place, found = time.monotonic(), st.empty(), []
    for number, source in enumerate(sources):
        if len(sources) > 1 and time.monotonic() - start > _PATIENCE:
            place.progress(number / len(sources), f"Reading picture {number + 1:,} of {len(sources):,}")
        found.append(reading.brief(run, predictor, source))
    place.empty()
    return found


def table(found: Sequence[Brief], given: Sequence[Brief], class_names: Sequence[str]) -> int:
    """A row for each picture that was read; returns the position of the one that is open.

    given: all that came in, for the files to download.
    """
    _figures(found)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        order = st.segmented_control(
            "Order", list(ORDERS), default="unsure", required=True, format_func=lambda one: ORDERS[one],
            label_visibility="collapsed", key="order of pictures",
        )  # fmt: skip
        _downloads(given, class_names)
    positions = list(range(len(found)))
    if order == "unsure":
        positions.sort(key=lambda position: (not found[position].n_others, found[position].confidence))
    rows = [found[position] for position in positions]
    event = st.dataframe(
        {
            "Picture": [row.thumbnail for row in rows],
            "Read": [row.text.replace("\n", " / ") for row in rows],
            "Confidence": [_percents(row.confidence) for row in rows],
            "Look at": [_looks(row) for row in rows],
            "File": [row.source.name for row in rows],
        },
        hide_index=True,
        key=f"{_CHOSEN} {order}",
        on_select="rerun",
        selection_mode="single-row-required",
        row_height=52,
        height=min(460, 40 + 52 * len(rows)),
        column_config={
            "Picture": st.column_config.ImageColumn(width="small"),
            "Read": st.column_config.TextColumn(width="small"),
            "Confidence": st.column_config.ProgressColumn(
                format="%.1f%%", min_value=0, max_value=100, help="Of its least sure digit", width="small"
            ),
            "Look at": st.column_config.TextColumn(help="What a person should look at", width="small"),
        },
        alt=f"{count(len(rows), 'picture')} with what was read on them",
    )
    chosen = event["selection"]["rows"]
    return positions[chosen[0] if chosen and chosen[0] < len(rows) else 0]


def columns(found: Sequence[Brief]) -> dict[str, list[Any]]:
    """What was read, or why nothing was, as columns for a CSV file; a row a picture."""
    return {
        "file": [one.source.name for one in found],
        "text": [one.text or None for one in found],
        "digits": [len(one.digits) - one.n_others for one in found],
        "least_confidence": [one.confidence or None for one in found],
        "doubtful": [one.n_doubtful for one in found],
        "not_digits": [one.n_others for one in found],
        "problem": [one.problem or None for one in found],
    }


def digit_columns(found: Sequence[Brief], class_names: Sequence[str]) -> dict[str, list[Any]]:
    """The same, a row a digit."""
    rows = [(one.source.name, number, digit) for one in found for number, digit in enumerate(one.digits, start=1)]
    result: dict[str, list[Any]] = {
        "file": [name for name, _, _ in rows],
        "digit": [number for _, number, _ in rows],
        "line": [digit.line + 1 for _, _, digit in rows],
        "read_as": [digit.class_name for _, _, digit in rows],
        "confidence": [digit.confidence for _, _, digit in rows],
        "is_digit": [digit.is_digit for _, _, digit in rows],
        "novelty": [digit.novelty for _, _, digit in rows],
    }
    for side in ("x", "y", "width", "height"):
        result[side] = [getattr(digit.box, side) for _, _, digit in rows]
    for label, name in enumerate(class_names):
        result[f"probability_of_{name}"] = [float(digit.probabilities[label]) for _, _, digit in rows]
    return result


def _figures(found: Sequence[Brief]) -> None:
    digits = [digit for one in found for digit in one.digits]
    sure = sum(state_of(digit) == "sure" for digit in digits)
    looks = sum(bool(_looks(one)) for one in found)
    cards.show(
        [
            Card("Pictures read", f"{len(found):,}", f"with {count(len(digits), 'digit')}"),
            Card("Sure", f"{sure:,}", f"digits with {SURE:.0%} confidence or more"),
            Card("To look at", f"{looks:,}", f"{'picture' if looks == 1 else 'pictures'} with something doubtful"),
        ]
    )


def _looks(one: Brief) -> str:
    parts = []
    if one.n_doubtful:
        parts.append(f"{one.n_doubtful} doubtful")
    if one.n_others:
        parts.append(f"{one.n_others} no digit")
    return ", ".join(parts)


def _downloads(found: Sequence[Brief], class_names: Sequence[str]) -> None:
    with st.container(horizontal=True, width="content"):
        csv_button(lambda: columns(found), "pictures.csv", label="CSV, a row a picture")
        csv_button(lambda: digit_columns(found, class_names), "digits.csv", label="CSV, a row a digit")


def _percents(confidence: float) -> float:
    """In percent, and never rounded up to a certainty that it is not."""
    return 100 * confidence if confidence == 1 else min(100 * confidence, 99.94)

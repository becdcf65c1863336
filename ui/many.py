"""Many pictures: a table with what was read on each, the least sure first, and the one that is open.

Which is open is in the URL as `?picture=`, and as `?order=` how they are sorted; without the former it is the first.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.prediction import Predictor
from core.store import Run
from core.wording import count
from ui import cards, reading, state
from ui.cards import Card
from ui.marks import SURE, state_of
from ui.reading import Brief, Source
from ui.tables import csv_button

_PATIENCE = 0.4
"""Seconds of reading before its progress is shown."""
_TABLE = "pictures read"
ORDERS = {"unsure": "Least sure first", "given": "As given"}


def read(run: Run, predictor: Predictor, sources: Sequence[Source], place: DeltaGenerator) -> list[Brief]:
    """What is read in each picture. place: where it is shown how far it is, if it takes a while."""
    start, found = time.monotonic(), []
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
    order = state.choice("order", list(ORDERS), "unsure")
    rows = sorted(range(len(found)), key=lambda i: unsureness(found[i])) if order == "unsure" else [*range(len(found))]
    digests = links_to(found)
    links = [digests[position] for position in rows]
    named = st.query_params.get("picture")
    row = links.index(named) if named in links else 0
    _order(order, links[row])
    _table([found[position] for position in rows], links, row)
    _downloads(given, class_names)
    return rows[row]


def unsureness(one: Brief) -> tuple[bool, float]:
    """Sorts pictures with something that is no digit first, then those whose least sure digit is less sure."""
    return not one.n_others, one.confidence or 0.0


def links_to(found: Sequence[Brief]) -> list[str]:
    """What pictures are called in links; several of the same content are numbered."""
    digests = [one.source.digest for one in found]
    earlier = [digests[:position].count(digest) for position, digest in enumerate(digests)]
    return [f"{digest}-{n + 1}" if n else digest for digest, n in zip(digests, earlier, strict=True)]


def _order(order: str, opened: str) -> None:
    """The control that changes the order, in which the same picture stays open. opened: what links call it."""
    control = state.widget("order", order, "unsure")

    def turn() -> None:
        control["on_change"]()
        state.put(picture=opened)

    st.segmented_control(
        "Order", list(ORDERS), required=True, format_func=lambda one: ORDERS[one], label_visibility="collapsed",
        key=control["key"], on_change=turn,
    )  # fmt: skip


def _table(rows: Sequence[Brief], links: Sequence[str], opened: int) -> None:
    """A row for each picture; a click anywhere on it opens it. links: what it is called in them. opened: its row."""

    def open_row() -> None:
        row = row_of(st.session_state[_TABLE]["selection"])
        if row is not None and row < len(rows):
            state.put(picture=links[row], digit=None)

    st.session_state[_TABLE] = {"selection": {"rows": [opened], "columns": [], "cells": []}}
    st.dataframe(
        {
            "Picture": [row.thumbnail for row in rows],
            "Read": [row.marked_text.replace("\n", " / ") for row in rows],
            "Confidence": [percents(row.confidence) for row in rows],
            "Look at": [looks(row) for row in rows],
            "File": [row.source.name for row in rows],
        },
        hide_index=True,
        key=_TABLE,
        on_select=open_row,
        selection_mode=["single-row-required", "single-cell"],
        row_height=52,
        height=min(460, 40 + 52 * len(rows)),
        placeholder="",
        column_config={
            "Picture": st.column_config.ImageColumn(width=90),
            "Read": st.column_config.TextColumn(width="small", help="A question mark stands for what is no digit"),
            "Confidence": st.column_config.ProgressColumn(
                format="%.1f%%", min_value=0, max_value=100, help="Of its least sure digit", width="small"
            ),
            "Look at": st.column_config.TextColumn(help="What a person should look at", width=135),
        },
        alt=f"{count(len(rows), 'picture')} with what was read on them",
    )


def row_of(selection: Mapping[str, Any]) -> int | None:
    """The row that was clicked: that of the cell, which is what most of a row is, else the one that is marked."""
    if selection["cells"]:
        return int(selection["cells"][0][0])
    return int(selection["rows"][0]) if selection["rows"] else None


def columns(found: Sequence[Brief]) -> dict[str, list[Any]]:
    """What was read, or why nothing was, as columns for a CSV file; a row a picture."""
    return {
        "file": [one.source.name for one in found],
        "text": [one.text or None for one in found],
        "marked_text": [one.marked_text or None for one in found],
        "digits": [len(one.digits) - one.n_others for one in found],
        "least_confidence": [one.confidence for one in found],
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
    states = [state_of(digit) for one in found for digit in one.digits]
    sure, others = states.count("sure"), states.count("other")
    to_look_at = sum(bool(looks(one)) for one in found)
    cards.show(
        [
            Card("Pictures read", f"{len(found):,}", f"with {count(len(states) - others, 'digit')}"),
            Card("Sure", f"{sure:,}", f"digits with {SURE:.0%} confidence or more"),
            Card(
                "To look at",
                f"{to_look_at:,}",
                f"{'picture' if to_look_at == 1 else 'pictures'} with something doubtful",
            ),
        ]
    )


def looks(one: Brief) -> str:
    """What a person should look at."""
    parts = []
    if one.n_doubtful:
        parts.append(f"{one.n_doubtful} doubtful")
    if one.n_others:
        parts.append(f"{count(one.n_others, 'part')} {'is no digit' if one.n_others == 1 else 'are no digits'}")
    return ", ".join(parts)


def _downloads(found: Sequence[Brief], class_names: Sequence[str]) -> None:
    with st.container(horizontal=True, width="content"):
        csv_button(lambda: columns(found), "pictures.csv", label="CSV, a row a picture")
        csv_button(lambda: digit_columns(found, class_names), "digits.csv", label="CSV, a row a digit")


def percents(confidence: float | None) -> float | None:
    """In percent, and never rounded up to a certainty that it is not; None where there is no digit."""
    if confidence is None or confidence == 1:
        return confidence and 100.0
    return min(100 * confidence, 99.94)

"""Cards: the few figures at the head of a page, each with the words that say what it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Card:
    """One figure. label: what it is, in a word or three. words: one line more. delta: beside what it stands, signed."""

    label: str
    value: str
    words: str
    delta: str | None = None


def show(cards: Sequence[Card]) -> None:
    """Cards side by side, of one height; below each other where the screen is narrow."""
    grid = st.grid(len(cards), min_column_width=150, border=True)
    for card in cards:
        with grid.cell(), st.container(gap="xsmall"):
            st.metric(card.label, card.value, card.delta)
            st.caption(card.words)

"""Classes of a dataset, to choose one; the choice is in the URL as its number."""

from collections.abc import Sequence

import streamlit as st

from ui import state


def select(label: str, parameter: str, chosen: int | None, names: Sequence[str]) -> None:
    """A list of all classes and "Any", which writes the number of the class into the URL under this name."""
    st.selectbox(
        label,
        [_ANY, *range(len(names))],
        format_func=lambda one: "Any" if one == _ANY else names[one],
        **state.widget(parameter, _ANY if chosen is None else chosen, _ANY, drops=["page"]),
    )


def read(parameter: str, names: Sequence[str]) -> int | None:
    """The class that the URL names, or None."""
    number = state.number(parameter, _ANY, 0, len(names) - 1)
    return None if number == _ANY else number


_ANY = -1  # a number, as Streamlit takes None for nothing chosen yet

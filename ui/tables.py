"""Plain columns as CSV, in the one way in which the dashboard writes and offers it."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

Columns = Mapping[str, Sequence[Any]]


def csv_of(columns: Columns) -> bytes:
    """Columns of one length as UTF-8 CSV with a head line. Raises ValueError if their lengths differ."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode()


def csv_button(
    columns: Callable[[], Columns],
    file_name: str,
    *,
    label: str = "CSV",
    help: str | None = None,
    key: str | None = None,
    quiet: bool = True,
) -> None:
    """A button that downloads columns as CSV; they are made when it is pressed. quiet: without a frame."""
    st.download_button(
        label,
        data=lambda: csv_of(columns()),
        file_name=file_name,
        mime="text/csv",
        key=key,
        icon=":material/download:",
        type="tertiary" if quiet else "secondary",
        on_click="ignore",
        help=help,
    )

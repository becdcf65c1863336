"""The parts of the Reproduction page: each figure and table of the paper beside ours, and what is not run yet."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import streamlit as st

from core.reproduction import Finding, Grid, Section, Verdict, document, reproduce
from core.wording import count
from ui import cards, loading
from ui.cards import Card
from ui.tables import csv_button

_MARKS = {
    Verdict.HOLDS: ("check_circle", "green"),
    Verdict.DIFFERS: ("cancel", "red"),
    Verdict.OPEN: ("help", "orange"),
    Verdict.NOT_RUN: ("schedule", "gray"),
}
_SHORT = 12
"""Letters that a column of a table has room for in any case."""
_LIST = 24
"""Cells with more letters are lists or sentences."""
_WORDS = {
    Verdict.HOLDS: "our result agrees",
    Verdict.DIFFERS: "our result does not agree",
    Verdict.OPEN: "our runs do not decide it: one seed, or ranges that overlap",
    Verdict.NOT_RUN: "their runs are not among the results yet",
}


def sections() -> tuple[Section, ...]:
    """The comparison, from the results that came with the project."""
    folder = loading.settings().reference
    stamps = tuple(sorted((str(path), path.stat().st_mtime_ns) for path in folder.rglob("*.*") if path.is_file()))
    return _sections(str(folder), stamps)


def figures(found: Sequence[Section]) -> None:
    """How many of the paper's claims hold."""
    verdicts = Counter(finding.verdict for section in found for finding in section.findings)
    total = sum(verdicts.values())
    cards.show([Card(verdict.capitalize(), f"{verdicts[verdict]} of {total}", _WORDS[verdict]) for verdict in Verdict])


def show(section: Section) -> None:
    """One part of the comparison."""
    st.header(section.title, anchor=section.title.partition(" (")[0].lower().replace(" ", "-").strip("?"))
    st.markdown(section.basis)
    known = [finding for finding in section.findings if finding.verdict is not Verdict.NOT_RUN]
    if known:
        _findings(known)
    if waiting := [finding for finding in section.findings if finding.verdict is Verdict.NOT_RUN]:
        _waiting(waiting)
    for grid in section.grids:
        _grid(grid)
    if section.lacks:
        st.caption(
            f':material/schedule: Not run yet; `make reference PARTS="{" ".join(section.lacks)}"` runs it, in hours.'
        )


def download(found: Sequence[Section]) -> None:
    """The same as a document."""
    st.download_button(
        "As Markdown",
        data=lambda: document(found).encode(),
        file_name="reproduction.md",
        mime="text/markdown",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def _findings(findings: Sequence[Finding]) -> None:
    with st.grid(2, min_column_width=330):
        for finding in findings:
            _finding(finding)


def _waiting(findings: Sequence[Finding]) -> None:
    """What the paper reports and no run of ours stands beside yet."""
    icon, colour = _MARKS[Verdict.NOT_RUN]
    with st.container(border=True, gap="small"):
        st.markdown(f":{colour}-badge[:material/{icon}: Not run yet]")
        st.markdown(
            "\n".join(f"- {finding.where}: {_small(finding.what)}. Paper: **{finding.paper}**" for finding in findings)
        )


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _finding(finding: Finding) -> None:
    icon, colour = _MARKS[finding.verdict]
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(finding.where, width="content")
            st.markdown(f":{colour}-badge[:material/{icon}: {finding.verdict.capitalize()}]", width="content")
        st.markdown(f"**{finding.what}**")
        grid = st.grid(2, min_column_width=130)
        for label, value in (("Paper", finding.paper), ("Ours", finding.ours)):
            with grid.cell():
                st.markdown(f":small[:gray[{label}]]  \n{value}")
        if finding.why:
            st.caption(finding.why)


def _grid(grid: Grid) -> None:
    columns = {name: [row[number].replace("`", "") for row in grid.rows] for number, name in enumerate(grid.columns)}
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{grid.title}**", width="content")
        csv_button(
            lambda: {name.strip() or "what": cells for name, cells in columns.items()},
            "reproduction.csv",
            key=f"csv of {grid.title} {hash(grid.rows)}",
        )
    first, *numbers = columns
    st.dataframe(
        columns,
        hide_index=True,
        height="content",
        column_config={first: st.column_config.TextColumn(first or " ", pinned=True)}
        | {
            name: st.column_config.TextColumn(
                name.strip(), alignment=_alignment(columns[name]), width=_width(columns[name])
            )
            for name in numbers
        },
        alt=f"{grid.title}: {count(len(grid.rows), 'row')}",
    )


def _width(cells: list[str]) -> int | None:
    """Pixels for a column of long cells: left to itself, a table would cut off their beginnings."""
    longest = _longest(cells)
    return round(6.4 * longest) + 18 if longest > _SHORT else None


def _alignment(cells: list[str]) -> Literal["left", "right"]:
    """Figures end below each other; a list is read from its beginning, which a telephone must not hide."""
    return "left" if _longest(cells) > _LIST else "right"


def _longest(cells: list[str]) -> int:
    return max(map(len, cells), default=0)


@st.cache_resource(max_entries=2, show_spinner=False)
def _sections(folder: str, stamps: tuple[tuple[str, int], ...]) -> tuple[Section, ...]:
    return reproduce(Path(folder))

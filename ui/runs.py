"""The parts of the Runs page: its figures, the filters, and the table in which runs are chosen.

What is filtered, sorted and chosen stands in the URL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.wording import about, count, percent
from ui import cards, loading, run_answers, run_list, state
from ui.cards import Card
from ui.markdown import plain
from ui.run_list import KINDS, SORTS, Kind, Row, Sort

CHOSEN, FIND, KIND, DATASET, SORT = "chosen", "find", "kind", "data", "sort"
PARAMETERS = (CHOSEN, FIND, KIND, DATASET, SORT, "curve", *run_answers.PARAMETERS)
_ANY = ""
_NAMED = 5


@dataclass(frozen=True)
class Filters:
    """What the URL asks for."""

    kinds: tuple[Kind, ...]
    dataset: str | None
    words: str
    sort: Sort


def rows() -> list[Row]:
    """All runs of this home."""
    return run_list.rows(loading.runs(), loading.jobs().all(), loading.damaged(), loading.run_labels())


def read(found: Sequence[Row]) -> Filters:
    """The filters that stand in the URL; what is none counts as none."""
    kinds = st.query_params.get(KIND, "").split(",")
    return Filters(
        kinds=tuple(kind for kind in Kind if kind in kinds),
        dataset=state.choice(DATASET, _datasets(found), _ANY) or None,
        words=st.query_params.get(FIND, ""),
        sort=Sort(state.choice(SORT, list(Sort), Sort.NEWEST)),
    )


def figures(found: Sequence[Row]) -> None:
    """How many runs there are, which is best, how long all of them were trained."""
    finished = [row for row in found if row.kind is Kind.FINISHED]
    making = sum(row.kind is Kind.MAKING for row in found)
    best = run_list.best_on_validation(found)
    seconds = sum(row.seconds or 0.0 for row in finished)
    n_references = sum(row.is_reference for row in finished)
    others = [f"{n_references} came with the project"] if n_references else []
    others += [f"{making} in the making"] if making else []
    others += [
        f"{number} {KINDS[kind].lower()}"
        for kind in (Kind.STOPPED, Kind.DAMAGED)
        if (number := sum(row.kind is kind for row in found))
    ]
    best_words = plain(_name_and_seed(best)) if best else "no run has validation images"
    cards.show(
        [
            Card("Finished runs", f"{len(finished):,}", ", ".join(others) or "and no others"),
            Card("Best on validation", percent(best.validation if best else None), best_words),
            Card(
                "Its test accuracy",
                percent(best.accuracy if best else None),
                f"{best.wrong:,} test images misread" if best else "",
            ),
            Card("Trained for", about(seconds), "all epochs of all finished runs"),
        ]
    )


def controls(found: Sequence[Row], filters: Filters) -> None:
    """The widgets that filter and sort."""
    present = [kind for kind in Kind if any(row.kind is kind for row in found)]
    datasets = _datasets(found)
    with st.grid(4, min_column_width=170, vertical_alignment="bottom"):
        st.text_input(
            "Find",
            icon=":material/search:",
            placeholder="Name, setting, seed ...",
            type="search",
            **state.widget(FIND, filters.words, text=lambda words: words.strip() or None),
        )
        st.multiselect(
            "State",
            present,
            format_func=KINDS.__getitem__,
            placeholder="Any",
            **state.widget(KIND, [kind for kind in filters.kinds if kind in present], text=_text_of_kinds),
        )
        st.selectbox(
            "Dataset",
            [_ANY, *datasets],
            format_func=lambda name: name or "Any",
            **state.widget(DATASET, filters.dataset or _ANY, _ANY),
        )
        st.selectbox(
            "Sort",
            list(Sort),
            format_func=SORTS.__getitem__,
            **state.widget(SORT, filters.sort, Sort.NEWEST),
        )


def table(shown: Sequence[Row], chosen: Sequence[Row]) -> None:
    """The runs, of which some can be chosen; the choice goes into the URL."""
    fingerprints = [row.fingerprint for row in shown]
    before = [row.fingerprint for row in chosen]
    # Rows are selected by position: other rows, or the same in another order, are another table.
    key = f"runs {hash(tuple(fingerprints))}"
    rows = [position for position, fingerprint in enumerate(fingerprints) if fingerprint in before]
    st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}

    def choose() -> None:
        selected = [fingerprints[row] for row in st.session_state[key]["selection"]["rows"]]
        after = run_list.after_selection(before, fingerprints, selected)
        state.put(**{CHOSEN: run_list.text_of(after)}, **dict.fromkeys(run_answers.PARAMETERS))

    letters = run_list.letters_of(chosen)
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    columns: dict[str, list[Any]] = {
        "Run": [_marked(row, letters) for row in shown],
        "Validation": [None if row.validation is None else 100 * row.validation for row in shown],
        "Test": [None if row.accuracy is None else 100 * row.accuracy for row in shown],
        "Misread": [row.wrong for row in shown],
        "State": [row.state for row in shown],
        "Settings that vary": run_list.varying_settings(shown),
        "Test loss": [row.loss for row in shown],
        "Seed": [row.recipe.seed if row.recipe else None for row in shown],
        "Dataset": [row.dataset for row in shown],
        "Training": [row.seconds for row in shown],
        "When": [row.when.astimezone().replace(tzinfo=None) if row.when else None for row in shown],
        "Fingerprint": fingerprints,
    }
    st.dataframe(
        columns,
        hide_index=True,
        key=key,
        on_select=choose,
        selection_mode="multi-row",
        placeholder="",
        column_config={
            "Run": text(width="medium", pinned=True),
            "State": text(width=None if all(row.kind is Kind.FINISHED for row in shown) else 190),
            "Validation": number(format="%.2f%%", help="Accuracy on the validation images: choose by this one"),
            "Test": number(format="%.2f%%", help="Accuracy on the test images"),
            "Misread": number(format="localized", help="Test images that it read wrongly"),
            "Test loss": number(format="%.4f"),
            "Seed": number(format="%d"),
            "Training": number(format="duration", help="Time of all epochs"),
            "When": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm"),
            "Settings that vary": text(width="medium", help="Those that are not the same in all runs of this list"),
        },
        alt=f"{count(len(shown), 'run')} with their state, their accuracy and their settings",
    )


def nothing_found() -> None:
    """No run meets the filters."""
    with st.container(border=True):
        st.markdown("No run is like that.")
        st.button(
            "Take all filters away",
            icon=":material/filter_alt_off:",
            on_click=state.put,
            kwargs=dict.fromkeys((FIND, KIND, DATASET)),
        )


def not_here(unknown: Sequence[str]) -> None:
    """The link names runs that are not among those of this home."""
    if unknown:
        names = ", ".join(f"`{name}`" for name in unknown if name.isalnum()) or "some that are no runs"
        st.info(f"This link names runs that are not here, or are deleted: {names}.", icon=":material/link_off:")


def damages(shown: Sequence[Row]) -> None:
    """What is wrong with the damaged runs among those shown."""
    damaged = [row for row in shown if row.kind is Kind.DAMAGED]
    if damaged:
        more = [f"and {len(damaged) - _NAMED:,} more"] if len(damaged) > _NAMED else []
        st.warning(
            "  \n".join([plain(row.reason) for row in damaged[:_NAMED]] + more),
            icon=":material/broken_image:",
            title=f"{count(len(damaged), 'run')} cannot be used and {'is' if len(damaged) == 1 else 'are'} left alone",
        )


def _marked(row: Row, letters: Mapping[str, str]) -> str:
    """A · ★ Express on mnist."""
    letter = letters.get(row.fingerprint)
    return (f"{letter} · " if letter else "") + ("★ " if row.is_starred else "") + row.name


def _name_and_seed(row: Row) -> str:
    return row.name if row.recipe is None else f"{row.name}, seed {row.recipe.seed}"


def _datasets(found: Sequence[Row]) -> list[str]:
    return sorted({row.dataset for row in found if row.dataset is not None})


def _text_of_kinds(kinds: Sequence[Kind]) -> str | None:
    return ",".join(kinds) or None

"""The tables of a sweep: mean and range of each value, and every run with where it is."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.figures import axis_words, value_words
from core.sweep_progress import Standing, SweepProgress
from core.sweeps import Row, Spread, summarise
from core.wording import loss, percent
from ui import job_text, state
from ui.tables import csv_button

_FIGURES = ("validation_loss", "validation_accuracy", "train_loss", "train_accuracy", "seconds_per_epoch")


def values(progress: SweepProgress) -> None:
    """One row a value: means over its finished seeds, the ranges of the validation figures, the time of an epoch."""
    sweep = progress.saved.sweep
    summary = summarise(progress.points)
    rows = {row.value: row for row in summary.rows}
    best = summary.choice.best.value if summary.choice else None
    n_planned = len(progress.entries) // len(sweep.values)
    found = [rows.get(value) for value in sweep.values]
    name = axis_words(sweep.axis)
    is_best = [summary.choice is not None and value == best for value in sweep.values]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("**Means over the seeds, and the range of the validation figures**", width="stretch")
        csv_button(
            lambda: _csv(progress),
            f"sweep-{progress.saved.name}.csv",
            help="Every figure with its mean, its lowest and its highest value",
        )
    st.dataframe(
        {
            name: [
                f"{value_words(value)} (best)" if mark else value_words(value)
                for value, mark in zip(sweep.values, is_best, strict=True)
            ],
            "Seeds": [f"{row.n_seeds if row else 0} of {n_planned}" for row in found],
            "Validation loss": [_mean(row, "validation_loss") for row in found],
            "Loss, range": [_range(row, "validation_loss", loss) for row in found],
            "Validation accuracy": [_mean(row, "validation_accuracy", 100) for row in found],
            "Accuracy, range": [_range(row, "validation_accuracy", percent) for row in found],
            "Training loss": [_mean(row, "train_loss") for row in found],
            "Training accuracy": [_mean(row, "train_accuracy", 100) for row in found],
            "s per epoch": [_mean(row, "seconds_per_epoch") for row in found],
        },
        hide_index=True,
        column_config={
            name: st.column_config.TextColumn(pinned=True),
            "Validation loss": st.column_config.NumberColumn(format="%.4f"),
            "Training loss": st.column_config.NumberColumn(format="%.4f"),
            "Validation accuracy": st.column_config.NumberColumn(format="%.2f%%"),
            "Training accuracy": st.column_config.NumberColumn(format="%.2f%%"),
            "s per epoch": st.column_config.NumberColumn(format="%.1f"),
        },
        placeholder="–",
        alt="Loss, accuracy and time per epoch of each value of the sweep",
        key="sweep values",
    )


def runs(progress: SweepProgress) -> None:
    """Every run of the sweep: its state, its figures, and a button that shows it on all pages."""
    entries = progress.entries
    clicked = "show run of sweep"

    def show_run() -> None:
        state.choose(entries[st.session_state[clicked]["row"]].fingerprint)

    st.dataframe(
        {
            axis_words(progress.saved.sweep.axis): [value_words(entry.run.value) for entry in entries],
            "Seed": [entry.run.seed for entry in entries],
            "State": [job_text.headline(entry.job) if entry.job else entry.standing.capitalize() for entry in entries],
            "Validation loss": [entry.point.validation_loss if entry.point else None for entry in entries],
            "Validation accuracy": [
                100 * entry.point.validation_accuracy
                if entry.point and entry.point.validation_accuracy is not None
                else None
                for entry in entries
            ],
            "Run": [entry.fingerprint[:8] for entry in entries],
            "Show": [
                ":material/visibility: Show" if entry.standing is Standing.FINISHED or entry.job else None
                for entry in entries
            ],
        },
        hide_index=True,
        column_config={
            "Validation loss": st.column_config.NumberColumn(format="%.4f"),
            "Validation accuracy": st.column_config.NumberColumn(format="%.2f%%"),
            "Show": st.column_config.ButtonColumn("", type="tertiary", key=clicked, on_click=show_run),
        },
        placeholder="",
        alt="Every run of the sweep with its state",
        key="sweep runs",
    )


def _csv(progress: SweepProgress) -> dict[str, list[Any]]:
    rows = summarise(progress.points).rows
    columns: dict[str, list[Any]] = {"value": [row.value for row in rows], "seeds": [row.n_seeds for row in rows]}
    for figure in _FIGURES:
        for part in ("mean", "low", "high"):
            spreads: list[Spread | None] = [getattr(row, figure) for row in rows]
            columns[f"{figure}_{part}"] = [getattr(spread, part) if spread else None for spread in spreads]
    return columns


def _mean(row: Row | None, figure: str, factor: float = 1.0) -> float | None:
    spread: Spread | None = getattr(row, figure) if row else None
    return factor * spread.mean if spread else None


def _range(row: Row | None, figure: str, words: Callable[[float | None], str]) -> str:
    spread: Spread | None = getattr(row, figure) if row else None
    if spread is None or spread.low == spread.high:
        return "–"
    return f"{words(spread.low)} to {words(spread.high)}"

"""The curves of a training as they grow.

Drawn by Vega, which moves its lines to the new values; Plotly, which draws all other charts, would begin each of them
anew at every epoch.
"""

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from core import figures
from core.figures.chart import ACCENT, MUTED, Chart
from core.jobs import Job
from core.training.progress import EpochRecord
from core.wording import STAGE_NAMES
from ui import figure

_HEIGHT = 260


def show(job: Job) -> None:
    """Loss of the autoencoder, then loss and accuracy of the classifier; a placeholder until an epoch is finished."""
    history = job.history()
    autoencoder = [record for record in history if record.stage == "autoencoder"]
    classifier = [record for record in history if record.stage != "autoencoder"]
    if not history:
        if job.is_active:
            st.skeleton(_HEIGHT)
        return
    grid = st.grid(3, min_column_width=280, gap="medium")
    if autoencoder:
        with grid.cell():
            loss = job.request.recipe.autoencoder.loss
            _curve(job, figures.autoencoder_loss(history, loss), autoencoder, "loss", "Loss", ".3~g")
    if classifier:
        with grid.cell():
            _curve(job, figures.classifier_loss(history), classifier, "loss", "Loss (nats)", ".3~g")
        with grid.cell():
            _curve(job, figures.classifier_accuracy(history), classifier, "accuracy", "Accuracy", ".1%")


def _curve(job: Job, chart: Chart, records: Sequence[EpochRecord], measure: str, words: str, form: str) -> None:
    """One chart: training and validation over the epochs of its stages, with a line where a stage begins."""
    part = "autoencoder" if records[0].stage == "autoencoder" else "classifier"
    figure.heading(chart.title, chart.table, f"{job.fingerprint[:8]}-{part}-{measure}.csv", f"live {part} {measure}")
    rows = pd.DataFrame(
        {
            "Epoch": [number for number, _ in enumerate(records, start=1)] * 2,
            "Stage": [STAGE_NAMES[record.stage] for record in records] * 2,
            "Images": ["Training"] * len(records) + ["Validation"] * len(records),
            words: [getattr(record, name) for name in (measure, f"val_{measure}") for record in records],
        }
    ).dropna()
    colours = alt.Scale(domain=["Training", "Validation"], range=[MUTED, ACCENT])
    lines = (
        alt.Chart(rows)
        .mark_line(point=len(records) <= 30, strokeWidth=2)
        .encode(
            x=alt.X("Epoch:Q", axis=alt.Axis(tickMinStep=1, format="d", grid=False)),
            y=alt.Y(f"{words}:Q", scale=alt.Scale(zero=False), axis=alt.Axis(format=form, tickCount=5)),
            color=alt.Color("Images:N", scale=colours, legend=alt.Legend(orient="top", title=None)),
            tooltip=["Stage", "Epoch", "Images", alt.Tooltip(f"{words}:Q", format=".4~g")],
        )
    )
    starts = [number - 0.5 for number in range(2, len(records) + 1) if _begins(records, number)]
    rules = alt.Chart(pd.DataFrame({"Epoch": starts})).mark_rule(color=MUTED, strokeDash=[3, 3]).encode(x="Epoch:Q")
    st.altair_chart(alt.layer(lines, rules).properties(height=_HEIGHT), alt=chart.alt)


def _begins(records: Sequence[EpochRecord], number: int) -> bool:
    """Whether the epoch of this number, from 1, is the first of its stage."""
    return records[number - 1].stage != records[number - 2].stage

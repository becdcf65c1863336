"""A run in the making, live: what it does now, its figures, its curves as they grow, its time left.

Polls the run's folder once a second while the run is active, and not at all otherwise. When the state changes the
whole page is drawn again, so that its buttons and, at the end, its results appear.
"""

import streamlit as st

from core.jobs import Job
from core.wording import STAGE_NAMES
from ui import job_text, loading, training

_SECONDS = 1.0


def show(job: Job) -> None:
    """The whole view of one run, with its button to cancel."""
    with st.container(border=True, gap="medium"):
        _poll(job, _full)
        training.stop_button(job, "page")
    _poll(job, curves)


def brief(job: Job) -> None:
    """A few lines about one run, for the sidebar; without buttons."""
    _poll(job, _brief)


def curves(job: Job) -> None:
    """The curves of all finished epochs; a placeholder until there are any."""
    history = job.history()
    if not history:
        if job.is_active:
            st.skeleton(220)
        return
    stages = [stage for stage in STAGE_NAMES if any(record.stage == stage for record in history)]
    columns = st.columns(len(stages), gap="large")
    for column, stage in zip(columns, stages, strict=True):
        records = [record for record in history if record.stage == stage]
        with column:
            st.markdown(f"**{STAGE_NAMES[stage]}: loss per epoch**")
            losses = {
                "Epoch": [record.epoch for record in records],
                "Training": [record.loss for record in records],
                "Validation": [record.val_loss for record in records],
            }
            st.line_chart(
                losses,
                x="Epoch",
                y=["Training", "Validation"],
                y_label="Loss",
                height=220,
                alt=f"Training and validation loss of {STAGE_NAMES[stage]} over {len(records)} epochs",
            )


def _poll(job: Job, draw: object) -> None:
    st.fragment(_watch, run_every=_SECONDS if job.is_active else None)(job.fingerprint, job, draw)


def _watch(fingerprint: str, before: Job, draw: object) -> None:
    job = loading.jobs().watch(fingerprint)
    if job is None or job.state is not before.state:
        if job is not before:
            st.rerun()
        return
    assert callable(draw)
    draw(job)


def _full(job: Job) -> None:
    speeds = training.speeds()
    st.subheader(f":material/{job_text.ICONS[job.state]}: {job_text.headline(job)}", anchor=False)
    left = job_text.time_left(job, speeds)
    st.progress(job_text.share_done(job, speeds), text=left or None)
    progress = job.progress
    if progress is not None and progress.steps:
        with st.container(horizontal=True):
            st.metric("Step", f"{progress.step:,} of {progress.steps:,}", width="content")
            for name, value in progress.metrics.items():
                st.metric(name.capitalize(), f"{value:.2%}" if name == "accuracy" else f"{value:#.3g}", width="content")


def _brief(job: Job) -> None:
    speeds = training.speeds()
    words = [word for word in (job_text.figures(job), job_text.time_left(job, speeds)) if word]
    st.markdown(f":material/{job_text.ICONS[job.state]}: {job_text.headline(job)}")
    if job.progress is not None:
        st.progress(job_text.share_done(job, speeds))
    if words:
        st.caption(" · ".join(words))

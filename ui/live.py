"""A run in the making, live: what it does now, its figures, its curves as they grow, its time left.

Polls the run's folder once a second while the run is active, and not at all otherwise. When the state changes the
whole page is drawn again, so that its buttons and, at the end, its results appear.
"""

from collections.abc import Callable

import streamlit as st

from core.jobs import Job
from core.wording import loss, percent
from ui import job_text, live_curves, loading, training

_SECONDS = 1.0


def show(job: Job) -> None:
    """The whole view of one run, with its button to cancel."""
    with st.container(border=True, gap="medium"):
        _poll(job, _full)
        training.stop_button(job, "page")
    _poll(job, live_curves.show)


def brief(job: Job) -> None:
    """A few lines about one run, for the sidebar; without buttons."""
    _poll(job, _brief)


def _poll(job: Job, draw: Callable[[Job], None]) -> None:
    st.fragment(_watch, run_every=_SECONDS if job.is_active else None)(job.fingerprint, job, draw)


def _watch(fingerprint: str, before: Job, draw: Callable[[Job], None]) -> None:
    job = loading.jobs().watch(fingerprint)
    if job is None or job.state is not before.state:
        if job is not before:
            st.rerun()
        return
    draw(job)


def _full(job: Job) -> None:
    speeds = training.speeds()
    st.subheader(f":material/{job_text.ICONS[job.state]}: {job_text.headline(job)}", anchor=False)
    left = job_text.time_left(job, speeds)
    st.progress(job_text.share_done(job, speeds), text=left or None)
    progress = job.progress
    if progress is not None and progress.steps:
        with st.container(horizontal=True, gap="large"):
            st.metric("Step", f"{progress.step:,} of {progress.steps:,}", width="content")
            for name, value in progress.metrics.items():
                st.metric(name.capitalize(), percent(value) if name == "accuracy" else loss(value), width="content")


def _brief(job: Job) -> None:
    st.markdown(f":material/{job_text.ICONS[job.state]}: {job_text.headline(job)}")
    if job.progress is None or not job.is_active:
        return
    speeds = training.speeds()
    st.progress(job_text.share_done(job, speeds))
    words = [word for word in (job_text.figures(job), job_text.time_left(job, speeds)) if word]
    if words:
        st.caption(" · ".join(words))

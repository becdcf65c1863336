"""The sidebar of every page: which run is shown, the runs in the making, and the form that starts another."""

import streamlit as st

from core.errors import DigitLabError
from core.jobs import Job
from ui import job_text, live, loading, page, state, training, training_panel

_SHOWN = 4
"""Runs in the making that are shown one by one; the rest is counted."""


def show() -> None:
    """Draw the sidebar."""
    jobs = loading.jobs().all()
    _choose_run(jobs)
    _in_the_making(jobs)
    training_panel.show()


def _choose_run(jobs: list[Job]) -> None:
    names = {run.fingerprint: page.label_of(run) for run in loading.runs()}
    names |= {job.fingerprint: f"{job_text.name_of(job.request)}, in the making" for job in jobs}
    if not names:
        return
    starred = loading.run_labels().starred
    try:
        chosen = state.chosen()
    except DigitLabError:
        chosen = None
    options = list(names)
    current = chosen.fingerprint if chosen is not None and chosen.fingerprint in names else None
    # The browser knows options by their words: with other words, or another choice made elsewhere, it is a new widget.
    key = f"run shown {current} {hash(tuple(names.items()))}"

    def choose() -> None:
        if st.session_state[key] in options:
            state.choose(st.session_state[key])

    st.selectbox(
        "Run",
        options,
        index=options.index(current) if current else None,
        format_func=lambda one: ("★ " if one == starred else "") + f"{names[one]} · {one[:4]}",
        key=key,
        on_change=choose,
        placeholder="Choose a run",
        help="What all pages show. The star marks the run that Predict uses.",
    )


def _in_the_making(jobs: list[Job]) -> None:
    if not jobs:
        return
    st.subheader("In the making", anchor=False)
    for job in jobs[:_SHOWN]:
        with st.container(border=True, gap="small"):
            st.markdown(f"**{job_text.name_of(job.request)}** · `{job.fingerprint[:4]}`")
            live.brief(job)
            with st.container(horizontal=True):
                if st.query_params.get(state.RUN) != job.fingerprint:
                    training.show_button(job.fingerprint, "sidebar")
                training.stop_button(job, "sidebar")
            if job.can_resume:
                training.rest_buttons(job, "sidebar")
    if len(jobs) > _SHOWN:
        st.caption(f"and {len(jobs) - _SHOWN} more")

"""The states of a page that has no finished run to show: empty, working, at rest, not found.

Each says what is the case, what was kept, and what to do, with the button that does it.
"""

import streamlit as st

from core.jobs import Job, State
from ui import job_text, live, live_curves, state, training


def empty(shows: str) -> None:
    """Nothing was trained yet. shows: completes "You will see ..."."""
    with st.container(border=True, gap="medium"):
        st.subheader("Nothing has been trained yet", anchor=False)
        st.markdown(f"Once a network is trained you will see {shows} here.")
        training.first_run_button()


def not_found(message: str) -> None:
    """The URL names no run."""
    with st.container(border=True, gap="medium"):
        st.subheader("This run is not here", anchor=False)
        st.markdown(message)
        st.button(
            "Show the newest run",
            icon=":material/history:",
            on_click=lambda: state.choose(None),
            type="primary",
        )


def in_the_making(job: Job, shows: str) -> None:
    """The run that is chosen is not finished. shows: completes "You will see ..."."""
    if job.is_active or job.state is State.SILENT:
        live.show(job)
        st.caption(f"Once it is finished you will see {shows} here.")
    else:
        at_rest(job)


def at_rest(job: Job) -> None:
    """A run that was cancelled, was interrupted or failed, and does not go on by itself."""
    gone = "The process that trained it is gone." if job.progress else "It waited for its turn when the server stopped."
    title, text = {
        State.CANCELLED: ("This training was cancelled", "Somebody stopped it."),
        State.INTERRUPTED: ("This training was interrupted", gone),
        State.FAILED: ("This training failed", job.failure or "It left no message."),
    }[job.state]
    with st.container(border=True, gap="medium"):
        st.subheader(f":material/{job_text.ICONS[job.state]}: {title}", anchor=False)
        st.markdown(f"{text} {job_text.kept(job)}")
        training.rest_buttons(job, "page")
        if traceback := job.traceback():
            with st.expander("What Python said"):
                st.code(traceback, language="text", wrap_lines=True)
    live_curves.show(job)

"""Who reads: the run that the visitor chose for it, and its network, ready to answer.

`?reader=` names the run, so that a link is read by the same network. Without it the starred run reads, else the newest
of the visitor's own, else the one that came with the project and was trained to read other people's handwriting.
"""

import streamlit as st

from core.errors import RunDamagedError
from core.prediction import Predictor
from core.store import Run
from ui import downloads, loading, page, state, states

SHOWS = "which digits it reads in pictures of yours"
READER = "reader"


def choose() -> tuple[Run, Predictor]:
    """The run that reads and its network; without one the page ends here, with what to do."""
    runs, default = loading.runs(), state.default_run(to_read=True)
    if default is None:
        jobs = loading.jobs().all()
        if jobs:
            states.in_the_making(jobs[0], SHOWS)
        else:
            states.empty(SHOWS)
        st.stop()
    _warn_of_a_damaged_star()
    run = _control(runs, default)
    try:
        predictor = loading.predictor(run)
    except RunDamagedError as error:
        st.error(str(error), icon=":material/broken_image:", title="The network of this run cannot be opened")
        st.stop()
    if predictor is None:
        with st.container(border=True):
            st.markdown(
                "This run holds its network for Keras alone, which this page does not load. "
                "Made as ONNX, once, it reads within milliseconds."
            )
            downloads.conversion(run, "onnx")
        st.stop()
    return run, predictor


def _control(runs: list[Run], default: Run) -> Run:
    by_name = {run.fingerprint: run for run in runs}
    named = st.query_params.get(READER)
    if named is not None and named not in by_name:
        st.warning(
            f"This link was read by the run {named!r}, which is not here; {page.label_of(default)} reads instead."
        )
    chosen = by_name.get(named or "", default)
    st.selectbox(
        "Read by",
        list(by_name),
        format_func=lambda fingerprint: _name(by_name[fingerprint], default),
        help="The network that reads. Star a run on the Runs page to make it the first choice.",
        width=440,
        **state.widget(READER, chosen.fingerprint, default.fingerprint),
    )
    return chosen


def _name(run: Run, default: Run) -> str:
    if run.fingerprint != default.fingerprint:
        return page.label_of(run)
    if run.fingerprint == loading.run_labels().starred:
        return f"{page.label_of(run)} (starred)"
    return f"{page.label_of(run)} ({'ships with Digit Lab' if run.is_reference else 'your newest'})"


def _warn_of_a_damaged_star() -> None:
    starred = loading.run_labels().starred
    if starred is not None and starred in loading.damaged():
        st.warning("The starred run is damaged, so that another reads instead. The Runs page says what is wrong.")

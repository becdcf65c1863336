"""Who reads: the run that the visitor chose for it, and its network, ready to answer.

`?reader=` names the run, so that a link is read by the same network. Without it the starred run reads, else the newest
of the visitor's own, else the one that came with the project and was trained to read other people's handwriting; the
URL is completed then. Which run the other pages show makes no difference.
"""

import streamlit as st

from core.errors import RunDamagedError
from core.prediction import Predictor
from core.store import Run
from core.store.reference import PREFIX, READS_FIRST
from ui import downloads, loading, page, state, states

SHOWS = "which digits it reads in pictures of yours"
READER = "reader"
_OFFERED = "reader that nobody chose"


def choose(title: str) -> tuple[Run, Predictor]:
    """The title, and the run that reads with its network; without one the page ends here, with what to do."""
    runs, default = loading.runs(), state.default_run(to_read=True)
    if default is None:
        st.title(title)
        jobs = loading.jobs().all()
        if jobs:
            states.in_the_making(jobs[0], SHOWS)
        else:
            states.empty(SHOWS)
        st.stop()
    named = _named()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.title(title, width="content")
        with st.container(width=440, gap="xsmall"):
            run = _control(runs, named, default)
    _warnings(runs, named, default)
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


def _named() -> str | None:
    """The run that the URL names; None if it is only there because none was named, so that a new star counts."""
    named = st.query_params.get(READER)
    return None if named == st.session_state.get(_OFFERED) else named


def _control(runs: list[Run], named: str | None, default: Run) -> Run:
    by_name = {run.fingerprint: run for run in runs}
    chosen = by_name.get(named or "", default)
    st.session_state[_OFFERED] = None if named in by_name else default.fingerprint
    state.put(**{READER: chosen.fingerprint})
    st.selectbox(
        "Read by",
        list(by_name),
        format_func=lambda fingerprint: _name(by_name[fingerprint], default),
        help="The network that reads. Star a run on the Runs page to make it the first choice.",
        **state.widget(READER, chosen.fingerprint),
    )
    st.caption(f"{_reason(chosen, default)} The sidebar's run is not used here.".lstrip())
    return chosen


def _name(run: Run, default: Run) -> str:
    if run.fingerprint != default.fingerprint:
        return page.label_of(run)
    if run.fingerprint == loading.run_labels().starred:
        return f"{page.label_of(run)} (starred)"
    return f"{page.label_of(run)} ({'ships with Digit Lab' if run.is_reference else 'your newest'})"


def _reason(run: Run, default: Run) -> str:
    if run.fingerprint == loading.run_labels().starred:
        return "You starred it."
    if run.name == PREFIX + READS_FIRST[0]:
        return "Trained for other people's handwriting."
    return "The newest of your runs." if run == default and not run.is_reference else ""


def _warnings(runs: list[Run], named: str | None, default: Run) -> None:
    if named is not None and all(run.fingerprint != named for run in runs):
        st.warning(
            f"This link was read by the run {named!r}, which is not here; {page.label_of(default)} reads instead."
        )
    starred = loading.run_labels().starred
    if starred is not None and starred in loading.damaged():
        st.warning("The starred run is damaged, so that another reads instead. The Runs page says what is wrong.")

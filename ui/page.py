"""The head of a page, and the run it shows, with the states a page can be in instead.

A page begins with

    run = page.finished_run("Evaluation", "its scores and its confusion matrix")

which draws the title and returns the chosen run, or draws why there is nothing to show yet, and stops the page there.
"""

import streamlit as st

from core.data.dataset import Dataset
from core.errors import DataError, DigitLabError
from core.jobs import Job
from core.store import Run
from core.wording import moment, percent
from ui import job_text, loading, state, states
from ui.markdown import plain


def finished_run(title: str, shows: str) -> Run:
    """The title, and the chosen run if it is finished; otherwise the page ends here, with what to do.

    shows: what the page shows of a run, in words that complete "You will see ...".
    """
    st.title(title)
    try:
        chosen = state.chosen()
    except DigitLabError as error:
        states.not_found(str(error))
        st.stop()
    if chosen is None:
        states.empty(shows)
        st.stop()
    if isinstance(chosen, Job):
        states.in_the_making(chosen, shows)
        st.stop()
    st.caption(describe(chosen))
    return chosen


def images_of(run: Run) -> Dataset | None:
    """The dataset of a run; None, with a note on the page, if its images are not at hand."""
    try:
        return loading.dataset_of(run)
    except DataError as error:
        st.warning(str(error), icon=":material/image_not_supported:", title="The images are missing")
        return None


def label_of(run: Run) -> str:
    """A run's name, as people gave it or from its preset and dataset, with its test accuracy."""
    name = loading.run_labels().names.get(run.fingerprint) or job_text.name_of(run.request)
    return f"{name}, {percent(run.metrics.test.accuracy)}"


def describe(run: Run) -> str:
    """One line that says what the run is: name, seed, when, where."""
    name = loading.run_labels().names.get(run.fingerprint) or job_text.name_of(run.request)
    return f"**{plain(name)}** · {origin(run)}"


def origin(run: Run) -> str:
    """Where the run comes from: seed, when, where, fingerprint."""
    recipe, environment = run.request.recipe, run.environment
    words = [
        f"seed {recipe.seed}",
        f"{moment(run.finished)}",
        f"{environment['processor']}, {environment['cores']} cores",
        f"`{run.fingerprint[:8]}`",
    ]
    return " · ".join(words)

"""The head of a page, and the run it shows, with the states a page can be in instead.

A page begins with

    run = page.finished_run("Evaluation", "its scores and its confusion matrix")

which draws the title and returns the chosen run, or draws why there is nothing to show yet, and stops the page there.
"""

import streamlit as st

from core.data import mnist
from core.errors import DataError, DigitLabError
from core.jobs import Job
from core.store import Run, RunImages
from core.wording import count, moment, percent
from ui import job_text, loading, mnist_download, state, states
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


def images_of(run: Run) -> RunImages:
    """The images of a run; with a note on the page if they are not at hand, or not all of them."""
    try:
        return RunImages(run, loading.dataset_of(run))
    except DataError as error:
        images = RunImages(run, None)
        if run.images is None:
            st.warning(str(error), icon=":material/image_not_supported:", title="The images are missing")
        else:
            _ask_for_dataset(run)
        return images


def _ask_for_dataset(run: Run) -> None:
    """Where only the images are there that came with the run: how many, and how to get all."""
    facts = run.request.dataset
    assert run.images is not None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f":material/image: {count(len(run.images.rows), 'image')} came with this run, all that it misread among "
            f"them. The others of {facts.name} are not on this machine.",
            width="content",
        )
        if mnist.is_mnist(facts.digest):
            mnist_download.show("images")


def label_of(run: Run) -> str:
    """A run's name with its test accuracy."""
    return f"{job_text.run_name(run, loading.run_labels())}, {percent(run.metrics.test.accuracy)}"


def describe(run: Run) -> str:
    """One line that says what the run is: name, seed, when, where."""
    return f"**{plain(job_text.run_name(run, loading.run_labels()))}** · {origin(run)}"


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

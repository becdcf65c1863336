"""Buttons that start, stop and resume trainings. They live outside of whatever polls, so that no click is lost."""

from collections.abc import Callable

import streamlit as st

from core import cost
from core.cost import Cost, Speeds
from core.data import sources
from core.data.dataset import Dataset
from core.errors import DigitLabError
from core.jobs import Job
from core.presets import MNIST_IMAGES, PRESETS
from core.recipe import Recipe
from core.store import DatasetFacts, Run, RunRequest
from core.wording import about
from ui import loading, state

FIRST_PRESET = "express"


def speeds() -> Speeds:
    """How fast this machine is, from its finished runs."""
    runs = loading.own_runs()
    return _speeds(tuple(run.fingerprint for run in runs), runs)


def price(recipe: Recipe, facts: DatasetFacts) -> str:
    """What a training will cost, in a sentence. Raises DatasetError if the network cannot take the images."""
    return describe(cost.estimate(recipe, facts, speeds()))


def describe(estimate: Cost) -> str:
    """About 3 min on this machine, from its earlier runs."""
    basis = "a guess, as nothing like it was trained here yet" if estimate.is_guess else "from earlier runs"
    return f"About {about(estimate.total)} on this machine ({basis})"


def preset_recipe(name: str, dataset: Dataset | None) -> Recipe:
    """A preset's recipe for a dataset; for None as it is for MNIST."""
    return PRESETS[name].recipe_for(MNIST_IMAGES if dataset is None else len(dataset.train_labels))


def start(request: RunRequest) -> None:
    """Put a run to the workers and show it."""
    loading.jobs().submit(request)
    state.choose(request.fingerprint)


def first_run_button() -> None:
    """The button for somebody who has no run yet: the quickest preset on the data at hand."""
    preset = PRESETS[FIRST_PRESET]
    try:
        dataset = loading.dataset(sources.default_name(loading.settings().data))
    except DigitLabError as error:
        st.error(str(error))
        return
    request = RunRequest.of(preset_recipe(preset.name, dataset), dataset, preset.name)
    st.button(
        f"Train {preset.name} on {dataset.name}",
        icon=":material/play_arrow:",
        type="primary",
        on_click=start,
        args=(request,),
        key="first run",
    )
    st.caption(f"{price(request.recipe, request.dataset)}. Presets and all other settings are in the sidebar.")


def show_button(fingerprint: str, where: str) -> None:
    """Shows a run on all pages. where: tells this button from others for the same run."""
    st.button(
        "Show",
        icon=":material/visibility:",
        key=f"show-{where}-{fingerprint}",
        on_click=state.choose,
        args=(fingerprint,),
    )


def stop_button(job: Job, where: str) -> None:
    """Cancels a run that waits or runs. where: tells this button from others for the same run."""
    if job.can_stop:
        st.button(
            "Cancel",
            icon=":material/stop:",
            key=f"cancel-{where}-{job.fingerprint}",
            on_click=_attempt,
            args=(loading.jobs().cancel, job.fingerprint),
            help="Stops within two seconds; every finished epoch is kept.",
        )


def rest_buttons(job: Job, where: str) -> None:
    """Resumes or forgets a run that does not go on. where: tells these buttons from others for the same run."""
    with st.container(horizontal=True):
        st.button(
            "Resume",
            icon=":material/resume:",
            type="primary" if where == "page" else "secondary",
            key=f"resume-{where}-{job.fingerprint}",
            on_click=_attempt,
            args=(loading.jobs().resume, job.fingerprint),
            help="Goes on after the last finished epoch.",
        )
        st.button(
            "Discard",
            icon=":material/delete:",
            key=f"discard-{where}-{job.fingerprint}",
            on_click=_discard,
            args=(job.fingerprint,),
            help="Takes it off this list. Its checkpoints are kept, so that the same settings go on where it was.",
        )


def _attempt(change: Callable[[str], None], fingerprint: str) -> None:
    try:
        change(fingerprint)
    except DigitLabError as error:
        st.toast(str(error), icon=":material/error:")


def _discard(fingerprint: str) -> None:
    _attempt(loading.jobs().discard, fingerprint)
    if st.query_params.get(state.RUN) == fingerprint:
        state.choose(None)


@st.cache_data(show_spinner=False, max_entries=4)
def _speeds(fingerprints: tuple[str, ...], _runs: list[Run]) -> Speeds:
    return cost.measure(_runs)

"""The form that launches a sweep: around which recipe, which setting, its values, its seeds, the price, the button.

Drawn as a fragment, so that filling it in does not draw the page again. Nothing is checked here: what the recipe does
not allow is refused by the recipe, in its own words.
"""

import streamlit as st

from core import cost, saved_sweeps, sweep_progress
from core.data import sources
from core.data.dataset import Dataset
from core.errors import DigitLabError
from core.figures import axis_words
from core.presets import PRESETS
from core.recipe import Recipe, format_value
from core.store import DatasetFacts, Run
from core.sweep_choices import FIGURES, axes, parse_sweep, suggested_values
from core.sweep_progress import Standing, SweepProgress
from core.sweeps import Sweep, axis_settings
from core.wording import count
from ui import loading, page, state, training

_SHOWN = "the run shown"


def show() -> None:
    """Draw the form."""
    st.fragment(_form)()


def _form() -> None:
    left, right = st.columns(2, gap="large")
    with left:
        run = _run()
        name = _base_name(run)
        dataset = _dataset(run)
        base = run.request.recipe if run and name == _SHOWN else training.preset_recipe(name, dataset)
    with right:
        axis, values, seeds = _axis(base)
    if dataset is None:
        return
    try:
        sweep = parse_sweep(base, axis, values, seeds)
        facts = DatasetFacts.of(dataset, base.validation_fraction)
        planned = _planned(sweep, facts)
        words = _price(planned)
    except DigitLabError as error:
        st.error(str(error), icon=":material/rule:")
        return
    st.markdown(words)
    label, icon = ("Start the sweep", "play_arrow") if planned.missing else ("Show the sweep", "visibility")
    if st.button(label, icon=f":material/{icon}:", type="primary", key="start sweep"):
        saved = saved_sweeps.save(loading.settings().sweeps, sweep, facts)
        sweep_progress.train_missing(planned, loading.jobs())
        state.put(sweep=saved.name)
        st.rerun()


def _base_name(run: Run | None) -> str:
    """A preset, or the run that is shown."""
    options = [*([_SHOWN] if run else []), *PRESETS]
    name = st.pills(
        "Around",
        options,
        default=options[0] if run else training.FIRST_PRESET,
        required=True,
        key=f"sweep base {bool(run)}",
        format_func=lambda one: one[:1].upper() + one[1:],
        persist_state="session",
        help="All other settings. The sidebar trains a run with any settings; show it to sweep around it.",
    )
    if run is not None and name == _SHOWN:
        st.caption(page.describe(run))
        return _SHOWN
    name = name if name in PRESETS else training.FIRST_PRESET
    st.caption(PRESETS[name].purpose)
    return name


def _dataset(run: Run | None) -> Dataset | None:
    names = [info.name for info in loading.datasets() if info.is_present and info.problem is None]
    wanted = run.request.dataset.name if run else sources.default_name(loading.settings().data)
    name = st.selectbox(
        "Dataset",
        names,
        index=names.index(wanted) if wanted in names else 0,
        key="sweep dataset",
        persist_state="session",
    )
    try:
        return loading.dataset(name)
    except DigitLabError as error:
        st.error(str(error), icon=":material/database_off:")
        return None


def _axis(base: Recipe) -> tuple[str, str, str]:
    """Setting, values and seeds, as typed."""
    axis = st.selectbox("Setting", axes(base), format_func=_name_of, key="sweep axis", persist_state="session")
    assert axis is not None
    suggested = ", ".join(format_value(value) for value in suggested_values(base, axis))
    setting, *others = axis_settings(base, axis)
    names = " and ".join(f"`{one.name}`" for one in (setting, *others))
    values = st.text_input(
        "Values",
        suggested,
        key=f"sweep values {axis} {suggested}",
        help=f"{setting.description} Sets {names}.",
        persist_state="session",
    )
    seeds = st.text_input(
        "Seeds",
        "0, 1, 2",
        key="sweep seeds",
        help="Every value is trained with each of them. Several tell a difference from chance; none takes the recipe's "
        "own.",
        persist_state="session",
    )
    return axis, values, seeds


def _planned(sweep: Sweep, facts: DatasetFacts) -> SweepProgress:
    """How the sweep would stand, were it launched."""
    saved = saved_sweeps.unsaved(sweep, facts)
    return sweep_progress.look(saved, loading.jobs().all(), loading.run)


def _price(planned: SweepProgress) -> str:
    """How many runs these are, how many of them are there already, and what the rest costs. Raises DatasetError."""
    saved = planned.saved
    n_runs, n_seeds = len(planned.entries), max(len(saved.sweep.seeds), 1)
    words = [f"**{count(n_runs, 'run')}**: {count(len(saved.sweep.values), 'value')} × {count(n_seeds, 'seed')}"]
    if n_finished := planned.count(Standing.FINISHED, Standing.DAMAGED):
        words.append(f":material/bolt: {n_finished} in the cache already")
    if n_active := planned.count(Standing.AT_WORK, Standing.QUEUED):
        words.append(f":material/group: {n_active} in the making already")
    if missing := [entry.run.request for entry in planned.missing]:
        estimate = cost.estimate_all(missing, training.speeds(), loading.settings().stages)
        words.append(f":material/timer: {training.describe(estimate)} for {count(len(missing), 'run')}")
    shared = saved.sweep.seed_setting == "classifier_seed"
    seeds = "Seeds vary the classifier; all stand on one autoencoder." if shared else "Seeds vary everything."
    return " · ".join(words) + f"  \n:small[{seeds} The best value is chosen on validation images.]"


def _name_of(axis: str) -> str:
    return f"{axis_words(axis)} ({FIGURES[axis]})" if axis in FIGURES else axis_words(axis)


def _run() -> Run | None:
    try:
        chosen = state.chosen()
    except DigitLabError:
        return None
    return chosen if isinstance(chosen, Run) else None

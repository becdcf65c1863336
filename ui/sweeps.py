"""The parts of the sweeps page: which sweep, its best value, its charts and table, and its runs as they come in."""

from pathlib import Path

import streamlit as st

from core import cost, saved_sweeps, sweep_progress
from core.errors import DataError, DigitLabError
from core.figures import axis_words, sweep_accuracy, sweep_loss, sweep_seconds, value_words
from core.presets import PRESETS
from core.reference.trials import with_trials
from core.saved_sweeps import SavedSweep
from core.store import RunRequest
from core.sweep_choices import PAPER_FINDINGS
from core.sweep_progress import Standing, SweepProgress
from core.sweeps import Choice, Summary, summarise, timed_stage
from core.wording import STAGE_NAMES, about, ago, count, loss, percent
from ui import figure, job_text, loading, state, sweep_tables, training

_SECONDS = 1.0
_PARAMETER = "sweep"

FORM = "new-sweep"
"""Where on the page the form is that launches a sweep."""


def chosen() -> SavedSweep | None:
    """The sweep that the URL names, else the one launched last, else one that came with the project.

    None, with what to do, if there is none.
    """
    sweeps = {saved.name: saved for saved in (*_saved(), *loading.reference_sweeps())}
    if not sweeps:
        with st.container(border=True, gap="medium"):
            st.subheader("No sweep has been launched yet", anchor=False)
            st.markdown(
                "A sweep trains one setting with several values and several seeds. You will see its losses, its "
                "accuracies and the time of an epoch over the values, and which value validation images prefer. The "
                "paper's figures 10 to 15 are three of them. Launch one below."
            )
        return None
    named = st.query_params.get(_PARAMETER)
    if named is not None and named not in sweeps:
        st.warning(f"This link shows the sweep {named!r}, but there is none of that name here. This is the latest.")
    name = named if named in sweeps else next(iter(sweeps))
    state.put(sweep=name)
    st.selectbox("Sweep", list(sweeps), format_func=lambda one: _title(sweeps[one]), **state.widget(_PARAMETER, name))
    st.caption(f"{_description(sweeps[name])} · [New sweep](#{FORM})")
    return sweeps[name]


def look(saved: SavedSweep) -> SweepProgress:
    """The sweep as it stands now."""
    progress = sweep_progress.look(saved, loading.jobs().all(), loading.run)
    table = loading.reference_sweeps().get(saved)
    return progress if table is None else with_trials(progress, table)


def result(progress: SweepProgress) -> None:
    """The best value in figures, and what may be said of it."""
    sweep, summary = progress.saved.sweep, summarise(progress.points)
    choice = summary.choice
    best = choice.best if choice else None
    with st.grid(4, min_column_width=150):
        st.metric("Best value on validation", value_words(best.value) if best else "–", border=True)
        st.metric(
            "Its validation loss",
            loss(best.validation_loss.mean if best and best.validation_loss else None),
            border=True,
        )
        st.metric(
            "Its validation accuracy",
            percent(best.validation_accuracy.mean if best and best.validation_accuracy else None),
            border=True,
        )
        st.metric("Runs finished", f"{len(progress.points)} of {len(progress.entries)}", border=True)
    st.markdown(_verdict(progress, summary))
    if finding := PAPER_FINDINGS.get(sweep.axis):
        st.caption(finding)


def making(progress: SweepProgress) -> None:
    """What its runs in the making do, with the button to cancel; what is missing, with the button to train it."""
    if progress.is_active:
        with st.container(border=True, gap="medium"):
            waiting = [entry.run.request for entry in progress.entries if entry.standing is Standing.QUEUED]
            st.fragment(_watch, run_every=_SECONDS)(progress, _seconds_of(waiting))
            st.button(
                "Cancel all",
                icon=":material/stop:",
                key="cancel sweep",
                on_click=lambda: sweep_progress.cancel(look(progress.saved), loading.jobs()),
                help="Every finished epoch is kept, and so is the sweep: it can go on later.",
            )
    problems = dict.fromkeys(entry.problem for entry in progress.entries if entry.problem)
    for problem in problems:
        st.error(problem, icon=":material/error:", title="A run of this sweep failed")
    if progress.missing:
        _offer(progress)


def charts(progress: SweepProgress) -> None:
    """Loss, accuracy and time of an epoch over the values."""
    sweep, points = progress.saved.sweep, progress.points
    name = sweep.axis.replace(".", "-")
    left, right = st.columns(2, gap="large")
    with left:
        made = sweep_loss(points, sweep.axis, sweep.values)
        figure.chart(made, file_name=f"{name}-loss.csv", key="sweep loss")
    with right:
        made = sweep_accuracy(points, sweep.axis, sweep.values)
        figure.chart(made, file_name=f"{name}-accuracy.csv", key="sweep accuracy")
    left, right = st.columns(2, gap="large")
    with left:
        made = sweep_seconds(points, sweep.axis, sweep.values)
        stage = STAGE_NAMES[timed_stage(sweep)]
        caption = (
            f"Median over the epochs of {stage[:1].lower() + stage[1:]}, validation included; other work on the "
            "machine makes them longer."
        )
        figure.chart(made, file_name=f"{name}-seconds.csv", key="sweep seconds", caption=caption)
    with right:
        st.markdown("**How to read these charts**")
        st.markdown(
            "Each ring is one run; the line joins the means over the seeds, and bars span their range. Training "
            "figures are those of the epoch whose weights were kept, as optimised. The best value is the one with "
            "the lowest mean validation loss; test images have no say. Where the ranges of the best two overlap, "
            "their difference is within the noise."
        )


def tables(progress: SweepProgress) -> None:
    """The figures of each value, then every run with where it is, and the button that takes the sweep off the list."""
    sweep_tables.values(progress)
    with st.expander(f"All {count(len(progress.entries), 'run')} of this sweep", icon=":material/list:"):
        sweep_tables.runs(progress)
        if progress.saved in loading.reference_sweeps():
            st.caption("This sweep came with the project. Its runs are here as figures alone, without their networks.")
            return
        st.button(
            "Take this sweep off the list",
            icon=":material/playlist_remove:",
            type="tertiary",
            key="forget sweep",
            on_click=_forget,
            args=(progress.saved,),
            help="Its runs stay, and the same sweep launched again has them at once.",
        )


def _verdict(progress: SweepProgress, summary: Summary) -> str:
    choice = summary.choice
    if not progress.points:
        return "None of its runs is finished yet."
    if choice is None:
        return "No value can be called the best: there are no validation images."
    icon, words = _noise(choice)
    if len(progress.points) < len(progress.entries):
        return f":material/{icon}: So far, {words}"
    return f":material/{icon}: {words[:1].upper()}{words[1:]}"


def _noise(choice: Choice) -> tuple[str, str]:
    """Whether the difference between the best two values may be chance: an icon and a sentence."""
    best = value_words(choice.best.value)
    if choice.runner_up is None:
        return "hourglass_top", f"only {best} has been tried."
    second = value_words(choice.runner_up.value)
    if choice.within_noise is None:
        return "casino", f"{best}, then {second}. A single seed does not tell whether that is chance; several do."
    if choice.within_noise:
        return "blur_on", (
            f"the difference between {best} and {second}, the next best, is **within the noise**, as the ranges over "
            "their seeds overlap."
        )
    return "check", f"the ranges over the seeds of {best} and of {second}, the next best, do not overlap."


def _watch(before: SweepProgress, seconds_of_queue: float) -> None:
    now = look(before.saved)
    if [entry.standing for entry in now.entries] != [entry.standing for entry in before.entries]:
        st.rerun()
    speeds, axis = training.speeds(), axis_words(now.saved.sweep.axis).lower()
    at_work = [entry for entry in now.entries if entry.standing is Standing.AT_WORK]
    done = float(now.count(Standing.FINISHED))
    left, lines = seconds_of_queue, []
    for entry in at_work:
        assert entry.job is not None
        done_of_it = job_text.share_done(entry.job, speeds)
        done += done_of_it
        left += job_text.seconds_left(entry.job, speeds) or _seconds_of([entry.run.request]) * (1 - done_of_it)
        words = f"**{axis} {value_words(entry.run.value)}, seed {entry.run.seed}**: {job_text.headline(entry.job)}"
        lines.append(" · ".join(word for word in (words, job_text.figures(entry.job)) if word))
    n_queued = now.count(Standing.QUEUED)
    parts = [f"{count(len(at_work), 'run')} at work"] if at_work else []
    parts += [f"{n_queued:,} in the queue"] if n_queued else []
    st.subheader(f":material/{'play_circle' if at_work else 'schedule'}: {', '.join(parts)}", anchor=False)
    st.progress(min(done / len(now.entries), 1.0), text=f"About {about(left)} left")
    if lines:
        st.markdown("  \n".join(lines))


def _offer(progress: SweepProgress) -> None:
    """The runs that nobody trains, and the button that trains them."""
    missing, facts = progress.missing, progress.saved.dataset
    words = [
        f"{progress.count(standing)} {standing}"
        for standing in (Standing.MISSING, Standing.AT_REST, Standing.FAILED)
        if progress.count(standing)
    ]
    with st.container(border=True, gap="medium"):
        verb = "is" if len(missing) == 1 else "are"
        st.subheader(
            f":material/pause_circle: {count(len(missing), 'run')} of this sweep {verb} not trained", anchor=False
        )
        try:
            at_hand = loading.dataset(facts.name)
            if at_hand.digest != facts.digest:
                raise DataError(f"{facts.name} has other images or labels now than those the sweep was launched on.")
            requests = [entry.run.request for entry in missing]
            price = training.describe(cost.estimate_all(requests, training.speeds(), loading.settings().stages))
        except DigitLabError as error:
            st.warning(str(error), icon=":material/database_off:", title="The sweep cannot go on")
            return
        st.markdown(f"{', '.join(words).capitalize()}. Those that were stopped go on after their last epoch. {price}.")
        st.button(
            f"Train the {count(len(missing), 'missing run')}" if len(missing) > 1 else "Train the missing run",
            icon=":material/resume:",
            type="primary",
            key="train missing",
            on_click=lambda: sweep_progress.train_missing(look(progress.saved), loading.jobs()),
        )


def _title(saved: SavedSweep) -> str:
    sweep = saved.sweep
    values = ", ".join(value_words(value) for value in sweep.values)
    seeds = f", {count(len(sweep.seeds), 'seed')}" if len(sweep.seeds) > 1 else ""
    words = f"{axis_words(sweep.axis)}: {values}{seeds} · {_base_of(saved)} on {saved.dataset.name}"
    return f"Reference: {words}" if saved in loading.reference_sweeps() else words


def _description(saved: SavedSweep) -> str:
    """What the sweep was asked for."""
    sweep, facts = saved.sweep, saved.dataset
    which = "of the classifier" if sweep.seed_setting == "classifier_seed" else "of everything"
    numbers = sweep.seeds or (sweep.recipes()[0][1],)
    seeds = f"{'seed' if len(numbers) == 1 else 'seeds'} {', '.join(map(str, numbers))}"
    return (
        f"Around {_base_of(saved)} on {facts.name} ({facts.n_images:,} training images) · "
        f"sets {' and '.join(f'`{name}`' for name in sweep.names)} · {seeds} {which} · "
        f"launched {ago(saved.launched)}"
    )


def _base_of(saved: SavedSweep) -> str:
    base, n_images = saved.sweep.base, saved.dataset.n_images
    return next((name for name, preset in PRESETS.items() if preset.recipe_for(n_images) == base), "custom settings")


def _seconds_of(requests: list[RunRequest]) -> float:
    if not requests:
        return 0.0
    return cost.estimate_all(requests, training.speeds(), loading.settings().stages).total


def _forget(saved: SavedSweep) -> None:
    saved_sweeps.forget(loading.settings().sweeps, saved.name)
    state.put(sweep=None)


def _saved() -> list[SavedSweep]:
    folder = loading.settings().sweeps
    try:
        stamps = sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir())
    except OSError:
        return []
    return _read(str(folder), tuple(stamps))


@st.cache_resource(show_spinner=False, max_entries=4)
def _read(folder: str, stamps: tuple[tuple[str, int], ...]) -> list[SavedSweep]:
    return saved_sweeps.saved_sweeps(Path(folder))

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.data.dataset import Dataset
from core.errors import RunDamagedError
from core.jobs import Jobs
from core.recipe import Recipe
from core.saved_sweeps import SavedSweep, save, saved_sweeps
from core.settings import Settings
from core.store import DatasetFacts, Run, RunRequest, RunStore, WorkingRun
from core.sweeps import Sweep
from core.training.progress import Progress
from tests.pages.conftest import Open, words_of

AXIS = "phase2.epochs"


@pytest.fixture
def saved(home: Settings, tiny_recipe: Recipe, tiny_dataset: Dataset) -> SavedSweep:
    """Two values of the epochs of phase 2 with two seeds each; nothing of it is trained."""
    return save(home.sweeps, Sweep(tiny_recipe, AXIS, (1, 2), (0, 1)), DatasetFacts.of(tiny_dataset, 0.2))


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch) -> list[RunRequest]:
    """What is put to the workers, which do not start."""
    asked: list[RunRequest] = []
    monkeypatch.setattr(Jobs, "submit", lambda _, request: asked.append(request))
    return asked


def finish(home: Settings, like: Run, request: RunRequest, validation_loss: float) -> None:
    """A finished run of that request with the files of another and this validation loss."""
    run = Run(Path(shutil.copytree(like.path, home.runs / request.fingerprint)))
    metrics = json.loads((run.path / "metrics.json").read_text())
    metrics["validation"]["loss"] = validation_loss
    (run.path / "metrics.json").write_text(json.dumps(metrics))
    (run.path / "recipe.json").write_text(json.dumps(request.to_json()))


def working(home: Settings, request: RunRequest) -> WorkingRun:
    """That run in the making, in epoch 2 of 2."""
    made = RunStore(home.runs).working_run(request.fingerprint)
    made.ask()
    made.write_request(request)
    made.write_progress(Progress("phase2", 2, 2, 4, 10, {"loss": 0.7, "accuracy": 0.8}, 8.0))
    return made


@pytest.fixture
def at_work(home: Settings, saved: SavedSweep) -> Iterator[WorkingRun]:
    """The second run of the sweep, held by a living process."""
    made = working(home, saved.runs()[1].request)
    made.beat()
    with contextlib.suppress(RunDamagedError), RunStore(home.runs).writing(made.fingerprint):
        yield made


def price(app: AppTest) -> str:
    return next(str(one.value) for one in app.markdown if "runs**" in str(one.value) or "run**" in str(one.value))


def test_without_a_sweep_it_says_what_one_is_and_has_the_form(open_page: Open) -> None:
    app = open_page("sweeps")
    words = words_of(app)
    assert "No sweep has been launched yet" in words
    assert "Start the sweep" in words
    assert "15 runs**: 5 values × 3 seeds" in price(app)
    assert "a guess, as nothing like it was trained here yet" in price(app)
    assert app.selectbox(key="sweep axis").options[:3] == [
        "Dense units (figures 10 and 11)",
        "Epochs of each phase (figures 12 and 13)",
        "Batch size of each phase (figures 14 and 15)",
    ]


def test_a_launched_sweep_is_kept_shown_and_trained_where_it_is_missing(
    open_page: Open, home: Settings, run: Run, submitted: list[RunRequest]
) -> None:
    app = open_page("sweeps")
    app.selectbox(key="sweep axis").select(AXIS).run()
    values = next(box for box in app.text_input if box.label == "Values")
    values.set_value("1 2").run()
    app.text_input(key="sweep seeds").set_value("0, 1").run()
    assert "1 in the cache already" in price(app)
    assert "for 3 runs" in price(app)
    app.button(key="start sweep").click().run()

    [kept] = saved_sweeps(home.sweeps)
    assert (kept.sweep.axis, kept.sweep.values, kept.sweep.seeds) == (AXIS, (1, 2), (0, 1))
    planned = [one.request.fingerprint for one in kept.runs()]
    assert [one.fingerprint for one in submitted] == [planned[number] for number in (2, 1, 3)]
    assert app.query_params["sweep"] == kept.name
    assert [metric.value for metric in app.metric][-1] == "1 of 4"


@pytest.mark.parametrize(
    ("values", "seeds", "message"),
    [
        ("16, x", "0", "architecture.dense_units: expected a whole number from 1 to 4096, got 'x'."),
        ("", "0", "dense_units: expected at least one value to sweep over, got none."),
        ("16", "0 0", "seeds: expected each only once, got 0, 0."),
    ],
)
def test_what_the_recipe_refuses_is_said_in_its_words(open_page: Open, values: str, seeds: str, message: str) -> None:
    app = open_page("sweeps")
    next(box for box in app.text_input if box.label == "Values").set_value(values)
    app.text_input(key="sweep seeds").set_value(seeds).run()
    assert [error.value for error in app.error] == [message]
    assert "Start the sweep" not in words_of(app)


def test_a_finished_sweep_shows_the_best_value_its_charts_and_its_table(
    open_page: Open, home: Settings, tiny_run: Run, saved: SavedSweep
) -> None:
    for one, loss in zip(saved.runs(), (0.50, 0.54, 0.30, 0.52), strict=True):
        finish(home, tiny_run, one.request, loss)
    app = open_page("sweeps")
    assert app.query_params["sweep"] == saved.name
    assert [metric.value for metric in app.metric][:2] == ["2", "0.410"]
    assert app.metric[3].value == "4 of 4"
    words = words_of(app)
    assert "within the noise" in words
    assert "seeds 0, 1 of the classifier" in words
    assert "missing run" not in words
    assert "Cancel all" not in words
    assert len(app.get("plotly_chart")) == 3
    assert all(chart.proto.alt for chart in app.get("plotly_chart"))
    values, runs = (app.dataframe[number].value for number in (0, 1))
    assert list(values["Phase 2 epochs"]) == ["1", "2 (best)"]
    assert list(values["Seeds"]) == ["2 of 2", "2 of 2"]
    assert list(values["Loss, range"]) == ["0.500 to 0.540", "0.300 to 0.520"]
    assert values["s per epoch"].notna().all()
    assert list(runs["State"]) == ["Finished"] * 4


def test_a_single_seed_is_said_to_tell_little(
    open_page: Open, home: Settings, tiny_run: Run, tiny_recipe: Recipe, tiny_dataset: Dataset
) -> None:
    sweep = save(home.sweeps, Sweep(tiny_recipe, AXIS, (1, 2)), DatasetFacts.of(tiny_dataset, 0.2))
    for one, loss in zip(sweep.runs(), (0.5, 0.3), strict=True):
        finish(home, tiny_run, one.request, loss)
    assert "A single seed does not tell whether that is chance" in words_of(open_page("sweeps"))


def test_a_sweep_at_work_shows_the_run_and_can_be_cancelled(
    open_page: Open, home: Settings, run: Run, saved: SavedSweep, at_work: WorkingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled: list[str] = []
    monkeypatch.setattr(Jobs, "cancel", lambda _, fingerprint: cancelled.append(fingerprint))
    app = open_page("sweeps")
    words = words_of(app)
    assert "1 run at work" in words
    assert "phase 2 epochs 1, seed 1**: Phase 2, epoch 2 of 2" in words
    assert "So far, only 1 has been tried." in words
    assert app.metric[3].value == "1 of 4"
    app.button(key="cancel sweep").click().run()
    assert cancelled == [at_work.fingerprint]


def test_after_a_restart_it_says_what_is_missing_and_goes_on_at_a_click(
    open_page: Open, home: Settings, run: Run, saved: SavedSweep, submitted: list[RunRequest]
) -> None:
    working(home, saved.runs()[2].request)  # nobody has it in hand
    app = open_page("sweeps")
    words = words_of(app)
    assert "3 runs of this sweep are not trained" in words
    assert "2 not begun, 1 stopped" in words
    app.button(key="train missing").click().run()
    planned = [one.request.fingerprint for one in saved.runs()]
    assert [one.fingerprint for one in submitted] == [planned[number] for number in (2, 1, 3)]


def test_a_failed_run_says_what_happened(open_page: Open, home: Settings, run: Run, saved: SavedSweep) -> None:
    working(home, saved.runs()[2].request).write_failure("The loss is no longer a number.")
    app = open_page("sweeps")
    assert [error.value for error in app.error] == ["The loss is no longer a number."]
    assert "2 not begun, 1 failed" in words_of(app)


def test_without_its_dataset_what_is_finished_still_shows_and_nothing_can_be_trained(
    open_page: Open, home: Settings, run: Run, saved: SavedSweep
) -> None:
    (home.data / "strokes").unlink()
    app = open_page("sweeps")
    assert app.metric[3].value == "1 of 4"
    assert "strokes" in app.warning[0].value
    assert "missing runs" not in words_of(app)


def test_a_link_to_a_sweep_that_is_not_here_says_so(open_page: Open, saved: SavedSweep) -> None:
    app = open_page("sweeps", sweep="letters")
    assert "there is none of that name here" in app.warning[0].value
    assert app.query_params["sweep"] == saved.name


def test_a_sweep_can_be_taken_off_the_list_and_its_runs_stay(
    open_page: Open, home: Settings, run: Run, saved: SavedSweep
) -> None:
    app = open_page("sweeps")
    app.button(key="forget sweep").click().run()
    assert "No sweep has been launched yet" in words_of(app)
    assert "sweep" not in app.query_params
    assert run.path.is_dir()


def test_settings_that_nothing_was_trained_with_are_swept_around_a_preset(open_page: Open, run: Run) -> None:
    app = open_page("sweeps")
    base = next(group for group in app.get("pills") if group.label == "Around")
    assert base.value == "the run shown"
    base.set_value("express").run()
    app.selectbox(key="sweep dataset").select("mnist-5k").run()
    app.selectbox(key="sweep axis").select("phase2.epochs").run()
    assert next(box for box in app.text_input if box.label == "Values").value == "7, 15, 30, 60"
    next(group for group in app.get("pills") if group.label == "Around").set_value("paper").run()
    app.selectbox(key="sweep axis").select("epochs").run()
    assert next(box for box in app.text_input if box.label == "Values").value == "25, 50, 100, 200"

"""The pipeline: what is trained, what is reused, and what a run holds."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import pipeline
from core.data.dataset import Dataset, from_arrays
from core.errors import DatasetError, RunDamagedError, RunLockedError, TrainingCancelled
from core.pipeline import get_or_train
from core.recipe import Recipe, run_fingerprint
from core.settings import Settings
from core.store import Run, RunStore
from core.training.progress import STAGES
from tests.log import Log


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """To trace graphs, and to write ONNX files, takes longer than these trainings; other tests do both."""
    import tensorflow as tf

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "_save_onnx", lambda *_: {})
        tf.config.run_functions_eagerly(True)
        yield
        tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def recipe(tiny_recipe: Recipe) -> Recipe:
    """Two steps an epoch."""
    return tiny_recipe.changed({f"{stage}.batch_size": 90 for stage in ("autoencoder", "phase1", "phase2")})


@pytest.fixture(scope="module")
def trained_home(
    quick: None, recipe: Recipe, tiny_dataset: Dataset, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Log]:
    """A home in which the recipe was trained, and what was told meanwhile."""
    home, log = tmp_path_factory.mktemp("trained"), Log()
    get_or_train(recipe, tiny_dataset, Settings(home), log)
    return home, log


@pytest.fixture
def first(trained_home: tuple[Path, Log], settings: Settings) -> Run:
    """The recipe's run, in a home that belongs to the test."""
    shutil.copytree(trained_home[0], settings.home)
    (run,) = RunStore(settings.runs).runs()
    return run


@pytest.fixture
def train(tiny_dataset: Dataset, recipe: Recipe, settings: Settings) -> Callable[..., tuple[Run, Log]]:
    """Trains the recipe, with changes, in the test's home."""

    def start(changes: dict[str, Any] | None = None, log: Log | None = None) -> tuple[Run, Log]:
        log = log or Log()
        return get_or_train(recipe.changed(changes or {}), tiny_dataset, settings, log), log

    return start


def predictions(run: Run) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in vars(run.predictions).items()}


def test_the_stages_come_in_their_order(first: Run, trained_home: tuple[Path, Log]) -> None:
    log = trained_home[1]
    firsts = [stage for number, stage in enumerate(log.stages) if stage not in log.stages[:number]]
    assert [stage for stage in firsts if stage != "codes"] == [stage for stage in STAGES if stage != "codes"]
    assert log.stages.index("codes") > log.stages.index("autoencoder")
    assert {progress.stage for progress in log.steps} <= set(STAGES)
    assert log.trained() == {"autoencoder": [1], "codes": [0], "phase1": [1], "phase2": [1]}
    assert first.history == log.epochs


def test_the_same_settings_never_train_twice(first: Run, train: Any, settings: Settings) -> None:
    before = {path: path.stat().st_mtime_ns for path in first.path.iterdir()}
    again, log = train()
    assert again.path == first.path
    assert (log.stages, log.steps, log.epochs) == ([], [], [])
    assert {path: path.stat().st_mtime_ns for path in first.path.iterdir()} == before
    assert len(RunStore(settings.runs).runs()) == 1


def test_heads_of_another_size_reuse_the_autoencoder_and_its_codes(first: Run, train: Any, settings: Settings) -> None:
    (codes,) = settings.stages.glob("codes-*")
    written = {path.name: path.stat().st_mtime_ns for path in codes.iterdir()}
    for changes in (
        {"architecture.dense_units": 5},
        {"classifier_seed": 9, "phase1.learning_rate": 0.01, "phase2.epochs": 0},
    ):
        run, log = train(changes)
        trained = log.trained()
        assert "autoencoder" not in trained
        assert "codes" not in trained
        assert trained["phase1"] == [1]
        assert [r for r in run.history if r.stage == "autoencoder"] == [
            r for r in first.history if r.stage == "autoencoder"
        ]
        np.testing.assert_array_equal(run.predictions.reconstruction_errors, first.predictions.reconstruction_errors)
    assert {path.name: path.stat().st_mtime_ns for path in codes.iterdir()} == written


def test_another_fine_tuning_reuses_phase_1(first: Run, train: Any) -> None:
    run, log = train({"augmentation.shift": 1})
    assert set(log.trained()) <= {"phase2"}
    np.testing.assert_array_equal(
        run.predictions.phase1_test_probabilities, first.predictions.phase1_test_probabilities
    )


@pytest.mark.usefixtures("first")
def test_more_epochs_continue_from_the_shorter_run(
    train: Any, recipe: Recipe, tiny_dataset: Dataset, tmp_path: Path
) -> None:
    longer = {"phase2.epochs": 3}
    run, log = train(longer)
    assert log.trained() == {"phase2": [2, 3]}
    assert [(r.stage, r.epoch) for r in run.history if r.stage == "phase2"] == [("phase2", n) for n in (1, 2, 3)]
    straight = get_or_train(recipe.changed(longer), tiny_dataset, Settings(tmp_path / "straight"))
    assert predictions(run) == predictions(straight)
    # And a shorter one after the longer is right too.
    shorter, log = train({"phase2.epochs": 2})
    assert [r.epoch for r in shorter.history if r.stage == "phase2"] == [1, 2]
    assert vars(shorter.history[-1]) | {"seconds": 0} == vars(straight.history[-2]) | {"seconds": 0}


@pytest.mark.usefixtures("first")
def test_more_epochs_of_the_autoencoder_are_another_encoder(train: Any) -> None:
    _, log = train({"autoencoder.epochs": 2})
    assert log.trained() == {"autoencoder": [2], "codes": [0], "phase1": [1], "phase2": [1]}


def test_a_cancelled_run_is_continued(first: Run, train: Any, settings: Settings, recipe: Recipe) -> None:
    wanted = predictions(first)
    shutil.rmtree(settings.home)
    for stage in ("autoencoder", "codes", "phase1", "phase2", "evaluation"):
        with pytest.raises(TrainingCancelled):
            train(log=Log(lambda log, stage=stage: log.stages[-1:] == [stage]))
        store = RunStore(settings.runs)
        assert (store.runs(), store.damaged()) == ([], [])
        assert not store.is_held(first.fingerprint)
        working = store.working_run(first.fingerprint)
        request = working.request()
        assert request is not None
        assert request.recipe == recipe
    run, log = train()
    assert log.trained() == {}
    assert [r.stage for r in log.epochs] == ["autoencoder", "phase1", "phase2"]
    assert predictions(run) == wanted


def test_no_epochs_at_all_still_make_a_run(train: Any) -> None:
    run, log = train({"autoencoder.epochs": 0, "phase1.epochs": 0, "phase2.epochs": 0})
    assert run.history == log.epochs == []
    assert set(log.trained()) <= {"codes"}
    assert [facts.epochs for facts in run.metrics.stages.values()] == [0, 0, 0]
    for stage in ("phase1", "phase2"):
        assert set(run.metrics.stages[stage].largest_change.values()) == {0.0}
    np.testing.assert_allclose(run.predictions.phase1_test_probabilities, run.predictions.test_probabilities, atol=1e-3)


def test_everything_may_be_trained_on(train: Any) -> None:
    run, _ = train({"validation_fraction": 0, "phase2.patience": None})
    assert run.metrics.validation is None
    assert run.request.dataset.n_train == 200
    assert run.request.dataset.n_validation == 0
    assert run.predictions.validation_probabilities.shape == (0, 3)
    assert all(r.val_loss is r.val_accuracy is None for r in run.history)
    run.check()


def test_the_preset_is_noted(tiny_recipe: Recipe, tiny_dataset: Dataset, settings: Settings) -> None:
    recipe = tiny_recipe.changed({"autoencoder.epochs": 0, "phase1.epochs": 0, "phase2.epochs": 0})
    assert get_or_train(recipe, tiny_dataset, settings, preset="express").request.preset == "express"


def test_images_of_another_size_are_refused_before_anything_is_written(
    tiny_recipe: Recipe, tiny_dataset: Dataset, settings: Settings
) -> None:
    deep = tiny_recipe.changed({"architecture.filters": "2/2/2/2"})
    with pytest.raises(DatasetError, match="12x12"):
        get_or_train(deep, tiny_dataset, settings)
    assert not settings.home.exists()


def test_a_run_that_is_being_trained_is_not_trained_twice(
    tiny_recipe: Recipe, tiny_dataset: Dataset, settings: Settings
) -> None:
    name = run_fingerprint(tiny_recipe, tiny_dataset.digest)

    def hold() -> None:
        with RunStore(settings.runs).writing(name):
            with pytest.raises(RunLockedError):
                get_or_train(tiny_recipe, tiny_dataset, settings)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        hold()


def test_a_damaged_run_is_reported_and_neither_replaced_nor_deleted(first: Run, train: Any) -> None:
    (first.path / "metrics.json").write_text("{")
    before = {path.name: path.read_bytes() for path in first.path.iterdir()}
    with pytest.raises(RunDamagedError, match=r"metrics\.json"):
        train()
    assert {path.name: path.read_bytes() for path in first.path.iterdir()} == before


def test_a_run_finished_by_another_process_in_between_is_taken(
    first: Run, train: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([None])
    get = RunStore.get
    # The first look comes just too early.
    monkeypatch.setattr(RunStore, "get", lambda store, name: next(answers, get(store, name)))
    again, log = train()
    assert again.path == first.path
    assert log.steps == []
    assert RunStore(settings.runs).unfinished() == []


def test_images_of_other_shapes_and_numbers_of_classes_go_through(recipe: Recipe, settings: Settings) -> None:
    random = np.random.default_rng(0)
    labels = np.arange(40) % 2
    dataset = from_arrays(
        "wide",
        random.integers(0, 256, (40, 4, 10), np.uint8),
        labels,
        random.integers(0, 256, (7, 4, 10), np.uint8),
        labels[:7],
        source="made for a test",
    )
    run = get_or_train(replace(recipe, seed=7), dataset, settings)
    assert run.predictions.test_probabilities.shape == (7, 2)
    assert run.request.dataset.image_shape == (4, 10)

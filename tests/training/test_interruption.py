"""The same recipe gives the same run bit for bit: in another process, and however often it was killed on the way."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.recipe import Recipe
from core.settings import Settings
from core.store import Run, RunStore

ROOT = Path(__file__).parents[2]
KILLED = -9

Train = Callable[..., int]


@pytest.fixture(scope="module")
def train(tiny_dataset: Any, tiny_settings: Settings) -> Iterator[Train]:
    """Trains a recipe in a home, in a process of its own; returns the exit status."""
    command = [sys.executable, str(Path(__file__).with_name("trainer.py"))]
    paths = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, env=paths, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None

        def start(recipe: Recipe, home: Path, **moment: Any) -> int:
            job = {"home": str(home), "data": str(tiny_settings.data), "recipe": recipe.to_json(), **moment}
            server.stdin.write(json.dumps(job) + "\n")
            server.stdin.flush()
            return int(server.stdout.readline())

        yield start
        server.stdin.close()


@pytest.fixture(scope="module")
def recipe(tiny_recipe: Recipe) -> Recipe:
    """Everything that draws random numbers or has a state, with a few epochs of each stage."""
    return tiny_recipe.changed(
        {
            "architecture.code_dropout": 0.2,
            "architecture.dense_dropout": 0.2,
            "augmentation.shift": 1,
            "augmentation.elastic": 0.5,
            "autoencoder.epochs": 2,
            "phase1.epochs": 2,
            "phase2.epochs": 3,
            "phase2.optimizer": "adamw",
            "phase2.weight_decay": 0.01,
            "phase2.label_smoothing": 0.1,
        }
    )


@pytest.fixture(scope="module")
def straight(recipe: Recipe, train: Train, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a training that nobody disturbed."""
    home = tmp_path_factory.mktemp("straight")
    assert train(recipe, home) == 0
    return home


def the_run(home: Path) -> Run:
    (run,) = RunStore(home / "runs").runs()
    return run


def arrays(path: Path) -> dict[str, tuple[Any, ...]]:
    with np.load(path) as file:
        return {
            name: (file[name].dtype, file[name].shape, file[name].tobytes()) for name in file.files if name != "state"
        }


def saved_weights(path: Path) -> list[bytes]:
    import keras

    return [weights.tobytes() for weights in keras.saving.load_model(path).get_weights()]


def assert_same_run(home: Path, expected: Path) -> None:
    """Weights, predictions, figures and history are equal bit for bit, and nothing is left lying about."""
    found, wanted = the_run(home), the_run(expected)
    assert found.fingerprint == wanted.fingerprint
    for name in ("predictions.npz", "codes.npz"):
        assert arrays(found.path / name) == arrays(wanted.path / name)
    for one, other in (
        (found.classifier_path, wanted.classifier_path),
        (found.autoencoder_path, wanted.autoencoder_path),
    ):
        assert saved_weights(one) == saved_weights(other)
    assert found.metrics == wanted.metrics
    for name in ("recipe.json", "metrics.json"):
        assert (found.path / name).read_text() == (wanted.path / name).read_text()
    assert [vars(r) | {"seconds": 0} for r in found.history] == [vars(r) | {"seconds": 0} for r in wanted.history]
    checkpoints = {str(path.relative_to(expected)): path for path in expected.glob("stages/*/epoch-*.npz")}
    assert len(checkpoints) == 3
    for name, path in checkpoints.items():
        assert arrays(home / name) == arrays(path)
    for leftover in ("**/*.part", "**/toward-*", "runs/.working/*/"):
        assert list(home.glob(leftover)) == []


def test_a_training_killed_in_every_stage_ends_as_one_that_was_not(
    recipe: Recipe, train: Train, tmp_path: Path
) -> None:
    # Three steps an epoch, the last one smaller, and a question at each of them and of the validation.
    recipe = recipe.changed({f"{stage}.batch_size": 60 for stage in ("autoencoder", "phase1", "phase2")})
    straight, killed = tmp_path / "straight", tmp_path / "killed"
    assert train(recipe, straight, eager=True) == 0
    for moment in (
        {"stage": "autoencoder", "question": 7},  # within the second epoch
        {"rename": 2},
        {"stage": "codes", "question": 1},
        {"stage": "phase1", "question": 7},
        {"stage": "phase2", "question": 11},
        {"stage": "evaluation", "question": 2},
    ):
        assert train(recipe, killed, eager=True, **moment) == KILLED
        assert RunStore(killed / "runs").runs() == []
        assert RunStore(killed / "runs").damaged() == []
    assert train(recipe, killed, eager=True) == 0
    assert_same_run(killed, straight)


@pytest.mark.slow
def test_two_processes_get_the_same_weights(recipe: Recipe, train: Train, straight: Path, tmp_path: Path) -> None:
    assert train(recipe, tmp_path) == 0
    assert_same_run(tmp_path, straight)


def test_this_process_gets_the_same_weights(tiny_recipe: Recipe, tiny_run: Run, train: Train, tmp_path: Path) -> None:
    # Whatever other tests computed here before.
    assert train(tiny_recipe, tmp_path) == 0
    other = the_run(tmp_path)
    assert arrays(tiny_run.path / "predictions.npz") == arrays(other.path / "predictions.npz")
    assert saved_weights(tiny_run.classifier_path) == saved_weights(other.classifier_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stage", "question"),
    [
        *((stage, question) for stage in ("autoencoder", "phase1", "phase2") for question in (1, 10, 12, 14)),
        *((stage, question) for stage in ("codes", "evaluation") for question in (1, 2, 3)),
    ],
)
def test_a_training_killed_anywhere_ends_as_one_that_was_not(
    recipe: Recipe, train: Train, straight: Path, tmp_path: Path, stage: str, question: int
) -> None:
    assert train(recipe, tmp_path, stage=stage, question=question) == KILLED
    assert train(recipe, tmp_path) == 0
    assert_same_run(tmp_path, straight)


@pytest.mark.slow
def test_a_training_killed_before_every_rename_ends_as_one_that_was_not(
    recipe: Recipe, train: Train, straight: Path, tmp_path: Path
) -> None:
    # Each attempt dies one rename later than the one before, counted from its own start.
    statuses = [train(recipe, tmp_path, rename=number) for number in range(1, 60)]
    assert statuses[0] == KILLED
    assert set(statuses) == {0, KILLED}
    assert train(recipe, tmp_path) == 0
    assert_same_run(tmp_path, straight)


@pytest.mark.slow
def test_a_training_killed_at_any_time_ends_as_one_that_was_not(
    recipe: Recipe, train: Train, straight: Path, tmp_path: Path
) -> None:
    status, seconds = KILLED, 0.05
    while status == KILLED:
        status = train(recipe, tmp_path, seconds=seconds)
        seconds *= 1.2
    assert status == 0
    assert_same_run(tmp_path, straight)


@pytest.mark.slow
def test_schedules_and_averages_survive_being_killed(recipe: Recipe, train: Train, tmp_path: Path) -> None:
    other = recipe.changed(
        {
            "autoencoder.schedule": "one_cycle",
            "phase1.schedule": "cosine",
            "phase1.average": 0.9,
            "phase2.average": 0.9,
            "phase2.patience": None,
            "phase2.schedule": "cosine",
            "phase2.warmup_epochs": 1,
        }
    )
    assert train(other, tmp_path / "straight") == 0
    for stage, question in (("autoencoder", 14), ("phase1", 15), ("phase2", 15), ("phase2", 12), ("evaluation", 1)):
        assert train(other, tmp_path / "killed", stage=stage, question=question) == KILLED
    assert train(other, tmp_path / "killed") == 0
    assert_same_run(tmp_path / "killed", tmp_path / "straight")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_papers_network_gets_the_same_weights_too(train: Train, tmp_path: Path) -> None:
    recipe = Recipe().changed(
        {f"{stage}.images": 300 for stage in ("autoencoder", "phase1", "phase2")}
        | {f"{stage}.epochs": 2 for stage in ("autoencoder", "phase1", "phase2")}
        | {"phase2.batch_size": 64}
    )
    assert train(recipe, tmp_path / "straight", dataset="mnist-5k") == 0
    for stage, question in (("autoencoder", 8), ("phase1", 4), ("phase2", 8)):
        assert train(recipe, tmp_path / "killed", dataset="mnist-5k", stage=stage, question=question) == KILLED
    assert train(recipe, tmp_path / "killed", dataset="mnist-5k") == 0
    assert_same_run(tmp_path / "killed", tmp_path / "straight")

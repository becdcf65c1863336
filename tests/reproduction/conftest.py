"""Made results: runs and tables that look like those of a full training on MNIST, with figures that a test knows."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data import folder as dataset_folder
from core.data import mnist
from core.evaluation import evaluate
from core.presets import PRESETS
from core.recipe import Recipe
from core.reference import trials
from core.reference.plan import CONTROLS, SWEEPS
from core.reference.trials import Trial, TrialStage, TrialTable
from core.store import DatasetFacts, ReferenceRun, StageFacts
from core.store.records import write_history, write_json
from core.sweeps import Point, Value
from core.training.progress import EpochRecord

N_TEST = 10_000
DIGEST = hashlib.sha256(" ".join(mnist.DIGESTS[name] for name in dataset_folder.FILE_NAMES).encode()).hexdigest()
FACTS = DatasetFacts("mnist", DIGEST, "made", tuple("0123456789"), (28, 28), 48_000, 12_000, N_TEST)

MakeRun = Callable[..., ReferenceRun]


def answers(n_wrong: int, n_unsure: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels and probabilities of the test images: the first n_wrong read as the next class, the next ones unsure."""
    labels = np.arange(N_TEST) % 10
    read = labels.copy()
    read[:n_wrong] = (labels[:n_wrong] + 1) % 10
    sure = np.full(N_TEST, 0.97)
    sure[n_wrong : n_wrong + n_unsure] = 0.4
    rest = (1 - sure) / 9
    columns = np.arange(10) == read[:, np.newaxis]
    return labels, np.where(columns, sure[:, np.newaxis], rest[:, np.newaxis])


def make_run(
    source: Path, target: Path, *, n_wrong: int = 133, n_unsure: int = 20, stopped: int = 21, preset: str = "paper"
) -> ReferenceRun:
    """A copy of a reference run that says it is one of full MNIST, trained for 40, 100 and `stopped` epochs."""
    shutil.copytree(source, target)
    made = ReferenceRun(target)
    labels, probabilities = answers(n_wrong, n_unsure)
    report = evaluate(probabilities, labels, FACTS.class_names)
    epochs = {"autoencoder": 40, "phase1": 100, "phase2": stopped}
    records = [
        EpochRecord(
            name,
            epoch,
            0.02 / epoch,
            None if name == "autoencoder" else min(1.0, 0.96 + 0.01 * epoch),
            0.03 / epoch,
            None if name == "autoencoder" else 0.98 + 0.0001 * min(epoch, 80),
            0.001,
            2.0,
        )
        for name, last in epochs.items()
        for epoch in range(1, last + 1)
    ]
    facts = {
        name: StageFacts(last, last - 10 if name == "phase2" else None, name == "phase2", {})
        for name, last in epochs.items()
    }
    write_history(target / "history.csv", records)
    metrics = replace(made.metrics, test=report, phase1_test=report, validation=report, stages=facts)
    write_json(target / "metrics.json", metrics.to_json())
    kept = vars(made.predictions)
    changed = {"test_labels": labels, "test_probabilities": probabilities, "phase1_test_probabilities": probabilities}
    np.savez(target / "predictions.npz", **(kept | changed | {"reconstruction_errors": np.full(N_TEST, 0.001)}))
    request = replace(made.request, recipe=PRESETS[preset].recipe, preset=preset, dataset=FACTS)
    write_json(target / "recipe.json", request.to_json())
    return ReferenceRun(target)


def make_trial(
    label: str,
    seed: int,
    *,
    value: Value = None,
    loss: float = 0.05,
    accuracy: float = 0.988,
    train_loss: float = 0.0002,
    train_accuracy: float = 0.9999,
    seconds: float = 20.0,
    incorrect: int = 120,
    epochs: tuple[int, int, int] = (40, 100, 21),
) -> Trial:
    """One row of a made table."""
    stages = {
        name: TrialStage(n, n - 10 if name == "phase2" else None, name == "phase2", seconds)
        for name, n in zip(("autoencoder", "phase1", "phase2"), epochs, strict=True)
    }
    return Trial(
        label=label,
        value=value,
        seed=seed,
        run=hashlib.sha256(f"{label} {value} {seed}".encode()).hexdigest()[:16],
        point=Point(value, seed, train_loss, train_accuracy, loss, accuracy, seconds),
        incorrect=incorrect,
        loss=0.06,
        n_test=N_TEST,
        phase1_incorrect=200,
        reconstruction_error=0.001,
        stages=stages,
        machine="A processor, 2 cores",
        backend="tensorflow",
        finished="2026-11-22T12:00:00+00:00",
    )


def make_sweep(axis: str, seeds: tuple[int, ...] = (0, 1, 2), best: Value = None) -> TrialTable:
    """A made sweep in which this value has the lowest validation loss, and everything else is as the paper says."""
    rows = []
    for rank, value in enumerate(SWEEPS[axis]):
        for seed in seeds:
            better = 0.02 if value == best else 0.0
            rows.append(
                make_trial(
                    f"{axis} {value}",
                    seed,
                    value=value,
                    loss=0.06 - better + 0.001 * seed,
                    accuracy=0.985 + better / 10 + 0.0001 * seed,
                    train_loss=0.0001 * (rank + 1),
                    seconds=30.0 - 4 * rank,
                    incorrect=160 - 10 * rank,
                )
            )
    return TrialTable(axis, PRESETS["paper"].recipe, FACTS, axis, tuple(rows))


def fill(source: Path, folder: Path) -> None:
    """Everything that may be shipped: four runs, their seeds, the sweeps, the controls."""
    wrongs = {"paper": 133, "express": 108, "best": 25, "robust": 60}
    for name, n_wrong in wrongs.items():
        make_run(source, folder / name, n_wrong=n_wrong, preset=name if name in PRESETS else "best")
        rows = tuple(make_trial(name, seed, incorrect=n_wrong + seed) for seed in (0, 1, 2))
        base = PRESETS[name].recipe if name in PRESETS else Recipe()
        trials.write(folder, TrialTable(f"{name}-seeds", base, FACTS, None, rows))
        halves = {row.run: answers(n_wrong, 20)[1].astype(np.float16) for row in rows}
        np.savez_compressed(folder / trials.FOLDER / f"{name}-seeds.npz", **halves)
    for axis, best in (("dense_units", 128), ("batch_size", 64), ("epochs", 100)):
        trials.write(folder, make_sweep(axis, best=best))
    controls = [make_trial(label, 0, incorrect=130 + 40 * rank) for rank, label in enumerate(CONTROLS)]
    trials.write(folder, TrialTable("controls", PRESETS["paper"].recipe, FACTS, None, tuple(controls)))


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory, tiny_reference: Path) -> Path:
    """A folder with all of it. Read by all tests, which leave it as it is."""
    folder = tmp_path_factory.mktemp("full")
    fill(tiny_reference / "best", folder)
    return folder

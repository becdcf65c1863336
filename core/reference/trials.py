"""Trials: runs that are shipped as rows of a table, without their networks: sweeps, seeds of a preset, controls.

    reference/tables/<name>.json    what was tried, and the figures of each run
    reference/tables/<name>.npz     the test probabilities of each, where they are worth their bytes

A table of a sweep stands on the Sweeps page beside the user's own. It refuses nothing on reading: a file that cannot be
read is left out.
"""

import json
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.atomic import new_file
from core.errors import StoreError
from core.evaluation import predicted_classes
from core.recipe import Recipe
from core.saved_sweeps import SavedSweep
from core.store import DatasetFacts, Run
from core.store.plain import from_plain
from core.store.records import write_json
from core.sweep_progress import Standing, SweepEntry, SweepProgress
from core.sweeps import Point, Sweep, Value, point

FOLDER = "tables"


@dataclass(frozen=True)
class TrialStage:
    """What a stage of a trial did. seconds_per_epoch: the median, or None without an epoch."""

    epochs: int
    best_epoch: int | None
    stopped_early: bool
    seconds_per_epoch: float | None


@dataclass(frozen=True)
class Trial:
    """One run of a table.

    label: what was tried, in words. value: of a sweep's axis, None elsewhere. seed: that which varies. run: its
    fingerprint. point: its figures as a sweep shows them. incorrect, loss: on the n_test test images.
    phase1_incorrect: after phase 1. reconstruction_error: of the autoencoder. stages: by name. machine: processor and
    cores. backend: the library that trained it. finished: when, ISO 8601.
    """

    label: str
    value: Value
    seed: int
    run: str
    point: Point
    incorrect: int
    loss: float
    n_test: int
    phase1_incorrect: int
    reconstruction_error: float
    stages: dict[str, TrialStage]
    machine: str
    backend: str
    finished: str

    @property
    def accuracy(self) -> float:
        """Share of the test images that it reads rightly."""
        return 1 - self.incorrect / self.n_test


@dataclass(frozen=True)
class TrialTable:
    """What was tried around a recipe. axis: of a sweep, else None.

    probabilities: fingerprint -> (n_test, n_classes) float16, of the test images, where they were shipped.
    """

    name: str
    base: Recipe
    dataset: DatasetFacts
    axis: str | None
    trials: tuple[Trial, ...]
    probabilities: Mapping[str, npt.NDArray[np.float16]] = field(default_factory=dict, compare=False)

    def of(self, label: str) -> list[Trial]:
        """The trials of this label, in the order of their seeds."""
        return sorted((trial for trial in self.trials if trial.label == label), key=lambda trial: trial.seed)

    @property
    def labels(self) -> list[str]:
        """What was tried, each once, in order."""
        return list(dict.fromkeys(trial.label for trial in self.trials))


def trial(run: Run, label: str, value: Value = None, seed: int | None = None, stage: str = "phase2") -> Trial:
    """The row of a finished run. seed: None for the recipe's own. stage: the one whose epochs a sweep compares.

    Raises RunDamagedError if the run cannot be read.
    """
    recipe, metrics, environment = run.request.recipe, run.metrics, run.environment
    used = recipe.seed if seed is None else seed
    return Trial(
        label=label,
        value=value,
        seed=used,
        run=run.request.fingerprint,
        point=point(value, used, run, stage),
        incorrect=metrics.test.incorrect,
        loss=metrics.test.loss,
        n_test=metrics.test.n_images,
        phase1_incorrect=metrics.phase1_test.incorrect,
        reconstruction_error=metrics.reconstruction_error,
        stages={name: _stage(run, name) for name in metrics.stages},
        machine=f"{environment['processor']}, {environment['cores']} cores",
        backend=str(environment.get("backend", "tensorflow")),
        finished=run.finished.isoformat(),
    )


def write(folder: Path, table: TrialTable, answers: Iterable[Run] = ()) -> None:
    """Keep a table in the folder of reference results, in the place of its older self.

    answers: runs of the table whose test probabilities are worth their bytes, in half precision.
    Raises StoreError if half precision would change a class.
    """
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    write_json(target / f"{table.name}.json", _to_json(table))
    arrays: dict[str, Any] = {run.request.fingerprint: _halved(run) for run in answers}
    if arrays:
        with new_file(target / f"{table.name}.npz") as file:
            np.savez_compressed(file, **arrays)
    else:
        (target / f"{table.name}.npz").unlink(missing_ok=True)


def tables(folder: Path) -> dict[str, TrialTable]:
    """Name -> table, of all readable tables among the reference results, by name."""
    paths = sorted((folder / FOLDER).glob("*.json"))
    return {table.name: table for path in paths if (table := _read(path)) is not None}


def saved_sweep(table: TrialTable) -> SavedSweep | None:
    """A table as a sweep that somebody launched when its last run was finished; None if it is none."""
    if table.axis is None or not table.trials:
        return None
    values = tuple(dict.fromkeys(trial.value for trial in table.trials))
    seeds = tuple(dict.fromkeys(trial.seed for trial in table.trials))
    launched = max(datetime.fromisoformat(trial.finished) for trial in table.trials).astimezone(UTC)
    return SavedSweep(f"reference-{table.name}", Sweep(table.base, table.axis, values, seeds), table.dataset, launched)


def with_trials(progress: SweepProgress, table: TrialTable) -> SweepProgress:
    """A sweep as it stands among the user's own runs, completed by what the table knows."""
    known = {(trial.value, trial.seed): trial for trial in table.trials}

    def completed(entry: SweepEntry) -> SweepEntry:
        found = known.get((entry.run.value, entry.run.seed))
        if entry.point is not None or found is None:
            return entry
        return replace(entry, standing=Standing.FINISHED, point=found.point, job=None, problem=None)

    return replace(progress, entries=tuple(completed(entry) for entry in progress.entries))


def _stage(run: Run, name: str) -> TrialStage:
    facts = run.metrics.stages[name]
    seconds = [record.seconds for record in run.history if record.stage == name]
    return TrialStage(
        facts.epochs, facts.best_epoch, facts.stopped_early, statistics.median(seconds) if seconds else None
    )


def _halved(run: Run) -> npt.NDArray[np.float16]:
    whole = run.predictions.test_probabilities
    halved = whole.astype(np.float16)
    if not np.array_equal(predicted_classes(halved), predicted_classes(whole)):
        raise StoreError(f"Run {run.name}: half precision changes a class that it gives; ship it without answers.")
    return halved


def _to_json(table: TrialTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "axis": table.axis,
        "dataset": asdict(table.dataset.without_place()),
        "base": table.base.to_json(),
        "trials": [asdict(one) for one in table.trials],
    }


def _read(path: Path) -> TrialTable | None:
    try:
        values = json.loads(path.read_text("utf-8"))
        axis = values["axis"]
        return TrialTable(
            name=path.stem,
            base=Recipe.from_json(values["base"]),
            dataset=from_plain(DatasetFacts, values["dataset"], "dataset"),
            axis=None if axis is None else str(axis),
            trials=tuple(_trial(one) for one in values["trials"]),
            probabilities=_probabilities(path.with_suffix(".npz")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _trial(values: dict[str, Any]) -> Trial:
    stages = {name: from_plain(TrialStage, stage, name) for name, stage in values["stages"].items()}
    return Trial(**{**values, "point": Point(**values["point"]), "stages": stages})


def _probabilities(path: Path) -> dict[str, npt.NDArray[np.float16]]:
    if not path.is_file():
        return {}
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}

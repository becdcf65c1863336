"""The contents of a run's files, as plain named values that are written to JSON, CSV and NPZ and read again."""

import csv
import io
import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from core.atomic import new_file
from core.data.dataset import Dataset
from core.data.split import validation_size
from core.evaluation import Report
from core.network_summary import NetworkSummary, summarise
from core.recipe import Recipe, run_fingerprint
from core.store.plain import from_plain
from core.training.progress import EpochRecord


@dataclass(frozen=True)
class DatasetFacts:
    """What a run remembers of its dataset.

    digest: SHA-256 of the images and labels. image_shape: (h, w) in pixels. n_train, n_validation, n_test: images.
    """

    name: str
    digest: str
    source: str
    class_names: tuple[str, ...]
    image_shape: tuple[int, int]
    n_train: int
    n_validation: int
    n_test: int

    @staticmethod
    def of(dataset: Dataset, validation_fraction: float) -> "DatasetFacts":
        """The facts of a dataset of whose training images this share is put aside for validation."""
        n_validation = validation_size(len(dataset.train_labels), validation_fraction)
        return DatasetFacts(
            name=dataset.name,
            digest=dataset.digest,
            source=dataset.source,
            class_names=dataset.class_names,
            image_shape=dataset.image_shape,
            n_train=len(dataset.train_labels) - n_validation,
            n_validation=n_validation,
            n_test=len(dataset.test_labels),
        )

    @property
    def n_images(self) -> int:
        """Training images, those for validation included."""
        return self.n_train + self.n_validation

    def without_place(self) -> "DatasetFacts":
        """The same without the folder in which the files lay on the machine that read them."""
        return replace(self, source=self.source.partition(", from ")[0])

    def split_by(self, validation_fraction: float) -> "DatasetFacts":
        """The same dataset with this share of its training images put aside for validation."""
        n_validation = validation_size(self.n_images, validation_fraction)
        return replace(self, n_train=self.n_images - n_validation, n_validation=n_validation)


@dataclass(frozen=True)
class RunRequest:
    """The content of recipe.json: what was asked for. preset: the preset it began with, or None."""

    fingerprint: str
    recipe: Recipe
    dataset: DatasetFacts
    preset: str | None

    @staticmethod
    def of(recipe: Recipe, dataset: Dataset, preset: str | None) -> "RunRequest":
        """The request for the run that this recipe gives on this dataset."""
        return RunRequest.on(recipe, DatasetFacts.of(dataset, recipe.validation_fraction), preset)

    @staticmethod
    def on(recipe: Recipe, facts: DatasetFacts, preset: str | None) -> "RunRequest":
        """The same, from the dataset's facts alone; how they were split does not matter."""
        split = facts.split_by(recipe.validation_fraction)
        return RunRequest(run_fingerprint(recipe, facts.digest), recipe, split, preset)

    @property
    def network(self) -> NetworkSummary:
        """The layers of the network that was asked for."""
        return summarise(self.recipe.architecture, self.dataset.image_shape, len(self.dataset.class_names))

    def to_json(self) -> dict[str, Any]:
        """Plain values for recipe.json."""
        return {
            "fingerprint": self.fingerprint,
            "preset": self.preset,
            "dataset": asdict(self.dataset),
            "recipe": self.recipe.to_json(),
        }

    @staticmethod
    def from_json(values: dict[str, Any]) -> "RunRequest":
        """The request written by `to_json`. Raises ValueError, TypeError or KeyError if it is none."""
        return from_plain(RunRequest, {**values, "recipe": Recipe.from_json(values["recipe"])}, "request")


@dataclass(frozen=True)
class Predictions:
    """The content of predictions.npz.

    validation_rows: positions in the training set, (n_validation,) int64. *_labels: (n,) int64. *_probabilities:
    (n, n_classes) float32. phase1_test_probabilities: those of the classifier after phase 1. reconstruction_errors:
    the autoencoder's loss on each test image, (n_test,) float64.
    """

    validation_rows: np.ndarray
    validation_labels: np.ndarray
    validation_probabilities: np.ndarray
    test_labels: np.ndarray
    test_probabilities: np.ndarray
    phase1_test_probabilities: np.ndarray
    reconstruction_errors: np.ndarray


@dataclass(frozen=True)
class Codes:
    """The content of codes.npz: the autoencoder's codes, turned to their principal components.

    In a compacted run those of training images are few or none, and mean and components may be empty.

    mean: of the flattened codes, (code size,) float32. components: orthonormal rows, the one along which the codes
    vary most first, (n_components, code size) float16. explained: share of the codes' variance along each component,
    (n_components,) float64. train_rows: positions in the training set, ascending, (n,) int64. train: their codes,
    (n, n_components) float16. test: those of all test images, (n_test, n_components) float16.
    """

    mean: np.ndarray
    components: np.ndarray
    explained: np.ndarray
    train_rows: np.ndarray
    train: np.ndarray
    test: np.ndarray


@dataclass(frozen=True)
class KeptImages:
    """The content of images.npz: test images that a run keeps itself, so that they are there without the dataset.

    rows: positions in the test set, ascending, (n,) int64. images: (n, h, w) uint8.
    """

    rows: np.ndarray
    images: np.ndarray


@dataclass(frozen=True)
class TrainingImages:
    """The content of training_images.npz: those whose codes a compacted run holds, to be shown without the dataset.

    rows: positions in the training set, ascending, (n,) int64. images: (n, h, w) uint8. labels: (n,) int64.
    """

    rows: np.ndarray
    images: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Compaction:
    """The content of compaction.json: how a run was made smaller than its training left it.

    run: fingerprint of the run it was made of. left_out: what it no longer holds, in words. exactness: what is held
    with fewer digits, in words. incorrect, loss: on the test images, of the run it was made of; those in metrics.json
    are of the network as it is held here. largest_difference: between a test probability of the two.
    """

    run: str
    left_out: tuple[str, ...]
    exactness: tuple[str, ...]
    incorrect: int
    loss: float
    largest_difference: float


@dataclass(frozen=True)
class StageFacts:
    """What a stage did.

    epochs: finished. best_epoch: whose weights were restored, None for the last. stopped_early: by early stopping.
    largest_change: layer -> largest absolute change of any of its weights or statistics during the stage.
    """

    epochs: int
    best_epoch: int | None
    stopped_early: bool
    largest_change: dict[str, float]


@dataclass(frozen=True)
class Metrics:
    """The content of metrics.json.

    test: report on the test images. validation: on the validation part, or None without one. phase1_test: report on
    the test images after phase 1. reconstruction_error: the autoencoder's mean loss on the test images.
    stages: facts of autoencoder, phase1 and phase2.
    """

    test: Report
    validation: Report | None
    phase1_test: Report
    reconstruction_error: float
    stages: dict[str, StageFacts]

    def to_json(self) -> dict[str, Any]:
        """Plain values for metrics.json."""
        return {
            "test": self.test.to_json_values(),
            "validation": self.validation.to_json_values() if self.validation else None,
            "phase1_test": self.phase1_test.to_json_values(),
            "reconstruction_error": self.reconstruction_error,
            "stages": {name: asdict(facts) for name, facts in self.stages.items()},
        }

    @staticmethod
    def from_json(values: dict[str, Any]) -> "Metrics":
        """The metrics written by `to_json`. Raises ValueError, TypeError or KeyError if they are none."""
        for name in ("test", "validation", "phase1_test"):
            if values[name] is not None:
                Report.from_json_values(values[name])  # refuses counts that contradict each other
        return from_plain(Metrics, values, "metrics")


def write_json(path: Path, values: Any) -> None:
    """Write values as JSON that people can read; whole or not at all."""
    with new_file(path) as file:
        file.write((json.dumps(values, indent=2) + "\n").encode())


def write_history(path: Path, records: list[EpochRecord]) -> None:
    """Write epochs as CSV, one row each; whole or not at all."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [item.name for item in fields(EpochRecord)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(record) for record in records)
    with new_file(path) as file:
        file.write(text.getvalue().encode())


def read_history(path: Path) -> list[EpochRecord]:
    """The epochs in a history.csv. Raises ValueError or TypeError if it is not one, or its end is missing."""
    text = path.read_text("utf-8")
    rows, columns = csv.DictReader(text.splitlines()), [item.name for item in fields(EpochRecord)]
    if rows.fieldnames != columns or not text.endswith("\n"):
        raise ValueError(f"expected a line with {','.join(columns)} and whole lines below it")
    return [
        EpochRecord(
            stage=row["stage"],
            epoch=int(row["epoch"]),
            loss=float(row["loss"]),
            accuracy=float(row["accuracy"]) if row["accuracy"] else None,
            val_loss=float(row["val_loss"]) if row["val_loss"] else None,
            val_accuracy=float(row["val_accuracy"]) if row["val_accuracy"] else None,
            learning_rate=float(row["learning_rate"]),
            seconds=float(row["seconds"]),
        )
        for row in rows
    ]

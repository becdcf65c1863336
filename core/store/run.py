"""One run on disk: a finished one to read, or one in the making to write."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core.atomic import new_file
from core.errors import RunDamagedError
from core.store.records import Metrics, Predictions, RunRequest, read_history, write_history, write_json
from core.training.progress import EpochRecord

RECIPE, HISTORY, METRICS, ENVIRONMENT = "recipe.json", "history.csv", "metrics.json", "environment.json"
CLASSIFIER, AUTOENCODER, PREDICTIONS = "classifier.keras", "autoencoder.keras", "predictions.npz"
FILES = (RECIPE, HISTORY, METRICS, ENVIRONMENT, CLASSIFIER, AUTOENCODER, PREDICTIONS)


class Run:
    """A finished run. Its parts are read when asked for; each read raises RunDamagedError if the file is bad."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def fingerprint(self) -> str:
        """The run's name."""
        return self.path.name

    @property
    def classifier_path(self) -> Path:
        """The classifier as a `.keras` file."""
        return self.path / CLASSIFIER

    @property
    def autoencoder_path(self) -> Path:
        """The autoencoder as a `.keras` file."""
        return self.path / AUTOENCODER

    @cached_property
    def request(self) -> RunRequest:
        """What was asked for."""
        with self._reading(RECIPE) as path:
            return RunRequest.from_json(json.loads(path.read_text("utf-8")))

    @cached_property
    def metrics(self) -> Metrics:
        """What came out."""
        with self._reading(METRICS) as path:
            return Metrics.from_json(json.loads(path.read_text("utf-8")))

    @cached_property
    def environment(self) -> dict[str, Any]:
        """Where and how long: versions, processor, commit, seconds of every stage, when it began and ended."""
        with self._reading(ENVIRONMENT) as path:
            return json.loads(path.read_text("utf-8"))

    @cached_property
    def history(self) -> list[EpochRecord]:
        """All epochs of all stages."""
        with self._reading(HISTORY) as path:
            return read_history(path)

    @cached_property
    def predictions(self) -> Predictions:
        """Probabilities and labels of every validation and test image."""
        with self._reading(PREDICTIONS) as path, np.load(path, allow_pickle=False) as file:
            return Predictions(**{item.name: file[item.name] for item in fields(Predictions)})

    def check(self) -> None:
        """Raises RunDamagedError unless every file is there and the small ones can be read."""
        for name in FILES:
            if not (self.path / name).is_file():
                raise RunDamagedError(f"Run {self.fingerprint}: {name} is missing from {self.path}.")
        _ = self.request, self.metrics, self.environment, self.history

    @contextlib.contextmanager
    def _reading(self, name: str) -> Iterator[Path]:
        try:
            yield self.path / name
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise RunDamagedError(
                f"Run {self.fingerprint}: {name} in {self.path} cannot be read ({error}); restore the file, or delete "
                "the folder and train again."
            ) from error


class WorkingRun:
    """The folder of a run in the making, held by the one process that writes it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write_request(self, request: RunRequest) -> None:
        """recipe.json, before anything is trained, so that an interrupted run can say what it was."""
        write_json(self.path / RECIPE, request.to_json())

    def write_history(self, records: list[EpochRecord]) -> None:
        """history.csv; called after every epoch, so that it can be watched."""
        write_history(self.path / HISTORY, records)

    def write_results(self, metrics: Metrics, predictions: Predictions, environment: dict[str, Any]) -> None:
        """metrics.json, predictions.npz and environment.json."""
        write_json(self.path / METRICS, metrics.to_json())
        write_json(self.path / ENVIRONMENT, environment)
        arrays = {item.name: getattr(predictions, item.name) for item in fields(predictions)}
        with new_file(self.path / PREDICTIONS) as file:
            np.savez_compressed(file, **arrays)

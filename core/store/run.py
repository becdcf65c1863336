"""One finished run on disk, to read."""

import contextlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import RunDamagedError
from core.store.records import Codes, Metrics, Predictions, RunRequest, read_history
from core.training.progress import EpochRecord

RECIPE, HISTORY, METRICS, ENVIRONMENT = "recipe.json", "history.csv", "metrics.json", "environment.json"
CLASSIFIER, AUTOENCODER, PREDICTIONS = "classifier.keras", "autoencoder.keras", "predictions.npz"
ONNX, AUTOENCODER_ONNX, CODES = "classifier.onnx", "autoencoder.onnx", "codes.npz"
FILES = (RECIPE, HISTORY, METRICS, ENVIRONMENT, CLASSIFIER, AUTOENCODER, PREDICTIONS)
"""What every finished run holds."""
OPTIONAL = (ONNX, AUTOENCODER_ONNX, CODES)
"""What a finished run may hold besides."""

_DAMAGE = (
    *(OSError, EOFError, ValueError, KeyError, TypeError, AttributeError),
    *(RuntimeError, zipfile.BadZipFile, zlib.error),
)
"""What reading a damaged file may raise."""


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
    def onnx_path(self) -> Path:
        """The classifier as an `.onnx` file; not there if it could not be converted."""
        return self.path / ONNX

    @property
    def autoencoder_path(self) -> Path:
        """The autoencoder as a `.keras` file."""
        return self.path / AUTOENCODER

    @property
    def autoencoder_onnx_path(self) -> Path:
        """The autoencoder as an `.onnx` file, which gives the code too; not there if it could not be converted."""
        return self.path / AUTOENCODER_ONNX

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
    def finished(self) -> datetime:
        """When the run was complete, in UTC."""
        with self._reading(ENVIRONMENT):
            return datetime.fromisoformat(self.environment["finished"]).astimezone(UTC)

    @cached_property
    def history(self) -> list[EpochRecord]:
        """All epochs of all stages."""
        with self._reading(HISTORY) as path:
            return read_history(path)

    @cached_property
    def predictions(self) -> Predictions:
        """Probabilities and labels of every validation and test image."""
        with self._reading(PREDICTIONS) as path:
            return Predictions(**_arrays(path, Predictions))

    @cached_property
    def codes(self) -> Codes | None:
        """Codes of training and test images in their principal components; None where the run holds none."""
        if not (self.path / CODES).is_file():
            return None
        with self._reading(CODES) as path:
            return Codes(**_arrays(path, Codes))

    def check(self) -> None:
        """Raises RunDamagedError unless every file is there and the small ones can be read."""
        for name in FILES:
            if not (self.path / name).is_file():
                raise RunDamagedError(
                    f"Run {self.fingerprint}: {name} is missing from {self.path}; restore the file, or delete the "
                    "folder and train again."
                )
        _ = self.request, self.finished
        for stage, facts in self.metrics.stages.items():
            rows = sum(record.stage == stage for record in self.history)
            if rows != facts.epochs:
                raise RunDamagedError(
                    f"Run {self.fingerprint}: {HISTORY} in {self.path} has {rows} epochs of {stage} where {METRICS} "
                    f"has {facts.epochs}; restore the files, or delete the folder and train again."
                )

    @contextlib.contextmanager
    def _reading(self, name: str) -> Iterator[Path]:
        try:
            yield self.path / name
        except _DAMAGE as error:
            reason = f"{type(error).__name__}: {error}"
            raise RunDamagedError(
                f"Run {self.fingerprint}: {name} in {self.path} cannot be read ({reason}); restore the file, or delete "
                "the folder and train again."
            ) from error


def _arrays(path: Path, kind: type[Predictions] | type[Codes]) -> dict[str, np.ndarray]:
    # NumPy leaves a file open that it cannot make sense of, so it gets one that is closed for it.
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        return {item.name: file[item.name] for item in fields(kind)}

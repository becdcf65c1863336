"""One finished run on disk, to read."""

import contextlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np

from core.errors import RunDamagedError
from core.store.plain import from_plain
from core.store.records import (
    Codes,
    Compaction,
    KeptImages,
    Metrics,
    Predictions,
    RunRequest,
    TrainingImages,
    read_history,
)
from core.training.progress import EpochRecord

Held = TypeVar("Held", Codes, KeptImages, TrainingImages)

RECIPE, HISTORY, METRICS, ENVIRONMENT = "recipe.json", "history.csv", "metrics.json", "environment.json"
CLASSIFIER, AUTOENCODER, PREDICTIONS = "classifier.keras", "autoencoder.keras", "predictions.npz"
ONNX, AUTOENCODER_ONNX, CODES = "classifier.onnx", "autoencoder.onnx", "codes.npz"
FILES = (RECIPE, HISTORY, METRICS, ENVIRONMENT, CLASSIFIER, AUTOENCODER, PREDICTIONS)
"""What every finished run holds."""
IMAGES, TRAINING_IMAGES, COMPACTION = "images.npz", "training_images.npz", "compaction.json"
GATE, GATE_FACTS = "gate.npz", "gate.json"
OPTIONAL = (ONNX, AUTOENCODER_ONNX, CODES, GATE, GATE_FACTS)
"""What a finished run may hold besides."""
_WIDTHS = {"reconstruction_errors": np.float64}

_DAMAGE = (
    *(OSError, EOFError, ValueError, KeyError, TypeError, AttributeError),
    *(RuntimeError, zipfile.BadZipFile, zlib.error),
)
"""What reading a damaged file may raise."""


class Run:
    """A finished run. Its parts are read when asked for; each read raises RunDamagedError if the file is bad."""

    files: ClassVar[tuple[str, ...]] = FILES
    is_reference: ClassVar[bool] = False
    """Whether it came with the project, which alone may change it."""
    _remedy: ClassVar[str] = "restore the file, or delete the folder and train again"

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits that tell the run from all others."""
        return self.path.name

    @property
    def name(self) -> str:
        """What the command line calls the run."""
        return self.fingerprint

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

    @property
    def gate_path(self) -> Path:
        """What says whether an image is one of the classes, as an `.npz` file; not there in runs that have no gate."""
        return self.path / GATE

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
            found = arrays_of(path, (item.name for item in fields(Predictions)))
            # A compacted run holds them with fewer digits.
            for name, array in found.items():
                if array.dtype in (np.float16, np.float32):
                    found[name] = array.astype(_WIDTHS.get(name, np.float32), copy=False)
            return Predictions(**found)

    @cached_property
    def codes(self) -> Codes | None:
        """Codes of training and test images in their principal components; None where the run holds none."""
        return self._held(CODES, Codes)

    @cached_property
    def images(self) -> KeptImages | None:
        """Test images that the run keeps itself; None where it keeps none, as most leave that to their dataset."""
        return self._held(IMAGES, KeptImages)

    @cached_property
    def training_images(self) -> TrainingImages | None:
        """The training images whose codes the run holds; None where it leaves them to its dataset, as most do."""
        return self._held(TRAINING_IMAGES, TrainingImages)

    @cached_property
    def compaction(self) -> Compaction | None:
        """How the run was made smaller; None for one that holds everything that its training gave."""
        if not (self.path / COMPACTION).is_file():
            return None
        with self._reading(COMPACTION) as path:
            return from_plain(Compaction, json.loads(path.read_text("utf-8")), "compaction")

    def check(self) -> None:
        """Raises RunDamagedError unless every file is there and the small ones can be read."""
        for name in self.files:
            if not (self.path / name).is_file():
                raise RunDamagedError(f"Run {self.name}: {name} is missing from {self.path}; {self._remedy}.")
        _ = self.request, self.finished
        for stage, facts in self.metrics.stages.items():
            rows = sum(record.stage == stage for record in self.history)
            if rows != facts.epochs:
                raise RunDamagedError(
                    f"Run {self.name}: {HISTORY} in {self.path} has {rows} epochs of {stage} where {METRICS} "
                    f"has {facts.epochs}; {self._remedy}."
                )

    def _held(self, name: str, kind: type[Held]) -> Held | None:
        """The content of a file of arrays that a run may lack; None then."""
        if not (self.path / name).is_file():
            return None
        with self._reading(name) as path:
            return kind(**arrays_of(path, (item.name for item in fields(kind))))

    @contextlib.contextmanager
    def _reading(self, name: str) -> Iterator[Path]:
        try:
            yield self.path / name
        except _DAMAGE as error:
            reason = f"{type(error).__name__}: {error}"
            raise RunDamagedError(
                f"Run {self.name}: {name} in {self.path} cannot be read ({reason}); {self._remedy}."
            ) from error


def arrays_of(path: Path, names: Iterable[str]) -> dict[str, np.ndarray]:
    """Arrays of an NPZ file by name; raises what damage may raise."""
    # NumPy leaves a file open that it cannot make sense of, so it gets one that is closed for it.
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        return {name: file[name] for name in names}

"""Checkpoints of one stage on disk: everything needed to go on as if nothing had happened.

A stage's folder is named by what decides its weights, all but the number of epochs where a longer training continues
a shorter one. It holds `epoch-NNNN.npz` for every number of epochs that somebody asked for and `toward-NNNN.npz` for a
training on its way there. Files are written beside their place and renamed, so that a reader never sees half of one.
"""

import contextlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import filelock
import numpy as np

from core import atomic
from core.training.progress import EpochRecord, Observer

_FILE = re.compile(r"(?:epoch|toward)-\d+\.npz$")
_FINISHED = re.compile(r"epoch-(\d+)\.npz$")
_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Checkpoint:
    """The state of a training after an epoch.

    model, optimizer: values of all variables in their order. best: those of the model after the epoch of the lowest
    validation loss, or None where the stage does not restore it. history: all epochs so far.
    """

    model: list[np.ndarray]
    optimizer: list[np.ndarray]
    best: list[np.ndarray] | None
    history: list[EpochRecord]

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return len(self.history)


class CheckpointFolder:
    """The folder of one stage's checkpoints."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextlib.contextmanager
    def locked(self, observer: Observer) -> Iterator[None]:
        """Keep other processes from training this stage; waits for one that does, asking the observer meanwhile."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(self.path / "lock")
        while True:
            observer.check()
            try:
                lock.acquire(timeout=_POLL_SECONDS)
                break
            except filelock.Timeout:
                continue
        try:
            atomic.sweep(self.path)
            yield
        finally:
            lock.release()

    def latest(self, epochs: int) -> Checkpoint | None:
        """The readable checkpoint with most epochs, at most `epochs`; None if there is none."""
        found = [c for c in map(_read, self._files()) if c is not None and c.epoch <= epochs]
        return max(found, key=lambda c: c.epoch, default=None)

    def numbers(self) -> set[int]:
        """The numbers of epochs after which somebody asked it to end, and it did; by the files' names alone."""
        return {int(match[1]) for path in self._files() if (match := _FINISHED.match(path.name))}

    def save(self, checkpoint: Checkpoint, epochs: int) -> None:
        """Keep the state of a training on its way to `epochs`, in place of its earlier one."""
        self._write(self.path / f"toward-{epochs:04d}.npz", checkpoint)

    def finish(self, epochs: int) -> None:
        """The training toward `epochs` has ended: keep its last state for good."""
        rolling = self.path / f"toward-{epochs:04d}.npz"
        if rolling.exists():
            rolling.replace(self.path / f"epoch-{epochs:04d}.npz")

    def _files(self) -> list[Path]:
        return [p for p in self.path.glob("*.npz") if _FILE.match(p.name)] if self.path.is_dir() else []

    def _write(self, path: Path, checkpoint: Checkpoint) -> None:
        kinds = {"model": checkpoint.model, "optimizer": checkpoint.optimizer, "best": checkpoint.best or []}
        # Counts, because a damaged table of contents may list fewer arrays than there are.
        counts = {kind: len(values) for kind, values in kinds.items()}
        state = {"history": [asdict(record) for record in checkpoint.history], "counts": counts}
        arrays: dict[str, Any] = {"state": np.array(json.dumps(state))}
        for kind, values in kinds.items():
            arrays |= {f"{kind}/{number:04d}": value for number, value in enumerate(values)}
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic.new_file(path) as file:
            np.savez(file, **arrays)


def _read(path: Path) -> Checkpoint | None:
    """The checkpoint in a file, or None if the file was damaged: an earlier one serves then."""
    try:
        # NumPy leaves a file open that it cannot make sense of, so it gets one that is closed for it.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            state = json.loads(str(file["state"]))
            history = [EpochRecord(**row) for row in state["history"]]
            model, optimizer, best = (
                [file[f"{kind}/{number:04d}"] for number in range(state["counts"][kind])]
                for kind in ("model", "optimizer", "best")
            )
    except (OSError, EOFError, ValueError, KeyError, TypeError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return None
    return Checkpoint(model, optimizer, best or None, history)

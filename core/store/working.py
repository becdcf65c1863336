"""A run in the making: a folder that one process writes and everybody may watch.

    runs/.working/<fingerprint>/
        recipe.json       what was asked for; there from the moment somebody asks
        history.csv       finished epochs
        progress.json     where the training is, about twice a second
        cancel            there when somebody asked it to stop
        failure.json      one sentence about what went wrong; traceback.txt beside it
        worker.log        what the libraries said while it was trained
        asked             the ticket of the wish for it, as old as the wish
    runs/.working/<fingerprint>.alive   touched by the worker process that has the run in hand

Whoever watches may look at any moment, also at the one in which the folder becomes a finished run: what is not there,
or not yet whole, reads as None.
"""

import json
import secrets
import shutil
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from core.atomic import new_file
from core.store.records import Codes, Metrics, Predictions, RunRequest, read_history, write_history, write_json
from core.store.run import CODES, ENVIRONMENT, HISTORY, METRICS, PREDICTIONS, RECIPE
from core.training.progress import EpochRecord, Progress

PROGRESS, CANCEL, FAILURE, TRACEBACK = "progress.json", "cancel", "failure.json", "traceback.txt"
ASKED, LOG = "asked", "worker.log"


class WorkingRun:
    """The folder of a run in the making. Only the process that holds the run's lock trains in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def fingerprint(self) -> str:
        """The run's name."""
        return self.path.name

    @property
    def request_path(self) -> Path:
        """recipe.json, which may not be there."""
        return self.path / RECIPE

    @property
    def log_path(self) -> Path:
        """worker.log, which may not be there."""
        return self.path / LOG

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

    def write_codes(self, codes: Codes) -> None:
        """codes.npz; not compressed, as half-precision numbers hardly shrink and pages open it often."""
        with new_file(self.path / CODES) as file:
            np.savez(file, **{item.name: getattr(codes, item.name) for item in fields(codes)})

    def write_progress(self, progress: Progress) -> None:
        """progress.json."""
        write_json(self.path / PROGRESS, asdict(progress) | {"updated": datetime.now(UTC).isoformat()})

    def write_failure(self, message: str, traceback: str = "") -> None:
        """failure.json and, for those who can read it, traceback.txt. message: one sentence."""
        (self.path / TRACEBACK).write_text(traceback, "utf-8")
        write_json(self.path / FAILURE, {"message": message, "at": datetime.now(UTC).isoformat()})

    def request(self) -> RunRequest | None:
        """What was asked for, or None if that cannot be read."""
        values = self._read(RECIPE)
        try:
            return RunRequest.from_json(values) if values else None
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def history(self) -> list[EpochRecord]:
        """The finished epochs."""
        try:
            return read_history(self.path / HISTORY)
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def progress(self) -> Progress | None:
        """Where the training is, or was when it ended; None if it has not told."""
        values = self._read(PROGRESS)
        try:
            return Progress(**{name: value for name, value in values.items() if name != "updated"}) if values else None
        except TypeError:
            return None

    def failure(self) -> str | None:
        """What went wrong, in a sentence, or None."""
        values = self._read(FAILURE)
        return str(values.get("message", "")) if values else None

    def traceback(self) -> str:
        """What Python said about the failure; empty if it said nothing."""
        try:
            return (self.path / TRACEBACK).read_text("utf-8")
        except OSError:
            return ""

    def ask(self) -> str:
        """Note that the run is wanted, from now on: earlier wishes to stop and earlier failures are forgotten.

        Returns a new ticket.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        for path in (*(self.path / name for name in (CANCEL, FAILURE, TRACEBACK, PROGRESS, LOG)), self._alive):
            path.unlink(missing_ok=True)
        ticket = secrets.token_hex(4)
        with new_file(self.path / ASKED) as file:
            file.write(ticket.encode())
        return ticket

    @property
    def ticket(self) -> str | None:
        """What tells the latest wish for this run from earlier ones; None if nobody put it in the queue."""
        try:
            return (self.path / ASKED).read_text("utf-8")
        except OSError:
            return None

    def ask_to_stop(self) -> None:
        """Note that the run should stop; whoever trains it looks at every step."""
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / CANCEL).touch()

    @property
    def stop_asked(self) -> bool:
        """Whether somebody asked the run to stop."""
        return (self.path / CANCEL).exists()

    @property
    def asked(self) -> datetime | None:
        """Since when the run is wanted, or None if nobody put it in the queue."""
        return _modified(self.path / ASKED)

    def beat(self) -> None:
        """Tell that a worker process has the run in hand."""
        self._alive.touch()

    def fall_silent(self) -> None:
        """Tell that no worker process has the run in hand any more."""
        self._alive.unlink(missing_ok=True)

    @property
    def last_beat(self) -> datetime | None:
        """When a worker process last told that it has the run in hand, or None."""
        return _modified(self._alive)

    def discard(self) -> None:
        """Delete the folder; the checkpoints of its stages stay, so that the same recipe goes on where it was."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.fall_silent()

    @property
    def _alive(self) -> Path:
        # Beside the folder: it may be touched at the moment in which the folder becomes the finished run.
        return self.path.with_name(f"{self.path.name}.alive")

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            values = json.loads((self.path / name).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return values if isinstance(values, dict) else None


def _modified(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None

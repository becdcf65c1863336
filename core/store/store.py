"""Runs on disk: one folder a run, named by its fingerprint, readable by people, written whole or not at all.

    runs/<fingerprint>/          a finished run; never changed afterwards
        recipe.json              recipe, fingerprint, preset, dataset
        history.csv              one row an epoch of every stage
        metrics.json             reports on the test and validation images, and what each stage did
        environment.json         versions, processor, commit, seconds of every stage
        classifier.keras         the network, of stock Keras layers; autoencoder.keras likewise
        classifier.onnx          the same network for ONNX Runtime, where it could be converted
        autoencoder.onnx         the autoencoder likewise, which gives the code too
        gate.npz, gate.json      what says whether an image is one of the classes at all, where it could be fitted
        codes.npz                codes of training and test images in their principal components, where computed
        predictions.npz          probabilities and labels of every validation and test image
    runs/.working/<fingerprint>/ a run in the making; renamed into place when it is complete
    runs/.exports/<fingerprint>/ its networks in other formats, made when somebody asks; safe to delete
    runs/.trash/                 deleted runs, to be restored or deleted for good (`core.store.trash`)

Beside them, `reference/<name>/` holds the runs that came with the project (`core.store.reference`). They are found and
read like the user's own, under names like "reference/best", and nothing here writes to them.

One process writes a run at a time: it holds an operating-system lock, which dies with the process. A finished folder
that lacks a file or holds an unreadable one is reported as damaged and otherwise left alone.
"""

import contextlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import filelock

from core.errors import RunDamagedError, RunLockedError, RunNotFoundError
from core.settings import Settings
from core.store.choice import default_run
from core.store.reference import PREFIX, ReferenceRun, reference_runs
from core.store.run import FILES, OPTIONAL, Run
from core.store.working import WorkingRun

LATEST = "latest"
"""The name that means the newest run."""

_PATIENCE = 0.2
"""Seconds to wait for a lock: `is_held` takes it for a moment, and is no writer."""


class RunStore:
    """All runs below one folder, and those that came with the project.

    folder: of the user's own runs. reference: of the others; None: there are none.
    """

    def __init__(self, folder: Path, reference: Path | None = None) -> None:
        self.folder = folder
        self.reference = reference
        self.working = folder / ".working"
        self.exports = folder / ".exports"
        self.trash = folder / ".trash"

    @classmethod
    def of(cls, settings: Settings) -> "RunStore":
        """The runs of a home, and those that came with the project."""
        return cls(settings.runs, settings.reference)

    def runs(self) -> list[Run]:
        """The user's own sound finished runs, the newest first."""
        return self._sorted()[0]

    def references(self) -> list[Run]:
        """The sound runs that came with the project, in the order in which they are shown."""
        return _sound(self._reference_runs())[0]

    def damaged(self) -> list[RunDamagedError]:
        """What is wrong with each finished run that is not sound."""
        return self._sorted()[1] + _sound(self._reference_runs())[1]

    def get(self, fingerprint: str) -> Run | None:
        """The user's own finished, sound run of exactly this fingerprint, or None if there is none.

        Raises RunDamagedError if it is there but not sound.
        """
        run = Run(self.folder / fingerprint)
        if not run.path.is_dir():
            return None
        run.check()
        return run

    def find(self, name: str, *, to_read: bool = False) -> Run:
        """The run whose fingerprint begins with `name`, or that bears it; for "latest" the user's newest.

        As long as the user has none, "latest" is a reference run: the one to be shown, or to read pictures.
        Raises RunNotFoundError if there is none or more than one, RunDamagedError if it is not sound.
        """
        if name == LATEST:
            found = default_run([*self.runs(), *self.references()], to_read=to_read)
            if found is None:
                raise RunNotFoundError("There is no run yet; train one with `python -m core train --preset express`.")
            return found
        if name.startswith(PREFIX):
            matches: list[Run] = [run for run in self._reference_runs() if run.name == name]
        else:
            runs = [*map(Run, self._folders()), *self._reference_runs()]
            # The whole name means that run, even if a copy beside it has a longer one.
            matches = [run for run in runs if run.fingerprint == name] or [
                run for run in runs if name and run.fingerprint.startswith(name)
            ]
        if not matches:
            n_runs = len(self.runs()) + len(self.references())
            raise RunNotFoundError(
                f"There is no run {name!r} among the {n_runs} in {self.folder}{self._elsewhere()}; `python -m core "
                "runs` lists them."
            )
        if len(matches) > 1:
            names = ", ".join(run.name for run in matches)
            raise RunNotFoundError(f"{name!r} may mean {len(matches)} runs: {names}; give more of its letters.")
        matches[0].check()
        return matches[0]

    @contextlib.contextmanager
    def writing(self, fingerprint: str) -> Iterator[WorkingRun]:
        """Hold the run of this fingerprint to write it; on leaving without an error it is moved into place.

        After an error the working folder stays, for a look and for going on. A run that turns out to be finished
        already, by another process, stays as it is. Raises RunLockedError if another process holds it.
        """
        path, finished = self.working / fingerprint, self.folder / fingerprint
        with self.holding(fingerprint):
            path.mkdir(exist_ok=True)
            yield WorkingRun(path)
            if finished.is_dir():
                shutil.rmtree(path)
                return
            missing = [name for name in FILES if not (path / name).is_file()]
            if missing:
                raise RunDamagedError(f"Run {fingerprint} was not written whole: {', '.join(missing)} is missing.")
            for extra in path.iterdir():
                if extra.name not in FILES + OPTIONAL:
                    extra.unlink() if extra.is_file() else shutil.rmtree(extra)
            path.rename(finished)

    @contextlib.contextmanager
    def holding(self, fingerprint: str) -> Iterator[None]:
        """Keep every other process from writing or moving the run of this fingerprint.

        Raises RunLockedError if another process holds it.
        """
        self.working.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(self.working / f"{fingerprint}.lock")
        try:
            lock.acquire(timeout=_PATIENCE)
        except filelock.Timeout:
            raise RunLockedError(
                f"Run {fingerprint} is being trained by another process; wait for it, or watch it with "
                "`python -m core runs`."
            ) from None
        try:
            yield
        finally:
            lock.release()

    def working_run(self, fingerprint: str) -> WorkingRun:
        """The run of this fingerprint as one in the making; its folder may not be there."""
        return WorkingRun(self.working / fingerprint)

    def unfinished(self) -> list[WorkingRun]:
        """The runs in the making: those at work, and those that wait, were stopped or failed."""
        if not self.working.is_dir():
            return []
        return [WorkingRun(path) for path in sorted(self.working.iterdir()) if path.is_dir()]

    def is_held(self, fingerprint: str) -> bool:
        """Whether a living process is writing this run."""
        if not (self.working / fingerprint).is_dir():
            return False
        lock = filelock.FileLock(self.working / f"{fingerprint}.lock")
        try:
            with lock.acquire(timeout=0):
                return False
        except filelock.Timeout:
            return True

    def _folders(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return [path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith(".")]

    def _reference_runs(self) -> list[ReferenceRun]:
        return reference_runs(self.reference) if self.reference else []

    def _elsewhere(self) -> str:
        return f" and {self.reference}" if self._reference_runs() else ""

    def _sorted(self) -> tuple[list[Run], list[RunDamagedError]]:
        sound, damaged = _sound(map(Run, self._folders()))
        return sorted(sound, key=lambda run: run.finished, reverse=True), damaged


def _sound(runs: Iterable[Run]) -> tuple[list[Run], list[RunDamagedError]]:
    """The sound ones among the runs, and what is wrong with the others."""
    sound, damaged = [], []
    for run in runs:
        try:
            run.check()
        except RunDamagedError as error:
            damaged.append(error)
        else:
            sound.append(run)
    return sound, damaged

"""The trash: deleted runs, whole, until somebody restores them or deletes them for good.

    runs/.trash/<time>-<fingerprint>/    a run as it was, sound or damaged; the time is that of its deletion, in UTC
        .exports/                        its networks in other formats, where there were any

A run keeps its name and its star while it lies there. Refused, with a `StoreError`: to delete a run that another
process is writing, and to restore one whose place is taken.
"""

import contextlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.errors import RunNotFoundError, StoreError
from core.store import labels
from core.store.run import Run
from core.store.store import RunStore

_TIME = "%Y%m%dT%H%M%S%fZ"
_EXPORTS = ".exports"


@dataclass(frozen=True)
class TrashedRun:
    """A run in the trash.

    name: of its folder there, which tells it from an earlier run of the same fingerprint. deleted: when, in UTC.
    """

    name: str
    fingerprint: str
    deleted: datetime
    path: Path

    @property
    def run(self) -> Run:
        """What lies there, to read; its own fingerprint is the name of the folder."""
        return Run(self.path)

    @property
    def bytes(self) -> int:
        """What it takes on the disk, without what cannot be read."""
        return sum(path.stat().st_size for path in self.path.rglob("*") if path.is_file())


class Trash:
    """The deleted runs of one store."""

    def __init__(self, store: RunStore) -> None:
        self.store = store

    def put(self, fingerprint: str) -> TrashedRun:
        """Delete a finished run, sound or damaged, with its exports, so that it can be restored.

        Raises RunNotFoundError if there is no such run, RunLockedError if another process is writing it.
        """
        run = self._place_of(fingerprint)
        if not run.is_dir():
            raise RunNotFoundError(
                f"There is no finished run {fingerprint!r} in {self.store.folder} to delete; runs that came with the "
                "project stay."
            )
        self.store.trash.mkdir(exist_ok=True)
        with self.store.holding(fingerprint):
            now = datetime.now(UTC)
            target = self.store.trash / f"{now:{_TIME}}-{fingerprint}"
            try:
                run.rename(target)
            except FileNotFoundError:
                raise RunNotFoundError(f"Run {fingerprint!r} was deleted already.") from None
            with contextlib.suppress(FileNotFoundError):  # nobody asked for any
                (self.store.exports / fingerprint).rename(target / _EXPORTS)
        return TrashedRun(target.name, fingerprint, now, target)

    def all(self) -> list[TrashedRun]:
        """The deleted runs, the latest first."""
        if not self.store.trash.is_dir():
            return []
        found = [_trashed(path) for path in self.store.trash.iterdir() if path.is_dir()]
        return sorted((one for one in found if one is not None), key=lambda one: one.name, reverse=True)

    def restore(self, name: str) -> str:
        """Put a run back where it was; returns its fingerprint. name: of its folder in the trash.

        Raises RunNotFoundError if it is not there (any more), StoreError if the same run was trained again meanwhile,
        RunLockedError if it is being trained now.
        """
        trashed = self._get(name)
        target = self._place_of(trashed.fingerprint)
        with self.store.holding(trashed.fingerprint):
            if target.exists():
                raise StoreError(
                    f"Run {trashed.fingerprint} was trained again since it was deleted; delete the new one first, to "
                    "have this one back."
                )
            exports = self.store.exports / trashed.fingerprint
            shutil.rmtree(exports, ignore_errors=True)
            with contextlib.suppress(FileNotFoundError):
                (trashed.path / _EXPORTS).rename(exports)
            try:
                trashed.path.rename(target)
            except FileNotFoundError:
                raise _not_there(name) from None
        return trashed.fingerprint

    def purge(self, names: Iterable[str]) -> None:
        """Delete runs for good, with their names and stars where nothing of the same fingerprint is left.

        names: of their folders in the trash; those that are gone already do not matter.
        """
        wanted = set(names)
        gone = [one for one in self.all() if one.name in wanted]
        for trashed in gone:
            shutil.rmtree(trashed.path, ignore_errors=True)
        left = {one.fingerprint for one in self.all()}
        for fingerprint in {one.fingerprint for one in gone} - left:
            if not (self.store.folder / fingerprint).exists():
                labels.forget(self.store.folder, fingerprint)

    def _place_of(self, fingerprint: str) -> Path:
        """Where a finished run lies; refuses names that lead elsewhere."""
        if not fingerprint or fingerprint.startswith(".") or Path(fingerprint).name != fingerprint:
            raise RunNotFoundError(f"{fingerprint!r} is not the name of a run.")
        return self.store.folder / fingerprint

    def _get(self, name: str) -> TrashedRun:
        found = next((one for one in self.all() if one.name == name), None)
        if found is None:
            raise _not_there(name)
        return found


def _trashed(path: Path) -> TrashedRun | None:
    """The run in a folder of the trash; None for anything that was not put there by `Trash.put`."""
    time, dash, fingerprint = path.name.partition("-")
    try:
        deleted = datetime.strptime(time, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return TrashedRun(path.name, fingerprint, deleted, path) if dash and fingerprint else None


def _not_there(name: str) -> RunNotFoundError:
    return RunNotFoundError(f"{name!r} is not in the trash any more: it was restored or deleted for good.")

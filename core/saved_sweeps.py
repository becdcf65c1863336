"""Sweeps that somebody launched, kept on disk so that a restart forgets none of them.

    sweeps/<name>.json   base recipe, axis, values, seeds, dataset, when

A file names the runs and nothing of their results: those are in the runs, wherever they came from. It refuses nothing
on reading; a file that cannot be read is left out of the list, and where it is.
"""

import functools
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.recipe import Recipe, fingerprint
from core.store import DatasetFacts, RunRequest
from core.store.plain import from_plain
from core.store.records import write_json
from core.sweeps import Sweep, Value


@dataclass(frozen=True)
class SweepRun:
    """One run of a sweep: its value, its seed, and what to ask for."""

    value: Value
    seed: int
    request: RunRequest


@dataclass(frozen=True)
class SavedSweep:
    """A sweep on a dataset. name: of its file, from its contents. launched: when it was asked for last, in UTC."""

    name: str
    sweep: Sweep
    dataset: DatasetFacts
    launched: datetime

    def runs(self) -> list[SweepRun]:
        """Its runs, value by value."""
        return list(self._runs)

    @functools.cached_property
    def _runs(self) -> tuple[SweepRun, ...]:
        return tuple(
            SweepRun(value, seed, RunRequest.on(recipe, self.dataset, None))
            for value, seed, recipe in self.sweep.recipes()
        )


def unsaved(sweep: Sweep, dataset: DatasetFacts) -> SavedSweep:
    """A sweep as it would be kept if it were launched now."""
    name = fingerprint("sweep", sweep.base.to_json(), sweep.axis, sweep.values, sweep.seeds, dataset.digest)
    return SavedSweep(name, sweep, dataset, datetime.now(UTC))


def save(folder: Path, sweep: Sweep, dataset: DatasetFacts) -> SavedSweep:
    """Keep a sweep; the same one again takes the place of its older self. folder: of all sweeps."""
    saved = unsaved(sweep, dataset)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / f"{saved.name}.json", _to_json(saved))
    return saved


def saved_sweeps(folder: Path) -> list[SavedSweep]:
    """All readable sweeps in the folder, the one launched last first."""
    found = [_read(path) for path in folder.glob("*.json")] if folder.is_dir() else []
    return sorted((one for one in found if one is not None), key=lambda one: one.launched, reverse=True)


def forget(folder: Path, name: str) -> None:
    """Take a sweep off the list; its runs stay."""
    (folder / f"{name}.json").unlink(missing_ok=True)


def _to_json(saved: SavedSweep) -> dict[str, object]:
    return {
        "launched": saved.launched.isoformat(),
        "axis": saved.sweep.axis,
        "values": saved.sweep.values,
        "seeds": saved.sweep.seeds,
        "dataset": asdict(saved.dataset),
        "base": saved.sweep.base.to_json(),
    }


def _read(path: Path) -> SavedSweep | None:
    try:
        values = json.loads(path.read_text("utf-8"))
        return SavedSweep(
            name=path.stem,
            sweep=Sweep(
                base=Recipe.from_json(values["base"]),
                axis=values["axis"],
                values=tuple(values["values"]),
                seeds=tuple(values["seeds"]),
            ),
            dataset=from_plain(DatasetFacts, values["dataset"], "dataset"),
            launched=datetime.fromisoformat(values["launched"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None

"""Development sets through a reader, one set after the other in several processes: counts by set and by preparation."""

import functools
import multiprocessing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from benchmarks.reading import misread
from benchmarks.reading.measure import Counted, Counts, Refusals, attempt
from benchmarks.reading.reader import predictor, reader
from benchmarks.reading.sets import DevelopmentSet, development_sets
from core.images.preparation import Preparation
from core.prediction import Predictor

WHOLE, NOTHING = "all steps", "no step"
"""Names of the two ends of the ablation: everything switched on, and everything off."""


@dataclass(frozen=True)
class Task:
    """One set to be read.

    n: digits or pictures of it, None for its usual number. preparations: names of `preparations`.
    misread: folder for contact sheets of what went wrong with all steps on, or None.
    """

    set_name: str
    run: str
    n: int | None
    seed: int
    preparations: tuple[str, ...]
    misread: Path | None


def preparations() -> dict[str, Preparation]:
    """All steps, each one left out, and no step at all, by name."""
    switches = [switch.name for switch in fields(Preparation)]
    return {
        WHOLE: Preparation(),
        **{switch: Preparation(**{switch: False}) for switch in switches},
        NOTHING: Preparation(**dict.fromkeys(switches, False)),
    }


def measured(tasks: Sequence[Task], processes: int) -> Iterator[tuple[str, dict[str, Counted]]]:
    """Set -> preparation -> counts, as they are finished."""
    if processes == 1:
        yield from map(_measure, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(_measure, tasks)


def _measure(task: Task) -> tuple[str, dict[str, Counted]]:
    chosen = _sets()[task.set_name]
    readers = {name: reader(_opened(task.run), preparations()[name]) for name in task.preparations}
    counts: dict[str, Counted] = {name: Counts() if chosen.digits else Refusals() for name in readers}
    tiles: list[misread.Tile] = []
    for picture, truth in chosen.examples(task.n, task.seed):
        for name, read in readers.items():
            reading, seconds = attempt(read, picture)
            count = counts[name]
            if isinstance(count, Refusals):
                good = count.add(reading)
            elif truth is not None:
                good = count.add(reading, truth, seconds)
            if name == WHOLE and not good and task.misread and len(tiles) < misread.MOST:
                tiles.append(misread.tile(picture, truth, reading))
    if task.misread and tiles:
        misread.write(task.misread / f"{task.set_name.replace('/', 'slash').replace(' ', '_')}.png", tiles)
    return task.set_name, counts


@functools.cache
def _sets() -> dict[str, DevelopmentSet]:
    return {one.name: one for one in development_sets()}


@functools.cache
def _opened(run: str) -> Predictor:
    return predictor(run)

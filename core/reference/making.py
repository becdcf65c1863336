"""Making the reference results: every part of the plan is trained, if it has to be, and shipped as soon as it is there.

Interrupted at any moment and begun again it goes on where it was: finished runs are in the store, unfinished ones have
their checkpoints, and what was shipped of the same run is left as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.data.dataset import Dataset
from core.errors import RecipeError, RunDamagedError
from core.presets import PRESETS
from core.recipe import Recipe
from core.reference import trials
from core.reference.plan import Part, PlannedRun
from core.reference.shipping import ship
from core.store import ReferenceRun, Run
from core.sweeps import Sweep, timed_stage

Train = Callable[[Recipe, str], Run]
"""Gives the finished run of a recipe, trained now or before; the preset that the recipe began with."""


@dataclass(frozen=True)
class Size:
    """Bytes of everything among the reference results, and the most that they may be."""

    bytes: int
    limit: int = 40_000_000


def make(
    parts: Sequence[Part],
    folder: Path,
    dataset: Dataset,
    train: Train,
    is_trained: Callable[[Recipe], bool],
    say: Callable[[str], None],
) -> None:
    """Train and ship parts of the plan, in their order; of each part first the runs that are trained already.

    folder: of the reference results. say: told, in a sentence, what becomes of each run.
    Raises whatever `train` and `ship` raise.
    """
    for part in parts:
        done: list[tuple[PlannedRun, Run]] = []
        # A table that is not finished then holds the paper's own recipe from the start, to compare with.
        for planned in sorted(part.runs, key=lambda one: not is_trained(one.recipe)):
            say(f"{part.name}: {planned.label}, seed {planned.seed}")
            run = train(planned.recipe, part.base)
            done.append((planned, run))
            if part.is_table:
                write_table(part, done, folder)
            elif not is_shipped(run, folder / part.name):
                ship(run, folder / part.name, dataset)


def write_table(part: Part, done: Sequence[tuple[PlannedRun, Run]], folder: Path) -> None:
    """Ship the runs of a table that are finished so far, unless it holds more of them already."""
    before = trials.tables(folder).get(part.name)
    known = {trial.run for trial in before.trials} if before else set()
    if known > {run.request.fingerprint for _, run in done}:
        return
    done = sorted(done, key=lambda pair: part.runs.index(pair[0]))
    base = PRESETS[part.base].recipe
    stage = timed_stage(Sweep(base, part.axis, (part.runs[0].value,))) if part.axis else "phase2"
    rows = tuple(trials.trial(run, one.label, one.value, one.seed, stage) for one, run in done)
    table = trials.TrialTable(part.name, base, done[0][1].request.dataset, part.axis, rows)
    trials.write(folder, table, [run for _, run in done] if part.keeps_answers else [])


def is_shipped(run: Run, target: Path) -> bool:
    """Whether a sound reference run made of this one is there already."""
    there = ReferenceRun(target)
    try:
        there.check()
        return there.compaction is not None and there.compaction.run == run.request.fingerprint
    except RunDamagedError:
        return False


def chosen(parts: Sequence[Part], names: Sequence[str]) -> tuple[Part, ...]:
    """The parts of these names, in the order of the plan; all of them for none. Raises RecipeError for other names."""
    known = [part.name for part in parts]
    for name in names:
        if name not in known:
            raise RecipeError(f"{name}: expected a part of the plan ({', '.join(dict.fromkeys(known))}).")
    return tuple(part for part in parts if not names or part.name in names)


def size_of(folder: Path) -> Size:
    """What the reference results take on the disk."""
    return Size(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))

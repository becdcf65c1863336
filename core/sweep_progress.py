"""How far a saved sweep is: which of its runs are finished, in the making or missing, and what to do about these.

Nothing is remembered: it is read from the runs and the jobs, so that a sweep goes on after a restart, and so that runs
which were trained for another reason count as its own.
"""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.errors import JobError, RunDamagedError
from core.jobs import Job, Jobs, State
from core.saved_sweeps import SavedSweep, SweepRun
from core.store import Run
from core.sweeps import Point, point, timed_stage


class Standing(StrEnum):
    """Where one run of a sweep is."""

    FINISHED = "finished"
    AT_WORK = "at work"
    QUEUED = "queued"
    AT_REST = "stopped"
    FAILED = "failed"
    MISSING = "not begun"
    DAMAGED = "damaged"


@dataclass(frozen=True)
class SweepEntry:
    """One run of a sweep as it stands.

    point: its figures, None unless it is finished. job: None unless it is in the making. problem: a sentence about a
    run that failed or is damaged, else None.
    """

    run: SweepRun
    standing: Standing
    point: Point | None
    job: Job | None
    problem: str | None

    @property
    def fingerprint(self) -> str:
        """The run's name."""
        return self.run.request.fingerprint


@dataclass(frozen=True)
class SweepProgress:
    """All runs of a sweep as they stand, value by value."""

    saved: SavedSweep
    entries: tuple[SweepEntry, ...]

    @property
    def points(self) -> list[Point]:
        """The figures of the finished runs."""
        return [entry.point for entry in self.entries if entry.point is not None]

    @property
    def is_active(self) -> bool:
        """Whether runs of it are trained or wait for it."""
        return any(entry.standing in (Standing.AT_WORK, Standing.QUEUED) for entry in self.entries)

    @property
    def missing(self) -> list[SweepEntry]:
        """The runs that nobody trains and that could be trained, in the order in which to train them.

        All values with the first seed come first, so that the whole width of the sweep is seen early.
        """
        able = (Standing.MISSING, Standing.AT_REST, Standing.FAILED)
        seeds = list(dict.fromkeys(entry.run.seed for entry in self.entries))
        found = [entry for entry in self.entries if entry.standing in able]
        return sorted(found, key=lambda entry: seeds.index(entry.run.seed))

    def count(self, *standings: Standing) -> int:
        """How many runs stand so."""
        return sum(entry.standing in standings for entry in self.entries)


def look(saved: SavedSweep, jobs: Iterable[Job], finished: Callable[[str], Run | None]) -> SweepProgress:
    """The sweep as it stands now.

    jobs: all runs in the making. finished: the finished run of a fingerprint, None if there is none; may raise
    RunDamagedError.
    """
    in_the_making = {job.fingerprint: job for job in jobs}
    stage = timed_stage(saved.sweep)
    return SweepProgress(saved, tuple(_entry(run, stage, in_the_making, finished) for run in saved.runs()))


def train_missing(progress: SweepProgress, jobs: Jobs) -> None:
    """Put every run that nobody trains to the workers; those that were stopped or failed go on where they were."""
    for entry in progress.missing:
        jobs.submit(entry.run.request)


def cancel(progress: SweepProgress, jobs: Jobs) -> None:
    """Take the runs that wait out of the queue, then stop the one at work; every finished epoch is kept.

    Those that never began are forgotten: the sweep itself remembers them.
    """
    active = [entry.job for entry in progress.entries if entry.job is not None and entry.job.can_stop]
    for job in sorted(active, key=lambda job: job.state is not State.QUEUED):
        # A run may have begun or ended since.
        with contextlib.suppress(JobError):
            jobs.cancel(job.fingerprint)
            if job.state is State.QUEUED and not job.history():
                jobs.discard(job.fingerprint)


def _entry(run: SweepRun, stage: str, jobs: Mapping[str, Job], finished: Callable[[str], Run | None]) -> SweepEntry:
    name = run.request.fingerprint
    try:
        if found := finished(name):
            return SweepEntry(run, Standing.FINISHED, point(run.value, run.seed, found, stage), None, None)
    except RunDamagedError as error:
        return SweepEntry(run, Standing.DAMAGED, None, None, str(error))
    job = jobs.get(name)
    if job is None:
        return SweepEntry(run, Standing.MISSING, None, None, None)
    return SweepEntry(run, _STANDINGS.get(job.state, Standing.AT_WORK), None, job, job.failure)


_STANDINGS = {
    State.QUEUED: Standing.QUEUED,
    State.CANCELLED: Standing.AT_REST,
    State.INTERRUPTED: Standing.AT_REST,
    State.FAILED: Standing.FAILED,
}

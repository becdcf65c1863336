"""How a sweep stands is read from its runs and jobs, and what is missing can be asked for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.data.dataset import Dataset
from core.errors import JobError, RunDamagedError
from core.jobs import Job, State
from core.recipe import Recipe
from core.saved_sweeps import SavedSweep, unsaved
from core.store import DatasetFacts, Run, RunRequest, WorkingRun
from core.sweep_progress import Standing, SweepProgress, cancel, look, train_missing
from core.sweeps import Sweep
from core.training.progress import EpochRecord

AXIS = "phase2.epochs"


class FakeJobs:
    """Notes what it is asked for."""

    def __init__(self, refusing: bool = False) -> None:
        self.refusing = refusing
        self.asked: list[tuple[str, str]] = []

    def submit(self, request: RunRequest) -> None:
        self.asked.append(("submit", request.fingerprint))

    def cancel(self, fingerprint: str) -> None:
        if self.refusing:
            raise JobError("it has ended")
        self.asked.append(("cancel", fingerprint))

    def discard(self, fingerprint: str) -> None:
        self.asked.append(("discard", fingerprint))


@pytest.fixture
def saved(tiny_recipe: Recipe, tiny_dataset: Dataset) -> SavedSweep:
    """Two values of the epochs of phase 2 with two seeds each; the first run of the first value is `tiny_run`."""
    return unsaved(Sweep(tiny_recipe, AXIS, (1, 2), (0, 1)), DatasetFacts.of(tiny_dataset, 0.2))


@pytest.fixture
def job(saved: SavedSweep, tmp_path: Path) -> Callable[[int, State], Job]:
    def made(number: int, state: State) -> Job:
        request = saved.runs()[number].request
        working = WorkingRun(tmp_path / request.fingerprint)
        failure = "It went wrong." if state is State.FAILED else None
        return Job(request.fingerprint, state, request, None, None, failure, None, None, working)

    return made


def finished(*runs: Run) -> Callable[[str], Run | None]:
    return {run.fingerprint: run for run in runs}.get


def standings(progress: SweepProgress) -> list[Standing]:
    return [entry.standing for entry in progress.entries]


def test_what_was_trained_for_another_reason_counts(saved: SavedSweep, tiny_run: Run) -> None:
    progress = look(saved, [], finished(tiny_run))
    assert standings(progress) == [Standing.FINISHED, *[Standing.MISSING] * 3]
    [found] = progress.points
    assert (found.value, found.seed) == (1, 0)
    assert found.validation_loss == tiny_run.metrics.validation.loss
    assert not progress.is_active
    assert (progress.count(Standing.FINISHED), progress.count(Standing.MISSING, Standing.FAILED)) == (1, 3)


@pytest.mark.parametrize(
    ("state", "standing", "is_active"),
    [
        (State.QUEUED, Standing.QUEUED, True),
        (State.STARTING, Standing.AT_WORK, True),
        (State.RUNNING, Standing.AT_WORK, True),
        (State.STOPPING, Standing.AT_WORK, True),
        (State.SILENT, Standing.AT_WORK, True),
        (State.CANCELLED, Standing.AT_REST, False),
        (State.INTERRUPTED, Standing.AT_REST, False),
        (State.FAILED, Standing.FAILED, False),
    ],
)
def test_a_run_in_the_making_stands_as_its_job(
    saved: SavedSweep, job: Callable[[int, State], Job], state: State, standing: Standing, is_active: bool
) -> None:
    progress = look(saved, [job(2, state)], finished())
    assert standings(progress) == [Standing.MISSING, Standing.MISSING, standing, Standing.MISSING]
    assert progress.is_active == is_active
    assert progress.entries[2].problem == ("It went wrong." if state is State.FAILED else None)


def test_a_damaged_run_says_so_and_is_not_asked_for_again(saved: SavedSweep) -> None:
    first = saved.runs()[0].request.fingerprint

    def damaged(fingerprint: str) -> Run | None:
        if fingerprint == first:
            raise RunDamagedError("metrics.json is missing")
        return None

    progress = look(saved, [], damaged)
    assert standings(progress)[0] is Standing.DAMAGED
    assert progress.entries[0].problem == "metrics.json is missing"
    assert first not in [entry.fingerprint for entry in progress.missing]


def test_all_values_with_the_first_seed_are_trained_first(
    saved: SavedSweep, job: Callable[[int, State], Job], tiny_run: Run
) -> None:
    progress = look(saved, [job(2, State.FAILED), job(3, State.INTERRUPTED)], finished(tiny_run))
    jobs = FakeJobs()
    train_missing(progress, jobs)  # type: ignore[arg-type]
    names = [run.request.fingerprint for run in saved.runs()]
    assert jobs.asked == [("submit", names[number]) for number in (2, 1, 3)]


@pytest.fixture
def active(saved: SavedSweep, job: Callable[[int, State], Job], tiny_run: Run) -> SweepProgress:
    """One run at work, one in the queue that was begun earlier, one that never was."""
    jobs = [replace(job(number, state), asked=tiny_run.finished) for number, state in enumerate(_STATES)]
    jobs[1].working.path.mkdir()
    jobs[1].working.write_history([EpochRecord("autoencoder", 1, 0.2, None, 0.1, None, 0.001, 1.5)])
    return look(saved, jobs, finished())


_STATES = (State.RUNNING, State.QUEUED, State.QUEUED, State.FAILED)


def test_the_queue_is_emptied_before_the_run_at_work_is_stopped(active: SweepProgress) -> None:
    jobs = FakeJobs()
    cancel(active, jobs)  # type: ignore[arg-type]
    names = [entry.fingerprint for entry in active.entries]
    assert jobs.asked == [
        ("cancel", names[1]),  # what it has done stays on the list
        ("cancel", names[2]),
        ("discard", names[2]),
        ("cancel", names[0]),
    ]


def test_a_run_that_ended_in_the_meantime_is_no_error(active: SweepProgress) -> None:
    jobs = FakeJobs(refusing=True)
    cancel(active, jobs)  # type: ignore[arg-type]
    assert jobs.asked == []

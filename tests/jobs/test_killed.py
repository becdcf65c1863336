"""What becomes of a run whose worker died more often than the cluster puts up with."""

from typing import Any

import pytest

from core.jobs import Jobs, State
from core.jobs.cluster import Cluster
from core.settings import Settings
from core.store import WorkingRun
from tests.jobs.conftest import Asked, Until


class Future:
    """A task's future, as far as it is looked at."""

    def __init__(self) -> None:
        self.status = "pending"

    def done(self) -> bool:
        return self.status != "pending"


class Pretended(Cluster):
    """A cluster that takes every task and works on none."""

    def __init__(self) -> None:
        super().__init__(environment={})
        self.futures: list[Future] = []

    def submit(self, key: str, *_: Any, **__: Any) -> Any:
        self.futures.append(Future())
        return self.futures[-1]


@pytest.fixture
def cluster() -> Pretended:
    return Pretended()


@pytest.fixture
def working(home: Settings, cluster: Pretended, asked: Asked, until: Until) -> tuple[Jobs, WorkingRun]:
    jobs, request = Jobs(home, cluster), asked()
    jobs.submit(request)
    until(lambda: len(cluster.futures) == 1)
    return jobs, jobs.store.working_run(request.fingerprint)


def test_the_run_that_had_the_workers_fails_and_says_so(working: tuple[Jobs, WorkingRun], cluster: Pretended) -> None:
    jobs, run = working
    assert jobs.watch(run.fingerprint).state is State.QUEUED
    run.beat()
    assert jobs.watch(run.fingerprint).state is State.STARTING
    cluster.futures[0].status = "error"
    job = jobs.watch(run.fingerprint)
    assert "The worker process died several times" in job.failure
    run.fall_silent()
    assert jobs.watch(run.fingerprint).state is State.FAILED
    jobs.close()


def test_a_run_that_only_waited_beside_it_is_sent_again(
    working: tuple[Jobs, WorkingRun], cluster: Pretended, until: Until
) -> None:
    jobs, run = working
    ticket = run.ticket
    cluster.futures[0].status = "error"
    assert jobs.watch(run.fingerprint).state is State.QUEUED
    until(lambda: len(cluster.futures) == 2)
    assert run.ticket != ticket
    assert run.failure() is None
    jobs.close()


def test_a_run_whose_task_ended_without_a_word_counts_as_interrupted(
    working: tuple[Jobs, WorkingRun], cluster: Pretended
) -> None:
    jobs, run = working
    cluster.futures[0].status = "cancelled"
    assert jobs.watch(run.fingerprint).state is State.INTERRUPTED
    jobs.close()

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from core.errors import JobError
from core.jobs import Jobs, State, work
from core.jobs.cluster import Cluster
from core.settings import Settings
from core.store import RunStore, WorkingRun
from core.store.run import FILES, OPTIONAL
from tests.jobs.conftest import Asked, Until, epochs_of

LONG = {"phase2_epochs": 1000, "phase2_patience": None}


def worker_process(cluster: Cluster) -> int | None:
    """None at the moment at which there is none."""
    try:
        return next(iter(cluster._connected().run(os.getpid).values()), None)
    except OSError:
        return None


def is_training(jobs: Jobs, fingerprint: str, epochs: int = 2) -> bool:
    job = jobs.watch(fingerprint)
    assert job is None or job.failure is None, job.traceback()
    return job is not None and job.state is State.RUNNING and epochs_of(job) >= epochs


def test_a_run_is_trained_and_a_second_wish_for_it_joins_the_first(jobs: Jobs, asked: Asked, until: Until) -> None:
    request = asked()
    jobs.submit(request)
    job = jobs.watch(request.fingerprint)
    assert job is not None
    assert job.is_active
    assert job.request == request
    ticket = job.working.ticket

    jobs.submit(request)
    assert job.working.ticket == ticket
    assert [one.fingerprint for one in jobs.all()] == [request.fingerprint]

    until(lambda: jobs.watch(request.fingerprint) is None)
    run = RunStore(jobs.settings.runs).get(request.fingerprint)
    assert run is not None
    assert run.request == request
    assert {path.name for path in run.path.iterdir()} <= {*FILES, *OPTIONAL}
    jobs.submit(request)
    assert jobs.all() == []


def test_cancel_stops_within_two_seconds_and_resume_goes_on(jobs: Jobs, asked: Asked, until: Until) -> None:
    request = asked(**LONG)
    jobs.submit(request)
    until(lambda: is_training(jobs, request.fingerprint))

    jobs.cancel(request.fingerprint)
    began = time.monotonic()
    until(lambda: not jobs.watch(request.fingerprint).is_active)
    assert time.monotonic() - began < 2.0
    job = jobs.watch(request.fingerprint)
    assert job.state is State.CANCELLED
    assert job.progress.stage == "phase2"
    finished = epochs_of(job)
    assert finished >= 2

    jobs.resume(request.fingerprint)
    assert jobs.watch(request.fingerprint).is_active
    until(lambda: is_training(jobs, request.fingerprint, finished + 1))
    seconds = [record.seconds for record in jobs.watch(request.fingerprint).history() if record.stage == "phase2"]
    assert len(set(seconds[:finished])) == finished  # those of the first time, not trained anew


def test_a_killed_worker_is_replaced_and_the_run_goes_on(
    jobs: Jobs, asked: Asked, until: Until, workers: Cluster
) -> None:
    request = asked(seed=7, **LONG)
    jobs.submit(request)
    until(lambda: is_training(jobs, request.fingerprint))
    before = [record.seconds for record in jobs.watch(request.fingerprint).history()]

    os.kill(worker_process(workers), signal.SIGKILL)
    until(lambda: jobs.watch(request.fingerprint).state is not State.RUNNING)
    until(lambda: is_training(jobs, request.fingerprint, epochs=len(before) + 1))
    after = [record.seconds for record in jobs.watch(request.fingerprint).history()]
    assert after[: len(before)] == before


def stubborn(folder: str) -> None:
    """A job that hears nothing, like one whose library does not return."""
    with work._attended(WorkingRun(Path(folder))):
        time.sleep(600)


def test_a_worker_that_cannot_hear_is_ended_and_replaced(
    jobs: Jobs, workers: Cluster, asked: Asked, until: Until
) -> None:
    request = asked(seed=11)
    working = jobs.store.working_run(request.fingerprint)
    working.ask()
    working.write_request(request)
    before = worker_process(workers)
    task = workers.submit("stubborn", stubborn, str(working.path))
    until(lambda: jobs.watch(request.fingerprint).state is State.STARTING)

    jobs.cancel(request.fingerprint)
    began = time.monotonic()
    until(lambda: jobs.watch(request.fingerprint).state is State.CANCELLED)
    assert time.monotonic() - began < 2.5
    task.cancel(force=True)
    until(lambda: worker_process(workers) not in (before, None))


def test_runs_wait_in_the_order_of_their_arrival(jobs: Jobs, asked: Asked, until: Until) -> None:
    first, second, third = (asked(seed=seed, **LONG) for seed in (21, 22, 23))
    for request in (first, second, third):
        jobs.submit(request)
    until(lambda: is_training(jobs, first.fingerprint, epochs=1))
    places = {job.fingerprint: (job.state, job.place) for job in jobs.all()}
    assert places[second.fingerprint] == (State.QUEUED, 1)
    assert places[third.fingerprint] == (State.QUEUED, 2)

    jobs.cancel(second.fingerprint)
    assert jobs.watch(second.fingerprint).state is State.CANCELLED
    assert jobs.watch(third.fingerprint).place == 1
    jobs.resume(second.fingerprint)
    assert jobs.watch(second.fingerprint).place == 2

    jobs.cancel(first.fingerprint)
    until(lambda: jobs.watch(third.fingerprint).state is State.RUNNING)


@pytest.mark.slow
def test_after_a_restart_interrupted_and_waiting_runs_say_so_and_resume(
    home: Settings, asked: Asked, until: Until, jobs: Jobs
) -> None:
    running, waiting = asked(seed=31, phase2_epochs=60, phase2_patience=None), asked(seed=32)
    server = Jobs(home, Cluster(environment={}))
    server.submit(running)
    server.submit(waiting)
    until(lambda: is_training(server, running.fingerprint))
    server.close()

    until(lambda: {job.state for job in jobs.all()} == {State.INTERRUPTED})
    found = {job.fingerprint: job for job in jobs.all()}
    assert found[running.fingerprint].request == running
    assert found[waiting.fingerprint].request == waiting
    assert epochs_of(found[running.fingerprint]) >= 2

    jobs.resume(running.fingerprint)
    jobs.resume(waiting.fingerprint)
    until(lambda: jobs.all() == [])
    assert len(RunStore(home.runs).runs()) == 2


def test_a_run_whose_dataset_changed_fails_with_a_message(
    jobs: Jobs, asked: Asked, until: Until, home: Settings
) -> None:
    request = asked()
    (home.data / "strokes").unlink()
    jobs.submit(request)
    until(lambda: not jobs.watch(request.fingerprint).is_active)
    job = jobs.watch(request.fingerprint)
    assert job.state is State.FAILED
    assert "strokes" in job.failure
    assert "DatasetNotFoundError" in job.traceback()
    jobs.discard(request.fingerprint)
    assert jobs.all() == []


def test_without_a_scheduler_at_the_named_address_the_run_fails_and_is_kept(
    home: Settings, asked: Asked, until: Until
) -> None:
    jobs = Jobs(home, Cluster({"DASK_SCHEDULER_ADDRESS": "tcp://127.0.0.1:9"}, patience=0.5))
    request = asked()
    jobs.submit(request)
    until(lambda: jobs.watch(request.fingerprint).state is State.FAILED)
    assert "No scheduler answers at tcp://127.0.0.1:9" in jobs.watch(request.fingerprint).failure
    jobs.close()


@pytest.mark.slow
def test_a_cluster_that_is_there_already_is_used(workers: Cluster, jobs: Jobs, asked: Asked, until: Until) -> None:
    address = workers._connected().scheduler.address
    elsewhere = Jobs(jobs.settings, Cluster({"DASK_SCHEDULER_ADDRESS": address}))
    request = asked(seed=41, **LONG)
    elsewhere.submit(request)
    until(lambda: is_training(elsewhere, request.fingerprint, epochs=1))
    assert jobs.watch(request.fingerprint).state is State.RUNNING
    waiting = asked(seed=42)
    elsewhere.submit(waiting)
    restarted = Jobs(jobs.settings, Cluster({"DASK_SCHEDULER_ADDRESS": address}))
    until(lambda: restarted.watch(waiting.fingerprint).state is State.QUEUED)
    restarted.close()
    elsewhere.close()
    until(lambda: is_training(jobs, request.fingerprint, epochs=epochs_of(jobs.watch(request.fingerprint)) + 1))


def test_a_scheduler_that_does_not_answer_keeps_no_page_waiting(
    home: Settings, asked: Asked, jobs: Jobs, until: Until
) -> None:
    with socket.socket() as deaf:  # takes connections and says nothing
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        address = f"tcp://127.0.0.1:{deaf.getsockname()[1]}"
        server = Jobs(home, Cluster({"DASK_SCHEDULER_ADDRESS": address}, patience=1.0))
        request = asked()
        server.submit(request)
        began = time.monotonic()
        for _ in range(20):
            assert server.watch(request.fingerprint).state is State.QUEUED
        assert time.monotonic() - began < 0.5
        until(lambda: server.watch(request.fingerprint).state is State.FAILED)
        server.close()


def test_what_is_not_there_or_in_another_state_is_refused(home: Settings) -> None:
    jobs = Jobs(home, Cluster(environment={}))
    for change in (jobs.cancel, jobs.resume, jobs.discard):
        with pytest.raises(JobError, match="there is no such run in the making"):
            change("0123456789abcdef")
    jobs.close()

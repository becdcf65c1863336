import contextlib
import os
import time
from datetime import UTC, datetime

import pytest

from core.errors import RunDamagedError
from core.jobs.job import FRESH_SECONDS, SILENT_SECONDS, Job, State, _state, look
from core.settings import Settings
from core.store import RunStore
from tests.jobs.conftest import Asked

NEVER = None
JUST_NOW, LONG_AGO = 0.5, SILENT_SECONDS + 1


@pytest.mark.parametrize(
    ("is_held", "is_waiting", "silence", "stop_asked", "has_failed", "expected"),
    [
        (False, True, NEVER, False, False, State.QUEUED),
        (False, True, JUST_NOW, False, False, State.STARTING),
        (True, True, JUST_NOW, False, False, State.RUNNING),
        (True, False, NEVER, False, False, State.RUNNING),  # by another program, which gives no signs of life
        (True, True, JUST_NOW, True, False, State.STOPPING),
        (False, True, JUST_NOW, True, False, State.STOPPING),
        (True, True, LONG_AGO, False, False, State.SILENT),
        (False, True, NEVER, True, False, State.CANCELLED),
        (False, False, LONG_AGO, True, False, State.CANCELLED),
        (False, False, LONG_AGO, False, True, State.FAILED),
        (False, False, NEVER, False, True, State.FAILED),
        (False, False, LONG_AGO, False, False, State.INTERRUPTED),
        (False, False, FRESH_SECONDS, False, False, State.INTERRUPTED),  # killed: its lock is gone, and so is its life
        (False, False, NEVER, False, False, State.INTERRUPTED),  # waited in a queue that is gone
    ],
)
def test_the_state_follows_from_lock_queue_and_signs_of_life(
    is_held: bool, is_waiting: bool, silence: float | None, stop_asked: bool, has_failed: bool, expected: State
) -> None:
    found = _state(
        is_held=is_held, is_waiting=is_waiting, silence=silence, stop_asked=stop_asked, has_failed=has_failed
    )
    assert found is expected


@pytest.mark.parametrize(
    ("state", "asked_", "is_active", "can_stop", "can_resume"),
    [
        (State.QUEUED, True, True, True, False),
        (State.STARTING, True, True, True, False),
        (State.RUNNING, True, True, True, False),
        (State.RUNNING, False, True, False, False),
        (State.STOPPING, True, True, False, False),
        (State.SILENT, True, False, False, False),
        (State.CANCELLED, True, False, False, True),
        (State.INTERRUPTED, True, False, False, True),
        (State.INTERRUPTED, False, False, False, True),
        (State.FAILED, True, False, False, True),
    ],
)
def test_what_may_be_done_follows_from_the_state(
    home: Settings, asked: Asked, state: State, asked_: bool, is_active: bool, can_stop: bool, can_resume: bool
) -> None:
    request = asked()
    now = datetime.now(UTC)
    working = RunStore(home.runs).working_run(request.fingerprint)
    job = Job(request.fingerprint, state, request, None, None, None, now if asked_ else None, now, working)
    assert (job.is_active, job.can_stop, job.can_resume) == (is_active, can_stop, can_resume)


def test_a_process_that_holds_a_run_but_is_silent_does_not_count_as_running(home: Settings, asked: Asked) -> None:
    request = asked()
    store = RunStore(home.runs)
    with contextlib.suppress(RunDamagedError), store.writing(request.fingerprint) as working:
        working.write_request(request)
        working.beat()
        assert look(working, store, False, lambda one: one.request()).state is State.RUNNING
        old = time.time() - LONG_AGO
        os.utime(store.working / f"{request.fingerprint}.alive", (old, old))
        assert look(working, store, False, lambda one: one.request()).state is State.SILENT


def test_a_folder_without_a_request_is_no_job(home: Settings) -> None:
    store = RunStore(home.runs)
    working = store.working_run("0123456789abcdef")
    working.path.mkdir(parents=True)
    assert look(working, store, False, lambda one: one.request()) is None
    (working.path / "recipe.json").write_text("{")
    assert look(working, store, False, lambda one: one.request()) is None

"""One run in the making as a page needs it, read from its folder, its lock and the scheduler's list.

Nothing is remembered between two looks, so that a page that is opened again, in another browser or after a restart,
sees the same. A run counts as running only while a living process holds its lock, or says every second that it is
about to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from core.store import RunRequest, RunStore, WorkingRun
from core.training.progress import EpochRecord, Progress

FRESH_SECONDS = 3.0
"""A sign of life, given every second, that is older than this counts as none."""

SILENT_SECONDS = 60.0
"""A process that holds a run but has been silent for so long has stopped working."""


class State(StrEnum):
    """Where a run in the making is."""

    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    SILENT = "silent"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


ACTIVE = frozenset({State.QUEUED, State.STARTING, State.RUNNING, State.STOPPING})
"""States that change without anybody doing something, so that they are worth watching."""


@dataclass(frozen=True)
class Job:
    """A run in the making.

    place: 1 for the next in the queue, None unless it is queued. progress: the last that the training told, None if
    nothing yet. failure: a sentence, None unless it failed. asked: since when it is wanted; None if another program
    than this one trains it, which alone can stop it. since: of its last sign of life, None if there never was one.
    """

    fingerprint: str
    state: State
    request: RunRequest
    place: int | None
    progress: Progress | None
    failure: str | None
    asked: datetime | None
    since: datetime | None
    working: WorkingRun

    @property
    def is_active(self) -> bool:
        """Whether it goes on by itself."""
        return self.state in ACTIVE

    @property
    def can_stop(self) -> bool:
        """Whether `Jobs.cancel` would stop it."""
        return self.asked is not None and self.state in (State.QUEUED, State.STARTING, State.RUNNING)

    @property
    def can_resume(self) -> bool:
        """Whether `Jobs.resume` would set it going again."""
        return self.state in (State.CANCELLED, State.INTERRUPTED, State.FAILED)

    def history(self) -> list[EpochRecord]:
        """The finished epochs of all its stages, read now."""
        return self.working.history()

    def traceback(self) -> str:
        """What Python said about the failure, read now; empty if nothing."""
        return self.working.traceback()


def look(
    working: WorkingRun, store: RunStore, is_waiting: bool, read: Callable[[WorkingRun], RunRequest | None]
) -> Job | None:
    """The job in this folder as it is now, without its place; None if it is no run (any more).

    is_waiting: whether a scheduler has it. read: reads the request, perhaps from a cache.
    """
    request = read(working)
    if request is None:
        return None
    beat = working.last_beat
    silence = (datetime.now(UTC) - beat).total_seconds() if beat else None
    failure = working.failure()
    return Job(
        fingerprint=working.fingerprint,
        state=_state(
            is_held=store.is_held(working.fingerprint),
            is_waiting=is_waiting,
            silence=silence,
            stop_asked=working.stop_asked,
            has_failed=failure is not None,
        ),
        request=request,
        place=None,
        progress=working.progress(),
        failure=failure,
        asked=working.asked,
        since=beat,
        working=working,
    )


def _state(*, is_held: bool, is_waiting: bool, silence: float | None, stop_asked: bool, has_failed: bool) -> State:
    """The state that follows from what there is to see. silence: seconds since the last sign of life, None for ever."""
    is_alive = silence is not None and silence < FRESH_SECONDS
    if is_held and silence is not None and silence >= SILENT_SECONDS:
        return State.SILENT
    if is_held or is_alive:
        if stop_asked:
            return State.STOPPING
        return State.RUNNING if is_held else State.STARTING
    if stop_asked:
        return State.CANCELLED
    if has_failed:
        return State.FAILED
    return State.QUEUED if is_waiting else State.INTERRUPTED

"""Files that a worker makes because a page cannot: they take a library that it does not load, or its patience.

    <target>          there once it is whole
    <target>.asked    the ticket of the wish for it, while it is in the making
    <target>.failed   a sentence about why there is none

They pass trainings that wait, and wait for the one that runs. Whatever makes a file takes its path first and writes it
whole or not at all. Nothing is refused: what goes wrong is told by the state.
"""

import concurrent.futures
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.atomic import new_file
from core.errors import DigitLabError
from core.jobs.cluster import Cluster

if TYPE_CHECKING:
    from distributed import Future

_AHEAD_OF_TRAININGS = 10


class FileState(StrEnum):
    """Where a file is that a worker makes."""

    ABSENT = "absent"
    MAKING = "in the making"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class FileJob:
    """A file that a worker makes, as it is now. failure: a sentence, None unless it failed."""

    target: Path
    state: FileState
    failure: str | None = None


class FileJobs:
    """The files in the making of one cluster. Its methods may be called from any thread; close it when done."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._changing = threading.Lock()
        # Starting workers takes seconds that nobody has to wait.
        self._sender = concurrent.futures.ThreadPoolExecutor(1, "files")
        self._unsent: set[str] = set()
        self._sent: dict[str, Future[None]] = {}

    def make(self, target: Path, work: Callable[..., None], *arguments: Any) -> None:
        """See to it that `work(target, *arguments)` is done, unless it is done or in hand. Returns at once.

        work: a function of a module, which a worker can import. An earlier failure is forgotten.
        """
        with self._changing:
            if self.look(target).state in (FileState.READY, FileState.MAKING):
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            _failed(target).unlink(missing_ok=True)
            ticket = secrets.token_hex(4)
            with new_file(_asked(target)) as file:
                file.write(ticket.encode())
            self._unsent.add(_key(ticket))
        self._sender.submit(self._put, target, ticket, work, arguments)

    def look(self, target: Path) -> FileJob:
        """The file as it is now."""
        ticket = _read(_asked(target))
        if ticket is not None and not target.is_file() and self._is_waiting(_key(ticket)):
            return FileJob(target, FileState.MAKING)
        # Asked last: it may have become ready meanwhile.
        if target.is_file():
            return FileJob(target, FileState.READY)
        failure = _read(_failed(target))
        return FileJob(target, FileState.ABSENT if failure is None else FileState.FAILED, failure)

    def close(self) -> None:
        """Put no more files to the workers."""
        self._sender.shutdown(wait=False, cancel_futures=True)

    def _is_waiting(self, key: str) -> bool:
        return key in self._unsent or key in self._sent or bool(self._cluster.waiting([key]))

    def _put(self, target: Path, ticket: str, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        key = _key(ticket)
        try:
            task = (str(target), ticket, work, arguments)
            future = self._cluster.submit(key, make_file, *task, priority=_AHEAD_OF_TRAININGS)
            self._sent[key] = future
            future.add_done_callback(lambda ended: self._ended(ended, key, target, ticket))
        except DigitLabError as error:
            _fail(target, ticket, str(error))
        except Exception as error:  # noqa: BLE001
            # Whatever keeps a cluster from starting must be seen where the file is missed.
            _fail(target, ticket, f"No worker could be started ({type(error).__name__}: {error}).")
        finally:
            self._unsent.discard(key)

    def _ended(self, future: "Future[None]", key: str, target: Path, ticket: str) -> None:
        """A task left the scheduler; where that was an error, its worker died time and again."""
        if future.status == "error":
            _fail(target, ticket, "The worker process died while it made this file, perhaps for want of memory.")
        self._sent.pop(key, None)


def make_file(target: str, ticket: str, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """Make a file, in a worker; what goes wrong is written beside it.

    ticket: of the wish for it; if it was wished for again since, that is another task's to do.
    """
    path = Path(target)
    if _read(_asked(path)) != ticket:
        return
    try:
        work(path, *arguments)
    except DigitLabError as error:
        _fail(path, ticket, str(error))
    except MemoryError:
        _fail(path, ticket, "The machine has not enough free memory for this.")
    except Exception as error:  # noqa: BLE001
        # A worker has nobody to raise to: whatever happens is told beside the file.
        _fail(path, ticket, f"It ended with an error that nobody foresaw ({type(error).__name__}: {error}).")
    else:
        _asked(path).unlink(missing_ok=True)


def _asked(target: Path) -> Path:
    return target.with_name(f"{target.name}.asked")


def _failed(target: Path) -> Path:
    return target.with_name(f"{target.name}.failed")


def _key(ticket: str) -> str:
    return f"file-{ticket}"


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except OSError:
        return None


def _fail(target: Path, ticket: str, message: str) -> None:
    """Say that there will be no file, unless somebody wished for it again or its folder is gone."""
    if _read(_asked(target)) == ticket and not target.is_file():
        with new_file(_failed(target)) as file:
            file.write(message.encode())
        _asked(target).unlink(missing_ok=True)

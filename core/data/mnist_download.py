"""The download of MNIST in the background, so that whoever asked for it need not wait, and can see how far it is.

One download at a time: who asks while one is under way joins it. Nothing half-received stays behind.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from core.data import mnist
from core.data.download import Progress
from core.errors import DataError

DOWNLOAD_BYTES = 11_594_722
"""All four files, compressed as the mirrors keep them."""


class Complete(Protocol):
    """Completes the files in a folder, as `mnist.complete` does."""

    def __call__(self, home: Path, *, progress: Progress | None) -> None:
        """Raises a DataError if a file cannot be had."""
        ...


@dataclass(frozen=True)
class DownloadState:
    """How far a download is.

    is_active: whether it goes on. file_name: what is being received, empty before the first file. received: bytes of
    all files so far. problem: why it ended without all files, in a sentence, or None.
    """

    is_active: bool = False
    file_name: str = ""
    received: int = 0
    problem: str | None = None

    @property
    def share(self) -> float:
        """How much of the files has been received, in [0, 1]; an estimate, as mirrors compress them differently."""
        return min(self.received / DOWNLOAD_BYTES, 1.0)


class MnistDownload:
    """The download of MNIST's files into one folder. Its methods may be called from any thread."""

    def __init__(self, folder: Path, complete: Complete = mnist.complete) -> None:
        self._folder, self._complete = folder, complete
        self._changing = threading.Lock()
        self._state = DownloadState()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> DownloadState:
        """How far it is now."""
        return self._state

    def start(self) -> None:
        """Begin to download what is missing, unless that is under way; returns at once."""
        with self._changing:
            if self._state.is_active:
                return
            self._state = DownloadState(is_active=True)
            # A daemon: a server that stops must not wait for a mirror. What was half received is swept away later.
            self._thread = threading.Thread(target=self._run, name="mnist download", daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Return when no download is under way."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        problem: str | None = "The download ended with an error that nobody foresaw; the server's log has it."
        try:
            self._complete(self._folder, progress=_Sum(self._note))
            problem = None
        except DataError as error:
            problem = str(error)
        finally:
            self._state = replace(self._state, is_active=False, problem=problem)

    def _note(self, file_name: str, received: int) -> None:
        self._state = replace(self._state, file_name=file_name, received=received)


class _Sum:
    """Adds up the bytes of files that come one after the other; a file that begins again counts once."""

    def __init__(self, note: Callable[[str, int], None]) -> None:
        self._note = note
        self._received: dict[str, int] = {}

    def __call__(self, file_name: str, done: int, total: int | None) -> None:
        self._received[file_name] = done
        self._note(file_name, sum(self._received.values()))

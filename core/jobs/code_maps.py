"""Maps of a run's codes by t-SNE: laid out once, in a process of their own, and kept.

    stages/map-<fingerprint>.npy    (n, 2) float32, of the test images of `map_rows`
    stages/map-<fingerprint>.lock   held by the process that lays it out
    stages/map-<fingerprint>.txt    one sentence, if that went wrong

The cluster is not asked: its worker may be busy for hours with a training, and this takes seconds. The process is a
polite one that leaves the processor to whatever trains, and the app loads no library for it.
"""

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import filelock
import numpy as np
import numpy.typing as npt

from core import atomic
from core.errors import RunDamagedError
from core.insight.code_map import map_rows, tsne_map
from core.store import Run

_ROOT = Path(__file__).resolve().parents[2]
_POLITENESS = 10
_ONE_THREAD = {"OMP_NUM_THREADS": "1"}
"""Threads that wait for each other waste more than they save on a machine that is busy."""

_PATIENCE = 0.5
"""Seconds to wait for a lock: `CodeMaps.is_working` takes it for a moment, and lays out nothing."""


class CodeMaps:
    """The maps of one home. Its methods may be called from any thread; close it when done.

    stages: absolute folder in which the maps are kept.
    """

    def __init__(self, stages: Path) -> None:
        self._stages = stages
        self._changing = threading.Lock()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def begin(self, run: Run) -> None:
        """See to it that a run's map is laid out, unless it is there, or somebody is at it. Returns at once."""
        with self._changing:
            if self.points(run) is not None or self.is_working(run):
                return
            self._stages.mkdir(parents=True, exist_ok=True)
            _failure_file(self._stages, run.fingerprint).unlink(missing_ok=True)
            command = [sys.executable, "-m", __name__, str(self._stages), str(run.path)]
            self._processes[run.fingerprint] = subprocess.Popen(
                command, cwd=_ROOT, env=os.environ | _ONE_THREAD, stdin=subprocess.DEVNULL
            )

    def points(self, run: Run) -> npt.NDArray[np.float32] | None:
        """The map, (n, 2) float32 for the n rows of `map_rows`; None as long as it is not there."""
        return _read(self._stages, run)

    def is_working(self, run: Run) -> bool:
        """Whether a process, of this program or another, is laying out the map."""
        process = self._processes.get(run.fingerprint)
        if process is not None and process.poll() is None:
            return True
        path = _lock_file(self._stages, run.fingerprint)
        if not path.exists():
            return False
        try:
            with filelock.FileLock(path).acquire(timeout=0):
                return False
        except filelock.Timeout:
            return True

    def failure(self, run: Run) -> str | None:
        """What went wrong the last time, in a sentence, or None."""
        with contextlib.suppress(OSError):
            return _failure_file(self._stages, run.fingerprint).read_text("utf-8")
        process = self._processes.get(run.fingerprint)
        if process is not None and process.poll() not in (None, 0):
            return f"The process that laid out the map ended early (exit code {process.returncode})."
        return None

    def close(self) -> None:
        """End what is still being laid out here."""
        with self._changing:
            processes, self._processes = list(self._processes.values()), {}
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def lay_out(stages: Path, run: Run) -> None:
    """Compute a run's map and keep it; nothing if it is there, or another process is at it.

    What goes wrong is told in a file beside it, for `CodeMaps.failure`.
    """
    lock = filelock.FileLock(_lock_file(stages, run.fingerprint))
    try:
        with lock.acquire(timeout=_PATIENCE):
            if _read(stages, run) is not None:
                return
            if run.codes is None:
                raise ValueError("this run keeps no codes.")
            points = tsne_map(run.codes.test[map_rows(len(run.codes.test))])
            with atomic.new_file(_map_file(stages, run.fingerprint)) as file:
                np.save(file, points)
    except filelock.Timeout:
        return
    except (RunDamagedError, ValueError, MemoryError, OSError) as error:
        text = f"The map could not be laid out: {error or type(error).__name__}"
        _failure_file(stages, run.fingerprint).write_text(text, "utf-8")


def _read(stages: Path, run: Run) -> npt.NDArray[np.float32] | None:
    """A map that fits the run; None if there is none, or it is not whole."""
    try:
        points = np.load(_map_file(stages, run.fingerprint))
    except (OSError, ValueError, EOFError):
        return None
    fits = points.shape == (len(map_rows(run.request.dataset.n_test)), 2)
    return np.asarray(points, np.float32) if fits else None


def _map_file(stages: Path, fingerprint: str) -> Path:
    return stages / f"map-{fingerprint}.npy"


def _lock_file(stages: Path, fingerprint: str) -> Path:
    return stages / f"map-{fingerprint}.lock"


def _failure_file(stages: Path, fingerprint: str) -> Path:
    return stages / f"map-{fingerprint}.txt"


if __name__ == "__main__":
    os.nice(_POLITENESS)
    lay_out(Path(sys.argv[1]), Run(Path(sys.argv[2])))

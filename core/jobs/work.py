"""What a worker process does with a job: train the run in a folder, tell how it goes, and stop when asked.

The request is read from the folder, and everything there is to say is written there; nothing is returned. A worker
that does not stop by itself within a second and a half of being asked, because a library keeps it, ends its process:
every checkpoint is whole on disk, and the cluster starts another worker.
"""

import contextlib
import os
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from core.data import sources
from core.data.dataset import Dataset
from core.errors import DatasetError, DigitLabError, RunLockedError, TrainingCancelled
from core.settings import Settings
from core.standard_error import standard_error_to
from core.store import RunRequest, RunStore, WorkingRun
from core.training.progress import EpochRecord, Observer, Progress

_SECONDS_BETWEEN_REPORTS = 0.5
_SECONDS_BETWEEN_BEATS = 1.0
_SECONDS_BETWEEN_LOOKS = 0.2
_SECONDS_TO_STOP = 1.5


def train(home: str, fingerprint: str, ticket: str) -> None:
    """Train the run that waits in the home's working folder under this fingerprint.

    ticket: of the wish for it (`WorkingRun.ticket`); if it was wished for again since, that is another job's to do.
    """
    settings = Settings(Path(home))
    working = RunStore(settings.runs).working_run(fingerprint)
    if working.stop_asked or working.ticket != ticket:
        return
    request = working.request()
    if request is None:
        return
    with working.log_path.open("ab") as log, _attended(working), standard_error_to(log):
        try:
            _train(request, settings, working)
        except TrainingCancelled:
            pass
        except DigitLabError as error:
            working.write_failure(str(error), traceback.format_exc())
        except MemoryError:
            working.write_failure(
                "The machine has not enough free memory for this training; choose smaller batches or fewer filters.",
                traceback.format_exc(),
            )
        except Exception as error:  # noqa: BLE001
            # A worker has nobody to raise to: whatever happens is told in the run's folder.
            working.write_failure(
                f"The training ended with an error that nobody foresaw ({type(error).__name__}: {error}).",
                traceback.format_exc(),
            )


class Reporter(Observer):
    """Writes the progress of a training into its folder, twice a second, and looks there for a wish to stop."""

    def __init__(self, working: WorkingRun) -> None:
        self.working = working
        self._next_report = 0.0

    def stage(self, name: str) -> None:
        """A stage begins."""
        self._write(Progress(name, 0, 0, 0, 0))

    def step(self, progress: Progress) -> None:
        """A step was made."""
        if time.monotonic() >= self._next_report or progress.step == progress.steps:
            self._write(progress)

    def epoch(self, record: EpochRecord) -> None:
        """An epoch ended; the pipeline keeps it in history.csv."""

    def cancelled(self) -> bool:
        """Whether somebody asked the run to stop."""
        return self.working.stop_asked

    def _write(self, progress: Progress) -> None:
        self.working.write_progress(progress)
        self._next_report = time.monotonic() + _SECONDS_BETWEEN_REPORTS


def _train(request: RunRequest, settings: Settings, working: WorkingRun) -> None:
    # Here, in the worker, and nowhere else in the dashboard.
    from core.pipeline import get_or_train

    observer = Reporter(working)
    observer.check()
    dataset = _dataset_of(request, settings)
    while True:
        observer.check()
        try:
            get_or_train(request.recipe, dataset, settings, observer, request.preset)
            return
        except RunLockedError:
            # Another program, the command line perhaps, trains the same run: it is there when that one is done.
            time.sleep(_SECONDS_BETWEEN_LOOKS)


def _dataset_of(request: RunRequest, settings: Settings) -> Dataset:
    """The dataset that was asked for, found by its name. Raises a DataError if it is gone or is another by now."""
    facts = request.dataset
    dataset = sources.load(facts.name, home=settings.data)
    if dataset.digest != facts.digest:
        raise DatasetError(
            f"{facts.name}: expected the images and labels with the digest {facts.digest[:16]}, for which this run was "
            f"asked, found {dataset.digest[:16]}; bring the files back, or start a new run on those that are there."
        )
    return dataset


@contextlib.contextmanager
def _attended(working: WorkingRun) -> Iterator[None]:
    """While the block runs, a thread gives signs of life and sees to it that a wish to stop is heard."""
    done = threading.Event()
    attendant = threading.Thread(target=_attend, args=(working, done, _may_end_process()), daemon=True)
    working.beat()
    attendant.start()
    try:
        yield
    finally:
        done.set()
        attendant.join()
        working.fall_silent()


def _attend(working: WorkingRun, done: threading.Event, may_end_process: bool) -> None:
    next_beat = 0.0
    asked_at: float | None = None
    while not done.wait(_SECONDS_BETWEEN_LOOKS):
        now = time.monotonic()
        if now >= next_beat:
            working.beat()
            next_beat = now + _SECONDS_BETWEEN_BEATS
        if not working.stop_asked:
            asked_at = None
        elif asked_at is None:
            asked_at = now
        elif may_end_process and now - asked_at > _SECONDS_TO_STOP:
            working.fall_silent()
            os._exit(1)


def _may_end_process() -> bool:
    """Whether this process does nothing but this job and is started again when it ends."""
    from distributed import get_worker

    try:
        worker = get_worker()
    except ValueError:
        return False
    return worker.nanny is not None and worker.state.nthreads == 1

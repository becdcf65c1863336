"""What a worker does before it loads a library for networks; the trainings themselves are in `test_queue.py`."""

import subprocess
import sys

import pytest

from core.errors import DatasetError, TrainingCancelled
from core.jobs import work
from core.settings import Settings
from core.store import RunStore, WorkingRun
from core.training.progress import Progress
from tests.jobs.conftest import Asked


@pytest.fixture
def working(home: Settings, asked: Asked) -> WorkingRun:
    request = asked()
    made = RunStore(home.runs).working_run(request.fingerprint)
    made.ask()
    made.write_request(request)
    return made


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The fingerprints of the runs that would be trained."""
    found: list[str] = []
    monkeypatch.setattr(work, "_train", lambda request, *_: found.append(request.fingerprint))
    return found


def train(working: WorkingRun, ticket: str | None = None) -> None:
    home = working.path.parents[2]
    work.train(str(home), working.fingerprint, ticket or working.ticket or "")


def test_what_was_asked_for_is_trained_and_gives_signs_of_life(working: WorkingRun, trained: list[str]) -> None:
    train(working)
    assert trained == [working.fingerprint]
    assert working.last_beat is None  # over
    assert working.failure() is None


def test_a_run_that_was_cancelled_while_it_waited_is_left_alone(working: WorkingRun, trained: list[str]) -> None:
    working.ask_to_stop()
    train(working)
    assert trained == []


def test_an_older_wish_for_a_run_that_was_wished_for_again_is_void(working: WorkingRun, trained: list[str]) -> None:
    old = working.ticket
    working.ask()
    train(working, old)
    assert trained == []


def test_a_run_that_was_discarded_is_left_alone(working: WorkingRun, trained: list[str]) -> None:
    ticket = working.ticket
    working.discard()
    train(working, ticket)
    assert trained == []
    assert not working.path.exists()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (DatasetError("The images are gone."), "The images are gone."),
        (MemoryError(), "The machine has not enough free memory for this training"),
        (ZeroDivisionError("by zero"), "an error that nobody foresaw (ZeroDivisionError: by zero)"),
    ],
)
def test_whatever_goes_wrong_is_told_in_the_folder(
    working: WorkingRun, monkeypatch: pytest.MonkeyPatch, error: BaseException, message: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(work, "_train", fail)
    train(working)
    assert message in working.failure()
    assert type(error).__name__ in working.traceback()


def test_a_cancelled_training_is_no_failure(working: WorkingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise TrainingCancelled

    monkeypatch.setattr(work, "_train", stop)
    train(working)
    assert working.failure() is None


def test_what_libraries_write_to_stderr_is_kept_with_the_run(
    working: WorkingRun, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def chatter(*_: object) -> None:
        subprocess.run([sys.executable, "-c", "import sys; sys.stderr.write('no GPU here')"], check=True)

    monkeypatch.setattr(work, "_train", chatter)
    train(working)
    assert working.log_path.read_text() == "no GPU here"
    assert "no GPU here" not in capfd.readouterr().err


def test_progress_is_written_now_and_then_and_at_the_end_of_an_epoch(working: WorkingRun) -> None:
    reporter = work.Reporter(working)
    reporter.stage("phase2")
    assert working.progress() == Progress("phase2", 0, 0, 0, 0)
    reporter.step(Progress("phase2", 1, 3, 1, 9, {"loss": 2.0}, 8.0))
    assert working.progress() == Progress("phase2", 0, 0, 0, 0)  # too soon
    last = Progress("phase2", 1, 3, 9, 9, {"loss": 1.0}, 7.0)
    reporter.step(last)
    assert working.progress() == last


def test_a_wish_to_stop_is_heard_at_the_next_step(working: WorkingRun) -> None:
    reporter = work.Reporter(working)
    reporter.check()
    working.ask_to_stop()
    with pytest.raises(TrainingCancelled):
        reporter.check()


@pytest.mark.parametrize("module", ["core.jobs", "core.jobs.work", "ui.shell", "ui.sidebar", "ui.page"])
def test_nothing_but_a_worker_loads_a_library_for_networks(module: str) -> None:
    code = f"import sys, {module}; print([one for one in ('keras', 'tensorflow') if one in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"

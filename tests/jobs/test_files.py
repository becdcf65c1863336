"""Files made by workers: the rules with a cluster of one thread, and one export by a real worker process."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.atomic import new_file
from core.data.dataset import Dataset
from core.errors import ExportError, JobError
from core.inference import open_network, probabilities_of
from core.jobs import FileJobs, FileState, Jobs, exports
from core.jobs.cluster import Cluster
from core.store import Run, RunStore
from tests.jobs.conftest import Until


class Future:
    def __init__(self) -> None:
        self.status = "pending"
        self._callbacks: list[Callable[[Any], None]] = []
        self._lock = threading.Lock()

    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        with self._lock:
            if self.status == "pending":
                self._callbacks.append(callback)
                return
        callback(self)

    def end(self, status: str) -> None:
        with self._lock:
            self.status = status
        for callback in self._callbacks:
            callback(self)


class OneThread(Cluster):
    """Works off one task after another once it may."""

    def __init__(self) -> None:
        super().__init__(environment={})
        self.tasks: list[str] = []
        self.may_work = threading.Event()
        self.failure: Exception | None = None
        self.dies = False

    def submit(self, key: str, work: Callable[..., None], *arguments: Any, priority: int = 0) -> Any:
        if self.failure is not None:
            raise self.failure
        self.tasks.append(key)
        future = Future()

        def run() -> None:
            self.may_work.wait(30)
            if not self.dies:
                work(*arguments)
            future.end("error" if self.dies else "finished")

        threading.Thread(target=run, daemon=True).start()
        return future


def write(target: Path, text: str) -> None:
    with new_file(target) as file:
        file.write(text.encode())


def refuse(target: Path) -> None:
    raise ExportError(f"{target.name} cannot be made.")


def stumble(target: Path) -> None:
    raise RuntimeError("oops")


@pytest.fixture
def cluster() -> OneThread:
    return OneThread()


@pytest.fixture
def files(cluster: OneThread) -> Iterator[FileJobs]:
    made = FileJobs(cluster)
    yield made
    cluster.may_work.set()
    made.close()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "file.txt"


def test_a_file_is_made_once_however_often_it_is_wished_for(
    files: FileJobs, cluster: OneThread, target: Path, until: Until
) -> None:
    assert files.look(target).state is FileState.ABSENT
    for _ in range(3):
        files.make(target, write, "made")
        assert files.look(target).state is FileState.MAKING
    cluster.may_work.set()
    until(lambda: files.look(target).state is FileState.READY)
    assert target.read_text() == "made"
    assert len(cluster.tasks) == 1
    until(lambda: [path.name for path in target.parent.iterdir()] == ["file.txt"])
    files.make(target, write, "again")
    assert target.read_text() == "made"
    assert len(cluster.tasks) == 1


@pytest.mark.parametrize(
    ("work", "words"),
    [(refuse, "file.txt cannot be made."), (stumble, "an error that nobody foresaw (RuntimeError: oops)")],
)
def test_what_went_wrong_is_told_and_forgotten_by_the_next_wish(
    files: FileJobs, cluster: OneThread, target: Path, until: Until, work: Callable[..., None], words: str
) -> None:
    cluster.may_work.set()
    files.make(target, work)
    until(lambda: files.look(target).state is FileState.FAILED)
    assert words in (files.look(target).failure or "")
    assert FileJobs(cluster).look(target).state is FileState.FAILED  # another program sees it too

    files.make(target, write, "made")
    until(lambda: files.look(target).state is FileState.READY)
    assert files.look(target).failure is None


@pytest.mark.parametrize(
    ("failure", "words"),
    [(JobError("No scheduler answers."), "No scheduler answers."), (OSError("full"), "No worker could be started")],
)
def test_a_cluster_that_does_not_start_is_a_failure_of_the_file(
    files: FileJobs, cluster: OneThread, target: Path, until: Until, failure: Exception, words: str
) -> None:
    cluster.failure = failure
    files.make(target, write, "made")
    until(lambda: files.look(target).state is FileState.FAILED)
    assert words in (files.look(target).failure or "")


def test_a_worker_that_dies_is_a_failure_of_the_file(
    files: FileJobs, cluster: OneThread, target: Path, until: Until
) -> None:
    cluster.dies = True
    cluster.may_work.set()
    files.make(target, write, "made")
    until(lambda: files.look(target).state is FileState.FAILED)
    assert "worker process died" in (files.look(target).failure or "")


def test_a_wish_that_a_restart_forgot_can_be_made_again(cluster: OneThread, target: Path, until: Until) -> None:
    FileJobs(cluster).make(target, write, "before")
    later = FileJobs(cluster)
    assert later.look(target).state is FileState.ABSENT
    later.make(target, write, "after")
    cluster.may_work.set()
    until(lambda: later.look(target).state is FileState.READY)
    assert target.read_text() == "after"


def test_a_real_worker_exports_a_run(
    workers: Cluster, jobs: Jobs, tiny_run: Run, tiny_dataset: Dataset, until: Until
) -> None:
    store = RunStore(jobs.settings.runs)
    (store.folder / tiny_run.fingerprint).mkdir(parents=True)
    for path in tiny_run.path.iterdir():
        (store.folder / tiny_run.fingerprint / path.name).symlink_to(path)

    exports.make(jobs.files, store, tiny_run.fingerprint, "litert")
    until(lambda: exports.look(jobs.files, store, tiny_run.fingerprint, "litert").state is not FileState.MAKING)
    made = exports.look(jobs.files, store, tiny_run.fingerprint, "litert")
    assert (made.state, made.failure) == (FileState.READY, None)
    found = probabilities_of(open_network(made.target), tiny_dataset.test_images)
    np.testing.assert_allclose(found, tiny_run.predictions.test_probabilities, atol=1e-5)
    assert [run.fingerprint for run in store.runs()] == [tiny_run.fingerprint]

    exports.make(jobs.files, store, "0123456789abcdef", "onnx")
    until(lambda: exports.look(jobs.files, store, "0123456789abcdef", "onnx").state is FileState.FAILED)
    failure = exports.look(jobs.files, store, "0123456789abcdef", "onnx").failure
    assert failure == "Run 0123456789abcdef was deleted."

import threading
from pathlib import Path

import pytest

from core.data.download import Progress
from core.data.mnist_download import DOWNLOAD_BYTES, MnistDownload
from core.errors import DownloadError


class Mirror:
    """Sends two files, the second from the start once more, and waits before it ends until it is told to."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem
        self.calls = 0
        self.sent, self.may_end = threading.Event(), threading.Event()

    def __call__(self, home: Path, *, progress: Progress | None) -> None:
        assert progress is not None
        self.calls += 1
        progress("first.gz", 100, 100)
        for done in (50, 20, DOWNLOAD_BYTES // 2):
            progress("second.gz", done, None)
        self.sent.set()
        assert self.may_end.wait(10)
        if self.problem is not None:
            raise self.problem


def test_it_goes_on_in_the_background_and_tells_how_far_it_is(tmp_path: Path) -> None:
    mirror = Mirror()
    download = MnistDownload(tmp_path, mirror)
    assert (download.state.is_active, download.state.share) == (False, 0)
    download.start()
    assert mirror.sent.wait(10)
    state = download.state
    assert (state.is_active, state.file_name, state.received) == (True, "second.gz", 100 + DOWNLOAD_BYTES // 2)
    assert state.share == pytest.approx(0.5, abs=1e-3)

    mirror.may_end.set()
    download.wait()
    assert (download.state.is_active, download.state.problem) == (False, None)


def test_who_asks_in_the_meantime_joins_it(tmp_path: Path) -> None:
    mirror = Mirror()
    download = MnistDownload(tmp_path, mirror)
    download.start()
    download.start()
    mirror.may_end.set()
    download.wait()
    assert mirror.calls == 1


def test_a_failure_is_told_and_it_can_be_tried_again(tmp_path: Path) -> None:
    mirror = Mirror(DownloadError("no mirror answers"))
    mirror.may_end.set()
    download = MnistDownload(tmp_path, mirror)
    download.start()
    download.wait()
    assert (download.state.is_active, download.state.problem) == (False, "no mirror answers")

    mirror.problem = None
    download.start()
    download.wait()
    assert (download.state.problem, mirror.calls) == (None, 2)


def test_more_bytes_than_expected_are_no_more_than_all(tmp_path: Path) -> None:
    def send(home: Path, *, progress: Progress | None) -> None:
        assert progress is not None
        progress("file.gz", 2 * DOWNLOAD_BYTES, None)

    download = MnistDownload(tmp_path, send)
    download.start()
    download.wait()
    assert download.state.share == 1.0

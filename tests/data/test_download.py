import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.data import download, idx
from core.errors import DownloadError

NAME = "train-images-idx3-ubyte.gz"
StartMirror = Callable[[dict[str, bytes]], Any]


@pytest.fixture
def good(idx_files: dict[str, bytes]) -> bytes:
    return idx_files[NAME]


@pytest.fixture
def sha256(good: bytes) -> str:
    return idx.sha256(idx.parse(good, NAME))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "target").mkdir()
    return tmp_path / "target"


def test_a_file_is_fetched_and_its_progress_told(
    start_mirror: StartMirror, good: bytes, sha256: str, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "_BLOCK_BYTES", 100)
    mirror = start_mirror({NAME: good})
    calls: list[tuple[str, int, int | None]] = []
    download.fetch(NAME, target, sha256, mirrors=[mirror.url], progress=lambda *call: calls.append(call))
    assert names(target) == [NAME]
    assert (target / NAME).read_bytes() == good
    done = [*range(100, len(good), 100), len(good)]
    assert calls == [(NAME, bytes_done, len(good)) for bytes_done in done]


def test_an_untold_length_is_none(start_mirror: StartMirror, good: bytes, sha256: str, target: Path) -> None:
    mirror = start_mirror({NAME: good})
    mirror.declares_length = False
    totals = []
    download.fetch(NAME, target, sha256, mirrors=[mirror.url], progress=lambda *call: totals.append(call[2]))
    assert totals == [None]


def test_mirrors_are_tried_in_turn(start_mirror: StartMirror, good: bytes, sha256: str, target: Path) -> None:
    first, second, third = start_mirror({}), start_mirror({NAME: good}), start_mirror({NAME: good})
    # With and without a slash at the end.
    download.fetch(NAME, target, sha256, mirrors=[first.url, second.url.rstrip("/"), third.url])
    assert (first.requests, second.requests, third.requests) == ([NAME], [NAME], [])
    assert (target / NAME).read_bytes() == good


def test_what_each_mirror_did_is_told_and_nothing_stays(
    start_mirror: StartMirror, good: bytes, sha256: str, target: Path, tmp_path: Path
) -> None:
    other_path = tmp_path / "other.gz"
    idx.write(other_path, np.zeros((12, 4, 5), np.uint8))
    absent = start_mirror({})
    other = start_mirror({NAME: other_path.read_bytes()})
    damaged = start_mirror({NAME: good[:-9] + b"x" + good[-8:]})
    portal = start_mirror({NAME: b"<html>log in first</html>"})
    cut = start_mirror({NAME: good})
    cut.missing_bytes = 30
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"http://127.0.0.1:{server.getsockname()[1]}/"
    mirrors = [mirror.url for mirror in (absent, other, damaged, portal, cut)] + [closed]

    with pytest.raises(DownloadError) as error:
        download.fetch(NAME, target, sha256, mirrors=mirrors)
    message = str(error.value)
    assert message.startswith(f"{NAME}: expected a download from one of 6 mirrors")
    assert str(target) in message
    reasons = [
        f"{absent.url}{NAME} (status 404",
        f"{other.url}{NAME} (the download: expected decompressed bytes with the SHA-256 digest {sha256}",
        f"{damaged.url}{NAME} (the download: expected a complete gzip file",
        f"{portal.url}{NAME} (the download: expected an IDX file",
        f"{cut.url}{NAME} (",
        f"{closed}{NAME} ([Errno ",
    ]
    for reason in reasons:
        assert reason in message
    assert names(target) == []


def test_a_cut_connection_is_told_even_if_the_bytes_look_complete(
    start_mirror: StartMirror, good: bytes, sha256: str, target: Path
) -> None:
    mirror = start_mirror({NAME: good + b"more"})
    mirror.missing_bytes = 4
    with pytest.raises(DownloadError, match=str(len(good))):
        download.fetch(NAME, target, sha256, mirrors=[mirror.url])
    assert names(target) == []


def test_a_silent_mirror_is_given_up(start_mirror: StartMirror, good: bytes, sha256: str, target: Path) -> None:
    mirror = start_mirror({NAME: good})
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(DownloadError, match="timed out"):
            download.fetch(NAME, target, sha256, mirrors=[url], timeout=0.05)
        assert names(target) == []
        download.fetch(NAME, target, sha256, mirrors=[url, mirror.url], timeout=0.05)
    assert names(target) == [NAME]


def test_an_answer_that_is_not_http_is_told(sha256: str, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as server:

        def babble() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 mail.example ESMTP\r\n")

        thread = threading.Thread(target=babble)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(DownloadError, match=r"220 mail\.example ESMTP"):
            download.fetch(NAME, target, sha256, mirrors=[url])
        thread.join()
    assert names(target) == []


def test_an_endless_transfer_is_stopped(
    start_mirror: StartMirror, good: bytes, sha256: str, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MAX_BYTES", len(good))
    mirror = start_mirror({NAME: good})
    download.fetch(NAME, target, sha256, mirrors=[mirror.url])
    mirror.files[NAME] = good + b"\0"
    with pytest.raises(DownloadError, match=f"expected at most {len(good):,} bytes, found more"):
        download.fetch(NAME, target, sha256, mirrors=[mirror.url])
    assert (target / NAME).read_bytes() == good, "the old file stays"


def test_an_interruption_leaves_nothing(start_mirror: StartMirror, good: bytes, sha256: str, target: Path) -> None:
    mirror = start_mirror({NAME: good})
    seen_while_busy = []

    def interrupt(*_: object) -> None:
        seen_while_busy.extend(names(target))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download.fetch(NAME, target, sha256, mirrors=[mirror.url, mirror.url], progress=interrupt)
    assert len(seen_while_busy) == 1
    assert NAME not in seen_while_busy
    assert names(target) == []
    assert len(mirror.requests) == 1


def test_no_mirror_is_a_clear_error(target: Path) -> None:
    with pytest.raises(DownloadError, match="0 mirrors"):
        download.fetch(NAME, target, "", mirrors=[])

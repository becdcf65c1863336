import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.data import folder, sources
from core.errors import DatasetNotFoundError, DownloadError

PutFiles = Callable[[Path], Path]
StartMirror = Callable[[dict[str, bytes]], Any]


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.iterdir())


def test_missing_files_are_downloaded_once(
    home: Path,
    idx_files: dict[str, bytes],
    start_mirror: StartMirror,
    published: None,
    digest: str,
) -> None:
    mirror = start_mirror(idx_files)
    told = []
    dataset = sources.load("mnist", home=home, mirrors=[mirror.url], progress=lambda *call: told.append(call))
    assert dataset.name == "mnist"
    assert dataset.digest == digest
    assert names(home / "mnist") == sorted(idx_files)
    assert [name for name, _, _ in told] == mirror.requests == list(idx_files)

    sources.load("mnist", home=home, mirrors=[mirror.url])
    assert len(mirror.requests) == 4


def test_only_what_is_missing_is_downloaded(
    home: Path,
    put_files: PutFiles,
    idx_files: dict[str, bytes],
    start_mirror: StartMirror,
    published: None,
) -> None:
    path = put_files(home / "mnist")
    (path / "t10k-images-idx3-ubyte.gz").unlink()
    mirror = start_mirror(idx_files)
    sources.load("mnist", home=home, mirrors=[mirror.url])
    assert mirror.requests == ["t10k-images-idx3-ubyte.gz"]


def test_a_failed_download_is_continued_later(
    home: Path, idx_files: dict[str, bytes], start_mirror: StartMirror, published: None
) -> None:
    half = dict(list(idx_files.items())[:2])
    mirror = start_mirror(half)
    with pytest.raises(DownloadError, match=r"^t10k-images-idx3-ubyte.gz: .*status 404"):
        sources.load("mnist", home=home, mirrors=[mirror.url])
    assert names(home / "mnist") == sorted(half)
    mirror.files = idx_files
    assert sources.load("mnist", home=home, mirrors=[mirror.url]).name == "mnist"


def test_what_a_killed_download_left_is_swept_away(home: Path, put_files: PutFiles, published: None) -> None:
    path = put_files(home / "mnist")
    left = path / ".train-images-idx3-ubyte.gz.0123abcd.part"
    left.write_bytes(b"half")
    sources.load("mnist", home=home, mirrors=[])
    assert not left.exists()


def test_a_download_can_be_forbidden(home: Path, start_mirror: StartMirror) -> None:
    mirror = start_mirror({})
    with pytest.raises(DatasetNotFoundError, match=r"four files of MNIST.* allow the download, or use mnist-5k"):
        sources.load("mnist", home=home, download=False, mirrors=[mirror.url])
    assert mirror.requests == []
    assert not home.exists()


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError, match=rf"^{tmp_path / 'file' / 'mnist'}: expected a folder"):
        sources.load("mnist", home=tmp_path / "file", mirrors=[])


def test_the_published_files_are_downloaded(home: Path, mnist_folder: Path, start_mirror: StartMirror) -> None:
    mirror = start_mirror(
        {
            f"{name}.gz": (mnist_folder / f"{name}.gz").read_bytes()
            if (mnist_folder / f"{name}.gz").exists()
            else gzip.compress((mnist_folder / name).read_bytes(), 1)
            for name in folder.FILE_NAMES
        }
    )
    assert sources.load("mnist", home=home, mirrors=[mirror.url]).name == "mnist"
    assert sources.default_name(home) == "mnist"

import gzip
import os
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest

from core.data import folder, idx, sources
from core.errors import DatasetError, IdxFormatError


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.iterdir())


def test_uploaded_files_become_a_dataset(home: Path, idx_files: dict[str, bytes], digest: str) -> None:
    added = sources.add("shapes", idx_files, ["circle", " line ", "dot"], home=home)
    assert added.digest == digest
    assert added.class_names == ("circle", "line", "dot")
    assert names(home) == ["shapes"]
    assert names(home / "shapes") == sorted([*folder.FILE_NAMES, "class_names.txt"])

    loaded = sources.load("shapes", home=home)
    assert loaded.digest == added.digest
    assert loaded.class_names == added.class_names
    assert sources.available(home)[2].name == "shapes"


def test_class_names_are_optional_and_so_is_compression(home: Path, idx_files: dict[str, bytes]) -> None:
    files = {
        name.removesuffix(".gz").replace("t10k", "test"): gzip.decompress(data) for name, data in idx_files.items()
    }
    added = sources.add("shapes", files, home=home)
    assert added.class_names == ("0", "1", "2")
    assert names(home / "shapes") == sorted(folder.FILE_NAMES)


def test_files_of_other_names_are_taken_and_called_by_them(
    home: Path, idx_files: dict[str, bytes], digest: str
) -> None:
    files = {f"letters-{name}": data for name, data in idx_files.items()}
    assert sources.add("letters", files, home=home).digest == digest
    files["letters-train-labels-idx1-ubyte.gz"] = b"hello"
    with pytest.raises(IdxFormatError, match=r"^letters-train-labels-idx1-ubyte.gz: expected an IDX file"):
        sources.add("others", files, home=home)


@pytest.mark.parametrize("name", ["", "../shapes", "a/b", ".shapes", " shapes", "shapes.", "x" * 65, "шар"])
def test_a_bad_name_is_refused(name: str, home: Path, idx_files: dict[str, bytes]) -> None:
    with pytest.raises(DatasetError, match=r"^dataset name: expected"):
        sources.add(name, idx_files, home=home)
    assert not home.exists()


@pytest.mark.parametrize("name", ["mnist", "MNIST", "mnist-5k", "Mnist-5K"])
def test_the_built_in_names_are_kept(name: str, home: Path, idx_files: dict[str, bytes]) -> None:
    with pytest.raises(DatasetError, match=rf"^{name}: expected a name that no built-in dataset has"):
        sources.add(name, idx_files, home=home)


@pytest.mark.parametrize("name", ["a", "0", "Fashion-MNIST_v1.2", "x" * 64, "a b+c"])
def test_a_plain_name_is_taken(name: str, home: Path, idx_files: dict[str, bytes]) -> None:
    assert sources.add(name, idx_files, home=home).name == name
    assert sources.load(name, home=home).name == name


def test_a_taken_name_is_refused_and_what_has_it_stays(home: Path, idx_files: dict[str, bytes]) -> None:
    sources.add("shapes", idx_files, home=home)
    before = {name: (home / "shapes" / name).read_bytes() for name in names(home / "shapes")}
    with pytest.raises(DatasetError, match=r"^shapes: expected a new name"):
        sources.add("shapes", idx_files, ["a", "b", "c"], home=home)
    assert {name: (home / "shapes" / name).read_bytes() for name in names(home / "shapes")} == before


def test_even_an_empty_folder_takes_a_name(home: Path, idx_files: dict[str, bytes]) -> None:
    (home / "shapes").mkdir(parents=True)
    with pytest.raises(DatasetError, match=r"^shapes: expected a new name"):
        sources.add("shapes", idx_files, home=home)


def test_what_a_killed_process_left_is_swept_away(home: Path, idx_files: dict[str, bytes]) -> None:
    (home / ".lines.0123abcd.part").mkdir(parents=True)
    sources.add("shapes", idx_files, home=home)
    assert names(home) == ["shapes"]


def test_a_name_taken_in_the_meantime_is_refused(
    home: Path, idx_files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = idx.write

    def write_while_another_adds(path: Path, array: np.ndarray) -> None:
        (home / "shapes").mkdir(exist_ok=True)
        (home / "shapes" / "theirs").touch()
        write(path, array)

    monkeypatch.setattr(idx, "write", write_while_another_adds)
    with pytest.raises(DatasetError, match=r"^shapes: expected a new name"):
        sources.add("shapes", idx_files, home=home)
    assert names(home) == ["shapes"]
    assert names(home / "shapes") == ["theirs"]


def test_files_must_be_the_four(home: Path, idx_files: dict[str, bytes]) -> None:
    for remove in idx_files:
        with pytest.raises(DatasetError, match=r"^files: expected the four files"):
            sources.add("shapes", {n: d for n, d in idx_files.items() if n != remove}, home=home)
    for extra in ("notes.txt", "train-images.idx3-ubyte"):
        with pytest.raises(DatasetError, match=rf"^files: expected the four files.*{extra}"):
            sources.add("shapes", idx_files | {extra: b""}, home=home)
    with pytest.raises(DatasetError, match="found none"):
        sources.add("shapes", {}, home=home)
    assert not home.exists()


def test_files_are_checked_before_anything_is_kept(home: Path, idx_files: dict[str, bytes]) -> None:
    name = "t10k-labels-idx1-ubyte.gz"
    with pytest.raises(IdxFormatError, match=rf"^{name}: expected an IDX file"):
        sources.add("shapes", idx_files | {name: b"<html>"}, home=home)
    with pytest.raises(DatasetError, match=rf"^{name}: expected 6 labels"):
        sources.add("shapes", idx_files | {name: idx_files["train-labels-idx1-ubyte.gz"]}, home=home)
    with pytest.raises(DatasetError, match=r"^the class names: expected 3 names"):
        sources.add("shapes", idx_files, ["a", "b"], home=home)
    with pytest.raises(IdxFormatError, match=r"^train-images-idx3-ubyte.gz: expected at most 100 bytes"):
        sources.add("shapes", idx_files, home=home, limit=100)
    assert not home.exists()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (KeyboardInterrupt("stop"), pytest.raises(KeyboardInterrupt, match="stop")),
        (
            OSError(28, "No space left"),
            pytest.raises(DatasetError, match=r"shapes: .*found: No space left"),
        ),
    ],
)
def test_an_unfinished_dataset_does_not_stay(
    error: BaseException,
    expected: AbstractContextManager[object],
    home: Path,
    idx_files: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    synced = []

    def fail_at_the_third(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 3:
            raise error

    monkeypatch.setattr(os, "fsync", fail_at_the_third)
    with expected:
        sources.add("shapes", idx_files, home=home)
    assert names(home) == []

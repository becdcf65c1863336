from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.data import folder
from core.errors import DatasetError, DatasetNotFoundError, IdxFormatError

Arrays = tuple[np.ndarray, ...]
PutFiles = Callable[[Path], Path]


def test_the_usual_names_are_accepted() -> None:
    assert folder.spellings("train-labels-idx1-ubyte") == [
        "train-labels-idx1-ubyte",
        "train-labels.idx1-ubyte",
        "train-labels-idx1-ubyte.gz",
        "train-labels.idx1-ubyte.gz",
    ]
    assert folder.spellings("t10k-images-idx3-ubyte") == [
        "t10k-images-idx3-ubyte",
        "t10k-images.idx3-ubyte",
        "test-images-idx3-ubyte",
        "test-images.idx3-ubyte",
        "t10k-images-idx3-ubyte.gz",
        "t10k-images.idx3-ubyte.gz",
        "test-images-idx3-ubyte.gz",
        "test-images.idx3-ubyte.gz",
    ]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (
            [f"emnist-letters-{name}.gz" for name in folder.FILE_NAMES],
            [f"emnist-letters-{name}.gz" for name in folder.FILE_NAMES],
        ),
        (
            ["TRAIN_images.idx", "TRAIN_labels.idx", "valid_image.idx", "valid_label.idx"],
            ["TRAIN_images.idx", "TRAIN_labels.idx", "valid_image.idx", "valid_label.idx"],
        ),
        (
            ["train.idx3", "train.idx1", "test.idx3", "test.idx1"],
            ["train.idx3", "train.idx1", "test.idx3", "test.idx1"],
        ),
        (["train-images-idx3-ubyte", "my-train-images"], ["train-images-idx3-ubyte", None, None, None]),
        (["a-train-images", "b-train-images", "labels"], [None, None, None, None]),
        (["images-train-test", "train-labels-images", "README"], [None, None, None, None]),
    ],
)
def test_other_names_are_guessed_where_they_leave_no_doubt(names: list[str], found: list[str | None]) -> None:
    expected = {part: name for part, name in zip(folder.FILE_NAMES, found, strict=True) if name is not None}
    assert folder.guess(names) == expected


def test_the_uncompressed_file_is_preferred() -> None:
    names = {"train-images.idx3-ubyte", "train-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", "README"}
    assert folder.find(names) == {
        "train-images-idx3-ubyte": "train-images.idx3-ubyte",
        "t10k-labels-idx1-ubyte": "t10k-labels-idx1-ubyte.gz",
    }


def test_a_folder_becomes_a_dataset(put_files: PutFiles, arrays: Arrays, tmp_path: Path) -> None:
    path = put_files(tmp_path / "shapes")
    (path / "t10k-images-idx3-ubyte.gz").rename(path / "test-images.idx3-ubyte.gz")
    (path / "class_names.txt").write_text("circle\nline\ndot\n")
    dataset = folder.read(path).dataset("shapes", "from a test")
    np.testing.assert_array_equal(dataset.train_images, arrays[0])
    np.testing.assert_array_equal(dataset.train_labels, arrays[1])
    np.testing.assert_array_equal(dataset.test_images, arrays[2])
    np.testing.assert_array_equal(dataset.test_labels, arrays[3])
    assert dataset.class_names == ("circle", "line", "dot")


def test_errors_name_the_file(put_files: PutFiles, tmp_path: Path) -> None:
    path = put_files(tmp_path / "shapes")
    names = path / "class_names.txt"
    names.write_text("circle\nline\n")
    with pytest.raises(DatasetError, match=f"^{names}: expected 3 names"):
        folder.read(path).dataset("shapes", "from a test")

    labels = path / "t10k-labels-idx1-ubyte.gz"
    labels.write_bytes((path / "train-labels-idx1-ubyte.gz").read_bytes())
    with pytest.raises(DatasetError, match=rf"^{labels}: expected 6 labels.*found 12"):
        folder.read(path).dataset("shapes", "from a test")
    with pytest.raises(DatasetError, match=rf"^{labels}: expected 6 labels.*found 12"):
        folder.read_sizes(path)

    labels.write_bytes(b"<html>")
    with pytest.raises(IdxFormatError, match=f"^{labels}: expected an IDX file"):
        folder.read(path)
    with pytest.raises(IdxFormatError, match=f"^{labels}: expected an IDX file"):
        folder.read_sizes(path)


def test_sizes_come_from_the_headers_alone(put_files: PutFiles, tmp_path: Path) -> None:
    path = put_files(tmp_path / "shapes")
    assert folder.read_sizes(path) == folder.Sizes(n_train=12, n_test=6, image_shape=(4, 5))
    images = path / "train-images-idx3-ubyte.gz"
    images.write_bytes(images.read_bytes()[:-20])
    assert folder.read_sizes(path).n_train == 12
    with pytest.raises(IdxFormatError):
        folder.read(path)


def test_missing_files_are_listed(put_files: PutFiles, tmp_path: Path) -> None:
    path = put_files(tmp_path / "shapes")
    assert folder.missing(path) == []
    (path / "train-labels-idx1-ubyte.gz").unlink()
    assert folder.missing(path) == ["train-labels-idx1-ubyte"]
    with pytest.raises(DatasetNotFoundError, match=rf"^{path}: .* but train-labels-idx1-ubyte is missing"):
        folder.read(path)
    (path / "t10k-labels-idx1-ubyte.gz").unlink()
    # A folder of that name, as some archives make, is no file.
    (path / "t10k-labels-idx1-ubyte").mkdir()
    with pytest.raises(DatasetNotFoundError, match="train-labels-idx1-ubyte, t10k-labels-idx1-ubyte are missing"):
        folder.read_sizes(path)


def test_no_folder_is_an_error_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "absent"
    assert folder.missing(path) == list(folder.FILE_NAMES)
    with pytest.raises(DatasetNotFoundError, match=rf"^{path}: expected a folder.* found no such folder"):
        folder.read(path)


@pytest.mark.parametrize("reader", [folder.read, folder.read_sizes])
def test_a_file_that_cannot_be_opened_is_named(
    reader: Callable[[Path], object], put_files: PutFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put_files(tmp_path / "shapes")

    def deny(self: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", deny)
    with pytest.raises(DatasetNotFoundError, match=r"train-images-idx3-ubyte.gz: .*found: Permission denied"):
        reader(path)

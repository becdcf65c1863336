"""A folder with the four IDX files of a dataset, under any of their usual names, and optionally class names.

Each file may be called as in MNIST (`train-images-idx3-ubyte`), with a dot before `idx`, with `test` for
`t10k`, and with or without `.gz`. Where one file is there under several names, the first in that order
without `.gz` is read.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from core.data import class_names, idx
from core.data.dataset import Dataset, Origins, check_layout, from_arrays
from core.errors import DatasetNotFoundError

FILE_NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
"""The names that MNIST gives its files, in the order in which a dataset's four parts are always named."""


@dataclass(frozen=True)
class Contents:
    """What was read from a folder, not yet checked to be a dataset.

    arrays: training images, training labels, test images, test labels.
    class_names: None if the folder has no file of them.
    origins: the paths of the files.
    """

    arrays: tuple[npt.NDArray[Any], ...]
    class_names: tuple[str, ...] | None
    origins: Origins

    def dataset(self, name: str, source: str) -> Dataset:
        """The contents as a dataset. Raises DatasetError if they do not form one."""
        return from_arrays(name, *self.arrays, class_names=self.class_names, source=source, origins=self.origins)


@dataclass(frozen=True)
class Sizes:
    """What the headers of a folder's files tell: image counts, and (height, width) in pixels."""

    n_train: int
    n_test: int
    image_shape: tuple[int, int]


def find(names: Collection[str]) -> dict[str, str]:
    """Which of `names` stands for which of FILE_NAMES; those without one are left out."""
    found = {}
    for file_name in FILE_NAMES:
        name = next((name for name in spellings(file_name) if name in names), None)
        if name is not None:
            found[file_name] = name
    return found


def guess(names: Collection[str]) -> dict[str, str]:
    """As `find`, and where no usual name is among `names`, the only one whose words tell its part.

    Such are "train" against "test", "t10k" or "valid", and "image" or "idx3" against "label" or "idx1".
    """
    found = find(names)
    others = [name for name in names if name not in found.values()]
    for file_name in FILE_NAMES:
        candidates = [name for name in others if _part_of(name) == _part_of(file_name)]
        if file_name not in found and len(candidates) == 1:
            found[file_name] = candidates[0]
    return found


def _part_of(name: str) -> tuple[bool, bool] | None:
    """Whether a file of this name is of the training part, and whether it holds images; None if it does not say."""
    is_train, is_test = (
        any(word in name.lower() for word in words) for words in (("train",), ("test", "t10k", "valid"))
    )
    holds_images, holds_labels = (
        any(word in name.lower() for word in words) for words in (("image", "idx3"), ("label", "idx1"))
    )
    if is_train == is_test or holds_images == holds_labels:
        return None
    return is_train, holds_images


def spellings(file_name: str) -> list[str]:
    """The names under which one of FILE_NAMES is accepted, the preferred one first."""
    stems = dict.fromkeys((file_name, file_name.replace("t10k-", "test-")))
    plain = [spelling for stem in stems for spelling in (stem, stem.replace("-idx", ".idx"))]
    return plain + [f"{name}.gz" for name in plain]


def missing(folder: Path) -> list[str]:
    """Those of FILE_NAMES that the folder lacks under any spelling; all of them if there is no folder."""
    found = find(_files_in(folder)) if folder.is_dir() else {}
    return [file_name for file_name in FILE_NAMES if file_name not in found]


def read(folder: Path) -> Contents:
    """Read the folder's files in full.

    Raises DatasetNotFoundError if the folder or a file is missing or cannot be opened, IdxFormatError if a
    file is not the IDX file it should be, and DatasetError if the class names are not text.
    """
    origins = _origins(folder)
    try:
        # A tuple's first four: the fifth, the class names, is no IDX file.
        arrays = tuple(idx.read(Path(origin)) for origin in origins[:4])
        names_file = Path(origins.class_names)
        names = class_names.read(names_file) if names_file.exists() else None
    except OSError as error:
        raise _unreadable(folder, error) from error
    return Contents(arrays, names, origins)


def read_sizes(folder: Path) -> Sizes:
    """Check the headers of the folder's files, and nothing behind them.

    Raises DatasetNotFoundError, IdxFormatError or DatasetError, as reading and checking the whole folder
    would.
    """
    origins = _origins(folder)
    try:
        train_images, train_labels, test_images, test_labels = (idx.read_header(Path(origin)) for origin in origins[:4])
    except OSError as error:
        raise _unreadable(folder, error) from error
    check_layout(train_images, train_labels, test_images, test_labels, origins)
    n_train, height, width = train_images.shape
    return Sizes(n_train, test_images.shape[0], (height, width))


def _origins(folder: Path) -> Origins:
    """The paths of the folder's files."""
    if not folder.is_dir():
        raise DatasetNotFoundError(
            f"{folder}: expected a folder with the four IDX files of a dataset, found no such folder"
        )
    found = find(_files_in(folder))
    absent = [file_name for file_name in FILE_NAMES if file_name not in found]
    if absent:
        raise DatasetNotFoundError(
            f"{folder}: expected the four IDX files of a dataset, raw or .gz, but {', '.join(absent)} "
            f"{'is' if len(absent) == 1 else 'are'} missing; put the files there under these names"
        )
    train_images, train_labels, test_images, test_labels = (str(folder / found[name]) for name in FILE_NAMES)
    return Origins(train_images, train_labels, test_images, test_labels, str(folder / class_names.FILE_NAME))


def _files_in(folder: Path) -> set[str]:
    try:
        return {path.name for path in folder.iterdir() if path.is_file()}
    except OSError as error:
        raise _unreadable(folder, error) from error


def _unreadable(folder: Path, error: OSError) -> DatasetNotFoundError:
    reason = error.strerror or str(error)
    return DatasetNotFoundError(f"{error.filename or folder}: expected a readable file or folder, found: {reason}")

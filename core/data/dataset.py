"""A dataset: training and test images with labels, checked once and then read-only.

`from_arrays` refuses whatever is not a classification dataset of grey images: unequal counts, images of
different sizes, labels out of range, classes without a training image, wrong types. Which image sizes a
network can take is for the network to say.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from core.data import idx
from core.errors import DatasetError

MAX_CLASSES = 256
MAX_NAME_LENGTH = 100


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images and labels that passed `from_arrays`. All arrays are read-only.

    train_images, test_images: (n, height, width) uint8, the same height and width in both; n may differ.
    train_labels, test_labels: (n,) int64 in [0, n_classes); every class occurs in train_labels.
    class_names: one a class, in the order of the labels; different, printable, at most 100 characters each.
    source: a sentence that says where the dataset came from.
    digest: SHA-256, in hexadecimal, over the images and labels with their shapes; names do not count.
    """

    name: str
    train_images: npt.NDArray[np.uint8]
    train_labels: npt.NDArray[np.int64]
    test_images: npt.NDArray[np.uint8]
    test_labels: npt.NDArray[np.int64]
    class_names: tuple[str, ...]
    source: str
    digest: str

    @property
    def n_classes(self) -> int:
        """Number of classes, 2 to 256."""
        return len(self.class_names)

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of every image, in pixels."""
        _, height, width = self.train_images.shape
        return height, width


class Origins(NamedTuple):
    """What error messages call the parts of a dataset: the files they came from, where there are any."""

    train_images: str = "the training images"
    train_labels: str = "the training labels"
    test_images: str = "the test images"
    test_labels: str = "the test labels"
    class_names: str = "the class names"


UNNAMED = Origins()


class Described(Protocol):
    """Anything with a type and a shape: an array, or the header of a file that holds one."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the elements."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """One size a dimension."""
        ...


def from_arrays(
    name: str,
    train_images: npt.NDArray[np.uint8],
    train_labels: npt.NDArray[np.integer[Any]],
    test_images: npt.NDArray[np.uint8],
    test_labels: npt.NDArray[np.integer[Any]],
    *,
    class_names: Sequence[str] | None = None,
    source: str,
    origins: Origins = UNNAMED,
) -> Dataset:
    """Check four arrays and make a dataset of them.

    Images are (n, height, width) uint8 and become read-only as they are, without a copy. Labels are (n,) of
    any integer type. The number of classes is the largest training label + 1. Without `class_names` the
    classes are named by their numbers.
    Raises DatasetError, which names the part by `origins`, if the arrays do not form a dataset.
    """
    check_layout(train_images, train_labels, test_images, test_labels, origins)
    n_classes = _count_classes(train_labels, origins.train_labels)
    _require_range(test_labels, n_classes, f"as in {origins.train_labels}", origins.test_labels)
    dataset = Dataset(
        name=name,
        train_images=train_images,
        train_labels=train_labels.astype(np.int64),
        test_images=test_images,
        test_labels=test_labels.astype(np.int64),
        class_names=_check_class_names(class_names, n_classes, origins.class_names),
        source=source,
        digest=_digest(train_images, train_labels, test_images, test_labels),
    )
    for array in (dataset.train_images, dataset.train_labels, dataset.test_images, dataset.test_labels):
        array.setflags(write=False)
    return dataset


def check_layout(
    train_images: Described,
    train_labels: Described,
    test_images: Described,
    test_labels: Described,
    origins: Origins = UNNAMED,
) -> None:
    """Check types, numbers of dimensions, counts and image sizes: all that the headers of the files tell.

    Raises DatasetError at the first that does not fit.
    """
    for images, images_origin, labels, labels_origin in (
        (train_images, origins.train_images, train_labels, origins.train_labels),
        (test_images, origins.test_images, test_labels, origins.test_labels),
    ):
        if images.dtype != np.uint8 or len(images.shape) != 3 or 0 in images.shape:
            raise DatasetError(
                f"{images_origin}: expected at least one grey image, with the shape (n, height, width) and "
                f"the type uint8, found {_describe(images)}"
            )
        if not np.issubdtype(labels.dtype, np.integer) or len(labels.shape) != 1:
            raise DatasetError(
                f"{labels_origin}: expected labels with the shape (n,) and an integer type, found {_describe(labels)}"
            )
        if labels.shape[0] != images.shape[0]:
            raise DatasetError(
                f"{labels_origin}: expected {images.shape[0]} labels, one for each image in {images_origin}, "
                f"found {labels.shape[0]}"
            )
    if test_images.shape[1:] != train_images.shape[1:]:
        raise DatasetError(
            f"{origins.test_images}: expected images of {_size(train_images)} pixels, "
            f"as in {origins.train_images}, found {_size(test_images)}"
        )


def _count_classes(labels: npt.NDArray[np.integer[Any]], origin: str) -> int:
    _require_range(labels, MAX_CLASSES, f"for at most {MAX_CLASSES} classes", origin)
    present = np.bincount(labels.astype(np.int64)) > 0
    if len(present) < 2:
        raise DatasetError(f"{origin}: expected at least two classes, found only the label 0")
    if not present.all():
        absent = ", ".join(str(label) for label in np.flatnonzero(~present))
        raise DatasetError(
            f"{origin}: expected every class from 0 to the largest label, {len(present) - 1}, to occur, "
            f"found no image with the label {absent}"
        )
    return len(present)


def _require_range(labels: npt.NDArray[np.integer[Any]], n_classes: int, reason: str, origin: str) -> None:
    outside = np.flatnonzero((labels < 0) | (labels >= n_classes))
    if len(outside):
        raise DatasetError(
            f"{origin}: expected labels from 0 to {n_classes - 1}, {reason}, "
            f"found {labels[outside[0]]} at position {outside[0]}"
        )


def _check_class_names(names: Sequence[str] | None, n_classes: int, origin: str) -> tuple[str, ...]:
    if names is None:
        return tuple(str(label) for label in range(n_classes))
    if len(names) != n_classes:
        raise DatasetError(f"{origin}: expected {n_classes} names, one for each class, found {len(names)}")
    for position, name in enumerate(names):
        if not name.strip() or not name.isprintable() or len(name) > MAX_NAME_LENGTH:
            raise DatasetError(
                f"{origin}: expected a name of 1 to {MAX_NAME_LENGTH} printable characters for class {position}, "
                f"found {name[: MAX_NAME_LENGTH + 1]!r}"
            )
        if name in names[:position]:
            raise DatasetError(f"{origin}: expected different names, found {name!r} twice")
    return tuple(names)


def _digest(
    train_images: npt.NDArray[np.uint8],
    train_labels: npt.NDArray[np.integer[Any]],
    test_images: npt.NDArray[np.uint8],
    test_labels: npt.NDArray[np.integer[Any]],
) -> str:
    """Digest of the four files that would hold the dataset, whatever integer type the labels came in."""
    parts = (train_images, train_labels.astype(np.uint8), test_images, test_labels.astype(np.uint8))
    return hashlib.sha256(" ".join(idx.sha256(part) for part in parts).encode()).hexdigest()


def _describe(part: Described) -> str:
    return f"the shape {part.shape} and the type {part.dtype.name}"


def _size(images: Described) -> str:
    _, height, width = images.shape
    return f"{height}x{width}"

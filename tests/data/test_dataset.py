from typing import Any

import numpy as np
import pytest

from core.data.dataset import Dataset, Origins, from_arrays
from core.errors import DatasetError

Arrays = tuple[np.ndarray, ...]
ORIGINS = Origins("a/train-images", "a/train-labels", "a/test-images", "a/test-labels", "a/names.txt")


def make(arrays: Arrays, **named: Any) -> Dataset:
    return from_arrays("made", *arrays, source="made for a test", **named)


def replaced(arrays: Arrays, position: int, array: np.ndarray) -> Arrays:
    return (*arrays[:position], array, *arrays[position + 1 :])


def test_a_dataset_says_what_it_is(arrays: Arrays) -> None:
    dataset = make(arrays, class_names=["circle", "line", "dot"])
    assert dataset.name == "made"
    assert dataset.source == "made for a test"
    assert dataset.n_classes == 3
    assert dataset.class_names == ("circle", "line", "dot")
    assert dataset.image_shape == (4, 5)
    assert dataset.train_images.shape == (12, 4, 5)
    assert dataset.train_images.dtype == np.uint8
    assert dataset.train_labels.dtype == np.int64
    assert dataset.test_labels.dtype == np.int64
    assert dataset.test_labels.tolist() == [2, 1, 0, 0, 1, 2]


def test_classes_without_names_are_called_by_their_numbers(arrays: Arrays) -> None:
    assert make(arrays).class_names == ("0", "1", "2")


@pytest.mark.parametrize("part", ["train_images", "train_labels", "test_images", "test_labels"])
def test_arrays_are_read_only(part: str, arrays: Arrays) -> None:
    array = getattr(make(arrays), part)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 0


def test_images_are_taken_over_without_a_copy(arrays: Arrays) -> None:
    dataset = make(arrays)
    assert dataset.train_images is arrays[0]
    assert dataset.test_images is arrays[2]


def test_the_digest_covers_arrays_and_shapes_but_no_names(arrays: Arrays) -> None:
    digest = make(arrays).digest
    assert len(bytes.fromhex(digest)) == 32
    assert digest == "733b80f7ad1cd1987d15a0adb506f62fcdd411ecc19cb10034294a59fabc0439", (
        "runs are found by it: it must not change"
    )
    assert make(arrays, class_names=["a", "b", "c"], origins=ORIGINS).digest == digest
    wide_labels = replaced(arrays, 1, arrays[1].astype(np.int32))
    assert make(wide_labels).digest == digest

    turned = (arrays[0].reshape(12, 5, 4), arrays[1], arrays[2].reshape(6, 5, 4), arrays[3])
    other_image = arrays[2].copy()
    other_image[5, 3, 4] ^= 1
    others = [
        turned,
        replaced(arrays, 1, np.roll(arrays[1], 1)),
        replaced(arrays, 2, other_image),
        replaced(arrays, 3, np.roll(arrays[3], 1)),
        (arrays[2], arrays[3], arrays[0], arrays[1]),
    ]
    digests = {make(other).digest for other in others} | {digest}
    assert len(digests) == len(others) + 1


@pytest.mark.parametrize(
    ("position", "array", "expected"),
    [
        (0, np.zeros((12, 4, 5), np.float32), "a/train-images: .*uint8, found .* the type float32"),
        (0, np.zeros((12, 20), np.uint8), r"a/train-images: .*found the shape \(12, 20\)"),
        (0, np.zeros((0, 4, 5), np.uint8), r"a/train-images: expected at least one grey image.*\(0, 4, 5\)"),
        (
            0,
            np.zeros((12, 4, 0), np.uint8),
            r"a/train-images: expected at least one grey image.*\(12, 4, 0\)",
        ),
        (0, np.zeros((11, 4, 5), np.uint8), "a/train-labels: expected 11 labels.*a/train-images, found 12"),
        (1, np.zeros(12, np.float32), "a/train-labels: .*integer type, found .* float32"),
        (1, np.zeros((12, 1), np.uint8), r"a/train-labels: .*found the shape \(12, 1\)"),
        (1, np.zeros(13, np.uint8), "a/train-labels: expected 12 labels.*a/train-images, found 13"),
        (1, np.zeros(12, np.uint8), "a/train-labels: expected at least two classes"),
        (
            1,
            np.tile(np.array([1, 2], np.uint8), 6),
            "a/train-labels: expected every class from 0 to .* 2.* the label 0$",
        ),
        (
            1,
            np.tile(np.array([0, 4, 2], np.uint8), 4),
            "a/train-labels: expected every class .* the label 1, 3$",
        ),
        (
            1,
            np.array([0, 1, 2] * 3 + [0, -1, 2], np.int8),
            "a/train-labels: expected labels from 0 .*-1 at position 10",
        ),
        (
            1,
            np.array([0, 1, 256] * 4, np.int32),
            "a/train-labels: expected labels from 0 to 255.*256 at position 2",
        ),
        (2, np.zeros((6, 5, 4), np.uint8), "a/test-images: expected images of 4x5 .*train-images, found 5x4"),
        (2, np.zeros((0, 4, 5), np.uint8), "a/test-images: expected at least one"),
        (2, np.zeros((7, 4, 5), np.uint8), "a/test-labels: expected 7 labels.*a/test-images, found 6"),
        (
            3,
            np.array([0, 1, 2, 0, 1, 3], np.uint8),
            "a/test-labels: expected labels from 0 to 2.*3 at position 5",
        ),
        (
            3,
            np.array([0, 1, -2, 0, 1, 2], np.int8),
            "a/test-labels: expected labels from 0 to 2.*-2 at position 2",
        ),
    ],
)
def test_arrays_that_form_no_dataset_are_refused(
    position: int, array: np.ndarray, expected: str, arrays: Arrays
) -> None:
    with pytest.raises(DatasetError, match=expected):
        make(replaced(arrays, position, array), origins=ORIGINS)


def test_classes_may_be_missing_from_the_test_images(arrays: Arrays) -> None:
    assert make(replaced(arrays, 3, np.zeros(6, np.uint8))).n_classes == 3


def test_there_may_be_256_classes() -> None:
    labels = np.arange(256, dtype=np.uint8)
    images = np.zeros((256, 2, 2), np.uint8)
    assert make((images, labels, images.copy(), labels)).n_classes == 256


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "b"], "a/names.txt: expected 3 names, one for each class, found 2"),
        (["a", "b", "c", "d"], "a/names.txt: expected 3 names, one for each class, found 4"),
        ([], "expected 3 names.* found 0"),
        (["a", " ", "c"], "a/names.txt: expected a name of 1 to 100 printable .* class 1, found ' '"),
        (["a", "b", "c\nd"], r"expected a name of 1 to 100 printable .* class 2, found 'c\\nd'"),
        (["a" * 101, "b", "c"], "expected a name of 1 to 100 printable .* class 0, found 'a{101}'"),
        (["a", "b", "a"], "a/names.txt: expected different names, found 'a' twice"),
    ],
)
def test_unfitting_class_names_are_refused(names: list[str], expected: str, arrays: Arrays) -> None:
    with pytest.raises(DatasetError, match=expected):
        make(arrays, class_names=names, origins=ORIGINS)

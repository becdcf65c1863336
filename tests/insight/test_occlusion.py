"""Occlusion with networks whose answer is known: a probability that is the brightness of one pixel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.insight import occlusion_map


def brightness_of(row: int, column: int) -> object:
    def predict(images: np.ndarray) -> np.ndarray:
        share = images[:, row, column] / np.float32(255)
        return np.stack([1 - share, share], axis=1)

    return predict


def test_only_patches_over_the_pixel_that_counts_change_anything() -> None:
    image = np.full((12, 12), 255, np.uint8)
    drops = occlusion_map(brightness_of(5, 7), image, 1, patch=3, stride=1)

    assert drops.shape == (12, 12)
    assert drops.dtype == np.float32
    assert drops[5, 7] == 1
    assert np.unravel_index(drops.argmax(), drops.shape) == (5, 7)
    reached = drops > 0
    assert np.flatnonzero(reached.any(axis=1)).tolist() == [3, 4, 5, 6, 7]
    assert np.flatnonzero(reached.any(axis=0)).tolist() == [5, 6, 7, 8, 9]


def test_covering_may_help_a_class() -> None:
    drops = occlusion_map(brightness_of(5, 7), np.full((12, 12), 255, np.uint8), 0, patch=3, stride=1)
    assert drops.min() == -1


def test_the_network_is_asked_once_and_the_image_stays() -> None:
    asked = []

    def predict(images: np.ndarray) -> np.ndarray:
        asked.append(images.copy())
        return np.full((len(images), 2), 0.5, np.float32)

    image = np.full((10, 8), 9, np.uint8)
    assert not occlusion_map(predict, image, 0, patch=4, stride=3).any()
    assert len(asked) == 1
    np.testing.assert_array_equal(asked[0][0], image)
    assert (image == 9).all()
    assert all((covered == 0).sum() == 16 for covered in asked[0][1:])


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), st.integers(1, 12))
def test_every_pixel_is_covered(height: int, width: int, patch: int, stride: int) -> None:
    covered = np.zeros((height, width), bool)

    def predict(images: np.ndarray) -> np.ndarray:
        covered[:] = (images[1:] == 0).any(axis=0)
        return np.full((len(images), 2), 0.5, np.float32)

    drops = occlusion_map(predict, np.ones((height, width), np.uint8), 0, min(patch, height, width), stride)
    assert covered.all()
    assert np.isfinite(drops).all()


@pytest.mark.parametrize(
    ("image", "label", "patch", "stride", "message"),
    [
        (np.zeros((4, 4), np.float32), 0, 2, 1, "image: expected the shape"),
        (np.zeros((1, 4, 4), np.uint8), 0, 2, 1, "image: expected the shape"),
        (np.zeros((4, 4), np.uint8), 0, 5, 1, "a patch of 1 to 4 pixels"),
        (np.zeros((4, 4), np.uint8), 0, 2, 0, "a stride of at least 1"),
        (np.zeros((4, 4), np.uint8), 2, 2, 1, "label: expected 0 to 1, got 2"),
    ],
)
def test_what_does_not_fit_is_refused(image: np.ndarray, label: int, patch: int, stride: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        occlusion_map(brightness_of(0, 0), image, label, patch, stride)

from typing import Any

import numpy as np
import pytest
from scipy.ndimage import affine_transform

from core.recipe import Augmentation
from core.training.warps import warp
from tests.training.extreme import Extreme


def picture(height: int = 28, width: int = 28) -> np.ndarray:
    """A smooth picture without symmetry, black at its border: (1, h, w) uint8."""
    y, x = np.mgrid[:height, :width]
    blob = np.exp(-((y - 0.4 * height) ** 2) / 18 - (x - 0.55 * width) ** 2 / 30)
    other = np.exp(-((y - 0.65 * height) ** 2) / 10 - (x - 0.4 * width) ** 2 / 8)
    return np.round(255 * (0.9 * blob + 0.6 * other).clip(0, 1)).astype(np.uint8)[np.newaxis]


def warped(image: np.ndarray, **settings: float) -> np.ndarray:
    return warp(image, Augmentation(**settings), Extreme())


def about_centre(image: np.ndarray, matrix: list[list[float]]) -> np.ndarray:
    """SciPy's warp: each target position, seen from the centre, times the matrix is where it comes from."""
    centre = (np.array(image.shape[1:]) - 1) / 2
    linear = np.array(matrix)
    turned = affine_transform(image[0].astype(float), linear, offset=centre - linear @ centre, order=1)
    return turned[np.newaxis]


def assert_alike(found: np.ndarray, expected: np.ndarray) -> None:
    # OpenCV interpolates at 32 steps between two pixels, so up to 1/64 of the difference of neighbours is rounding.
    np.testing.assert_allclose(found.astype(float), expected, atol=4)


def test_nothing_asked_for_leaves_the_very_images() -> None:
    images = picture()
    assert warp(images, Augmentation(), np.random.default_rng(0)) is images
    assert warp(images, Augmentation(elastic_smoothness=9), np.random.default_rng(0)) is images


@pytest.mark.parametrize("size", [(28, 28), (12, 20)])
def test_a_shift_of_whole_pixels_moves_every_pixel(size: tuple[int, int]) -> None:
    image = picture(*size)
    expected = np.zeros_like(image)
    expected[:, 3:, 3:] = image[:, :-3, :-3]
    np.testing.assert_array_equal(warped(image, shift=3), expected)


def test_what_comes_from_outside_is_background() -> None:
    found = warped(np.full((1, 28, 28), 255, np.uint8), shift=8)
    assert (found[0, :8] == 0).all()
    assert (found[0, :, :8] == 0).all()
    assert (found[0, 8:, 8:] == 255).all()


@pytest.mark.parametrize("degrees", [11, 30, 45])
def test_a_turn_is_about_the_centre(degrees: float) -> None:
    image, angle = picture(), np.radians(degrees)
    found = warped(image, rotation=degrees)
    turned = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    assert_alike(found, about_centre(image, turned))
    # Twice 45 degrees is a quarter turn.
    if degrees == 45:
        quarter = warped(found, rotation=45)[0].astype(int)
        assert np.abs(quarter - np.rot90(image[0], -1).astype(int)).mean() < 3


def test_a_larger_scale_makes_a_larger_picture() -> None:
    image = picture()
    found = warped(image, scale=0.25)
    assert_alike(found, about_centre(image, [[1 / 1.25, 0], [0, 1 / 1.25]]))
    assert found.sum() > image.sum()


def test_a_slant_moves_rows_in_proportion_to_their_height() -> None:
    image = picture()
    assert_alike(warped(image, shear=0.5), about_centre(image, [[1, 0], [-0.5, 1]]))


def test_draws_stay_within_their_ranges_and_reach_far() -> None:
    # A single bright pixel tells where it went.
    images = np.zeros((2000, 29, 29), np.uint8)
    images[:, 14, 14] = 255
    found = warp(images, Augmentation(shift=4), np.random.default_rng(0)).astype(float)
    weights = found.sum(axis=(1, 2))
    rows = (found.sum(axis=2) * np.arange(29)).sum(axis=1) / weights - 14
    columns = (found.sum(axis=1) * np.arange(29)).sum(axis=1) / weights - 14
    for moves in (rows, columns):
        assert np.abs(moves).max() <= 4.05
        assert np.abs(moves).max() > 3.9
        assert abs(moves.mean()) < 0.2
    assert abs(np.corrcoef(rows, columns)[0, 1]) < 0.1


@pytest.mark.parametrize("asked", [0.5, 2.0])
def test_elastic_displacement_has_the_asked_size_and_is_smooth(asked: float, monkeypatch: pytest.MonkeyPatch) -> None:
    import cv2

    moves: list[np.ndarray] = []
    y, x = np.mgrid[:28, :28].astype(np.float32)

    def remap(image: np.ndarray, columns: np.ndarray, rows: np.ndarray, *_: Any, **__: Any) -> np.ndarray:
        moves.append(np.stack([rows - y, columns - x]))
        return image

    monkeypatch.setattr(cv2, "remap", remap)
    settings = Augmentation(elastic=asked, elastic_smoothness=4)
    warp(np.zeros((400, 28, 28), np.uint8), settings, np.random.default_rng(0))
    field = np.array(moves)
    assert np.sqrt((field**2).mean()) == pytest.approx(asked, rel=0.05)
    assert np.sqrt((field[..., 0, 0] ** 2).mean()) == pytest.approx(asked, rel=0.1)  # in the corners too
    neighbours = np.diff(field, axis=-1)
    assert np.sqrt((neighbours**2).mean()) < 0.3 * asked


BEST = Augmentation(rotation=11, scale=0.12, shear=0.1, shift=2.5, elastic=0.8)


def test_the_generator_alone_decides() -> None:
    images = np.repeat(picture(), 5, axis=0)
    one, same, other = (warp(images, BEST, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any(axis=(1, 2)).all()
    assert len({image.tobytes() for image in one}) == 5
    np.testing.assert_array_equal(images, np.repeat(picture(), 5, axis=0))

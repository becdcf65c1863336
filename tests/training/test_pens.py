import numpy as np
import pytest

from core.recipe import Augmentation
from core.training.pens import change_pen
from tests.training.extreme import Extreme


def bar(width: int = 4) -> np.ndarray:
    """(1, 28, 28) uint8: an upright stroke in the middle, rows 4 to 23."""
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 4:24, 12 : 12 + width] = 200
    return image


def changed(image: np.ndarray, end: str = "high", side: int = 0, **settings: float) -> np.ndarray:
    return change_pen(image, Augmentation(**settings), Extreme(end, side))


def test_nothing_asked_for_leaves_the_very_images() -> None:
    images = bar()
    assert change_pen(images, Augmentation(rotation=9, styles=1), np.random.default_rng(0)) is images


@pytest.mark.parametrize(("end", "area"), [("high", 22 * 6 - 4), ("low", 18 * 2)])
def test_a_pixel_of_stroke_grows_or_shrinks_each_side(end: str, area: int) -> None:
    assert np.count_nonzero(changed(bar(), end, stroke=1)) == area


def test_half_a_pixel_greys_the_edge() -> None:
    found = changed(bar(), stroke=0.5)[0, 14]
    np.testing.assert_array_equal(found[10:18], [0, 100, 200, 200, 200, 200, 100, 0])


def test_a_stroke_is_never_thinned_until_it_vanishes() -> None:
    assert changed(bar(width=1), "low", stroke=3).max() == 200
    assert changed(bar(width=2), "low", stroke=3).max() >= 100


def test_gamma_moves_greys_and_leaves_black_and_white() -> None:
    image = np.array([[[0, 64, 128, 255]]], np.uint8)
    darker, lighter = changed(image, "high", gamma=0.5), changed(image, "low", gamma=0.5)
    expected = 255 * (np.array([0, 64, 128, 255]) / 255) ** np.exp(0.5)
    np.testing.assert_allclose(darker[0, 0], expected, atol=0.5)
    assert (lighter[0, 0] >= image[0, 0]).all()
    assert lighter[0, 0, 1] > 64


def test_blur_keeps_the_ink_and_spreads_it() -> None:
    found = changed(bar(), blur=1.0).astype(int)
    assert found.sum() == pytest.approx(bar().astype(int).sum(), rel=0.02)
    assert np.count_nonzero(found) > np.count_nonzero(bar())


def test_noise_has_the_asked_size_and_stays_within_the_greys() -> None:
    assert changed(np.full((1, 2, 2), 100, np.uint8), noise=0.2)[0, 0, 0] == 151
    assert changed(np.full((1, 2, 2), 250, np.uint8), noise=0.2)[0, 0, 0] == 255


@pytest.mark.parametrize(("side", "rows", "columns"), [(0, (7, 24), (12, 16)), (2, (4, 21), (12, 16))])
def test_a_cut_takes_rows_off_the_digit_and_not_of_the_border(side: int, rows: tuple, columns: tuple) -> None:
    expected = np.zeros_like(bar())
    expected[0, slice(*rows), slice(*columns)] = 200
    np.testing.assert_array_equal(changed(bar(), side=side, cut=3), expected)


def test_a_cut_never_takes_the_whole_digit() -> None:
    for side in range(4):
        assert changed(bar(), side=side, cut=6).any()
    assert not changed(np.zeros((1, 9, 9), np.uint8), cut=6).any()

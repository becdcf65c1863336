import numpy as np
import pytest
from scipy.ndimage import label

from core.training.hands import draw_digit

DIGITS = [str(digit) for digit in range(10)]


@pytest.mark.parametrize("name", DIGITS)
def test_a_drawn_digit_stands_as_mnists_do(name: str) -> None:
    generator = np.random.default_rng(0)
    for _ in range(20):
        image = draw_digit(name, (28, 28), generator)
        assert image is not None
        assert (image.shape, image.dtype) == ((28, 28), np.uint8)
        assert image.max() > 200
        rows, columns = (np.flatnonzero((image > 60).any(axis=axis)) for axis in (1, 0))
        assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20
        assert rows.min() >= 4


@pytest.mark.parametrize("name", DIGITS)
def test_no_two_are_alike_and_their_strokes_hang_together(name: str) -> None:
    generator = np.random.default_rng(1)
    images = [draw_digit(name, (28, 28), generator) for _ in range(30)]
    assert len({image.tobytes() for image in images}) == 30
    # Most are one piece; a 4's or a 5's second stroke may stand off.
    pieces = [label(image > 40, np.ones((3, 3)))[1] for image in images]
    assert max(pieces) <= 2
    assert np.mean(np.array(pieces) == 1) > 0.6


def test_the_generator_alone_decides() -> None:
    one, same, other = (draw_digit("9", (28, 28), np.random.default_rng(seed)) for seed in (4, 4, 5))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


@pytest.mark.parametrize("shape", [(8, 8), (20, 32), (40, 24)])
def test_images_of_other_sizes_are_filled_in_proportion(shape: tuple[int, int]) -> None:
    image = draw_digit("3", shape, np.random.default_rng(0))
    assert image is not None
    assert image.shape == shape
    assert image.any()


def test_other_classes_have_no_hand() -> None:
    assert draw_digit("Trouser", (28, 28), np.random.default_rng(0)) is None

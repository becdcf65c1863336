import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gate.made import drawn, made_non_digits, varied

from .conftest import StandIn


@pytest.mark.parametrize("shape", [(28, 28), (12, 12), (20, 32)])
def test_made_images_are_like_the_given_ones_in_size_and_type(shape: tuple[int, int]) -> None:
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (5, *shape), np.uint8)
    made = made_non_digits(images, 30, random)
    assert made.shape == (30, *shape)
    assert made.dtype == np.uint8
    assert all(image.any() for image in made)
    assert made_non_digits(images, 0, random).shape == (0, *shape)


@given(st.integers(0, 5))
def test_every_second_image_stays_as_it_is(n: int) -> None:
    images = np.random.default_rng(1).integers(0, 256, (n, 28, 28), np.uint8)
    labels = np.arange(n) % 10
    changed = varied(images, labels, tuple("0123456789"), np.random.default_rng(2))
    assert changed.shape == images.shape
    np.testing.assert_array_equal(changed[::2], images[::2])
    assert not any((new == old).all() for new, old in zip(changed[1::2], images[1::2], strict=True))


def test_the_same_seed_makes_the_same_images(stand_in: StandIn) -> None:
    digits = stand_in.dataset.test_images[:50]
    first, second = (made_non_digits(digits, 24, np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_drawn_digits_stay_the_digits_that_they_were(stand_in: StandIn) -> None:
    digits = stand_in.dataset.test_images[:60]
    given = drawn(digits, np.random.default_rng(6))
    assert (given.shape, given.dtype) == (digits.shape, np.uint8)
    assert not (given == digits).all(axis=(1, 2)).any()
    moved = [np.roll(given, shift, (1, 2)) for shift in np.ndindex(3, 3)] + [
        np.roll(given, (-down, -across), (1, 2)) for down, across in np.ndindex(3, 3)
    ]
    likeness = [
        max(float(np.corrcoef(digit.ravel(), other[number].ravel())[0, 1]) for other in moved)
        for number, digit in enumerate(digits)
    ]
    assert np.mean(likeness) > 0.8
    assert drawn(digits[:0], np.random.default_rng(6)).shape == (0, 28, 28)


def test_what_is_too_faint_to_be_drawn_stays_as_it_is() -> None:
    faint = np.full((2, 28, 28), 3, np.uint8)
    np.testing.assert_array_equal(drawn(faint, np.random.default_rng(7)), faint)

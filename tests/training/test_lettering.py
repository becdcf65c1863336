import numpy as np
import pytest

from core.training.lettering import (
    CHARACTERS,
    DIGITS,
    PATH,
    draw_character,
    font_names,
    stroke_width,
)


@pytest.mark.parametrize("name", DIGITS)
def test_a_digit_stands_as_mnists_do_and_hardly_two_are_alike(name: str) -> None:
    generator = np.random.default_rng(0)
    images = [draw_character(name, (28, 28), generator) for _ in range(40)]
    for image in images:
        assert image is not None
        assert (image.shape, image.dtype) == ((28, 28), np.uint8)
        assert image.max() > 150
        rows, columns = (np.flatnonzero((image > 60).any(axis=axis)) for axis in (1, 0))
        assert 18 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 21
        assert rows.min() >= 3
    assert len({image.tobytes() for image in images if image is not None}) > 35


def test_every_character_is_there_in_dozens_of_hands() -> None:
    with np.load(PATH) as file:
        names, counts = np.unique(file["characters"], return_counts=True)
    assert set(names.tolist()) == set(CHARACTERS)
    assert counts.min() >= 40
    assert len(font_names()) > 90


def test_each_hand_that_is_used_is_credited() -> None:
    credits = PATH.with_suffix(".md").read_text()
    assert all(f"| {name} | " in credits for name in font_names())


@pytest.mark.parametrize("shape", [(28, 28), (16, 24), (8, 8)])
def test_characters_come_in_any_size(shape: tuple[int, int]) -> None:
    for name in ("1", "W"):
        image = draw_character(name, shape, np.random.default_rng(1))
        assert image is not None
        assert image.shape == shape
        assert image.any()


@pytest.mark.parametrize("name", ["zero", "10", "", "Trouser", "ß"])
def test_other_classes_are_not_drawn(name: str) -> None:
    assert draw_character(name, (28, 28), np.random.default_rng(0)) is None


@pytest.mark.parametrize("width", [2, 5, 9])
def test_the_width_of_a_stroke_is_measured_in_pixels(width: int) -> None:
    mask = np.zeros((64, 64), np.uint8)
    mask[2:62, 20 : 20 + width] = 1
    assert stroke_width(mask) == pytest.approx(width, abs=1)
    assert stroke_width(np.zeros((64, 64), np.uint8)) == 0

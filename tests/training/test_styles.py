import numpy as np
import pytest

from core.training.styles import restyle


def ring() -> np.ndarray:
    y, x = np.mgrid[:28, :28]
    radius = np.hypot((y - 13.5) / 9, (x - 13.5) / 6)
    return (255 * (np.abs(radius - 1) < 0.25)).astype(np.uint8)


def stem() -> np.ndarray:
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 13:15] = 255
    return image


def seven() -> np.ndarray:
    image = np.zeros((28, 28), np.uint8)
    image[4:6, 7:20] = 255
    for row in range(6, 24):
        column = 19 - (row - 6) // 2
        image[row, column - 1 : column + 1] = 255
    return image


PICTURES = {"0": ring(), "1": stem(), "7": seven()}


def restyled(name: str, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """The digit with strokes added, and drawn anew: which is which shows in its own ink, kept or not."""
    images = np.repeat(PICTURES[name][np.newaxis], n, axis=0)
    found = restyle(images, [name] * n, 1.0, np.random.default_rng(seed))
    kept = (found >= images).all(axis=(1, 2))
    np.testing.assert_array_equal(images, np.repeat(PICTURES[name][np.newaxis], n, axis=0))
    return found[kept], found[~kept]


@pytest.mark.parametrize("name", PICTURES)
def test_half_of_the_styles_add_ink_to_the_digit_and_half_are_another_hands(name: str) -> None:
    added, drawn = restyled(name, 60)
    assert 15 < len(added) < 45
    assert (added.astype(int).sum(axis=(1, 2)) > PICTURES[name].astype(int).sum()).all()
    assert len({image.tobytes() for image in added}) > 10
    assert len({image.tobytes() for image in drawn}) == len(drawn)


def test_the_bar_of_a_7_crosses_its_stem_below_the_middle_of_the_top() -> None:
    for image in restyled("7", 12)[0]:
        rows, columns = np.nonzero((image > 100) & (seven() == 0))
        assert 9 < rows.min() <= rows.max() < 20
        stem_column = 19 - (int(rows.mean()) - 6) // 2
        assert columns.min() < stem_column - 1 < stem_column < columns.max()


def test_the_flag_of_a_1_is_level_only_where_it_is_short() -> None:
    # How far ink reaches to the left of the stem within three rows of its head: further, and it is a 7.
    reaches = [13 - np.nonzero(image[:7] > 100)[1].min() for image in restyled("1", 400)[0]]
    assert max(reaches) <= 8
    assert any(image[4:6, 9:11].max() > 100 and image[6:, :11].max() < 100 for image in restyled("1", 400)[0])


def test_the_slash_of_a_0_lies_on_the_hole() -> None:
    assert all(image[11:17, 11:17].max() == 255 for image in restyled("0", 12)[0])


@pytest.mark.parametrize("name", ["zero", "Trouser", "10", "A"])
def test_classes_that_are_no_digits_stay_as_they_are(name: str) -> None:
    images = np.stack([ring(), stem()])
    np.testing.assert_array_equal(restyle(images, [name] * 2, 1.0, np.random.default_rng(0)), images)


def test_about_the_asked_share_is_changed() -> None:
    images = np.repeat(stem()[np.newaxis], 400, axis=0)
    found = restyle(images, ["1"] * 400, 0.25, np.random.default_rng(0))
    assert 70 < (found != images).any(axis=(1, 2)).sum() < 130
    assert restyle(images, ["1"] * 400, 0.0, np.random.default_rng(0)) is images


@pytest.mark.parametrize("name", PICTURES)
def test_blank_and_noisy_images_of_any_size_do_not_break_it(name: str) -> None:
    for shape in [(1, 1), (8, 8), (5, 33)]:
        for fill in (0, 30, 255):
            images = np.full((1, *shape), fill, np.uint8)
            assert restyle(images, [name], 1.0, np.random.default_rng(0)).shape == images.shape

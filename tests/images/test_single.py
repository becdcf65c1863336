import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from core.errors import ImageError
from core.images.digits import Box
from core.images.single import find_object


@pytest.fixture
def shirt() -> np.ndarray:
    """Two dark patches on white paper, (90, 120)."""
    picture = np.full((90, 120), 250, np.uint8)
    picture[20:60, 30:50] = picture[30:70, 70:95] = 30
    return picture


def test_all_patches_are_one_object(shirt: np.ndarray) -> None:
    found = find_object(np.repeat(shirt[..., np.newaxis], 3, axis=2), (28, 28))
    [digit] = found.digits
    assert digit.image.shape == (28, 28)
    assert digit.image.dtype == np.uint8
    assert abs(digit.box.x - 30) <= 1
    assert abs(digit.box.y - 20) <= 1
    assert abs(digit.box.width - 65) <= 2
    assert abs(digit.box.height - 50) <= 2


def test_chalk_and_ink_give_the_same_image(shirt: np.ndarray) -> None:
    ink, chalk = (find_object(picture, (28, 28)).digits[0].image for picture in (shirt, 255 - shirt))
    assert np.abs(ink.astype(int) - chalk).max() <= 2


def test_an_image_of_the_dataset_stays_as_it_is() -> None:
    image = np.zeros((12, 20), np.uint8)
    image[2:12, 5:15] = np.arange(1, 101, dtype=np.uint8).reshape(10, 10)
    for picture in (image, 255 - image, np.repeat(image[..., np.newaxis], 3, axis=2)):
        [digit] = find_object(picture, (12, 20)).digits
        np.testing.assert_array_equal(digit.image, image)
        assert digit.box == Box(0, 0, 20, 12)


@pytest.mark.parametrize("shape", [(12, 12), (50, 40)])
def test_a_blank_picture_is_refused_by_name(shape: tuple[int, int]) -> None:
    with pytest.raises(ImageError, match=r"blank\.png: expected"):
        find_object(np.full(shape, 255, np.uint8), (12, 12), name="blank.png")


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40)), st.booleans())
def test_any_picture_gives_an_image_or_a_sentence(picture: np.ndarray, coloured: bool) -> None:
    shown = np.repeat(picture[..., np.newaxis], 3, axis=2) if coloured else picture
    try:
        [digit] = find_object(shown, (12, 12)).digits
    except ImageError:
        return
    assert digit.image.shape == (12, 12)
    assert digit.box.x + digit.box.width <= picture.shape[1]
    assert digit.box.y + digit.box.height <= picture.shape[0]

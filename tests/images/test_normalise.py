import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from core.data import embedded
from core.errors import ImageError
from core.images.normalise import normalise

SHAPE = (28, 28)


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    """Fifty real digits, five a class."""
    dataset = embedded.load()
    rows = np.concatenate([np.flatnonzero(dataset.test_labels == label)[:5] for label in range(10)])
    return dataset.test_images[rows]


def photographed(digit: np.ndarray, *, ink: float, paper: float, noise: float = 0) -> np.ndarray:
    """A digit six times as large, off the centre of a sheet."""
    large = np.asarray(Image.fromarray(digit).resize((168, 168), Image.Resampling.BICUBIC)) / 255
    sheet = paper + (ink - paper) * np.pad(large, ((120, 10), (5, 70)))
    sheet += np.random.default_rng(3).normal(0, noise, sheet.shape)
    return sheet.clip(0, 255).round().astype(np.uint8)


def test_an_image_of_the_right_size_stays_as_it_is(digits: np.ndarray) -> None:
    for digit in digits:
        np.testing.assert_array_equal(normalise(digit, SHAPE), digit)


def test_an_image_of_the_right_size_is_turned_light_on_dark(digits: np.ndarray) -> None:
    for digit in digits:
        np.testing.assert_array_equal(normalise(255 - digit, SHAPE), digit)


@pytest.mark.parametrize(
    ("ink", "paper", "noise"),
    [(255, 0, 0), (0, 255, 0), (30, 220, 0), (30, 110, 4), (230, 140, 0)],
    ids=["chalk", "ink", "pencil", "dim light", "grey board"],
)
def test_a_large_picture_becomes_the_image_that_mnist_would_hold(
    digits: np.ndarray, ink: float, paper: float, noise: float
) -> None:
    images = np.stack([normalise(photographed(digit, ink=ink, paper=paper, noise=noise), SHAPE) for digit in digits])
    likeness = [np.corrcoef(image.ravel(), digit.ravel())[0, 1] for image, digit in zip(images, digits, strict=True)]
    assert min(likeness) > 0.5  # where rounding moves the digit by a pixel
    assert np.median(likeness) > 0.95
    assert (images.max(axis=(1, 2)) == 255).all()


def test_strokes_fill_twenty_of_twenty_eight_pixels_around_their_centre_of_mass() -> None:
    picture = np.full((300, 500), 255, np.uint8)
    picture[40:240, 400:440] = 0
    image = normalise(picture, SHAPE)
    rows, columns = image.any(axis=1).nonzero()[0], image.any(axis=0).nonzero()[0]
    assert (rows[0], rows[-1]) == (4, 23)
    assert (columns[0], columns[-1]) == (12, 15)
    assert (image[4:24, 12:16] == 255).all()


def test_a_heavy_corner_pulls_the_strokes_to_the_border_and_not_beyond() -> None:
    picture = np.zeros((400, 400), np.uint8)
    picture[20:140, 20:140] = 255
    picture[140:380, 20:40] = picture[20:40, 140:380] = 255
    image = normalise(picture, SHAPE)
    rows, columns = (image > 128).any(axis=1).nonzero()[0], (image > 128).any(axis=0).nonzero()[0]
    assert (rows[0], rows[-1]) == (columns[0], columns[-1]) == (8, 27)


@pytest.mark.parametrize("shape", [(12, 12), (32, 20), (28, 28)])
def test_the_image_has_the_shape_that_was_asked_for(shape: tuple[int, int]) -> None:
    picture = np.zeros((90, 70), np.uint8)
    picture[20:70, 30:40] = 200
    assert normalise(picture, shape).shape == shape


@pytest.mark.parametrize("shape", [SHAPE, (100, 80), (1, 1)])
@pytest.mark.parametrize("grey", [0, 77, 255])
def test_a_blank_picture_is_refused(shape: tuple[int, int], grey: int) -> None:
    with pytest.raises(ImageError, match=r"^scan\.png: expected a digit, found a picture of one brightness"):
        normalise(np.full(shape, grey, np.uint8), SHAPE, "scan.png")


def test_specks_far_apart_are_refused() -> None:
    picture = np.zeros((3000, 3000), np.uint8)
    picture[5, 5] = picture[2990, 2990] = 255
    with pytest.raises(ImageError, match=r"^the picture: expected a digit, found only specks"):
        normalise(picture, SHAPE)


def test_the_picture_itself_is_never_changed(digits: np.ndarray) -> None:
    for picture in (digits[0], 255 - digits[0], photographed(digits[0], ink=0, paper=200)):
        before = picture.copy()
        normalise(picture, SHAPE)
        np.testing.assert_array_equal(picture, before)


@given(
    picture=hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=40)),
    shape=st.tuples(st.integers(2, 32), st.integers(2, 32)),
)
def test_any_picture_gives_an_image_or_a_clear_error(picture: np.ndarray, shape: tuple[int, int]) -> None:
    try:
        image = normalise(picture, shape)
    except ImageError:
        return
    assert image.shape == shape
    assert image.dtype == np.uint8
    assert image.any()

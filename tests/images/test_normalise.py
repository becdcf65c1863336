import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.data import embedded
from core.images.normalise import normalise
from core.images.preparation import WHOLE

SHAPE = (28, 28)


def test_strokes_fill_twenty_of_twenty_eight_pixels_around_their_centre_of_mass() -> None:
    ink = np.zeros((300, 500), np.float32)
    ink[40:240, 400:440] = 1
    image = normalise(ink, SHAPE)
    rows, columns = image.any(axis=1).nonzero()[0], image.any(axis=0).nonzero()[0]
    assert (rows[0], rows[-1]) == (4, 23)
    assert (columns[0], columns[-1]) == (12, 15)
    assert (image[4:24, 12:16] == 255).all()


def test_without_centring_the_box_is_in_the_middle() -> None:
    ink = np.zeros((40, 40), np.float32)
    ink[:, :4] = ink[-4:] = 1
    image = normalise(ink, SHAPE, WHOLE.without("centre_mass"))
    rows, columns = image.any(axis=1).nonzero()[0], image.any(axis=0).nonzero()[0]
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (4, 23, 4, 23)


def test_a_heavy_corner_pulls_the_strokes_to_the_border_and_not_beyond() -> None:
    ink = np.zeros((400, 400), np.float32)
    ink[20:140, 20:140] = 1
    ink[140:380, 20:40] = ink[20:40, 140:380] = 1
    image = normalise(ink, SHAPE)
    rows, columns = (image > 128).any(axis=1).nonzero()[0], (image > 128).any(axis=0).nonzero()[0]
    assert (rows[0], rows[-1]) == (columns[0], columns[-1]) == (8, 27)


def test_thin_strokes_are_thickened_and_others_are_not() -> None:
    thin, thick = np.zeros((400, 300), np.float32), np.zeros((400, 300), np.float32)
    thin[:, 100:106] = thin[200:206] = 1
    thick[:, 100:160] = thick[200:260] = 1
    assert normalise(thin, SHAPE).sum() > 1.5 * normalise(thin, SHAPE, WHOLE.without("thicken")).sum(dtype=int)
    np.testing.assert_array_equal(normalise(thick, SHAPE), normalise(thick, SHAPE, WHOLE.without("thicken")))


def test_faint_ink_is_not_taken_for_thin() -> None:
    ink = np.zeros((200, 200), np.float32)
    ink[20:180, 80:110] = 0.2
    np.testing.assert_array_equal(normalise(ink, SHAPE), normalise(5 * ink, SHAPE))


def test_images_of_mnist_stay_nearly_as_they_are() -> None:
    images = embedded.load().test_images[:50]
    made = np.stack([normalise(image.astype(np.float32) / 255, SHAPE) for image in images])
    assert np.abs(made.astype(int) - images).mean() < 4


def test_a_scan_of_few_pixels_keeps_its_strokes_at_full_strength() -> None:
    ink = np.zeros((14, 10), np.float32)
    ink[:, 3:7] = ink[6:8] = 1
    image = normalise(ink, SHAPE)
    assert (np.sort(image[4:24], axis=1)[:, -4:] > 245).all()
    # Not a picture of large pixels either: outlines are grey.
    assert ((image > 30) & (image < 220)).any()


def test_no_ink_gives_a_black_image() -> None:
    assert not normalise(np.zeros((9, 9), np.float32), SHAPE).any()


@pytest.mark.parametrize("shape", [(12, 12), (32, 20), (28, 28)])
def test_the_image_has_the_shape_that_was_asked_for(shape: tuple[int, int]) -> None:
    ink = np.zeros((90, 70), np.float32)
    ink[20:70, 30:40] = 0.8
    assert normalise(ink, shape).shape == shape


@given(
    ink=hnp.arrays(
        np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=40), elements=st.floats(0, 1, width=32)
    ),
    shape=st.tuples(st.integers(2, 32), st.integers(2, 32)),
)
def test_any_ink_gives_an_image(ink: np.ndarray, shape: tuple[int, int]) -> None:
    image = normalise(ink, shape)
    assert (image.shape, image.dtype) == (shape, np.uint8)
    assert image.any() == bool((ink > 0).any())

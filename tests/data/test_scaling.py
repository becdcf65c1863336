import numpy as np
import pytest

from core.data.scaling import to_images, to_inputs


def test_every_grey_value_is_divided_by_255() -> None:
    images = np.arange(256, dtype=np.uint8).reshape(4, 8, 8)
    inputs = to_inputs(images)
    assert inputs.shape == (4, 8, 8, 1)
    assert inputs.dtype == np.float32
    assert inputs.flags.c_contiguous
    expected = (np.arange(256) / 255).astype(np.float32)
    np.testing.assert_array_equal(inputs.ravel(), expected)
    assert inputs.max() == 1
    assert inputs.min() == 0


def test_no_image_is_no_error() -> None:
    assert to_inputs(np.zeros((0, 28, 28), dtype=np.uint8)).shape == (0, 28, 28, 1)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((2, 28, 28), dtype=np.float32),
        np.zeros((28, 28), np.uint8),
        np.zeros((2, 28, 28, 1), np.uint8),
    ],
)
def test_what_may_be_scaled_already_is_refused(images: np.ndarray) -> None:
    with pytest.raises(ValueError, match="images: expected the shape"):
        to_inputs(images)


def test_images_come_back_exactly() -> None:
    images = np.arange(256, dtype=np.uint8).reshape(4, 8, 8)
    np.testing.assert_array_equal(to_images(to_inputs(images)), images)


def test_pixels_outside_the_range_are_cut() -> None:
    outputs = np.array([-0.5, 0.001, 0.5, 1.2], np.float32).reshape(1, 2, 2, 1)
    assert to_images(outputs).ravel().tolist() == [0, 0, 128, 255]


@pytest.mark.parametrize("shape", [(2, 28, 28), (2, 28, 28, 3)])
def test_pixels_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="outputs: expected the shape"):
        to_images(np.zeros(shape, np.float32))

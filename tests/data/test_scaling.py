import numpy as np
import pytest

from core.data.scaling import to_inputs


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

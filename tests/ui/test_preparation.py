"""Pictures of steps: those of few pixels show each as a square."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from ui import preparation


def shown(picture: np.ndarray) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(preparation.shown(picture).partition(",")[2]))))


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 3), (12, 40)])
def test_few_pixels_are_squares(shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    large = shown(picture)
    scale = large.shape[0] // shape[0]
    assert scale > 1
    np.testing.assert_array_equal(large, picture.repeat(scale, axis=0).repeat(scale, axis=1))


def test_many_pixels_stay_as_they_are() -> None:
    assert shown(np.zeros((200, 256), np.uint8)).shape[:2] == (200, 256)

import numpy as np
import pytest

from core.images.preview import preview


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((600, 300), (256, 128)), ((300, 600), (128, 256)), ((40, 50), (40, 50)), ((3000, 1), (256, 1))],
)
def test_a_picture_is_shown_in_proportion_and_never_enlarged(shape: tuple[int, int], expected: tuple[int, int]) -> None:
    small = preview(np.full(shape, 200, np.uint8))
    assert (small.shape, small.dtype) == (expected, np.uint8)
    assert (small == 200).all()


def test_the_picture_itself_is_left_alone() -> None:
    picture = np.zeros((512, 512), np.uint8)
    assert preview(picture, side=64).shape == (64, 64)
    assert picture.shape == (512, 512)

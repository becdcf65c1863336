"""Images for pages: every pixel where it belongs, in grey and in colour, repeated and never blurred."""

import base64
import io

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from core.gallery import data_url, enlarged, sprite

GREY = np.random.default_rng(0).integers(0, 256, (5, 6, 4), np.uint8)
COLOURED = np.random.default_rng(1).integers(0, 256, (5, 6, 4, 3), np.uint8)


def opened(url: str) -> tuple[str | None, npt.NDArray[np.uint8]]:
    image = Image.open(io.BytesIO(base64.b64decode(url.partition("base64,")[2])))
    return image.format, np.asarray(image)


@pytest.mark.parametrize("images", [GREY, COLOURED], ids=["grey", "in colour"])
def test_images_lie_where_they_are_said_to_and_nothing_beside_them(images: npt.NDArray[np.uint8]) -> None:
    found = sprite(images, 2)
    assert found.shape == (3 * 6, 2 * 4, *images.shape[3:])
    for i, image in enumerate(images):
        top, left = i // 2 * 6, i % 2 * 4
        np.testing.assert_array_equal(found[top : top + 6, left : left + 4], image)
    assert not found[12:, 4:].any()  # where a sixth image would be


@pytest.mark.parametrize(("side", "scale"), [(18, 3), (13, 3), (6, 1), (2, 1)])
def test_pixels_are_repeated_until_the_longer_side_is_long_enough(side: int, scale: int) -> None:
    expected = np.kron(GREY[0], np.ones((scale, scale), np.uint8))
    np.testing.assert_array_equal(enlarged(GREY[0], side), expected)


@pytest.mark.parametrize("picture", [GREY[0], COLOURED[0]], ids=["grey", "in colour"])
def test_an_exact_url_holds_every_pixel(picture: npt.NDArray[np.uint8]) -> None:
    url = data_url(picture, exact=True)
    assert url.startswith("data:image/png;base64,")
    kind, found = opened(url)
    assert kind == "PNG"
    np.testing.assert_array_equal(found, picture)


def test_other_urls_are_much_smaller_and_nearly_the_picture() -> None:
    y, x = np.mgrid[:200, :300]
    paper = (180 + 40 * np.sin(y / 60) * np.cos(x / 80))[..., np.newaxis] + np.random.default_rng(0).normal(0, 3, 3)
    picture = (paper + np.random.default_rng(1).normal(0, 2, paper.shape)).astype(np.uint8)
    url = data_url(picture, exact=False)
    kind, found = opened(url)
    assert (kind, found.shape) == ("WEBP", picture.shape)
    assert url.startswith("data:image/webp;base64,")
    assert np.abs(found.astype(int) - picture).mean() < 4
    assert len(url) < len(data_url(picture, exact=True)) / 5


def test_a_hundred_and_twenty_images_are_a_small_file() -> None:
    images = np.zeros((120, 28, 28), np.uint8)
    images[:, 4:24, 12:16] = np.arange(120, dtype=np.uint8)[:, np.newaxis, np.newaxis] + 100
    assert len(data_url(sprite(images, 16), exact=True)) < 100_000

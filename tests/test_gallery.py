"""The gallery: every pixel where it belongs, nothing between the tiles, captions and borders that can be told apart."""

import io

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from core.gallery import BORDER, GAP, RIGHT, WRONG, sprite, tile_size

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 6, 4)).astype(np.uint8)


def opened(png: bytes) -> npt.NDArray[np.uint8]:
    image = Image.open(io.BytesIO(png))
    assert image.format == "PNG"
    return np.asarray(image.convert("RGBA"))


def test_pixels_are_repeated_and_lie_where_they_are_said_to() -> None:
    canvas = opened(sprite(IMAGES, columns=2, scale=3))
    width, height = tile_size((6, 4), 3)

    assert (width, height) == (12, 18)
    assert canvas.shape == (3 * 18 + 2 * GAP, 2 * 12 + GAP, 4)
    for i, image in enumerate(IMAGES):
        top, left = i // 2 * (height + GAP), i % 2 * (width + GAP)
        tile = canvas[top : top + height, left : left + width]
        expected = image.repeat(3, axis=0).repeat(3, axis=1).astype(int)
        assert (tile[..., 3] == 255).all()
        assert (np.ptp(tile[..., :3], axis=2) == 0).all()
        assert np.abs(tile[..., 0].astype(int) - expected).max() <= 1


def test_nothing_lies_between_the_tiles() -> None:
    canvas = opened(sprite(IMAGES, columns=2, scale=3))
    painted = canvas[..., 3] > 0

    assert not painted[18 : 18 + GAP].any()
    assert not painted[:, 12 : 12 + GAP].any()
    assert not painted[36 + 2 * GAP :, 12:].any()  # where a sixth image would be


def test_every_grey_level_survives_to_within_one() -> None:
    levels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    canvas = opened(sprite(levels, scale=1, gap=0))
    assert np.abs(canvas[..., 0].astype(int) - levels[0]).max() <= 1


def test_borders_have_their_colours() -> None:
    canvas = opened(sprite(IMAGES[:3], columns=3, scale=3, colours=[WRONG, None, RIGHT]))
    width, height = tile_size((6, 4), 3, bordered=True)
    corners = [tuple(canvas[0, i * (width + GAP)].tolist()) for i in range(3)]

    assert (width, height) == (12 + 2 * BORDER, 18 + 2 * BORDER)
    assert corners == [(0xDB, 0x79, 0x00, 255), (0, 0, 0, 255), (0x61, 0x6D, 0xDB, 255)]
    inner = canvas[BORDER : BORDER + 18, BORDER : BORDER + 12, 0].astype(int)
    assert np.abs(inner - IMAGES[0].repeat(3, axis=0).repeat(3, axis=1)).max() <= 1


def test_captions_are_light_on_dark_below_their_image() -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    canvas = opened(sprite(images, columns=2, scale=2, captions=["7 → 2", ""]))
    width, height = tile_size((28, 28), 2, captions=True)
    strips = canvas[56:height, :width], canvas[56:height, width + GAP :]

    assert strips[0][..., 0].max() > 200
    assert strips[0][0, 0, 0] == strips[1].max(where=strips[1] < 255, initial=0)
    assert np.ptp(strips[1][..., 0]) == 0
    # The letters stand in the middle.
    columns = np.flatnonzero((strips[0][..., 0] > 120).any(axis=0))
    assert abs((columns[0] + columns[-1]) / 2 - width / 2) < 3


def test_a_caption_that_does_not_fit_is_cut_within_its_tile() -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    canvas = opened(sprite(images, columns=2, scale=1, captions=["a very long name of a class", "x"]))
    assert not canvas[:, 28 : 28 + GAP, 3].any()
    assert canvas.shape[1] == 2 * 28 + GAP


def test_no_images_give_one_transparent_pixel() -> None:
    canvas = opened(sprite(np.zeros((0, 28, 28), np.uint8), captions=[], colours=[]))
    assert canvas.shape == (1, 1, 4)
    assert canvas[0, 0, 3] == 0


def test_a_hundred_and_twenty_images_are_a_small_file() -> None:
    images = np.zeros((120, 28, 28), np.uint8)
    images[:, 4:24, 12:16] = np.arange(120, dtype=np.uint8)[:, np.newaxis, np.newaxis] + 100
    assert len(sprite(images, captions=["7 → 2"] * 120, colours=[WRONG] * 120)) < 100_000


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": 0}, "expected at least 1, 1 and 0, got 0, 3 and 6"),
        ({"scale": 0}, "expected at least 1, 1 and 0"),
        ({"captions": ["one"]}, "captions: expected 5, one an image, got 1"),
        ({"colours": ["#000000"]}, "colours: expected 5"),
    ],
)
def test_what_does_not_fit_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sprite(IMAGES, **options)  # type: ignore[arg-type]


def test_too_many_colours_are_refused() -> None:
    images = np.zeros((17, 2, 2), np.uint8)
    with pytest.raises(ValueError, match="at most 16 different ones, got 17"):
        sprite(images, colours=[f"#0000{i:02x}" for i in range(17)])


@pytest.mark.parametrize("images", [np.zeros((2, 4, 4)), np.zeros((4, 4), np.uint8)])
def test_arrays_that_are_no_grey_images_are_refused(images: np.ndarray) -> None:
    with pytest.raises(ValueError, match="images: expected the shape"):
        sprite(images)

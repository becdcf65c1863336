import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import ImageError
from core.images.decode import FORMATS, MAX_BYTES, decode, read

GREY = np.array([[0, 60, 255], [120, 255, 30]], np.uint8)


def rgb(grey: object) -> np.ndarray:
    """Grey levels (h, w) as a picture (h, w, 3)."""
    return np.repeat(np.asarray(grey)[..., np.newaxis], 3, axis=2)


def file_of(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def png(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG file with a header that says what it likes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_read_whatever_the_file_is_called(format: str, tmp_path: Path) -> None:
    smooth = np.tile(np.linspace(0, 255, 32).astype(np.uint8), (24, 1))
    path = tmp_path / "picture.txt"
    path.write_bytes(file_of(Image.fromarray(smooth), format))
    picture = read(path)
    assert picture.dtype == np.uint8
    assert picture.shape == (24, 32, 3)
    assert np.abs(picture.astype(int) - rgb(smooth)).max() <= 8


def test_lossless_grey_comes_back_exactly_and_is_writable() -> None:
    picture = decode(file_of(Image.fromarray(GREY)), "grey")
    np.testing.assert_array_equal(picture, rgb(GREY))
    picture[0, 0] = 1


@pytest.mark.parametrize("turns", range(4))
def test_a_turned_camera_is_turned_back(turns: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = {0: 1, 1: 6, 2: 3, 3: 8}[turns]  # how far the stored picture has to be turned clockwise
    stored = Image.fromarray(np.rot90(GREY, turns))
    np.testing.assert_array_equal(decode(file_of(stored, exif=exif), "turned"), rgb(GREY))


def test_a_damaged_exif_block_turns_nothing() -> None:
    data = file_of(Image.fromarray(GREY), exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    np.testing.assert_array_equal(decode(data, "odd"), rgb(GREY))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_transparency_lies_on_white_paper(mode: str) -> None:
    black = Image.new("LA", (3, 1))
    for column, alpha in enumerate((0, 128, 255)):
        black.putpixel((column, 0), (0, alpha))
    image = black.convert("RGBA") if mode == "PA" else black.convert(mode)
    format = "TIFF" if mode == "PA" else "PNG"
    np.testing.assert_allclose(decode(file_of(image, format), mode), rgb([[255, 127, 0]]), atol=1)


def test_a_transparent_colour_of_a_palette_lies_on_white_paper() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([0, 0, 0, 100, 100, 100])
    image.putdata([0, 1])
    np.testing.assert_array_equal(decode(file_of(image, "GIF", transparency=0), "palette"), rgb([[255, 100]]))


def test_colours_stay_as_they_are() -> None:
    colours = [[(255, 0, 0), (0, 255, 0), (1, 2, 255)]]
    np.testing.assert_array_equal(decode(file_of(Image.fromarray(np.array(colours, np.uint8))), "colours"), colours)


def test_light_ink_on_nothing_lies_on_black() -> None:
    layers = np.zeros((5, 5, 4), np.uint8)
    layers[2, 1:4] = 240, 250, 230, 255
    picture = decode(file_of(Image.fromarray(layers)), "light")
    assert (picture[0] == 0).all()
    np.testing.assert_array_equal(picture[2, 2], (240, 250, 230))


def test_a_light_photo_with_transparent_corners_lies_on_white() -> None:
    layers = np.full((6, 6, 4), 230, np.uint8)
    layers[..., 3] = 255
    layers[0, 0, 3] = 0
    assert (decode(file_of(Image.fromarray(layers)), "corners")[0, 0] == 255).all()


def test_sixteen_bits_lose_the_lower_eight() -> None:
    image = Image.fromarray(GREY.astype(np.uint16) * 256 + 77)
    np.testing.assert_array_equal(decode(file_of(image), "deep"), rgb(GREY))


def test_one_bit_and_printing_inks_are_read() -> None:
    bits = Image.fromarray(GREY).convert("1", dither=Image.Dither.NONE)
    np.testing.assert_array_equal(decode(file_of(bits), "bits"), rgb((GREY > 127) * 255))
    inks = Image.new("CMYK", (2, 1), (0, 0, 0, 0))
    inks.putpixel((1, 0), (0, 0, 0, 255))
    np.testing.assert_array_equal(decode(file_of(inks, "TIFF"), "inks"), rgb([[255, 0]]))


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [Image.new("L", (2, 2), grey) for grey in (50, 200)]
    data = file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])
    np.testing.assert_array_equal(decode(data, "moving"), np.full((2, 2, 3), 50))


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(file_of(Image.fromarray(GREY)))
    with pytest.raises(ImageError, match=r"large\.png: expected a file of at most 10 bytes"):
        read(path, max_bytes=10)


def test_the_limit_is_said_in_megabytes() -> None:
    with pytest.raises(ImageError, match=r"^large\.png: expected a file of at most 32 MB, found a larger one"):
        decode(bytes(MAX_BYTES + 1), "large.png")


def test_an_empty_file_is_called_empty() -> None:
    with pytest.raises(ImageError, match=r"^nothing\.png is empty; save or send it again\.$"):
        decode(b"", "nothing.png")


@pytest.mark.parametrize("side", [9_000, 12_000, 60_000])
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    with pytest.raises(ImageError, match=r"^bomb: expected a picture of (at most 64,000,000 pixels|sensible size)"):
        decode(png(side, side, b"not even pixels"), "bomb")


def test_the_pixel_limit_itself_is_allowed() -> None:
    data = file_of(Image.fromarray(GREY))
    assert decode(data, "small", max_pixels=6).shape == (2, 3, 3)
    with pytest.raises(ImageError, match=r"^small: expected a picture of at most 5 pixels, found 3x2"):
        decode(data, "small", max_pixels=5)


@pytest.mark.parametrize("data", [b"hello", b"%PDF-1.7 ...", b"P5 2 2 255 abcd"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ImageError, match=r"^notes: expected a picture \(PNG, JPEG, .*\), found something else"):
        decode(data, "notes")


@pytest.mark.parametrize("format", FORMATS)
def test_a_truncated_picture_is_refused(format: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64), dtype=np.uint8)
    data = file_of(Image.fromarray(noise), format)
    sentences = r"^cut(: expected a picture| is damaged or incomplete; save or send it again\.$)"
    with pytest.raises(ImageError, match=sentences):
        decode(data[: len(data) // 2], "cut")


@pytest.mark.parametrize("white", [1.0, 255.0, 65_535.0])
def test_thirty_two_bits_are_read_by_the_range_that_they_are_in(white: float) -> None:
    levels = np.linspace(0, white, 256, dtype=np.float32)[np.newaxis]
    picture = decode(file_of(Image.fromarray(levels), "TIFF"), "deep")
    np.testing.assert_allclose(picture, rgb(np.arange(256)[np.newaxis]), atol=1)


def test_whole_numbers_of_thirty_two_bits_are_read() -> None:
    picture = decode(file_of(Image.fromarray(GREY.astype(np.int32)), "TIFF"), "deep")
    np.testing.assert_array_equal(picture, rgb(GREY))


def test_what_is_no_number_is_black() -> None:
    levels = np.array([[np.nan, 0.5, 1.0]], np.float32)
    assert decode(file_of(Image.fromarray(levels), "TIFF"), "deep")[0, :, 0].tolist() == [0, 127, 255]


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"none\.png: expected a readable picture file, found: No such file"):
        read(tmp_path / "none.png")
    with pytest.raises(ImageError, match=r"expected a readable picture file, found: Is a directory"):
        read(tmp_path)


PICTURES = [file_of(Image.fromarray(GREY), format) for format in FORMATS]


@given(
    data=st.sampled_from(PICTURES),
    places=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_any_damage_gives_a_picture_or_a_clear_error(data: bytes, places: list[tuple[int, int]]) -> None:
    damaged = bytearray(data)
    for place, value in places:
        damaged[place % len(damaged)] = value
    check_picture_or_error(lambda: decode(bytes(damaged), "damaged", max_pixels=10_000))


@given(data=st.binary(max_size=200))
def test_any_bytes_give_a_picture_or_a_clear_error(data: bytes) -> None:
    check_picture_or_error(lambda: decode(data, "damaged", max_pixels=10_000))


def check_picture_or_error(attempt: Callable[[], np.ndarray]) -> None:
    try:
        picture = attempt()
    except ImageError:
        return
    assert picture.dtype == np.uint8
    assert picture.shape[2:] == (3,)

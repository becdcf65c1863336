"""A corpus of files that people and programs really hand in, whole, odd, damaged or hostile, through the whole reader.

The network is a stand-in that calls everything a 7: what counts here is that each file is read, or refused with one
clear sentence, in bounded time and memory.
"""

import io
import re
import struct
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms

from benchmarks.reading.strokes import STYLES, glyph
from core.errors import ImageError
from core.images.decode import decode
from core.prediction import Predictor, Reading

SEVEN = next(style for style in STYLES if style.name == "7 plain")
TIME, MEMORY = 20.0, 400e6
"""Seconds and bytes that no file may take more of."""


def seven() -> Image.Image:
    """A black 7 on white, 96x80, its ink to the left of the middle, so that no turn of it looks the same."""
    coverage = glyph(SEVEN, np.random.default_rng(1)).drawn(60)
    rows, columns = (np.flatnonzero((coverage > 0.5).any(axis=axis)) for axis in (1, 0))
    ink = coverage[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    picture = np.full((96, 80), 255, np.uint8)
    picture[20 : 20 + ink.shape[0], 10 : 10 + ink.shape[1]] = np.round(255 * (1 - ink))
    return Image.fromarray(picture)


BASE = seven()
GREY = np.asarray(BASE)


def stored(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_size(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A PNG whose header says what it likes."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("seven.png", data)
    return file.getvalue()


def with_alpha(ink: int) -> Image.Image:
    """The 7 in one brightness, the paper fully transparent and black or white below, so that only alpha tells."""
    image = Image.new("LA", BASE.size, (ink, 0))
    image.putalpha(Image.fromarray(255 - GREY))
    return image


def palette_with_transparency() -> bytes:
    image = Image.fromarray((GREY < 128).astype(np.uint8)).convert("P")
    image.putpalette([255, 0, 255, 10, 10, 10])
    return stored(image, "PNG", transparency=0)


def sixteen_bits(kind: str) -> bytes:
    return stored(Image.fromarray(GREY.astype(np.uint16) * 257), kind)


def frames(kind: str) -> bytes:
    others = [Image.new("L", BASE.size, grey).convert("RGB") for grey in (0, 128)]
    return stored(BASE.convert("RGB"), kind, save_all=True, append_images=others)


PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

READ: dict[str, bytes] = {
    "grey.png": stored(BASE),
    "jpeg called .png": stored(BASE, "JPEG", quality=90),
    "png called .jpg": stored(BASE),
    "bmp without an ending": stored(BASE, "BMP"),
    "progressive.jpg": stored(BASE.convert("RGB"), "JPEG", progressive=True),
    "cmyk.jpg": stored(BASE.convert("CMYK"), "JPEG", quality=95),
    "cmyk.tif": stored(BASE.convert("CMYK"), "TIFF"),
    "ycbcr.tif": stored(BASE.convert("YCbCr"), "TIFF"),
    "lab.tif": stored(BASE.convert("RGB").convert("LAB"), "TIFF")
    if hasattr(Image.core, "lab")
    else stored(BASE, "TIFF"),
    "one bit.png": stored(BASE.convert("1", dither=Image.Dither.NONE)),
    "one bit.tif": stored(BASE.convert("1", dither=Image.Dither.NONE), "TIFF", compression="group4"),
    "two bits.png": stored(BASE.quantize(4), bits=2),
    "palette.gif": stored(BASE.convert("P"), "GIF"),
    "palette with transparency.png": palette_with_transparency(),
    "16 bits.png": sixteen_bits("PNG"),
    "16 bits.tif": sixteen_bits("TIFF"),
    "dark ink on nothing.png": stored(with_alpha(0)),
    "light ink on nothing.png": stored(with_alpha(255)),
    "rgba.webp": stored(with_alpha(0).convert("RGBA"), "WEBP", lossless=True),
    "moving.gif": frames("GIF"),
    "moving.webp": frames("WEBP"),
    "several pages.tif": frames("TIFF"),
    "moving.png": frames("PNG"),
    "colour profile.png": stored(BASE.convert("RGB"), icc_profile=PROFILE),
    "colour profile.jpg": stored(BASE.convert("RGB"), "JPEG", quality=90, icc_profile=PROFILE),
    "nonsense colour profile.png": stored(BASE.convert("RGB"), icc_profile=b"nonsense"),
    "something after the end.png": stored(BASE) + b"<?php echo 'hello'; ?>" * 100,
    "text about the picture.png": stored(BASE)[:33] + chunk(b"tEXt", b"Comment\0" + b"7" * 5_000) + stored(BASE)[33:],
    "32 bits.tif": stored(Image.fromarray(GREY.astype(np.float32)), "TIFF"),
    "inverted.png": stored(Image.fromarray(255 - GREY)),
    "damaged exif.png": stored(BASE, exif=b"Exif\0\0II*\0\xff\xff\xff\xff"),
}

REFUSED: dict[str, bytes] = {
    "empty.png": b"",
    "one byte.png": b"\x89",
    "only a signature.png": b"\x89PNG\r\n\x1a\n",
    "zip.png": zipped(stored(BASE)),
    "page.png": b"<!DOCTYPE html><html><body>404</body></html>",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>',
    "document.pdf": b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n",
    "script.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
    "text.txt": "seven\n".encode("utf-16"),
    "zero bytes.jpg": bytes(4_096),
    "bomb.png": png_of_size(50_000, 50_000, bytes(1_000)),
    "large bomb.png": png_of_size(2**31 - 1, 2**31 - 1),
    "no width.png": png_of_size(0, 100),
    "header without pixels.png": png_of_size(100, 100),
    "one pixel.png": stored(Image.new("L", (1, 1))),
    "one white pixel.gif": stored(Image.new("L", (1, 1), 255), "GIF"),
    "all white.png": stored(Image.new("L", (64, 64), 255)),
    "all black.bmp": stored(Image.new("L", (64, 64)), "BMP"),
    "all transparent.png": stored(Image.new("RGBA", (64, 64))),
    "one colour.jpg": stored(Image.new("RGB", (64, 64), (200, 30, 40)), "JPEG"),
}

EITHER: dict[str, bytes] = {
    "a very wide line.png": stored(
        Image.fromarray(np.where(np.arange(20_000) % 50 < 5, 0, 255).astype(np.uint8)[None])
    ),
    "a very high line.png": stored(
        Image.fromarray(np.where(np.arange(20_000) % 50 < 5, 0, 255).astype(np.uint8)[:, None])
    ),
    "two pixels.png": stored(Image.fromarray(np.array([[0, 255]], np.uint8))),
    "three by three.png": stored(Image.fromarray(np.eye(3, dtype=np.uint8) * 255)),
    "noise.png": stored(Image.fromarray(np.random.default_rng(2).integers(0, 256, (64, 64), dtype=np.uint8))),
    "chessboard.png": stored(Image.fromarray((np.indices((600, 600)).sum(axis=0) % 2 * 255).astype(np.uint8))),
    "chessboard of squares.png": stored(
        Image.fromarray((np.indices((600, 600)) // 20 % 2).sum(axis=0).astype(np.uint8) % 2 * 255)
    ),
    "stripes.png": stored(Image.fromarray(np.repeat((np.arange(600) % 2 * 255).astype(np.uint8)[None], 600, axis=0))),
    "gradient.png": stored(Image.fromarray(np.tile(np.arange(256, dtype=np.uint8), (256, 1)))),
    "one dark pixel.png": stored(
        Image.fromarray(np.where(np.arange(4_096) == 99, 0, 255).astype(np.uint8).reshape(64, 64))
    ),
}
"""Pictures on which a person finds nothing either; whatever is said about them, it is said soon."""


def calls_it_seven(inputs: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.repeat(np.eye(10, dtype=np.float32)[7:8], len(inputs), axis=0)


PREDICTOR = Predictor(calls_it_seven, tuple("0123456789"), (28, 28))


def read(name: str, data: bytes, folder: Path) -> Reading:
    path = folder / name
    path.write_bytes(data)
    return PREDICTOR.read_file(path)


def check_refusal(error: ImageError, name: str) -> None:
    """One sentence or two halves of one, with the file's name, and what was expected and found, or what to do."""
    sentence = str(error)
    assert name in sentence
    assert re.search("expected .* found|is (empty|damaged or incomplete); save or send it again", sentence)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 400 + len(sentence.split(name)[0])


@pytest.mark.parametrize("name", READ)
def test_is_read(name: str, tmp_path: Path) -> None:
    reading = read(name, READ[name], tmp_path)
    assert reading.text == "7"
    found = reading.digits[0].box
    rows, columns = (np.flatnonzero((GREY < 128).any(axis=axis)) for axis in (1, 0))
    expected = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    np.testing.assert_allclose((found.x, found.y, found.x + found.width, found.y + found.height), expected, atol=4)


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_a_clear_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(ImageError) as refusal:
        read(name, REFUSED[name], tmp_path)
    check_refusal(refusal.value, name)


@pytest.mark.parametrize("name", EITHER)
def test_is_read_or_refused(name: str, tmp_path: Path) -> None:
    start = time.perf_counter()
    try:
        assert set(read(name, EITHER[name], tmp_path).text) <= set("7\n")
    except ImageError as refusal:
        check_refusal(refusal, name)
    assert time.perf_counter() - start < TIME


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_is_turned_upright_from_all_eight_ways(orientation: int, kind: str) -> None:
    # How a camera in each position stores what is upright in GREY: the inverse of what the tag asks for.
    ways = {
        1: GREY, 2: GREY[:, ::-1], 3: GREY[::-1, ::-1], 4: GREY[::-1], 5: GREY.T, 6: np.rot90(GREY),
        7: GREY[::-1, ::-1].T, 8: np.rot90(GREY, -1),
    }  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"JPEG": {"quality": 95}, "WEBP": {"lossless": True}}.get(kind, {})
    image = Image.fromarray(np.ascontiguousarray(ways[orientation])).convert("RGB")
    picture = decode(stored(image, kind, exif=exif, **options), "turned")
    np.testing.assert_allclose(picture.mean(axis=2), GREY, atol=40 if kind == "JPEG" else 1)


CUT = {
    "PNG": stored(BASE),
    "JPEG": stored(BASE, "JPEG"),
    "progressive JPEG": stored(BASE, "JPEG", progressive=True),
    "GIF": stored(BASE, "GIF"),
    "BMP": stored(BASE, "BMP"),
    "WEBP": stored(BASE.convert("RGB"), "WEBP"),
    "TIFF": stored(BASE, "TIFF"),
    "compressed TIFF": stored(BASE, "TIFF", compression="tiff_lzw"),
}


@pytest.mark.parametrize("kind", CUT)
def test_truncated_at_any_place_it_is_read_or_refused(kind: str, tmp_path: Path) -> None:
    data = CUT[kind]
    places = {*range(0, min(64, len(data))), *np.linspace(0, len(data) - 1, 60).astype(int).tolist()}
    refused = 0
    for place in places:
        try:
            decode(data[:place], f"cut at {place}")
        except ImageError as refusal:
            check_refusal(refusal, f"cut at {place}")
            refused += 1
    # A few formats keep nothing in their last bytes; half a file is never enough.
    assert refused >= sum(place < len(data) // 2 for place in places)


def test_a_declared_size_takes_no_memory(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        for name in ("bomb.png", "large bomb.png"):
            with pytest.raises(ImageError):
                read(name, REFUSED[name], tmp_path)
        assert tracemalloc.get_traced_memory()[1] < MEMORY / 10
    finally:
        tracemalloc.stop()

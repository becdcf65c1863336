"""The gallery: many small images in one PNG, so that a page of 120 asks for one file.

Pixels are repeated, never blurred. Nothing lies between the tiles, so that they stand on light and on dark ground;
captions lie below the images in light letters on a dark strip of their own. Refused, with a `ValueError`: arrays that
are no grey images, and captions or colours of another number than the images.
"""

import contextlib
import functools
import importlib.util
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageColor, ImageDraw, ImageFont

GAP = 6
"""Transparent pixels between tiles."""
BORDER = 3
"""Pixels of a coloured border, on each side of the image."""
WRONG = "#db7900"
"""A border that says: misread. Told from `RIGHT` by colour-blind eyes too."""
RIGHT = "#616ddb"

_STRIP, _LETTERS = 30, 240
_TEXT_SIZE, _STRIP_HEIGHT = 12, 18
_MAX_COLOURS = 16


def sprite(
    images: npt.NDArray[np.uint8],
    columns: int = 12,
    scale: int = 3,
    captions: Sequence[str] | None = None,
    colours: Sequence[str | None] | None = None,
    gap: int = GAP,
) -> bytes:
    """Images side by side, row by row, as one PNG.

    images: (n, h, w) uint8, light on dark. columns: tiles in a row, >= 1. scale: screen pixels to a pixel, >= 1.
    captions: one an image, cut where they do not fit. colours: `#rrggbb` of the border of each image, or None for no
    border; up to 16 different ones. gap: transparent pixels between tiles.
    Tile i begins at column (i % columns) * (width + gap) and row (i // columns) * (height + gap), with the (width,
    height) of `tile_size`. No images give one transparent pixel. Grey levels are kept to within 1 of 255.
    """
    if images.dtype != np.uint8 or images.ndim != 3:
        raise ValueError(
            f"images: expected the shape (n, h, w) and the type uint8, found {images.shape}, {images.dtype}."
        )
    if columns < 1 or scale < 1 or gap < 0:
        raise ValueError(f"columns, scale and gap: expected at least 1, 1 and 0, got {columns}, {scale} and {gap}.")
    for name, given in (("captions", captions), ("colours", colours)):
        if given is not None and len(given) != len(images):
            raise ValueError(f"{name}: expected {len(images)}, one an image, got {len(given)}.")
    palette, index = _palette(colours or ())
    width, height = tile_size(images.shape[1:], scale, captions=captions is not None, bordered=colours is not None)
    used = min(columns, len(images))
    rows = -(-len(images) // columns)
    canvas = np.full((max(1, rows * (height + gap) - gap), max(1, used * (width + gap) - gap)), _CLEAR, np.uint8)
    edge = BORDER if colours is not None else 0
    # Levels that stand for colours become the level below.
    shown = np.where(np.isin(images, list(palette)), images - 1, images)
    shown = shown.repeat(scale, axis=1).repeat(scale, axis=2)
    for number, image in enumerate(shown):
        top, left = number // columns * (height + gap), number % columns * (width + gap)
        tile = canvas[top : top + height, left : left + width]
        colour = colours[number] if colours is not None else None
        tile[: image.shape[0] + 2 * edge] = 0 if colour is None else index[colour]
        tile[edge : edge + image.shape[0], edge : edge + image.shape[1]] = image
        if captions is not None:
            tile[-_STRIP_HEIGHT:] = _strip(captions[number], width)
    return _png(canvas, palette)


def tile_size(
    image_shape: tuple[int, ...], scale: int, *, captions: bool = False, bordered: bool = False
) -> tuple[int, int]:
    """Width and height of a sprite's tile in screen pixels. image_shape: (h, w)."""
    edges = 2 * BORDER if bordered else 0
    height, width = image_shape
    return width * scale + edges, height * scale + edges + (_STRIP_HEIGHT if captions else 0)


# One byte a pixel, as files are made three times as fast: a level of grey, or one of a few dark odd levels that stand
# for colours, the first of them for none.
_CLEAR = 1


def _palette(colours: Sequence[str | None]) -> tuple[dict[int, tuple[int, int, int]], dict[str, int]]:
    """Palette entry -> its colour, and colour -> its entry."""
    different = list(dict.fromkeys(colour for colour in colours if colour is not None))
    if len(different) > _MAX_COLOURS:
        raise ValueError(f"colours: expected at most {_MAX_COLOURS} different ones, got {len(different)}.")
    index = {colour: _CLEAR + 2 * i for i, colour in enumerate(different, start=1)}
    palette = {_CLEAR: (0, 0, 0)}
    for colour, entry in index.items():
        red, green, blue = ImageColor.getrgb(colour)[:3]
        palette[entry] = (red, green, blue)
    return palette, index


@functools.lru_cache(maxsize=512)
def _strip(text: str, width: int) -> npt.NDArray[np.uint8]:
    """A caption, centred in a strip of this width: (_STRIP_HEIGHT, width) uint8."""
    font = _font()
    while text and font.getlength(text) > width - 4:
        text = text.rstrip("…")[:-1].rstrip() + "…" if len(text.rstrip("…")) > 1 else ""
    strip = Image.new("L", (width, _STRIP_HEIGHT), _STRIP)
    ImageDraw.Draw(strip).text((width / 2, _STRIP_HEIGHT / 2), text, fill=_LETTERS, font=font, anchor="mm")
    return np.asarray(strip)


@functools.cache
def _font() -> ImageFont.FreeTypeFont:
    """DejaVu Sans, which has arrows and most alphabets, from the package that brings it; else Pillow's own letters."""
    package = importlib.util.find_spec("matplotlib")
    if package and package.origin:
        with contextlib.suppress(OSError):
            path = Path(package.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
            return ImageFont.truetype(str(path), _TEXT_SIZE)
    font = ImageFont.load_default(_TEXT_SIZE)
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow without FreeType has no letters to scale"
    return font


def _png(canvas: npt.NDArray[np.uint8], palette: dict[int, tuple[int, int, int]]) -> bytes:
    image = Image.fromarray(canvas).convert("P")
    levels = np.repeat(np.arange(256, dtype=np.uint8)[:, np.newaxis], 3, axis=1)
    for entry, colour in palette.items():
        levels[entry] = colour
    image.putpalette(levels.tobytes())
    file = io.BytesIO()
    image.save(file, "PNG", transparency=_CLEAR, compress_level=3)
    return file.getvalue()

"""Printed characters as glyphs, from the fonts that come with the project's own packages, alike on every machine."""

import functools
import importlib.util
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.reading.glyphs import Glyph, from_mask

FONTS = (
    "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSerif", "DejaVuSansMono", "STIXGeneral",
    "STIXGeneralItalic", "cmr10", "cmss10", "cmtt10",
)  # fmt: skip
"""Files that matplotlib brings, without their ending."""

SIZE = 160


def character(text: str, font: str) -> Glyph:
    """The glyph of one character in a font of FONTS."""
    canvas = Image.new("L", (3 * SIZE, 3 * SIZE))
    ImageDraw.Draw(canvas).text((SIZE, SIZE // 2), text, fill=255, font=_font(font))
    return from_mask(np.asarray(canvas) > 127)


@functools.cache
def _font(name: str) -> ImageFont.FreeTypeFont:
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise RuntimeError("expected matplotlib, which comes with mlxtend, for its fonts, found none; run `make test`")
    return ImageFont.truetype(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / f"{name}.ttf", SIZE)

"""Characters as glyphs, of printed fonts and of fonts that were made from people's hands.

The printed ones come with the project's own packages, alike on every machine; the others are files that somebody has.
"""

import functools
import importlib.util
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.reading.glyphs import Glyph, from_mask
from core.training.lettering import font_names

PRINTED = (
    "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSerif", "DejaVuSansMono", "STIXGeneral",
    "STIXGeneralItalic", "cmr10", "cmss10", "cmtt10",
)  # fmt: skip
"""Files that matplotlib brings, without their ending."""

SIZE = 160


def printed_fonts() -> list[Path]:
    """The files of PRINTED. Raises RuntimeError if matplotlib is not installed."""
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise RuntimeError("expected matplotlib, which comes with mlxtend, for its fonts, found none; run `make test`")
    return [Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / f"{name}.ttf" for name in PRINTED]


def font_files(folder: Path) -> list[Path]:
    """All font files in a folder and its folders, in order, but for those whose hands networks are trained on."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".ttf", ".otf", ".woff", ".woff2"))
    return [path for path in files if path.stem.partition("-latin")[0] not in font_names()]


def character(text: str, font: Path) -> Glyph:
    """The glyph of one character in a font's file. Raises OSError if that cannot be read."""
    canvas = Image.new("L", (3 * SIZE, 3 * SIZE))
    ImageDraw.Draw(canvas).text((SIZE, SIZE // 2), text, fill=255, font=_opened(font))
    return from_mask(np.asarray(canvas) > 127)


@functools.cache
def _opened(font: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font, SIZE)

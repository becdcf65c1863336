"""Pens: what leaves a mark, how wide, how dark and how even."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.reading.glyphs import Field

Colour = tuple[int, int, int]
Range = tuple[float, float]

LEAST = 1.4
"""No pen is thinner than this, in pixels: what a camera cannot see, nobody can be asked to read."""


@dataclass(frozen=True)
class Pen:
    """A pen; each pair is a range that is drawn from evenly.

    colours: RGB, one is chosen a picture. width: as a share of a digit's height; None keeps the writer's own width.
    pixels: width in pixels instead. opacity: of full coverage. grain: how unevenly it covers, 0 to 1. light: covers
    what it is drawn on (chalk, screens) instead of darkening it. aliased: share of pictures without soft edges.
    """

    colours: Sequence[Colour] = ((25, 25, 30),)
    width: Range | None = None
    pixels: Range | None = None
    opacity: Range = (0.85, 1.0)
    grain: float = 0.1
    light: bool = False
    aliased: float = 0.0

    def drawn_width(self, height: float, random: np.random.Generator) -> float | None:
        """The width for digits of this height in pixels, as a share of the height; at least LEAST pixels."""
        if self.pixels is not None:
            return float(random.uniform(*self.pixels)) / height
        return None if self.width is None else max(float(random.uniform(*self.width)), LEAST / height)


def draw(
    sheet: npt.NDArray[np.float32],
    coverage: Field,
    corner: tuple[int, int],
    pen: Pen,
    colour: Colour,
    opacity: float,
    random: np.random.Generator,
) -> None:
    """Draw coverage (h, w) onto the sheet (H, W, 3) float32 in [0, 255], in place; what lies outside is cut off."""
    x, y = corner
    left, top = max(0, -x), max(0, -y)
    height, width = (min(coverage.shape[0], sheet.shape[0] - y), min(coverage.shape[1], sheet.shape[1] - x))
    if height <= top or width <= left:
        return
    amount = (coverage * opacity * _evenness(coverage.shape, pen.grain, random))[top:height, left:width, np.newaxis]
    part = sheet[y + top : y + height, x + left : x + width]
    ink = np.asarray(colour, np.float32)
    below = part if pen.light else np.minimum(part, 255)
    over = ink if pen.light else ink * (0.4 + 0.6 * part / 255)
    part[:] = below + amount * (over - below)


def _evenness(shape: tuple[int, ...], grain: float, random: np.random.Generator) -> npt.NDArray[np.float32] | float:
    """How much of the pen's ink arrives where: its pressure, and the tooth of what it is drawn on."""
    if grain == 0:
        return 1.0
    height, width = shape[:2]
    few = random.normal(size=(max(2, height // 40 + 2), max(2, width // 40 + 2))).astype(np.float32)
    pressure = cv2.resize(few, (width, height), interpolation=cv2.INTER_CUBIC)
    tooth = cv2.GaussianBlur(random.standard_normal((height, width), np.float32), (0, 0), 0.8)
    return np.clip(1 - grain * (0.4 + 0.5 * pressure + 1.8 * tooth), 0, 1).astype(np.float32)

"""Characters in other people's hands, from fonts that were made of their handwriting.

MNIST's writers were Americans of about 1990; these are some hundred people and school hands of four continents. The
fonts themselves are not here: `lettering.npz` holds pictures of their characters, `lettering.md` says whose they are.
"""

import functools
from pathlib import Path

import cv2
import numpy as np

from core.training.drawing import fitted

PATH = Path(__file__).with_suffix(".npz")

SIDE = 64
"""Height and width of the kept pictures."""

DIGITS = "0123456789"
LETTERS = "ACEFHKMNPRTUVWXYacdefkmnptuvwxy"
"""Not among them: what many people write as they write a digit (B D G I J L O Q S Z b g h i j l o q r s z)."""
CHARACTERS = DIGITS + LETTERS

_PENS = 3.0, 11.0
"""From the thinnest to the widest stroke that a character is thickened to, in pixels of the kept pictures."""
_WIDTHS = 0.7, 1.15
"""A character's width is changed by as much at most: some write narrow, some wide."""


def draw_character(name: str, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray | None:
    """A character in the hand of somebody, (h, w) uint8 of `shape`, white on black; None for others than CHARACTERS."""
    chosen = _masks().get(name)
    if chosen is None:
        return None
    mask = chosen[generator.integers(len(chosen))]
    pen, width = generator.uniform(*_PENS), generator.uniform(*_WIDTHS)
    margin = round(_PENS[1])
    canvas = np.pad(255 * mask, margin)
    grown = round(pen - stroke_width(mask))
    if grown > 0:
        canvas = cv2.dilate(canvas, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (grown + 1, grown + 1)))
    size = max(1, round(width * canvas.shape[1])), canvas.shape[0]
    return fitted(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA), shape)


def stroke_width(mask: np.ndarray) -> float:
    """The usual width of the strokes of (h, w) uint8, 0 or 1, in pixels; 0 without ink.

    A pixel's mean distance from the edge of a long stroke is a quarter of its width.
    """
    depth = cv2.distanceTransform(np.pad(mask, 1), cv2.DIST_L2, 3)
    return float(4 * depth[depth > 0].mean() - 1) if mask.any() else 0.0


@functools.cache
def font_names() -> frozenset[str]:
    """The fonts that the characters come from, by their names in the registry: no network can be tested on these."""
    with np.load(PATH) as file:
        return frozenset(file["fonts"].tolist())


@functools.cache
def _masks() -> dict[str, np.ndarray]:
    """Character -> (n, SIDE, SIDE) uint8, 0 or 1."""
    with np.load(PATH) as file:
        characters, bits = file["characters"], file["bits"]
    masks = np.unpackbits(bits, axis=1).reshape(-1, SIDE, SIDE)
    return {str(name): masks[characters == name] for name in np.unique(characters)}

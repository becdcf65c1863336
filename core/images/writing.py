"""Whether strokes are writing at all, or the grain of the paper, printed lines, shadows, creases and blots.

A pen leaves strokes that are longer than thick, end within a pixel or two, and stand out from the unevenness of their
paper as no grain does. One such stroke is enough: which of the others belong to it is decided later, beside it.
"""

import cv2
import numpy as np
import numpy.typing as npt

from core.images.light import SMALL
from core.images.outlines import blurred, depth, sampled

Array = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

LEGIBLE = 6
"""Pixels below which, in its longer side, nothing can be read."""

COMPACT = 2.5
"""What is not this many times as long as thick, nor as long as broad, is a blot: discs are 1.5 times as long as thick,
ellipses of 2 to 1 2.6 times; a 1 in felt pen that was scanned at 20 pixels 2.4 times, but 3 times as long as broad.
"""

LINE = 40
"""What runs out of the picture and is longer than this many times its thickness was printed or folded."""

STEEP = 2.0
"""From pixel to pixel, ink begins with a step of at least this many times the unevenness of the paper around it."""

ABOVE = 60
"""Unless it is sharp, ink is above its paper by at least this many times what the unevenness comes to in a mean over as
many pixels.

Of a million pixels of grain the strongest come to 20, and so do the dots of dotted paper; pencil and photos in the dark
to 180.
"""

CLEAR = 450
"""Unless ink is sharp, both numbers multiplied are at least this: streaks and creases of paper come to 400, other
writing to 750 and more.
"""

SHARP, SHARP_ABOVE = 6.0, 22.0
"""Sharp ink begins with a step of at least SHARP times the unevenness, and is above its paper by at least SHARP_ABOVE:
digits of ten pixels have too few to reach more than 23. Steps of grain come to 4; on paper only dots and lines are as
sharp, of which dots come to 20. It is a narrow margin, and the gate comes after it.
"""

GRAIN = 6.0
"""Pixels over which the grain of a photo is alike: it was sharpened, compressed and made smaller."""

_NEIGHBOURHOOD = 1 / 20
"""Share of the picture's longer side over which the unevenness is averaged."""


def is_written(strokes: Mask, strength: Array, unevenness: Array) -> bool:
    """Whether one of the connected strokes (h, w) is writing.

    strength: (h, w), what the strokes differ from their paper by. unevenness: (h, w), what the paper alone differs by,
    its standard deviation in the same unit.
    """
    count, found, sizes, _ = cv2.connectedComponentsWithStats(strokes.astype(np.uint8), connectivity=8)
    labels, stats = np.asarray(found, np.int32), np.asarray(sizes, np.int32)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    size = sides.max(axis=1)
    thickness = np.maximum(1.0, 4 * (_means(depth(strokes, 1), labels, strokes, count) - 0.5))
    printed = _runs_out(stats, strokes.shape) & (size > LINE * thickness)
    extended = size >= COMPACT * np.minimum(thickness, sides.min(axis=1))
    pens = (size >= LEGIBLE) & extended & ~printed
    pens[0] = False
    if max(strokes.shape) <= SMALL or not pens.any():
        return bool(pens.any())
    edges = strokes & ~cv2.erode(strokes.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1).astype(bool)
    steps = np.asarray(cv2.morphologyEx(strength, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)), np.float32)
    uneven = np.maximum(_means(unevenness, labels, strokes, count), 1e-6)
    steep = _means(steps, labels, edges, count) / uneven
    above = _means(strength, labels, strokes, count) / uneven * np.sqrt(stats[:, cv2.CC_STAT_AREA] / GRAIN)
    clear = (steep >= STEEP) & (above >= ABOVE) & (steep * above >= CLEAR)
    sharp = (steep >= SHARP) & (above >= SHARP_ABOVE)
    return bool((pens & (clear | sharp)).any())


def unevenness(difference: Array, strokes: Mask, width: float) -> Array:
    """The standard deviation (h, w) of the paper, near each pixel, well away from strokes (h, w).

    difference: (h, w), from what the paper would look like without grain. width: of the strokes, in pixels.
    """
    reach = 2 * (int(np.ceil(width / 2)) + 2) + 1
    away = (cv2.dilate(strokes.astype(np.uint8), np.ones((reach, reach), np.uint8)) == 0).astype(np.float32)
    deviation = np.abs(difference)
    if not away.any():
        # Of a picture full of ink nothing is known but what is nearest to the paper: 30% of a normal distribution.
        return np.full_like(difference, float(np.quantile(sampled(deviation), 0.3)) / 0.385)
    usual = float((deviation * away).sum() / away.sum())
    sigma = _NEIGHBOURHOOD * max(difference.shape)
    near = blurred(deviation * away, sigma) + np.float32(1e-3 * usual)
    return np.asarray(1.2533 * near / (blurred(away, sigma) + np.float32(1e-3)), np.float32)


def _means(values: Array, labels: npt.NDArray[np.int32], where: Mask, count: int) -> npt.NDArray[np.float64]:
    """The mean (count,) of values (h, w) over each label's pixels in a mask."""
    at = labels[where]
    return np.bincount(at, weights=values[where], minlength=count) / np.maximum(np.bincount(at, minlength=count), 1)


def _runs_out(stats: npt.NDArray[np.int32], shape: tuple[int, ...]) -> Mask:
    """Whether components reach the border of the picture."""
    first, extent = stats[:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]], stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    return np.asarray(((first <= 1) | (first + extent >= np.array(shape[1::-1]) - 1)).any(axis=1))

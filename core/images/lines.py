"""Ruled and squared paper and the boxes of forms: their lines are taken away, the strokes across them kept.

Ruling crosses half of the picture. A digit in a tight cut-out has such strokes too, so that one or two
lines are believed only if they are fainter or thinner than the rest of the ink; three parallel ones are ruling.
"""

import cv2
import numpy as np
import numpy.typing as npt

from core.images.frames import find_frames
from core.images.runs import Lines, runs, subtracted

Array = npt.NDArray[np.float32]

_SIDE = 640
LEAST = 100
"""Smaller pictures hold one digit, and neither ruling nor boxes."""


def without_lines(strength: Array, faintest: float = 0.0) -> Array | None:
    """Ink (h, w) in [0, 1] without ruled lines and without boxes; None if there are neither.

    faintest: what is weaker is noise.
    """
    if min(strength.shape) < LEAST:
        return None
    factor = min(1.0, _SIDE / max(strength.shape))
    size = max(1, round(strength.shape[1] * factor)), max(1, round(strength.shape[0] * factor))
    small = np.asarray(cv2.resize(strength, size, interpolation=cv2.INTER_AREA), np.float32)
    frames = find_frames(small, faintest)
    rest = _without(strength, frames, factor)
    if rest is not strength:
        small = np.asarray(cv2.resize(rest, size, interpolation=cv2.INTER_AREA), np.float32)
    ruling = _ruling(small, faintest), _ruling(np.ascontiguousarray(small.T), faintest)
    rest = _without(rest, ruling, factor)
    return None if rest is strength else rest


def _without(strength: Array, lines: tuple[Lines | None, Lines | None], factor: float) -> Array:
    """The ink without the lines across it and, turned, those down it; the same array if there are none."""
    across, down = lines
    if across is not None:
        strength = subtracted(strength, across, factor)
    if down is not None:
        strength = np.ascontiguousarray(subtracted(np.ascontiguousarray(strength.T), down, factor).T)
    return strength


def _ruling(ink: Array, faintest: float) -> Lines | None:
    """The roughly horizontal ruled lines of a small picture."""
    width = ink.shape[1]
    found = runs(ink, max(12, width // 8), 2 + (max(3, width // 80) | 1), faintest)
    return _believed(found, ink) if found.any() else None


def _believed(found: npt.NDArray[np.uint8], ink: Array) -> Lines | None:
    """The runs that are ruling, if any."""
    width = ink.shape[1]
    linked = cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((3, max(5, width // 16)), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(linked, connectivity=8)
    lengths, areas = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_AREA]
    thickness = areas / np.maximum(lengths, 1)  # where ruling covers everything, the background has none
    long = (lengths > 0.5 * width) & (thickness < max(6, width / 45))
    long[0] = False
    if long.sum() >= 3:
        long = (lengths > 0.3 * width) & (thickness < max(6, width / 45))
        long[0] = False
        pixels = long[labels] & (linked > 0)
        return Lines(pixels, float(np.median(thickness[long])))
    if not long.any():
        return None
    pixels = long[labels] & (linked > 0)
    rest = ink[(ink > 0.5) & ~cv2.dilate(pixels.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)]
    level = float(np.median(ink[pixels & (found > 0)]))
    if len(rest) < 10 or level > 0.7 * float(np.median(rest)):
        return None
    return Lines(pixels, float(np.median(thickness[long])))

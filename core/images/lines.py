"""Ruled and squared paper and the boxes of forms: their lines are taken away, the strokes across them kept.

Ruling crosses half of the picture. Digits in a tight cut-out have such strokes too, so that lines are believed only if
they are fainter than the rest of the ink, or if there are three and most of them run out of the picture.
"""

import cv2
import numpy as np
import numpy.typing as npt

from core.images.frames import find_frames
from core.images.runs import Lines, runs, subtracted

Array = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_SIDE = 640
LEAST = 100
"""Smaller pictures hold one digit, and neither ruling nor boxes."""

_MOST = 0.6
"""Share of three or more lines of ruling that run out of the picture at one side or both."""


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
    thin = thickness < max(6, width / 45)
    thin[0] = False
    long = thin & (lengths > 0.5 * width)
    if not long.any():
        return None
    several = long.sum() >= 3
    run_out = several and float(_runs_out(stats[long], width).mean()) >= _MOST
    if several:
        long = thin & (lengths > 0.3 * width)
    pixels = long[labels] & (linked > 0)
    if not run_out and not _is_faint(pixels, found, ink):
        return None
    return Lines(pixels, float(np.median(thickness[long])))


def _runs_out(stats: npt.NDArray[np.int32], width: int) -> Mask:
    """Which lines reach the left or the right border of a picture of that width."""
    left, right = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH]
    near = max(2, round(0.03 * width))
    return np.asarray((left <= near) | (right >= width - near))


def _is_faint(pixels: Mask, found: npt.NDArray[np.uint8], ink: Array) -> bool:
    """Whether lines (h, w) are fainter than the ink beside them; not if there is no other."""
    rest = ink[(ink > 0.5) & ~cv2.dilate(pixels.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)]
    return len(rest) >= 10 and float(np.median(ink[pixels & (found > 0)])) <= 0.7 * float(np.median(rest))

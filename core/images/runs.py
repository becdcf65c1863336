"""Long thin runs of ink, such as ruled lines and the sides of printed boxes: found in one direction, and taken away.

What a line adds to the ink it crosses is subtracted, so that a darker stroke along or across a line stays.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.images.outlines import sampled

Array = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

FAINT = 0.15
"""Lines fainter than this share of the ink's strength do no harm."""

_SLANTS = np.arange(-4, 5) * 0.055
"""Slopes at which lines are looked for: up to 12 degrees."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines to be taken away.

    pixels: (h, w) bool. alone: those of them that tell how dark the lines are, as no writing is known to lie on them.
    thickness: in pixels.
    """

    pixels: Mask
    alone: Mask
    thickness: float


def runs(ink: Array, length: int, thick: int, faintest: float) -> npt.NDArray[np.uint8]:
    """Where a picture (h, w) in [0, 1] has roughly horizontal ink over `length` pixels or more: (h, w), 0 or 1.

    thick: what is thicker, in pixels from top to bottom, is left out. faintest: what is weaker is noise.
    """
    height, width = ink.shape
    present = (finer(ink, thick) > max(FAINT, 0.7 * faintest)).astype(np.uint8)
    found = np.zeros_like(present)
    for slant in _SLANTS:
        level = np.array([[1, 0, 0], [-slant, 1, slant * width / 2]], np.float32)
        straight = cv2.warpAffine(present, level, (width, height), flags=cv2.INTER_NEAREST)
        wide = np.asarray(cv2.dilate(straight, np.ones((3, 1), np.uint8)), np.uint8)
        share = cv2.boxFilter(wide, cv2.CV_32F, (length, 1), borderType=cv2.BORDER_REPLICATE)
        near = np.asarray(cv2.dilate((share > 0.88).astype(np.uint8), np.ones((1, length), np.uint8)), np.uint8)
        run = near & wide
        if run.any():
            back = cv2.warpAffine(run, level, (width, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
            found |= np.asarray(back, np.uint8)
    return found & np.asarray(cv2.dilate(present, np.ones((3, 3), np.uint8)), np.uint8)


def finer(ink: Array, thick: int) -> Array:
    """The ink (h, w) of what is less than `thick` pixels thick from top to bottom."""
    return np.asarray(ink - cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8)), np.float32)


def subtracted(ink: Array, lines: Lines, factor: float) -> Array:
    """The ink (h, w) without what roughly horizontal lines add to it, and whole again where strokes cross them.

    factor: how many times smaller than the ink the picture is in which the lines were found, at most 1.
    """
    height, width = ink.shape
    reach = 1 + round(0.5 / factor)
    grown = cv2.dilate(lines.pixels.astype(np.uint8), np.ones((2 * reach + 1, 3), np.uint8))
    pixels = cv2.resize(grown, (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)
    core = cv2.resize(lines.alone.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)
    thick = round(lines.thickness / factor) + 2 * reach + 3
    darkest = cv2.dilate(np.where(pixels, ink, np.float32(0)), np.ones((thick, 1), np.uint8))
    # How dark the line itself is, along it: the darkest across it, though hardly darker than lines usually are, as what
    # is far darker is writing along the line. What was marked as line holds paper too: beside it, between two walls,
    # and at corners that are taken away already.
    marked = darkest[core]
    usual = float(np.median(sampled(marked[marked > FAINT]))) if (marked > FAINT).any() else 1.0
    darkest = np.minimum(darkest, 1.2 * usual)
    window = max(9, width // 10) | 1, 1
    along, share = (
        cv2.blur(values, window, borderType=cv2.BORDER_REFLECT_101)
        for values in (darkest, (darkest > 0).astype(np.float32))
    )
    # An average over the line alone: it is no fainter near its ends.
    level = along / np.maximum(share, 1e-3)
    # What is no darker than the line is line, and what is twice as dark is ink.
    lowered = np.where(pixels, ink * np.clip((ink / np.maximum(level, 1e-3) - 1.3) / 0.7, 0, 1), ink)
    mended = np.zeros_like(ink)
    for lean in (-1, 0, 1):
        kernel_shape = np.zeros((thick, thick), np.uint8)
        cv2.line(kernel_shape, (thick // 2 - lean * (thick // 2), 0), (thick // 2 + lean * (thick // 2), thick - 1), 1)
        mended = np.maximum(mended, cv2.morphologyEx(lowered, cv2.MORPH_CLOSE, kernel_shape))
    return np.where(pixels, np.maximum(lowered, np.minimum(mended, ink)), ink).astype(np.float32)

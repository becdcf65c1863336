"""Ruled and squared paper: its lines are found as long thin runs of ink and taken away, the strokes across them kept.

A run is long if it crosses half of the picture. A digit in a tight cut-out has such strokes too, so that one or two
lines are believed only if they are fainter or thinner than the rest of the ink; three parallel ones are ruling. What a
line adds to the ink it crosses is subtracted, so that a darker stroke along or across a line stays.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_SIDE = 640
_LEAST = 100
"""Smaller pictures hold one digit and no ruling."""

_FAINT = 0.15
"""Lines fainter than this share of the ink's strength do no harm."""

_SLANTS = np.arange(-4, 5) * 0.055
"""Slopes at which lines are looked for: up to 12 degrees."""


@dataclass(frozen=True, eq=False)
class _Ruling:
    """pixels: (h, w) bool. thickness: in pixels. level: the lines' strength as a share of full ink."""

    pixels: Mask
    thickness: float


def without_lines(strength: Array, faintest: float = 0.0) -> Array | None:
    """Ink (h, w) in [0, 1] without ruled lines; None if there are none.

    faintest: what is weaker is noise.
    """
    if min(strength.shape) < _LEAST:
        return None
    factor = min(1.0, _SIDE / max(strength.shape))
    size = max(1, round(strength.shape[1] * factor)), max(1, round(strength.shape[0] * factor))
    small = np.asarray(cv2.resize(strength, size, interpolation=cv2.INTER_AREA), np.float32)
    rest, found = strength, False
    across, down = _ruling(small, faintest), _ruling(np.ascontiguousarray(small.T), faintest)
    if across is not None:
        rest, found = _subtracted(rest, across, factor), True
    if down is not None:
        rest, found = np.ascontiguousarray(_subtracted(np.ascontiguousarray(rest.T), down, factor).T), True
    return rest if found else None


def _ruling(ink: Array, faintest: float) -> _Ruling | None:
    """The roughly horizontal lines of a small picture."""
    height, width = ink.shape
    thin = max(3, width // 80) | 1
    # What is thinner than this from top to bottom stays.
    peaks = ink - cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((thin + 2, 1), np.uint8))
    present = (peaks > max(_FAINT, 0.7 * faintest)).astype(np.uint8)
    length = max(12, width // 8)
    runs = np.zeros_like(present)
    for slant in _SLANTS:
        level = np.array([[1, 0, 0], [-slant, 1, slant * width / 2]], np.float32)
        straight = cv2.warpAffine(present, level, (width, height), flags=cv2.INTER_NEAREST)
        wide = np.asarray(cv2.dilate(straight, np.ones((3, 1), np.uint8)), np.uint8)
        share = cv2.boxFilter(wide, cv2.CV_32F, (length, 1), borderType=cv2.BORDER_REPLICATE)
        near = np.asarray(cv2.dilate((share > 0.88).astype(np.uint8), np.ones((1, length), np.uint8)), np.uint8)
        run = near & wide
        if run.any():
            back = cv2.warpAffine(run, level, (width, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
            runs |= np.asarray(back, np.uint8)
    runs &= np.asarray(cv2.dilate(present, np.ones((3, 3), np.uint8)), np.uint8)
    if not runs.any():
        return None
    return _believed(runs, ink)


def _believed(runs: npt.NDArray[np.uint8], ink: Array) -> _Ruling | None:
    """The runs that are ruling, if any."""
    width = ink.shape[1]
    linked = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((3, max(5, width // 16)), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(linked, connectivity=8)
    lengths, areas = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_AREA]
    thickness = areas / np.maximum(lengths, 1)  # where ruling covers everything, the background has none
    long = (lengths > 0.5 * width) & (thickness < max(6, width / 45))
    long[0] = False
    if long.sum() >= 3:
        long = (lengths > 0.3 * width) & (thickness < max(6, width / 45))
        long[0] = False
        pixels = long[labels] & (linked > 0)
        return _Ruling(pixels, float(np.median(thickness[long])))
    if not long.any():
        return None
    pixels = long[labels] & (linked > 0)
    rest = ink[(ink > 0.5) & ~cv2.dilate(pixels.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)]
    level = float(np.median(ink[pixels & (runs > 0)]))
    if len(rest) < 10 or level > 0.7 * float(np.median(rest)):
        return None
    return _Ruling(pixels, float(np.median(thickness[long])))


def _subtracted(ink: Array, ruling: _Ruling, factor: float) -> Array:
    """The ink without what the lines add to it, and whole again where strokes cross them."""
    height, width = ink.shape
    reach = 1 + round(0.5 / factor)
    grown = cv2.dilate(ruling.pixels.astype(np.uint8), np.ones((2 * reach + 1, 3), np.uint8))
    pixels = cv2.resize(grown, (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)
    core = cv2.resize(ruling.pixels.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)
    usual = float(np.quantile(ink[core], 0.7))
    thick = round(ruling.thickness / factor) + 2 * reach + 3
    # How dark the line itself is, along it: the darkest across it, though no darker than lines usually are.
    capped = np.where(pixels, np.minimum(ink, 1.5 * usual), np.float32(0))
    darkest = cv2.dilate(capped, np.ones((thick, 1), np.uint8))
    level = cv2.blur(darkest, (max(9, width // 10) | 1, 1), borderType=cv2.BORDER_REFLECT_101)
    # What is no darker than the line is line, and what is twice as dark is ink.
    lowered = np.where(pixels, ink * np.clip((ink / np.maximum(level, 1e-3) - 1.3) / 0.7, 0, 1), ink)
    mended = np.zeros_like(ink)
    for lean in (-1, 0, 1):
        kernel_shape = np.zeros((thick, thick), np.uint8)
        cv2.line(kernel_shape, (thick // 2 - lean * (thick // 2), 0), (thick // 2 + lean * (thick // 2), thick - 1), 1)
        mended = np.maximum(mended, cv2.morphologyEx(lowered, cv2.MORPH_CLOSE, kernel_shape))
    return np.where(pixels, np.maximum(lowered, np.minimum(mended, ink)), ink).astype(np.float32)

"""The sheet of paper, card or screen on a picture that also shows what it lies on.

A sheet is a convex region of one brightness or colour, with sharp edges, that has writing on it while what is around it
has not. A picture without such a region is taken to show paper alone. Shadows on which there is writing on both sides
are no sheets.
"""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from core.images.outlines import GREY, sharp_sides, slopes
from core.images.scale import reduced

Array = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Contour = npt.NDArray[np.int32]

_SIDE = 256
_LEAST = 120
"""Smaller pictures show no desks: they are drawings and scans of single digits."""

_SMALL_SHEET, _RECTANGULAR = 0.3, 0.8
"""A sheet that is less than this share of the picture fills at least this share of the rectangle around it: seen at a
slant its far side is still more than half as long as the near one.
"""

_BOX = 0.9
"""A sheet with torn sides still fills at least this share of the rectangle around it, which no disc does."""

_THIN = 13
"""What is thinner than this many pixels is no part of a sheet."""

_STROKE, _INKED = 9, 0.2
"""Strokes are thinner than _STROKE pixels, and darker than their paper by more than the share _INKED of it."""

_ACROSS = 0.2
"""What is written across the edge of a shadow is more than this share of the strokes; less may be a pen lying there."""

_DARK, _TINTED = 0.45, 0.1
"""A sheet is of another material than what is around it if one of them has at most the share _DARK of the other's
brightness, or if the shares of red, green and blue in their colours differ by more than _TINTED in all.
"""


def find_sheet(colours: Array) -> Mask | None:
    """Where the sheet is, without its edges, (h, w) bool, in a picture (h, w, 3) in [0, 1], or None."""
    height, width = colours.shape[:2]
    if max(height, width) < _LEAST or min(height, width) < _LEAST / 4:
        return None
    small = reduced(colours, _SIDE)
    changes = _changes(small)
    for level, side in _candidates(small):
        region = _region(side.astype(np.uint8), level)
        if region is not None and _is_written_on(region, changes, small):
            inner = _shrunk(region, max(3, round(0.015 * max(small.shape[:2]))))
            return cv2.resize(inner, (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)
    return None


def alone(colours: Array, sheet: Mask) -> Array:
    """The picture with what is around the sheet (h, w) replaced by the colours of the sheet nearby."""
    height, width = colours.shape[:2]
    weight = reduced(sheet.astype(np.float32), 128)
    values = reduced(colours * sheet[..., np.newaxis], 128)
    mean = values.sum(axis=(0, 1)) / weight.sum()
    total, share = 1e-6 * np.broadcast_to(mean, values.shape), np.full_like(weight, 1e-6)
    for sigma, trust in ((3.0, 1.0), (12.0, 1e-2), (40.0, 1e-4)):
        total = total + trust * cv2.GaussianBlur(values, (0, 0), sigma)
        share = share + trust * cv2.GaussianBlur(weight, (0, 0), sigma)
    around = cv2.resize((total / share[..., np.newaxis]).astype(np.float32), (width, height))
    return np.where(sheet[..., np.newaxis], colours, around)


def _candidates(small: Array) -> Iterator[tuple[Array, Mask]]:
    """Regions that might hold the sheet, each with the brightness of the picture without its writing."""
    # Writing is thinner than the sheet: the median takes it away.
    blurred = cv2.medianBlur((small * 255).round().astype(np.uint8), 13).astype(np.float32) / np.float32(255)
    yield from _parted(_contrast(blurred))
    for side in sharp_sides(np.asarray(cv2.GaussianBlur(small, (0, 0), 0.7), np.float32)):
        yield _contrast(small), side
    # A note may be as bright as the desk, and of another colour.
    tints = cv2.cvtColor(blurred, cv2.COLOR_RGB2LAB)[..., 1:] / np.float32(128)
    for tint in np.moveaxis(tints, 2, 0):
        yield from _parted(np.ascontiguousarray(tint))


def _parted(level: Array) -> Iterator[tuple[Array, Mask]]:
    """The two sides of the threshold that parts the values (h, w) best (Otsu, 1979), each with these."""
    scaled = ((level - level.min()) * (255 / max(float(np.ptp(level)), 1e-6))).astype(np.uint8)
    _, bright = cv2.threshold(scaled, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    for side in (bright.astype(bool), bright == 0):
        yield level, side


def _contrast(small: Array) -> Array:
    """The picture along the direction in colour space in which it varies most, (h, w)."""
    centred = small.reshape(-1, 3) - small.reshape(-1, 3).mean(axis=0)
    axis = np.linalg.eigh(centred.T @ centred)[1][:, -1].astype(np.float32)
    return small @ (axis if axis.sum() >= 0 else -axis)


def _region(side: npt.NDArray[np.uint8], level: Array) -> npt.NDArray[np.uint8] | None:
    """The largest region of one side, filled, if it has the form of a sheet and sharp edges."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(side, connectivity=4)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    region = (labels == largest).astype(np.uint8)
    outline = _outline(region)
    hull = np.zeros_like(region)
    cv2.fillConvexPoly(hull, outline, 1)
    area = float(hull.mean())
    corners = cv2.approxPolyDP(outline, 0.02 * cv2.arcLength(outline, True), True)
    # A sheet has straight sides and may be covered with writing; a bold 0 has round ones, and a 5 is hollow.
    short, long = sorted(cv2.minAreaRect(outline)[1])
    inside = cv2.contourArea(outline)
    straight = (len(corners) <= 6 and cv2.contourArea(corners) > 0.88 * inside) or inside > _BOX * short * long
    straight = straight and short > max(0.3 * long, 0.15 * max(side.shape))
    # A closed 4 in a thick pen is a triangle with a hole; a sheet that leaves so much room is no triangle.
    if area < _SMALL_SHEET:
        straight = straight and inside > _RECTANGULAR * short * long
    if not straight or not 0.05 < area < 0.96 or region.sum() < 0.7 * hull.sum():
        return None
    rim = _shrunk(hull, 3).astype(bool) & ~_shrunk(hull, 6).astype(bool)
    if not rim.any() or float(region[rim].mean()) < 0.9:
        return None
    edge = cv2.morphologyEx(hull, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).astype(bool)
    edge[[0, -1]] = edge[:, [0, -1]] = False
    outside = hull == 0
    step = abs(float(np.median(level[hull == 1])) - float(np.median(level[outside])))
    near = np.ones((9, 9), np.uint8)
    across = cv2.dilate(level, near) - cv2.erode(level, near)
    if not edge.any() or float((across[edge] > 0.4 * step).mean()) < 0.75 or step < 0.08:
        return None
    return hull


def _outline(region: npt.NDArray[np.uint8]) -> Contour:
    """The convex outline of a region, without the thin things beside it that are as bright."""
    filled = np.zeros_like(region)
    contours, _ = cv2.findContours(region, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(filled, contours, -1, 1, cv2.FILLED)
    opened = cv2.morphologyEx(filled, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_THIN, _THIN)))
    # The loop of a bold 9 is no sheet beside its stem.
    if opened.mean() >= _SMALL_SHEET:
        contours, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.convexHull(max(contours, key=len)), np.int32)


def _changes(small: Array) -> Array:
    """How sharply each pixel changes, squared, (h, w): high along strokes, but also along edges of sheets."""
    down, across = slopes(small)
    return np.asarray((np.square(down) + np.square(across)).sum(axis=2))


def _is_written_on(region: npt.NDArray[np.uint8], changes: Array, small: Array) -> bool:
    """Whether there are strokes on the sheet; around a sheet that might be a patch of light there must be none."""
    margin = max(3, round(0.04 * float(np.sqrt(region.sum()))))
    inner, outer = _shrunk(region, margin).astype(bool), _shrunk(1 - region, margin).astype(bool)
    if not inner.any():
        return False
    floor = max(2e-4, 25 * float(np.median(changes[inner])))
    inside = float(np.clip(changes[inner] - floor, 0, None).sum())
    # What lies around the sheet may be rough all over, which is no writing.
    rough = max(floor, 25 * float(np.median(changes[outer]))) if outer.any() else floor
    outside = float(np.clip(changes[outer] - rough, 0, None).sum())
    sheet, around = (np.median(small[region == side], axis=0) for side in (1, 0))
    dark, bright = sorted((float(GREY @ sheet), float(GREY @ around)))
    # Light and shadow change the brightness, and hardly the colour.
    tint = float(np.abs(sheet / max(sheet.sum(), 1e-3) - around / max(around.sum(), 1e-3)).sum())
    material = dark < _DARK * bright or tint > _TINTED
    if not material and (inside < 3 * outside or _is_crossed(region, small)):
        return False
    return inside > 0.01 and int((changes[inner] > floor).sum()) > 30


def _is_crossed(region: npt.NDArray[np.uint8], small: Array) -> bool:
    """Whether thin strokes go on across the edge of a region (h, w), as they do across that of a shadow."""
    grey = small @ GREY
    window = np.ones((_STROKE, _STROKE), np.uint8)
    # A closing keeps straight edges as they are, and fills what is thinner than its window.
    thin = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, window) > _INKED * np.maximum(cv2.dilate(grey, window), 0.05)
    _, labels = cv2.connectedComponents(thin.astype(np.uint8), connectivity=8)
    here, there = (np.bincount(labels[side & thin], minlength=labels.max() + 1) for side in (region == 1, region == 0))
    across = (here >= _STROKE) & (there >= _STROKE)
    return bool((here + there)[across].sum() > _ACROSS * here.sum())


def _shrunk(region: npt.NDArray[np.uint8], margin: int) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.erode(region, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin + 1,) * 2)))

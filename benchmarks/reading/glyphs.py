"""Digits as shapes that any pen can draw at any size: smooth outlines and centre lines instead of pixels.

An image of 28x28 pixels that is merely enlarged looks like pixels. Here its grey levels are enlarged bicubically, their
outline is found at sub-pixel precision and kept as a field of distances, which stays smooth at every size, and whose
centre line can be drawn again by a thinner or a thicker pen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]

GRID = 8
"""Points of the field along one pixel of an image."""

EDGE = 0.38
"""A pixel of an image lies on a stroke if it has this share of the strongest grey level."""

DRAWN = 200
"""Height in points at which strokes and letters are drawn before their distances are taken."""

SMOOTH = 1.0
"""Standard deviation, in points, of the smoothing of distances to centre lines."""

MARGIN = 0.35
"""Room round the ink in a field, as a share of the ink's height: a thick pen needs it."""


@dataclass(frozen=True, eq=False)
class Glyph:
    """A shape to be drawn; distances are shares of the ink's height, both fields have the same shape (h, w) float32.

    edge: signed distance to the shape's own outline, positive inside. core: distance to its centre line.
    points: how many points of the fields make one ink height. width: of its own strokes, the median along that line.
    """

    edge: Field
    core: Field
    points: float
    width: float

    def drawn(self, height: float, width: float | None = None, aliased: bool = False) -> Field:
        """Coverage (h, w) float32 in [0, 1] of the shape drawn `height` pixels high.

        width: of the pen, as a share of the height, along the centre line; None for the shape's own outline.
        aliased: every pixel wholly ink or not, as old paint programs draw.
        """
        inside = self.edge
        if width is not None:
            # Where the shape is a blot, such as a loop that ran together, a thin line alone would lose what it was.
            inside = np.maximum(width / 2 - self.core, self.edge - np.float32((1.5 * self.width - width) / 2))
        factor = height / self.points
        size = max(1, round(inside.shape[1] * factor)), max(1, round(inside.shape[0] * factor))
        if factor < 1:
            sharp = np.clip(inside * self.points + 0.5, 0, 1)
            coverage = cv2.resize(sharp, size, interpolation=cv2.INTER_AREA)
        else:
            coverage = np.clip(cv2.resize(inside, size, interpolation=cv2.INTER_CUBIC) * height + 0.5, 0, 1)
        return (coverage >= 0.5).astype(np.float32) if aliased else coverage.astype(np.float32)


def from_image(image: npt.NDArray[np.uint8]) -> Glyph:
    """The glyph of a digit (h, w) uint8, strokes light on black, as MNIST keeps them.

    Raises ValueError for an image without strokes.
    """
    if image.max() == 0:
        raise ValueError("image: expected strokes, found black only")
    padded = cv2.copyMakeBorder(image, 2, 2, 2, 2, cv2.BORDER_CONSTANT).astype(np.float32) / float(image.max())
    large = cv2.resize(padded, None, fx=GRID, fy=GRID, interpolation=cv2.INTER_CUBIC)
    return from_mask(cv2.GaussianBlur(large, (0, 0), 0.35 * GRID) > EDGE)


def from_mask(mask: npt.NDArray[np.bool_]) -> Glyph:
    """The glyph of a shape (h, w) bool; its centre line is what thinning leaves of it."""
    mask = _padded(mask)
    points = _height(mask)
    edge = np.asarray(cv2.GaussianBlur(_signed_distance(mask), (0, 0), 1.5), np.float32) / np.float32(points)
    line = thinned(mask)
    return Glyph(edge, _distance_to(line) / np.float32(points), points, 2 * float(np.median(edge[line])))


def from_lines(lines: Sequence[npt.NDArray[np.float64]], width: float) -> Glyph:
    """The glyph of polylines, each (n, 2) as x and y, y down, in any unit; width: of its own pen, share of height."""
    everything = np.concatenate(lines)
    low, high = everything.min(axis=0), everything.max(axis=0)
    scale = DRAWN / max(float(high[1] - low[1]), 0.3 * float(high[0] - low[0]), 1e-6)
    margin = round(MARGIN * DRAWN)
    size = np.ceil((high - low) * scale).astype(int) + 2 * margin + 1
    canvas = np.zeros((size[1], size[0]), np.uint8)
    for line in lines:
        points = np.round(((line - low) * scale + margin) * 16).astype(np.int32)
        cv2.polylines(canvas, [points.reshape(-1, 1, 2)], False, 255, 1, cv2.LINE_8, 4)
    core = _distance_to(canvas > 0) / np.float32(DRAWN)
    return Glyph(np.float32(width / 2) - core, core, float(DRAWN), width)


def thinned(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """What is left of a shape when it is thinned to lines of one pixel (Zhang and Suen, 1984)."""
    # Sums of these weights number the 256 neighbourhoods of a pixel; which may go is looked up.
    weights = np.array([[128, 1, 2], [64, 0, 4], [32, 16, 8]], np.float32)
    line = np.pad(mask, 1).astype(np.uint8)
    while True:
        before = int(line.sum())
        for table in _DELETABLE:
            codes = cv2.filter2D(line, cv2.CV_32F, weights, borderType=cv2.BORDER_CONSTANT).astype(np.uint8)
            line[table[codes] & (line > 0)] = 0
        if int(line.sum()) == before:
            return line[1:-1, 1:-1] > 0


def _deletable() -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    codes = np.arange(256)
    north, _, east, _, south, _, west, _ = around = [(codes >> place) & 1 for place in range(8)]
    neighbours = sum(around)
    turns = sum((1 - one) & other for one, other in zip(around, [*around[1:], around[0]], strict=True))
    may = (neighbours >= 2) & (neighbours <= 6) & (turns == 1)
    first = may & (north * east * south == 0) & (east * south * west == 0)
    second = may & (north * east * west == 0) & (north * south * west == 0)
    return first, second


_DELETABLE = _deletable()


def _padded(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    cut = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.pad(cut, round(MARGIN * max(cut.shape[0], 0.3 * cut.shape[1])))


def _height(mask: npt.NDArray[np.bool_]) -> float:
    rows, columns = (int(mask.any(axis=axis).sum()) for axis in (1, 0))
    return float(max(rows, 0.3 * columns))


def _signed_distance(mask: npt.NDArray[np.bool_]) -> Field:
    inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    outside = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.where(mask, inside - 0.5, 0.5 - outside).astype(np.float32)


def _distance_to(line: npt.NDArray[np.bool_]) -> Field:
    distance = cv2.distanceTransform((~line).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # Smoothed against its steps; on the line itself, a distance of 0 becomes that of the points around.
    smooth = np.asarray(cv2.GaussianBlur(distance, (0, 0), SMOOTH), np.float32)
    return np.maximum(smooth - np.float32(0.8 * SMOOTH), 0)

"""Pen strokes drawn on a large canvas and averaged down to an image, so that their edges are grey as a pen's."""

from collections.abc import Sequence

import cv2
import numpy as np

SIDE = 112
"""Height and width of the canvas in pixels."""

BOX = 20 / 28
"""Share of an image's height and width that a digit fills at most, as in MNIST (LeCun et al., 1998)."""


def smooth(points: np.ndarray, steps: int = 12) -> np.ndarray:
    """A curve through all points (n, 2), n >= 2: Catmull and Rom's spline, (steps * (n - 1) + 1, 2)."""
    ends = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    time = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        cubic = (-a + 3 * b - 3 * c + d) * time**3 + (2 * a - 5 * b + 4 * c - d) * time**2 + (c - a) * time
        parts.append(b + 0.5 * cubic)
    return np.concatenate([*parts, points[-1:]])


def draw(lines: Sequence[np.ndarray], pen: int, shape: tuple[int, ...]) -> np.ndarray:
    """Lines drawn with one pen, fitted into an image of `shape` (h, w): uint8, white on black.

    lines: (n, 2) each, columns and rows on the canvas. pen: its width in pixels of the canvas, at most a quarter of it.
    """
    margin = SIDE // 4
    canvas = np.zeros((SIDE + 2 * margin, SIDE + 2 * margin), np.uint8)
    for line in lines:
        inside = (line + margin).clip(0, len(canvas) - 1)
        cv2.polylines(canvas, [inside.round().astype(np.int32)], False, 255, pen, cv2.LINE_AA)
    return fitted(canvas, shape)


def fitted(canvas: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """What is drawn on a canvas, in proportion, in the middle of an image of `shape` (h, w)."""
    drawn = canvas[inked(canvas.T)][:, inked(canvas)]
    factor = min(BOX * shape[0] / drawn.shape[0], BOX * shape[1] / drawn.shape[1])
    size = max(1, round(drawn.shape[1] * factor)), max(1, round(drawn.shape[0] * factor))
    small = cv2.resize(drawn, size, interpolation=cv2.INTER_AREA)
    image = np.zeros(shape, np.uint8)
    top, left = (shape[0] - size[1]) // 2, (shape[1] - size[0]) // 2
    image[top : top + size[1], left : left + size[0]] = small
    return image


def inked(image: np.ndarray) -> slice:
    """From the first to the last column with ink; all columns of an empty image."""
    columns = np.flatnonzero((image > 60).any(axis=0))
    return slice(int(columns[0]), int(columns[-1]) + 1) if len(columns) else slice(None)

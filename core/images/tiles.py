"""Tiles of one size on a page of another colour: a screenshot of a grid of images, each with a digit of its own.

A page and its tiles are both drawn by a program: of one colour each, and with level edges.
"""

import cv2
import numpy as np
import numpy.typing as npt

from core.images.scale import reduced

Array = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_SIDE = 640
"""Side in pixels at which tiles are looked for."""

_SMALLEST = 16
"""A tile has at least this many pixels a side there."""

_SQUARE = 0.6
"""A tile's shorter side is at least this share of its longer one: strokes are longer than that."""

_FULL, _BARE = 0.95, 0.55
"""A tile fills at least the share _FULL of the box around it, holes filled, and is bare in at least the share _BARE."""

_ALIKE = 0.08
"""The sides of tiles differ by less than this share from the usual ones."""

_EVEN = 0.03
"""What is bare of a tile, and of the page between tiles, differs from its usual colour by less than this."""

_APART = 0.2
"""The two colours differ by at least this much in one of red, green and blue."""


def find_tiles(colours: Array) -> Mask | None:
    """Where the tiles are, without their edges, (h, w) bool, in a picture (h, w, 3) in [0, 1]; None without two."""
    height, width = colours.shape[:2]
    small = reduced(colours, _SIDE)
    page = _page(small)
    if page is None:
        return None
    other = np.abs(small - page).max(axis=2) > _EVEN
    boxes = _tiles(other, small, page)
    if len(boxes) < 2:
        return None
    found = np.zeros(small.shape[:2], np.uint8)
    for left, top, across, down in boxes:
        # The edge is blurred, and may be a line of its own, as figures have around their images.
        edge = max(2, round(0.03 * min(across, down)))
        found[top + edge : top + down - edge, left + edge : left + across - edge] = 1
    return cv2.resize(found, (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)


def _page(small: Array) -> Array | None:
    """The colour of the border (3,), if nearly all of it has one."""
    border = np.concatenate([small[0], small[-1], small[1:-1, 0], small[1:-1, -1]])
    colour = np.median(border, axis=0)
    return np.asarray(colour, np.float32) if (np.abs(border - colour).max(axis=1) < _EVEN).mean() > _FULL else None


def _tiles(other: Mask, small: Array, page: Array) -> list[tuple[int, int, int, int]]:
    """The boxes (left, top, width, height) of the tiles among what has another colour (h, w) than the page."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(other.astype(np.uint8), connectivity=4)
    sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    square = (sides.min(axis=1) >= _SMALLEST) & (sides.min(axis=1) >= _SQUARE * sides.max(axis=1))
    boxes = []
    for label in 1 + np.flatnonzero(square):
        left, top, across, down = (int(value) for value in stats[label, :4])
        window = slice(top, top + down), slice(left, left + across)
        own = (labels[window] == label).astype(np.uint8)
        contours, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(own, contours, -1, 1, cv2.FILLED)
        ground = np.median(small[window].reshape(-1, 3), axis=0)
        bare = float((np.abs(small[window] - ground).max(axis=2) < _EVEN).mean())
        if own.mean() > _FULL and _BARE < bare < 1 and np.abs(ground - page).max() > _APART:
            boxes.append((left, top, across, down))
    if not boxes:
        return []
    usual = np.median(np.array(boxes)[:, 2:], axis=0)
    return [box for box in boxes if (np.abs(box[2:] - usual) < np.maximum(2, _ALIKE * usual)).all()]

"""The printed boxes of forms: straight thin lines that end at other such lines on both sides.

Strokes of digits are as straight, but their ends are free. A line is therefore kept as part of a box only if lines
across it, or the border of the picture, stand at both of its ends; what is left when the others have been dropped is a
box or a grid of boxes. It is believed if there is writing in it, or in a box of its size: a square 0 is no box.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.images.runs import Lines, runs

Array = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_SHORTEST = 1 / 32
"""A side of a box is at least this share of the picture's longer side."""

_THICKEST = 1 / 45
"""A side of a box is at most this share of the picture's longer side thick."""

_WRITTEN = 0.2
"""What is written in a box is at least this share of the box's shorter side."""

_UNLIKE = 1.7
"""Sides of one box differ by less than this factor in thickness and in strength."""

_STROKE = 0.35
"""Ink from this share of its full strength on is a stroke."""


@dataclass(eq=False)
class _Side:
    """A line from (x, y) to (x, y), the first coordinate growing, as seen where lines run across.

    number: of its pixels among the labels. thickness: in pixels. level: strength of its ink.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    number: int
    thickness: float
    level: float

    def height_at(self, x: float) -> float:
        """The y at which the line, made longer if need be, is at x."""
        (x0, y0), (x1, y1) = self.start, self.end
        return y0 + (y1 - y0) * (x - x0) / max(x1 - x0, 1e-6)

    def at(self, x: float) -> tuple[int, int]:
        """The pixel (x, y) nearest to the line at x."""
        return round(x), round(self.height_at(x))


@dataclass(frozen=True, eq=False)
class _Direction:
    """The lines in one direction: their pixels (h, w), numbered, and the sides among them."""

    labels: npt.NDArray[np.int32]
    sides: list[_Side]

    def lines(self, kept: Sequence[_Side]) -> Lines | None:
        """The pixels of some of the sides."""
        if not kept:
            return None
        band, corners = np.zeros(self.labels.shape, np.uint8), np.zeros(self.labels.shape, np.uint8)
        for side in kept:
            thick, beyond = max(1, round(side.thickness)) + 2, side.thickness + 1
            cv2.line(band, side.at(side.start[0]), side.at(side.end[0]), 1, thick)
            # A run ends where the line across it begins, which hides it.
            cv2.line(corners, side.at(side.start[0] - beyond), side.at(side.start[0]), 1, thick)
            cv2.line(corners, side.at(side.end[0]), side.at(side.end[0] + beyond), 1, thick)
        own = np.isin(self.labels, [side.number for side in kept])
        pixels = own & (band > 0) | (corners > 0)
        return Lines(pixels, float(np.median([side.thickness for side in kept]))) if pixels.any() else None


def find_frames(ink: Array, faintest: float) -> tuple[Lines | None, Lines | None]:
    """The sides of boxes in a picture (h, w) in [0, 1]: those across it, and those down it as (w, h), turned.

    faintest: what is weaker is noise.
    """
    length = max(16, round(_SHORTEST * max(ink.shape)))
    across = _direction(ink, length, faintest)
    if not across.sides:
        return None, None
    down = _direction(np.ascontiguousarray(ink.T), length, faintest)
    kept = _closed(across.sides, down.sides, ink.shape, length)
    believed = _believed(*kept, ink, faintest)
    return across.lines([side for side in kept[0] if side in believed]), down.lines(
        [side for side in kept[1] if side in believed]
    )


def _direction(ink: Array, length: int, faintest: float) -> _Direction:
    thick = round(_THICKEST * max(ink.shape))
    found = runs(ink, length, thick, faintest)
    linked = cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((3, length), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(linked, connectivity=8)
    sides = []
    for number in range(1, count):
        left, top, width, height, area = (int(stats[number, column]) for column in range(5))
        if width < length or area / width > thick:
            continue
        rows, columns = np.nonzero(labels[top : top + height, left : left + width] == number)
        slope, offset = np.polyfit(columns, rows, 1) if width > 1 else (0.0, 0.0)
        ends = ((left, top + offset), (left + width - 1, top + offset + slope * (width - 1)))
        level = float(np.median(ink[top + rows, left + columns]))
        sides.append(_Side(ends[0], ends[1], number, area / width, level))
    return _Direction(labels.astype(np.int32), sides)


def _closed(
    across: list[_Side], down: list[_Side], shape: tuple[int, ...], length: int
) -> tuple[list[_Side], list[_Side]]:
    """The sides whose two ends lie at lines of the other direction, or at the border of the picture."""
    while True:
        kept_across = [side for side in across if _ends(side, down, shape[1], length)]
        kept_down = [side for side in down if _ends(side, kept_across, shape[0], length)]
        if len(kept_across) == len(across) and len(kept_down) == len(down):
            return across, down
        across, down = kept_across, kept_down


def _ends(side: _Side, others: Sequence[_Side], size: int, length: int) -> bool:
    """Whether something stops the line at both ends, and not the border at both."""
    alike = [other for other in others if _alike(side, other)]
    stopped = [any(_meets(end, other, length) for other in alike) for end in (side.start, side.end)]
    at_border = side.start[0] <= 2, side.end[0] >= size - 3
    return any(stopped) and all(one or two for one, two in zip(stopped, at_border, strict=True))


def _alike(one: _Side, other: _Side) -> bool:
    """Whether two lines might be printed with one pen: no stroke of writing across a ruled line is like it."""
    pairs = ((one.thickness, other.thickness), (one.level, other.level))
    return all(max(pair) < _UNLIKE * min(pair) for pair in pairs)


def _meets(end: tuple[float, float], other: _Side, length: int) -> bool:
    """Whether the end (x, y) of a line lies at a line of the other direction, whose x and y are exchanged."""
    x, y = end
    near = 0.4 * length
    return other.start[0] - near <= y <= other.end[0] + near and abs(other.height_at(y) - x) <= near


def _believed(across: list[_Side], down: list[_Side], ink: Array, faintest: float) -> set[_Side]:
    """The sides of boxes in which something is written, and of boxes as large as those."""
    bands = {side: _band(side, ink.shape, False) for side in across}
    bands |= {side: _band(side, ink.shape, True) for side in down}
    if not bands:
        return set()
    walls = np.bitwise_or.reduce(list(bands.values()))
    count, cells, stats, _ = cv2.connectedComponentsWithStats(1 - walls, connectivity=4)
    border = np.concatenate([cells[0], cells[-1], cells[:, 0], cells[:, -1]])
    outside = int(np.bincount(border, minlength=count)[1:].argmax()) + 1
    inner = [number for number in range(1, count) if number != outside]
    sizes = {
        number: (int(stats[number, cv2.CC_STAT_WIDTH]), int(stats[number, cv2.CC_STAT_HEIGHT])) for number in inner
    }
    strokes = ((ink > max(_STROKE, faintest)) & (walls == 0)).astype(np.uint8)
    written = [number for number in inner if _is_written(strokes, cells, stats[number], number)]
    like = [
        number
        for number in inner
        if any(
            all(abs(one - other) < 0.3 * other for one, other in zip(sizes[number], sizes[cell], strict=True))
            for cell in written
        )
    ]
    near = np.asarray(cv2.dilate(np.isin(cells, like).astype(np.uint8), np.ones((5, 5), np.uint8)), np.uint8)
    return {side for side, band in bands.items() if (near & band).any()}


def _band(side: _Side, shape: tuple[int, ...], turned: bool) -> npt.NDArray[np.uint8]:
    """The line made a little longer, so that no corner stays open: (h, w), 0 or 1."""
    band = np.zeros(shape[::-1] if turned else shape, np.uint8)
    near = 4 + 2 * side.thickness
    cv2.line(band, side.at(side.start[0] - near), side.at(side.end[0] + near), 1, round(side.thickness) + 2)
    return np.ascontiguousarray(band.T) if turned else band


def _is_written(
    strokes: npt.NDArray[np.uint8], cells: npt.NDArray[np.int32], box: npt.NDArray[np.int32], number: int
) -> bool:
    """Whether there is a stroke in a cell that is more than a speck. box: left, top, width, height and area of it."""
    left, top, width, height = (int(value) for value in box[:4])
    window = slice(top, top + height), slice(left, left + width)
    own = strokes[window] * (cells[window] == number).astype(np.uint8)
    stats = cv2.connectedComponentsWithStats(own, connectivity=8)[2][1:]
    return bool((stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(initial=0)) > _WRITTEN * min(width, height))

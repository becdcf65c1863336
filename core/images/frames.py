"""The printed boxes of forms: straight thin lines that end at other such lines on both sides.

Strokes of digits are as straight, but their ends are free. A line is therefore kept as part of a box only if lines
across it, or the border of the picture, stand at both of its ends; what is left when the others have been dropped is a
box or a grid of boxes. It is believed if there is writing in it, or in a box of its size: a square 0 is no box.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.images.outlines import LOW
from core.images.runs import Lines, runs

Array = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_SHORTEST = 1 / 32
"""A side of a box is at least this share of the picture's longer side."""

_NARROWEST = 0.75
"""The inside of a box is at least this share of the shortest side wide and high."""

THICKEST = 1 / 45
"""A side of a box is at most this share of the picture's longer side thick, rounded to pixels."""

_WRITTEN = 0.2
"""What is written in a box is at least this share of the box's shorter side."""

_CORNER = 4
"""How many pixels a side is made longer by, so that it reaches the one that it ends at."""

_BOLDER = 1.4
"""Ink this many times as strong as the sides of a box is something that is written in it."""

_STRONGER = 1.7
"""Sides of one box differ by less than this factor in strength."""

_THICKER = 2.5
"""Sides of one box differ by less than this factor in thickness: two walls side by side may be taken for one line."""

_SQUARE = 0.12
"""Sides of one box differ from right angles by at most this slope: 7 degrees, seen from aside."""

_SIDE_BY_SIDE = 3
"""Lines that run so close to each other that they are connected: two sides, and a stroke."""

_EVEN = 0.75
"""Connected pixels are one line if none is farther from it than this share of the greatest thickness."""

_SLOPES = np.arange(-24, 25) / 100
"""Slopes of the lines that are told apart: up to 13 degrees."""


@dataclass(eq=False)
class _Side:
    """A line from (x, y) to (x, y), the first coordinate growing, as seen where lines run across.

    number: of its pixels among the labels. thickness: in pixels, with the paper between two walls that are taken for
    one. ink_across: thickness of its ink alone. level: strength of its ink.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    number: int
    thickness: float
    ink_across: float
    level: float

    @property
    def slope(self) -> float:
        """How much y grows with x."""
        return (self.end[1] - self.start[1]) / max(self.end[0] - self.start[0], 1e-6)

    def height_at(self, x: float) -> float:
        """The y at which the line, made longer if need be, is at x."""
        return self.start[1] + self.slope * (x - self.start[0])

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
        return Lines(pixels, pixels, float(np.median([side.thickness for side in kept]))) if pixels.any() else None


def find_frames(ink: Array, faintest: float) -> tuple[Lines | None, Lines | None]:
    """The sides of boxes in a picture (h, w) in [0, 1]: those across it, and those down it as (w, h), turned.

    faintest: what is weaker is noise.
    """
    length = max(16, round(_SHORTEST * max(ink.shape)))
    across = _direction(ink, length, faintest)
    if not across.sides:
        return None, None
    down = _direction(np.ascontiguousarray(ink.T), length, faintest)
    kept = _closed(across.sides, down.sides, (ink.shape[0], ink.shape[1]), length)
    believed = _believed(*kept, ink, faintest, round(_NARROWEST * length))
    return across.lines([side for side in kept[0] if side in believed]), down.lines(
        [side for side in kept[1] if side in believed]
    )


def _direction(ink: Array, length: int, faintest: float) -> _Direction:
    thick = 1 + round(THICKEST * max(ink.shape))  # what is that thick is no line any more
    found = runs(ink, length, thick, faintest)
    linked = cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((3, length), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(linked, connectivity=8)
    sides = []
    for number in range(1, count):
        left, top, width, height, _ = (int(stats[number, column]) for column in range(5))
        if width < length:
            continue
        rows, columns = np.nonzero(labels[top : top + height, left : left + width] == number)
        for own in _straight(rows, columns, length, thick):
            slope, offset = np.polyfit(columns[own], rows[own], 1)
            start, end = int(columns[own].min()), int(columns[own].max())
            ends = ((left + start, top + offset + slope * start), (left + end, top + offset + slope * end))
            strengths, across = ink[top + rows[own], left + columns[own]], end - start + 1
            level = _level(strengths, columns[own] - start)
            ink_across = float(strengths.sum()) / max(level, 1e-6) / across
            sides.append(_Side(ends[0], ends[1], number, int(own.sum()) / across, ink_across, level))
    return _Direction(labels.astype(np.int32), sides)


def _level(strengths: Array, columns: npt.NDArray[np.int64]) -> float:
    """How strong a line's ink is: in the middle of it, wherever along it that is. columns: of the strengths, from 0."""
    strongest = np.zeros(int(columns.max()) + 1, np.float32)
    np.maximum.at(strongest, columns, strengths)
    return float(np.median(strongest[np.unique(columns)]))


def _straight(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], length: int, thick: int
) -> Iterator[npt.NDArray[np.bool_]]:
    """The straight lines in connected pixels, the longest first: which of the pixels belong to each, (n,) bool.

    Two sides of neighbouring boxes, or a side and a stroke near it, are connected.
    """
    left = np.ones(len(rows), bool)
    slope, offset = np.polyfit(columns, rows, 1)
    if np.abs(rows - slope * columns - offset).max() <= _EVEN * thick:
        yield left
        return
    for _ in range(_SIDE_BY_SIDE):
        if len(np.unique(columns[left])) < length:
            return
        covered = [len(np.unique(columns[_along(rows, columns, left, slope)[1]])) for slope in _SLOPES]
        if max(covered) < length:
            return
        # Lines as thick as they are long are covered at many slopes, of which the true one is in the middle.
        distances, along = _along(rows, columns, left, float(np.median(_SLOPES[np.array(covered) == max(covered)])))
        own = left & (distances <= thick / 2) & (columns >= columns[along].min()) & (columns <= columns[along].max())
        yield own
        left = left & ~own


def _along(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], left: Mask, slope: float
) -> tuple[npt.NDArray[np.int64], Mask]:
    """How far pixels (n,) are from the line of a slope on which most of those left lie, and which of these do."""
    offsets = np.round(rows - slope * columns).astype(np.int64)
    offsets -= offsets.min()
    # Ink in a row of the sheared picture; the middle of a line is where most of it lies.
    row = int(np.bincount(offsets[left]).argmax())
    return np.abs(offsets - row), left & (offsets == row)


def _closed(
    across: list[_Side], down: list[_Side], shape: tuple[int, int], length: int
) -> tuple[list[_Side], list[_Side]]:
    """The sides whose two ends lie at lines of the other direction, or at the border of the picture."""
    while True:
        kept_across = [side for side in across if _ends(side, down, shape, length)]
        kept_down = [side for side in down if _ends(side, kept_across, shape[::-1], length)]
        if len(kept_across) == len(across) and len(kept_down) == len(down):
            return across, down
        across, down = kept_across, kept_down


def _ends(side: _Side, others: Sequence[_Side], shape: tuple[int, int], length: int) -> bool:
    """Whether something stops the line at both ends, and not the border at both. shape: height and width along it."""
    alike = [other for other in others if _alike(side, other)]
    ends = side.start, side.end
    stopped = [any(_meets(end, other, length) for other in alike) for end in ends]
    # A side may leave the picture at its own end, or slantwise at the border beside it.
    at_border = [not (2 < x < shape[1] - 3 and 2 < y < shape[0] - 3) for x, y in ends]
    return any(stopped) and all(one or two for one, two in zip(stopped, at_border, strict=True))


def _alike(one: _Side, other: _Side) -> bool:
    """Whether two lines, one turned, might be sides of one box: as thick and strong, at nearly right angles."""
    pairs = ((one.ink_across, other.ink_across, _THICKER), (one.level, other.level, _STRONGER))
    # The other's x and y are exchanged, so that at right angles the slopes are opposite.
    return abs(one.slope + other.slope) < _SQUARE and all(max(a, b) < most * min(a, b) for a, b, most in pairs)


def _meets(end: tuple[float, float], other: _Side, length: int) -> bool:
    """Whether the end (x, y) of a line lies at a line of the other direction, whose x and y are exchanged."""
    x, y = end
    near = 0.4 * length
    return other.start[0] - near <= y <= other.end[0] + near and abs(other.height_at(y) - x) <= near


def _believed(across: list[_Side], down: list[_Side], ink: Array, faintest: float, narrowest: int) -> set[_Side]:
    """The sides of boxes in which something is written, and of boxes as large as those.

    narrowest: what is narrower inside, in pixels, is no box.
    """
    bands = {side: _band(side, ink.shape, False) for side in across}
    bands |= {side: _band(side, ink.shape, True) for side in down}
    if not bands:
        return set()
    _, groups, stats, _ = cv2.connectedComponentsWithStats(np.bitwise_or.reduce(list(bands.values())))
    strokes = (ink > max(LOW, faintest)).astype(np.uint8)
    sides: dict[int, list[_Side]] = {}
    for side, band in bands.items():
        sides.setdefault(int(groups.flat[band.argmax()]), []).append(side)
    cells: dict[int, list[_Cell]] = {}
    # The smallest first: a 0 has nothing in it, and so is what is written in the box round it.
    for group in sorted(sides, key=lambda number: int(stats[number, cv2.CC_STAT_AREA])):
        window = _window(stats[group], ink.shape)
        walls = (groups[window] == group).astype(np.uint8)
        level = float(np.median([side.level for side in sides[group]]))
        own = _cells(walls, strokes[window] * (1 - walls), (ink[window] > _BOLDER * level).astype(np.uint8))
        cells[group] = [cell for cell in own if min(cell.inside.shape) >= narrowest]
        if any(cell.written for cell in cells[group]):
            strokes[window] *= 1 - walls
    written = [cell for own in cells.values() for cell in own if cell.written]
    believed = set()
    for group, own in cells.items():
        window = _window(stats[group], ink.shape)
        walls = groups[window] == group
        inside = np.zeros(walls.shape, np.uint8)
        for cell in own:
            if any(cell.is_like(other) for other in written):
                inside[cell.window] |= cell.inside
        # A digit in a box lies beside the box's inside too, but is no part of its walls.
        near = np.asarray(cv2.dilate(inside, np.ones((5, 5), np.uint8)), bool) & walls
        believed |= {side for side in sides[group] if (near & (bands[side][window] > 0)).any()}
    return believed


def _window(stats: npt.NDArray[np.int32], shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Where connected pixels lie in a picture of `shape`, with what is around them."""
    left, top, width, height = (int(value) for value in stats[:4])
    return slice(max(0, top - 1), min(shape[0], top + height + 1)), slice(
        max(0, left - 1), min(shape[1], left + width + 1)
    )


@dataclass(frozen=True, eq=False)
class _Cell:
    """The inside of a box: its window in the picture, what of that is inside, 0 or 1, and whether there is writing."""

    window: tuple[slice, slice]
    inside: npt.NDArray[np.uint8]
    written: bool

    def is_like(self, other: "_Cell") -> bool:
        """Whether it is about as wide and high as another, or of one row or column of boxes with it."""
        alike, longer = sorted(
            max(a, b) / min(a, b) for a, b in zip(self.inside.shape, other.inside.shape, strict=True)
        )
        return longer < 1.35 or (alike < 1.1 and longer < 2)


def _cells(walls: npt.NDArray[np.uint8], strokes: npt.NDArray[np.uint8], bold: npt.NDArray[np.uint8]) -> list[_Cell]:
    """What lies inside of walls (h, w). strokes, bold: (h, w), what is no wall, and what is far stronger than walls."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - walls, connectivity=4)
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    outside = int(np.bincount(border, minlength=count)[1:].argmax()) + 1
    cells = []
    for number in range(1, count):
        if number != outside:
            left, top, width, height = (int(value) for value in stats[number, :4])
            window = slice(top, top + height), slice(left, left + width)
            inside = (labels[window] == number).astype(np.uint8)
            cells.append(_Cell(window, inside, _is_written(inside, strokes[window], bold[window])))
    return cells


def _band(side: _Side, shape: tuple[int, ...], turned: bool) -> npt.NDArray[np.uint8]:
    """The line made a little longer, so that no corner stays open: (h, w), 0 or 1."""
    band = np.zeros(shape[::-1] if turned else shape, np.uint8)
    cv2.line(band, side.at(side.start[0]), side.at(side.end[0]), 1, round(side.ink_across) + 3)
    # Thin and short: a digit that nearly touches the box must not become a part of it.
    cv2.line(band, side.at(side.start[0] - _CORNER), side.at(side.end[0] + _CORNER), 1)
    return np.ascontiguousarray(band.T) if turned else band


def _is_written(inside: npt.NDArray[np.uint8], strokes: npt.NDArray[np.uint8], bold: npt.NDArray[np.uint8]) -> bool:
    """Whether a cell (h, w) holds a stroke, and not only specks and what hangs on its walls.

    What hangs on them may be the rest of the walls' own strokes: the four sides of a square 8 are no box. Ink that is
    far stronger than the walls is no part of them.
    """
    away = np.asarray(cv2.erode(np.pad(inside, 1), np.ones((5, 5), np.uint8))[1:-1, 1:-1], bool)
    hanging = ~away
    largest = max(_largest(inside & strokes, hanging), _largest(inside & bold, np.zeros_like(hanging)))
    return largest > _WRITTEN * min(inside.shape)


def _largest(ink: npt.NDArray[np.uint8], barred: Mask) -> int:
    """The longer side of the largest connected ink (h, w) that has no pixel in a barred place."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    free = np.ones(len(stats), bool)
    free[labels[barred]] = False
    free[0] = False
    return int(stats[free][:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(initial=0))

"""Where digits stand on a sheet: one or several lines of writing, set apart, nearly touching or touching."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.reading.glyphs import Field, Glyph
from benchmarks.reading.pens import Pen

Range = tuple[float, float]

INK = 0.5
"""A pixel belongs to a digit's ink where the pen covers this share of it; boxes surround such pixels."""


NESTED = 0.22
"""Share of its height by which a digit may reach under or over the one before it."""


@dataclass(frozen=True)
class Layout:
    """How digits stand; each pair is a range that is drawn from evenly.

    lines, digits: how many lines, and digits a line. height: of a digit, as a share of the picture's height.
    gap: between the ink of neighbours, as a share of the height; below zero they overlap.
    place: "centre", "anywhere", or "cut" (over the picture's border). uneven: how much heights and baselines differ.
    """

    lines: tuple[int, int] = (1, 1)
    digits: tuple[int, int] = (1, 1)
    height: Range = (0.35, 0.6)
    gap: Range = (0.25, 0.7)
    place: str = "centre"
    uneven: float = 0.06


@dataclass(frozen=True, eq=False)
class Placed:
    """A digit on the sheet: its coverage (h, w) float32, the corner it lies at, its number and its line."""

    coverage: Field
    x: int
    y: int
    index: int
    line: int

    def outline(self) -> npt.NDArray[np.float32]:
        """Corners (n, 2) of all pixels of its ink, as x and y on the sheet."""
        rows, columns = np.nonzero(self.coverage >= min(INK, float(self.coverage.max()) * 0.7))
        corners = [np.stack([columns + right, rows + low], axis=1) for right in (0, 1) for low in (0, 1)]
        return np.asarray(np.concatenate(corners) + np.array([self.x, self.y]), np.float32)


def line_lengths(layout: Layout, random: np.random.Generator) -> list[int]:
    """How many digits each line of a new picture has."""
    n_lines = int(random.integers(layout.lines[0], layout.lines[1] + 1))
    return [int(random.integers(layout.digits[0], layout.digits[1] + 1)) for _ in range(n_lines)]


def placed(
    glyphs: Sequence[Glyph],
    lengths: Sequence[int],
    layout: Layout,
    pen: Pen,
    area: tuple[int, int, int, int],
    random: np.random.Generator,
) -> list[Placed]:
    """The digits drawn and set, in reading order, inside area (x, y, width, height) of the sheet.

    A line too long for the area is written smaller.
    """
    left, top, width, height = area
    drawn_height = float(random.uniform(*layout.height)) * height
    gap = float(random.uniform(*layout.gap))
    lines: list[list[Placed]] = []
    for _ in range(20):
        lines = _written(glyphs, lengths, layout, pen, drawn_height, gap, np.random.default_rng(random.integers(2**32)))
        extent = _extent([one for line in lines for one in line])
        if layout.place == "cut" or (extent[2] <= 0.94 * width and extent[3] <= 0.94 * height):
            break
        drawn_height *= 0.9
    everything = [one for line in lines for one in line]
    x, y, ink_width, ink_height = _extent(everything)
    shift = _shift(layout.place, (width - ink_width, height - ink_height), (ink_width, ink_height), random)
    right, down = round(left + shift[0] - x), round(top + shift[1] - y)
    return [Placed(one.coverage, one.x + right, one.y + down, one.index, one.line) for one in everything]


def _shift(
    place: str, room: tuple[float, float], size: tuple[float, float], random: np.random.Generator
) -> tuple[float, float]:
    if place == "cut":
        # A tenth of the ink at most lies outside, at one side.
        side = int(random.integers(4))
        beyond = float(random.uniform(0, 0.1))
        shift = [one * float(random.uniform(0.3, 0.7)) for one in room]
        axis = side % 2
        shift[axis] = -beyond * size[axis] if side < 2 else room[axis] + beyond * size[axis]
        return shift[0], shift[1]
    spread = 0.06 if place == "centre" else 0.47
    x, y = (max(one, 0) * float(random.uniform(0.5 - spread, 0.5 + spread)) for one in room)
    return x, y


def _written(
    glyphs: Sequence[Glyph],
    lengths: Sequence[int],
    layout: Layout,
    pen: Pen,
    height: float,
    gap: float,
    random: np.random.Generator,
) -> list[list[Placed]]:
    width = pen.drawn_width(height, random)
    aliased = bool(random.random() < pen.aliased)
    lines: list[list[Placed]] = []
    index, baseline = 0, 0.0
    for number, length in enumerate(lengths):
        line: list[Placed] = []
        start = round(float(random.uniform(0, 0.5)) * height) if len(lengths) > 1 else 0
        slope = float(random.normal(0, 0.02)) if length > 1 else 0.0
        for _ in range(length):
            own = height * float(1 + random.normal(0, layout.uneven)) if sum(lengths) > 1 else height
            coverage = _cut(glyphs[index].drawn(own, width, aliased))
            drop = float(random.normal(0, layout.uneven)) * height if length > 1 else 0.0
            y = round(baseline - coverage.shape[0] + drop)
            # The gap is that of the whole line: people write evenly, and some pairs only come close.
            x = start if not line else _beside(line[-1], coverage, y, (gap + 0.02 * random.normal()) * height)
            y += round(slope * (x - start))
            line.append(Placed(coverage, x, y, index, number))
            index += 1
        lines.append(line)
        baseline += height * float(random.uniform(1.35, 1.9))
    return lines


def _cut(coverage: Field) -> Field:
    rows, columns = (np.flatnonzero((coverage > 0.02).any(axis=axis)) for axis in (1, 0))
    return coverage[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _beside(before: Placed, coverage: Field, y: int, gap: float) -> int:
    """The x at which the ink of a digit comes as near to the one before it as gap says, in any row they share."""
    right_edge = _edge(before.coverage[:, ::-1])
    right = before.x + before.coverage.shape[1] - right_edge
    left = _edge(coverage)
    first, last = max(before.y, y), min(before.y + len(right), y + len(left))
    if first >= last:
        return round(before.x + before.coverage.shape[1] + gap)
    ends = right[first - before.y : last - before.y]
    starts = left[first - y : last - y]
    x = float((ends - starts).max()) + gap
    # Without common ink in their rows two digits would slide into each other.
    if not np.isfinite(x):
        return round(before.x + before.coverage.shape[1] + gap)
    # Nor does anybody write a 1 wholly under the arm of a 7.
    return round(max(x, before.x + before.coverage.shape[1] - NESTED * before.coverage.shape[0]))


def _edge(coverage: Field) -> npt.NDArray[np.float64]:
    ink = coverage >= INK
    return np.where(ink.any(axis=1), ink.argmax(axis=1), np.inf).astype(np.float64)


def _extent(digits: Sequence[Placed]) -> tuple[float, float, float, float]:
    x, y = min(one.x for one in digits), min(one.y for one in digits)
    right = max(one.x + one.coverage.shape[1] for one in digits)
    low = max(one.y + one.coverage.shape[0] for one in digits)
    return x, y, right - x, low - y

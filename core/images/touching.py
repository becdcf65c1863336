"""Digits that touch: where a glyph is cut, if the judge finds the parts more like digits than the whole.

Cuts are paths from top to bottom that cross as little ink as they can, some nearly straight, some round an overhanging
stroke. All runs between cuts are judged at once, with and without the strokes that neighbours have in common, and the
best way to divide the glyph is found by dynamic programming ("over-segmentation": Casey and Lecolinet, "A survey of
methods and strategies in character segmentation", 1996).
Without better evidence the glyph stays whole.
"""

from dataclasses import dataclass
from itertools import combinations, pairwise

import cv2
import numpy as np
import numpy.typing as npt

from core.images.judge import Judged
from core.images.outlines import LOW, occupied, stroke_width

Array = npt.NDArray[np.float32]
Paths = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_HEIGHT = 40
"""Height in pixels at which cuts are looked for and parts are judged."""

_REACHES = (0.1, 0.4)
"""How far a cut may lead away from its column, as shares of the height: nearly straight, or round a stroke."""

_CUTS, _MOST = 12, 30
"""Cuts that are tried for each height of width, and at most."""

_COSTLIEST = 0.45
"""A cut crosses at most this share of the height in ink: strokes are about a tenth of it wide."""

_APART, _LEAST_INK = 0.04, 0.15
"""Cuts have at least these shares of a digit's ink between them, and at each side."""

_SHARED, _PRICE = 1.2, 1.0
"""Where digits touch, _SHARED stroke widths may belong to both. For the share of a part's ink that is its neighbour's,
_PRICE times that share is taken from the logarithm of how sure the judge is, or there would be digits between digits.
"""

_CRUMB = 0.15
"""What is cut off with less than this share of a part's ink belongs to its neighbour."""

_NARROW = 0.5
"""A glyph narrower than this share of its height is never divided."""

_WIDE, _PASSES = 1.05, 0.9
"""A glyph up to _WIDE times its height wide is divided only if the judge is surer than _PASSES of each part."""

_LOOSE, _SLACK, _TIGHT_SLACK = 1.5, 6.0, 3.0
"""A wider one is divided as well if the logarithms of how sure the judge is of each part sum to more than -slack times
what it is wider than that: _SLACK if at most _LOOSE stroke widths of ink join its parts, _TIGHT_SLACK otherwise.
"""

_FEW, _FEW_LOOSE, _FEW_TIGHT_SLACK = 32, 0.8, 0.5
"""In a glyph of at most _FEW pixels' height, in which a w is soon taken for a 6 and a 1, parts are joined loosely up to
_FEW_LOOSE stroke widths, and have _FEW_TIGHT_SLACK otherwise.
"""

_BOLD = 0.25
"""A glyph whose strokes are wider than this share of its height, as a shoe's are, is never divided; in one of less than
five pixels' height all strokes are.
"""

_CORE, _PALE = 0.5, 0.2
"""The core of strokes has at least the share _CORE of the strongest ink. A part is pale if less than the share _PALE of
its ink is such.
"""

_BAR = 1.4
"""A part has at most this many times the ink of a stroke from corner to corner if it is a single stroke."""

_AT, _NEAR, _PARALLEL = 1.5, 5.0, 0.97
"""A corner is within _AT stroke widths of the end of one stroke, and within _NEAR of the other's, from which a cut may
have taken some; directions with a cosine above _PARALLEL are parallel."""

DOUBTED = 0.1
"""The judge is at most this sure of two digits that they are one, unless they are far too wide for one."""

_FAR_TOO_WIDE = 1.5
"""No digit is wider than this share of its height."""

_WIDEST = 1.3
"""A part is at most this share of the height wide."""

_LEAST = 0.02
"""However unlike a digit a part is, it counts as this sure: one spoilt digit must not keep the others together."""


@dataclass(frozen=True, eq=False)
class _Division:
    """A glyph divided. score: sum of the logarithms of how sure the judge is of each part. least: of the worst part.

    parts: where each is, (h, w) bool, from left to right. owned: the same, with the strokes that two have in common.
    """

    score: float
    least: float
    parts: list[Mask]
    owned: list[Mask]


def parts(strength: Array, usual: float | None, judged: Judged) -> list[Array]:
    """The glyph's ink (h, w), or the ink of each of the digits in it, each of the same shape, from left to right.

    usual: height of the digits beside it, in pixels; None if it is alone.
    """
    rows, columns = occupied(strength > LOW)
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    wide = width / (height if usual is None else max(0.8 * usual, min(height, 1.2 * usual)))
    if wide < _NARROW or wide > _HEIGHT:
        return [strength]
    whole = float(judged.sureness([strength])[0])
    if whole > (DOUBTED if wide < _WIDE else 0.5) and wide < _FAR_TOO_WIDE:
        return [strength]
    factor = _HEIGHT / height
    size = max(3, round(strength.shape[1] * factor)), max(3, round(strength.shape[0] * factor))
    small = np.asarray(cv2.resize(strength, size, interpolation=cv2.INTER_AREA), np.float32)
    # Between digits that are blurred into each other there is ink, but little of it is as strong as strokes.
    core = small > _CORE * small.max()
    if stroke_width(core) > _BOLD * _HEIGHT:
        return [strength]
    found = _best(small, _cuts(small, wide), judged)
    if found is None or found.score <= np.log(max(whole, _LEAST)):
        return [strength]
    if found.least <= _PASSES and found.score <= -_slack(_joint(small > LOW, core, found), height) * (wide - _WIDE):
        return [strength]
    if wide < _FAR_TOO_WIDE and _is_zigzag(small > LOW, found):
        return [strength]
    divided = [_at_size(strength, part, factor) for part in found.owned]
    # In a glyph a few pixels high a part may be narrower than a pixel, and vanish at the glyph's size.
    return divided if all((part > LOW).any() for part in divided) else [strength]


def _slack(joint: float, height: int) -> float:
    """How much doubt is borne for each height of width beyond _WIDE. joint: the most ink between two neighbours."""
    if height <= _FEW:
        return _SLACK if joint <= _FEW_LOOSE else _FEW_TIGHT_SLACK
    return _SLACK if joint <= _LOOSE else _TIGHT_SLACK


def _joint(strokes: Mask, core: Mask, division: _Division) -> float:
    """The most ink at the border of two parts, in stroke widths: of the core of the strokes, unless a part is pale."""
    pale = any((part & core).sum() < _PALE * (part & strokes).sum() for part in division.parts)
    ink = strokes if pale else core
    touching = np.ones((3, 3), np.uint8)
    widest = max(
        int((cv2.dilate((left & ink).astype(np.uint8), touching).astype(bool) & right & ink).sum())
        for left, right in pairwise(division.parts)
    )
    return widest / stroke_width(ink)


def _cuts(small: Array, wide: float) -> Paths:
    """Paths from top to bottom that cross little ink, from left to right: the column of each in every row, (n, h)."""
    height, width = small.shape
    found, costs = [], []
    for share in _REACHES:
        reach = round(share * _HEIGHT)
        padded = np.pad(small, ((0, 0), (reach, reach)))
        around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=1).transpose(1, 0, 2)
        middles = np.arange(3, width - 3)
        astray = np.abs(np.arange(-reach, reach + 1, dtype=np.float32)) * np.float32(0.02 / reach)
        cost, paths = _cheapest(np.asarray(around[middles] + astray, np.float32))
        found.append((paths + (middles - reach)[:, np.newaxis]).clip(0, width))
        costs.append(cost)
    paths, cost = np.concatenate(found), np.concatenate(costs)
    # The ink to the left of each path: paths with the same ink on their left are one cut, wherever they lead.
    before = np.pad(np.cumsum(small, axis=1), ((0, 0), (1, 0)))
    ink, total = before[np.arange(height), paths], float(small.sum())
    left, digit = ink.sum(axis=1), total / max(1.0, wide)
    kept: list[int] = []
    for number in np.argsort(cost, kind="stable"):
        if cost[number] > _COSTLIEST * height or len(kept) == min(_MOST, round(_CUTS * wide)):
            break
        within = _LEAST_INK * digit < left[number] < total - _LEAST_INK * digit
        if within and all(np.abs(ink[number] - ink[other]).sum() > _APART * digit for other in kept):
            kept.append(int(number))
    return paths[sorted(kept, key=lambda number: float(left[number]))]


def _cheapest(costs: Array) -> tuple[Array, Paths]:
    """The cheapest ways from top to bottom through each of (n, h, w), a column or none aside a row: (n,), (n, h)."""
    n, height, width = costs.shape
    total = costs[:, 0]
    came = np.zeros((height, n, width), np.int64)
    for row in range(1, height):
        padded = np.pad(total, ((0, 0), (1, 1)), constant_values=np.inf)
        options = np.stack([padded[:, 1:-1], padded[:, :-2], padded[:, 2:]])
        step = options.argmin(axis=0)
        came[row] = np.arange(width) + np.array([0, -1, 1])[step]
        total = costs[:, row] + np.take_along_axis(options, step[np.newaxis], axis=0)[0]
    paths = np.empty((n, height), np.int64)
    paths[:, -1] = total.argmin(axis=1)
    for row in range(height - 1, 0, -1):
        paths[:, row - 1] = came[row, np.arange(n), paths[:, row]]
    return total.min(axis=1), paths


def _best(small: Array, cuts: Paths, judged: Judged) -> _Division | None:
    """The division into at least two parts that the judge is surest of; None if no division will do."""
    height, width = small.shape
    bounds = np.concatenate([np.zeros((1, height), np.int64), cuts, np.full((1, height), width, np.int64)])
    last = len(bounds) - 1
    sides: dict[tuple[int, int], Mask] = {}
    for i, j in combinations(range(last + 1), 2):
        side = None if (i, j) == (0, last) else _side(small, bounds[i], bounds[j])
        if side is not None:
            sides[i, j] = side
    if not sides:
        return None
    strokes = small > LOW
    reach = round(_SHARED * stroke_width(strokes))
    grown = [_grown(side, strokes, reach) for side in sides.values()]
    asked = [np.where(side, small, np.float32(0)) for side in (*sides.values(), *grown)]
    alone, shared = np.log(np.maximum(judged.sureness(asked), _LEAST)).reshape(2, -1)
    own, more = (np.array([part[strokes].sum() for part in masks]) for masks in (sides.values(), grown))
    shared -= _PRICE * (more / own - 1)
    owned = {
        pair: part if share else sides[pair] for pair, part, share in zip(sides, grown, shared > alone, strict=True)
    }
    scores = dict(zip(sides, np.maximum(alone, shared), strict=True))
    # The best way to each bound: summed score, and the bounds on the way.
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [0])}
    for j in range(1, last + 1):
        ways = [(best[i][0] + float(scores[i, j]), best[i][1]) for i in range(j) if (i, j) in scores and i in best]
        if ways:
            score, way = max(ways, key=lambda one: one[0])
            best[j] = (score, [*way, j])
    if last not in best:
        return None
    score, way = best[last]
    pairs = list(pairwise(way))
    least = float(np.exp(min(scores[pair] for pair in pairs)))
    return _Division(score, least, [sides[pair] for pair in pairs], [owned[pair] for pair in pairs])


def _is_zigzag(strokes: Mask, division: _Division) -> bool:
    """Whether two parts are single strokes that end where they meet, at an angle, as in v, N and w: 1s rarely do."""
    stroke = stroke_width(strokes)
    inks = [part & strokes for part in division.parts]
    return any(
        _is_bar(left, stroke) and _is_bar(right, stroke) and _meet_at_their_ends(left, right, stroke)
        for left, right in pairwise(inks)
    )


def _is_bar(ink: Mask, stroke: float) -> bool:
    rows, columns = np.nonzero(ink)
    return len(rows) < _BAR * stroke * float(np.hypot(np.ptp(rows) + 1, np.ptp(columns) + 1))


def _meet_at_their_ends(one: Mask, other: Mask, stroke: float) -> bool:
    """Whether the lines along two strokes cross at an angle, near an end of both: a cut may lie aside of the corner."""
    (ends, along), (other_ends, other_along) = _ends(one), _ends(other)
    if abs(along @ other_along) > _PARALLEL:
        return False
    share, _ = np.linalg.solve(np.stack([along, -other_along], axis=1), other_ends[0] - ends[0])
    corner = ends[0] + share * along
    aside = sorted(np.linalg.norm(two - corner, axis=1).min() for two in (ends, other_ends))
    return bool(aside[0] < _AT * stroke and aside[1] < _NEAR * stroke)


def _ends(ink: Mask) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Where a stroke (h, w) begins and ends, (2, 2) rows and columns, and its direction, (2,) of length 1."""
    points = np.argwhere(ink).astype(np.float64)
    along = np.linalg.eigh(np.cov(points.T))[1][:, -1]
    places = points @ along
    return points[[places.argmin(), places.argmax()]], along


def _side(small: Array, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Mask | None:
    """Where the ink between two cuts is, (h, w), without crumbs of its neighbours; None if it cannot be a digit."""
    across = np.arange(small.shape[1])
    inside = (across >= left[:, np.newaxis]) & (across < right[:, np.newaxis])
    strokes = (inside & (small > LOW)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    if count < 2:
        return None
    areas = stats[1:, cv2.CC_STAT_AREA]
    crumbs = 1 + np.flatnonzero(areas < _CRUMB * areas.max())
    inside &= ~cv2.dilate(np.isin(labels, crumbs).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    rows, columns = occupied(inside & (small > LOW))
    fits = len(rows) and np.ptp(rows) > 0.5 * _HEIGHT and np.ptp(columns) < _WIDEST * _HEIGHT
    return inside if fits else None


def _grown(side: Mask, strokes: Mask, reach: int) -> Mask:
    """A part (h, w) with the strokes that go on from its own, for so many pixels."""
    grown = side & strokes
    for _ in range(reach):
        grown = cv2.dilate(grown.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & strokes
    return np.asarray(side | grown, np.bool_)


def _at_size(strength: Array, side: Mask, factor: float) -> Array:
    """The glyph's ink in one part, that was found in the small glyph."""
    size = strength.shape[1], strength.shape[0]
    own = cv2.resize(side.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) > 0.5
    return np.where(own, strength, np.float32(0))

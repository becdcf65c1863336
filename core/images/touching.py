"""Digits that touch: where a wide glyph is cut, if the judge finds the parts more like digits than the whole.

Cuts are paths from top to bottom that cross as little ink as they can. All runs between cuts are judged at once, and
the best way to divide the glyph is found by dynamic programming. Without better evidence the glyph stays whole.
"""

import cv2
import numpy as np
import numpy.typing as npt

from core.images.judge import Judged

Array = npt.NDArray[np.float32]

_HEIGHT = 40
"""Height in pixels at which cuts are looked for."""

_CUTS = 7
_REACH = 9
"""How far a cut may lead away from its column, in pixels at that height."""

WIDE = 1.1
"""A glyph narrower than this share of its height, or of its neighbours', is never divided."""


def parts(strength: Array, usual: float | None, judged: Judged) -> list[Array]:
    """The glyph's ink (h, w), or the ink of each of the digits in it, each of the same shape, from left to right.

    usual: height of the digits beside it, in pixels; None if it is alone.
    """
    rows, columns = (np.flatnonzero((strength > 0.35).any(axis=axis)) for axis in (1, 0))
    height, width = len(range(rows[0], rows[-1] + 1)), len(range(columns[0], columns[-1] + 1))
    wide = width / (height if usual is None else max(0.8 * usual, min(height, 1.2 * usual)))
    if wide < WIDE:
        return [strength]
    whole = float(judged.certainty([strength])[0])
    if wide < 1.5 and whole > 0.9:
        return [strength]
    factor = _HEIGHT / height
    size = max(3, round(strength.shape[1] * factor)), max(3, round(strength.shape[0] * factor))
    if size[0] > 40 * _HEIGHT:
        return [strength]
    small = np.asarray(cv2.resize(strength, size, interpolation=cv2.INTER_AREA), np.float32)
    cuts = _cuts(small)
    if not cuts:
        return [strength]
    found = _best(strength, [_at_size(cut, strength.shape, factor) for cut in cuts], factor, judged)
    if found is None:
        return [strength]
    certainty, chosen = found
    # The nearer to one digit's form, the surer the parts must be.
    sure = certainty > (0.5 if wide > 1.5 else 0.75) and certainty > whole + (0.0 if wide > 1.5 else 0.2)
    return chosen if sure else [strength]


def _cuts(small: Array) -> list[npt.NDArray[np.int64]]:
    """Paths from top to bottom that cross little ink, each the column (h,) at which it is in every row."""
    height, width = small.shape
    edge = max(3, height // 8)
    found = []
    for column in range(edge, width - edge, 2):
        left, right = max(0, column - _REACH), min(width, column + _REACH + 1)
        cost, path = _path(small[:, left:right] + 0.01 * np.abs(np.arange(left, right) - column) / _REACH)
        found.append((cost, column, path + left))
    found.sort(key=lambda item: item[0])
    kept: list[tuple[int, npt.NDArray[np.int64]]] = []
    for cost, column, path in found:
        if cost > 0.45 * height or len(kept) == _CUTS:
            break
        if all(abs(column - other) > edge for other, _ in kept):
            kept.append((column, path))
    return [path for _, path in sorted(kept, key=lambda item: item[0])]


def _path(costs: Array) -> tuple[float, npt.NDArray[np.int64]]:
    """The cheapest way from top to bottom through (h, w), a column or none aside a row."""
    height, width = costs.shape
    total = costs[0].copy()
    came = np.zeros((height, width), np.int64)
    for row in range(1, height):
        padded = np.pad(total, 1, constant_values=np.inf)
        options = np.stack([padded[:-2], padded[1:-1], padded[2:]])
        step = options.argmin(axis=0)
        came[row] = np.arange(width) + step - 1
        total = costs[row] + options[step, np.arange(width)]
    path = np.empty(height, np.int64)
    path[-1] = int(total.argmin())
    for row in range(height - 1, 0, -1):
        path[row - 1] = came[row, path[row]]
    return float(total.min()), path


def _at_size(path: npt.NDArray[np.int64], shape: tuple[int, ...], factor: float) -> npt.NDArray[np.int64]:
    """A path found in the small glyph, in the glyph's own pixels."""
    rows = np.clip((np.arange(shape[0]) * factor).astype(np.int64), 0, len(path) - 1)
    return np.round((path[rows] + 0.5) / factor).astype(np.int64)


def _best(
    strength: Array, cuts: list[npt.NDArray[np.int64]], factor: float, judged: Judged
) -> tuple[float, list[Array]] | None:
    """The division into at least two parts that the judge is surest of, and how sure; None if none will do."""
    height, width = strength.shape
    across = np.arange(width)
    bounds = [np.zeros(height, np.int64), *cuts, np.full(height, width, np.int64)]
    segments: dict[tuple[int, int], Array] = {}
    for i, left in enumerate(bounds):
        for j in range(i + 1, len(bounds)):
            inside = (across >= left[:, np.newaxis]) & (across < bounds[j][:, np.newaxis])
            part = np.where(inside, strength, np.float32(0))
            rows, columns = (np.flatnonzero((part > 0.35).any(axis=axis)) for axis in (1, 0))
            if len(rows) and np.ptp(rows) * factor > 0.5 * _HEIGHT and np.ptp(columns) * factor < 1.4 * _HEIGHT:
                segments[i, j] = part
    last = len(bounds) - 1
    segments.pop((0, last), None)
    if not segments:
        return None
    certainties = judged.certainty(list(segments.values()))
    score = {key: float(np.log(max(value, 1e-6))) for key, value in zip(segments, certainties, strict=True)}
    # The best way to each bound, with so many parts: summed score, and the bound before.
    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, -1)}
    for j in range(1, last + 1):
        for i in range(j):
            if (i, j) not in score:
                continue
            for n in range(last):
                if (i, n) in best:
                    total = best[i, n][0] + score[i, j]
                    if (j, n + 1) not in best or total > best[j, n + 1][0]:
                        best[j, n + 1] = (total, i)
    ends = [(best[last, n][0] / n, n) for n in range(2, last + 2) if (last, n) in best]
    if not ends:
        return None
    mean, n = max(ends, key=lambda end: (round(end[0], 1), -end[1]))
    chosen: list[Array] = []
    at = last
    while at:
        before = best[at, n][1]
        chosen.insert(0, segments[before, at])
        at, n = before, n - 1
    return float(np.exp(mean)), chosen

"""Ruled and squared paper and the boxes of forms: their lines are taken away, the strokes across them kept.

Ruling crosses half of the picture, and goes on behind the writing. Digits in a tight cut-out have such strokes too, so
that lines are believed only if there are three and most of them run out of the picture; if they are fainter than the
rest of the ink and go on beyond it; if they cross all of the picture and are finer than the strokes, or the writing
stays far from both borders; or if, like the streaks of a fax, they lead out of it at one side and are far finer. Where
there is no writing beside them, nothing is taken away.
"""

from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt

from core.images.frames import find_frames
from core.images.outlines import occupied, stroke_width
from core.images.runs import FAINT, Lines, finer, runs, subtracted
from core.images.scale import reduced

Array = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Labels = npt.NDArray[np.int32]

_SIDE = 640
LEAST = 48
"""Smaller pictures hold neither ruling nor boxes."""

_ROOMY = 100
"""In smaller pictures the bars of one digit may be three lines."""

_MOST = 0.6
"""Share of three or more lines of ruling that run out of the picture at one side or both."""

_ALIKE = 1.4
"""The lines of one ruling are at most this many times as dark as most of them."""

_FAINTER = 0.75
"""Fewer lines, or such as do not run out, are at most this many times as dark as the ink beside them."""

_FINER = 0.6
"""Lines as dark as the ink beside them are at most this many times as wide as its strokes."""

_HAIR = 0.4
"""Streaks of a fax, which end anywhere, are at most this many times as wide as its strokes."""

_BEYOND = 0.25
"""Or the writing stays away from both borders by at least this share of its height."""

_LONG, _LONG_AMONG_OTHERS = 0.5, 0.3
"""Shares of the width: ruling is longer than the first, or than the second if there are three lines that are."""

_SOME = 10
"""Fewer pixels of ink beside the lines are no writing."""

_PLACES = 40
"""Columns at which a line is looked at to see where it leads."""

_ASIDE, _SHOWS = 1.5, 8
"""Runs of one line lie within _ASIDE pixels of it; those shorter than _SHOWS do not show where it leads."""


def without_lines(strength: Array, faintest: float = 0.0) -> Array | None:
    """Ink (h, w) in [0, 1] without ruled lines and without boxes; None if there are neither.

    faintest: what is weaker is noise.
    """
    if min(strength.shape) < LEAST:
        return None
    factor = min(1.0, _SIDE / max(strength.shape))
    small = reduced(strength, _SIDE)
    frames = find_frames(small, faintest)
    rest = _without(strength, frames, factor)
    if rest is not strength:
        small = reduced(rest, _SIDE)
    across, down = _runs(small, faintest), _runs(np.ascontiguousarray(small.T), faintest)
    ruling = _ruling(across, down.printed().T), _ruling(down, across.printed().T)
    rest = _without(rest, ruling, factor)
    return None if rest is strength else rest


def _without(strength: Array, lines: tuple[Lines | None, Lines | None], factor: float) -> Array:
    """The ink without the lines across it and, turned, those down it; the same array if there are none."""
    across, down = lines
    if across is not None:
        strength = subtracted(strength, across, factor)
    if down is not None:
        strength = np.ascontiguousarray(subtracted(np.ascontiguousarray(strength.T), down, factor).T)
    return strength


@dataclass(frozen=True, eq=False)
class _Runs:
    """The runs of a small picture (h, w), as connected components.

    ink: (h, w) in [0, 1]. alone: (h, w) bool, where runs were found. linked: the same, with the gaps in between that
    writing leaves. labels: (h, w), the component of each pixel. stats: (n, 5), as OpenCV gives them. thickness: (n,),
    in pixels. thin: (n,) bool, whether it is no broader than a line may be.
    """

    ink: Array
    alone: Mask
    linked: Mask
    labels: Labels
    stats: Labels
    thickness: npt.NDArray[np.float64]
    thin: Mask

    def longer(self, share: float) -> Mask:
        """Which of them are thin, and longer than this share of the picture's width: (n,)."""
        return self.thin & (self.stats[:, cv2.CC_STAT_WIDTH] > share * self.ink.shape[1])

    def printed(self) -> Mask:
        """Where those are, (h, w), that are long and three, or run out of the picture, as strokes seldom do."""
        long = self.longer(_LONG)
        if long.sum() < 3:
            long = long & _runs_out(self.stats, self.ink.shape[1])
        return long[self.labels]


def _runs(ink: Array, faintest: float) -> _Runs:
    """The roughly horizontal ones."""
    width = ink.shape[1]
    found = runs(ink, max(12, width // 8), _thick(width), faintest)
    reach = max(5, width // 16)
    # Without room at the sides a closing draws what ends near them out to them.
    padded = np.pad(found, ((0, 0), (reach, reach)))
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones((3, reach), np.uint8))[:, reach:-reach]
    linked = _gone_on(np.ascontiguousarray(closed, np.uint8))
    _, numbers, sizes, _ = cv2.connectedComponentsWithStats(linked, connectivity=8)
    stats = np.asarray(sizes, np.int32)
    lengths = stats[:, cv2.CC_STAT_WIDTH]
    # Where ruling covers everything, the background has no length.
    thickness = stats[:, cv2.CC_STAT_AREA] / np.maximum(lengths, 1)
    labels, alone = np.asarray(numbers, np.int32), found > 0
    thin = (thickness < max(6, width / 45)) & (np.bincount(labels[alone], minlength=len(stats)) > 0)
    thin[0] = False
    return _Runs(ink, alone, linked > 0, labels, stats, thickness, thin)


def _thick(width: int) -> int:
    """Lines of a picture of that width are thinner than this, in pixels."""
    return 2 + (max(3, width // 80) | 1)


def _ruling(found: _Runs, crossing: Mask) -> Lines | None:
    """Those that are ruling, if any. crossing: (h, w), where other lines are that cross them."""
    ink, labels, stats, long = found.ink, found.labels, found.stats, found.longer(_LONG)
    streaks = found.longer(_LONG_AMONG_OTHERS) & _ends_once(stats, ink.shape)
    if not (long | streaks).any():
        return None
    width = ink.shape[1]
    lines = (long | streaks)[labels] | crossing
    beside = (ink > 0.5) & ~cv2.dilate(lines.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    if beside.sum() < _SOME:
        return None
    several = long.sum() >= 3 and min(ink.shape) >= _ROOMY
    run_out = several and float(_runs_out(stats[long], width).mean()) >= _MOST
    if several:
        long = found.longer(_LONG_AMONG_OTHERS)
    levels, widths = _profiles(labels, found.alone, ink, long | streaks)
    if run_out:
        believed = long & (levels <= _ALIKE * float(np.median(levels[long])))
    else:
        believed = long & (levels <= _FAINTER * float(np.median(ink[beside]))) & _go_beyond(stats, beside)
    dark = long & ~believed & _cross_the_sheet(stats, widths, beside)
    dark |= streaks & ~believed & (widths <= _HAIR * stroke_width(beside))
    # A dark line adds nothing to writing as dark as itself: of what both cover, only what is thin is taken for line.
    free = found.alone | (finer(ink, _thick(width)) > FAINT)
    pixels = found.linked & (believed[labels] | (dark[labels] & free))
    if not pixels.any():
        return None
    kept = believed | dark
    return Lines(pixels, kept[labels] & found.alone, float(np.median(found.thickness[kept])))


@dataclass(frozen=True)
class _Run:
    """A run of a line. left, right: its first and last column. first, last: the rows of its middle there."""

    left: int
    right: int
    first: float
    last: float


def _gone_on(found: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Runs (h, w) with those joined that are one line, broken off where writing crosses it."""
    width = found.shape[1]
    joined = found.copy()
    for one, other in combinations(_separate(found), 2):
        gap = other.left - one.right
        near = gap < one.right - one.left + other.right - other.left
        across = one.left <= 1 and other.right >= width - 2
        if gap > 0 and (near or across) and _in_line(one, other):
            ends = (one.right, round(one.last)), (other.left, round(other.first))
            cv2.line(joined, *ends, 1, thickness=3)
    return joined


def _in_line(one: _Run, other: _Run) -> bool:
    """Whether one straight line passes near the ends of both runs."""
    columns = np.array([one.left, one.right, other.left, other.right])
    rows = np.array([one.first, one.last, other.first, other.last])
    slope, middle = _fitted(columns, rows)
    return bool(np.abs(rows - middle - slope * columns).max() <= _ASIDE)


def _separate(found: npt.NDArray[np.uint8]) -> list[_Run]:
    """The runs (h, w) one by one, from left to right, but for the shortest."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    separate = []
    for number in range(1, count):
        left, top, across, down = (int(value) for value in stats[number, :4])
        if across < _SHOWS:
            continue
        rows, columns = np.nonzero(labels[top : top + down, left : left + across] == number)
        slope, middle = _straight(columns, rows + top)
        separate.append(_Run(left, left + across - 1, middle, middle + slope * (across - 1)))
    return sorted(separate, key=lambda run: run.left)


def _straight(columns: Places, rows: Places) -> tuple[float, float]:
    """Slope and row in column 0 of the straight line along points (n,), strokes that hang on it left out.

    By repeated medians (Siegel, "Robust regression using repeated medians", 1982), at _PLACES columns at most.
    """
    places = np.unique(columns)
    places = places[:: -(-len(places) // _PLACES)]
    middles = np.array([np.median(rows[columns == place]) for place in places])
    across = places[:, np.newaxis] - places
    rise = np.where(across == 0, np.nan, (middles[:, np.newaxis] - middles) / np.where(across == 0, 1, across))
    slope = float(np.median(np.nanmedian(rise, axis=1)))
    return slope, float(np.median(middles - slope * places))


def _fitted(columns: npt.NDArray[np.number], rows: npt.NDArray[np.number]) -> tuple[float, float]:
    """Slope and row in column 0 of the straight line of least squares through points (n,); level through one column."""
    across = columns - columns.mean()
    spread = float(across @ across)
    slope = float(across @ rows) / spread if spread else 0.0
    return slope, float(rows.mean() - slope * columns.mean())


def _ends(stats: Labels) -> tuple[Labels, Labels]:
    """The first column of each component (n,), and the one after its last."""
    left = stats[:, cv2.CC_STAT_LEFT]
    return left, left + stats[:, cv2.CC_STAT_WIDTH]


def _runs_out(stats: Labels, width: int) -> Mask:
    """Which lines reach the left or the right border of a picture of that width."""
    left, right = _ends(stats)
    near = max(2, round(0.03 * width))
    return np.asarray((left <= near) | (right >= width - near))


def _profiles(labels: Labels, alone: Mask, ink: Array, long: Mask) -> tuple[Array, Array]:
    """How dark each line is, and how wide in pixels: (n,) each, 0 of those that are not long.

    alone: (h, w), where no writing lies on the lines. Dark is the median along it of the darkest across it.
    """
    darkest = cv2.dilate(np.where(long[labels], ink, np.float32(0)), np.ones((5, 1), np.uint8))
    levels, widths = np.zeros((2, len(long)), np.float32)
    for number in np.flatnonzero(long):
        own = (labels == number) & alone
        levels[number] = np.median(darkest[own])
        around = cv2.dilate(own.astype(np.uint8), np.ones((5, 1), np.uint8)).astype(bool)
        widths[number] = ink[around].sum() / max(levels[number], FAINT) / own.any(axis=0).sum()
    return levels, widths


def _go_beyond(stats: Labels, beside: Mask) -> Mask:
    """Which lines (n,) end at the border or beyond all ink beside them (h, w), by more than a bar beyond its stem."""
    columns, width, stroke = occupied(beside)[1], beside.shape[1], stroke_width(beside)
    left, right = _ends(stats)
    first, last = (left <= 1) | (left < columns[0] - stroke), (right >= width - 1) | (right > columns[-1] + 1 + stroke)
    return np.asarray(first & last)


def _ends_once(stats: Labels, shape: tuple[int, ...]) -> Mask:
    """Which lines (n,) lead out of a picture of that shape at one side, though not along its border."""
    left, right = _ends(stats)
    top, bottom = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT]
    return np.asarray(((left <= 1) ^ (right >= shape[1] - 1)) & (top > 2) & (bottom < shape[0] - 2))


def _cross_the_sheet(stats: Labels, widths: Array, beside: Mask) -> Mask:
    """Which lines (n,) are no strokes, however dark.

    They lead from border to border, though not along one, and are finer than the ink beside them (h, w), or all that
    ink stays far from both borders.
    """
    rows, columns = occupied(beside)
    height, width = beside.shape
    top, bottom = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT]
    left, right = _ends(stats)
    across = (left <= 1) & (right >= width - 1) & (top > 2) & (bottom < height - 2)
    room = min(int(columns[0]), width - 1 - int(columns[-1]))
    beyond = room >= _BEYOND * (rows[-1] - rows[0])
    return np.asarray(across & (beyond | (widths <= _FINER * stroke_width(beside))))

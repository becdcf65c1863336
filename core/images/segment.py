"""Strokes to glyphs: which strokes are one digit, and in which order the digits are read.

Pieces are joined where a stroke broke apart or a digit is written in two strokes; what touches is cut apart where the
judge, if there is one, finds the parts more like digits than the whole. One digit alone stays one.
"""

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import cv2
import numpy as np
import numpy.typing as npt

from core.images.ink import Ink
from core.images.judge import Judged
from core.images.light import SMALL
from core.images.outlines import LOW, occupied
from core.images.pieces import Piece, find_pieces, written
from core.images.preparation import Preparation
from core.images.touching import DOUBTED, parts
from core.images.writing import LEGIBLE

Array = npt.NDArray[np.float32]

SMALLEST = 0.38
"""A digit is at least this share of the usual digit's height."""

ONE = 40
"""Pictures up to this side, in pixels, are drawings and scans of one digit: what lies near it belongs to it, unless the
judge says that these are several digits.
"""

MOST_IN_ONE = 8
"""So small a picture holds at most this many digits."""

APART = 0.75
"""The pieces of so small a picture are digits of their own if the judge doubts the whole and is surer of each.
What is cut has to be surer, as there is no gap to speak for it.
"""

_ASKED, _ALIKE = 40, 2.0
"""Among other things the judge is asked about the heaviest pieces, up to _ASKED; writing differs in size and thickness
by no more than _ALIKE times.
"""

_FLAT = 2.0
"""Lines under digits and hyphens are at least this many times as wide as high."""

LARGEST = 2.5
"""A digit is at most this many times the usual digit's height, if there are several."""


@dataclass(frozen=True, eq=False)
class Glyph:
    """One digit's ink. strength: (h, w) float32 in [0, 1] of its own strokes alone, with a margin.

    left, top, right, bottom: of its strokes in the picture. line: 0-based.
    """

    strength: Array
    left: int
    top: int
    right: int
    bottom: int
    line: int

    def painted(self, shape: tuple[int, int]) -> npt.NDArray[np.bool_]:
        """Where its strokes are in the picture, of `shape` (h, w)."""
        mask = np.zeros(shape, np.bool_)
        own = self.strength > LOW
        rows, columns = occupied(own)
        if len(rows):
            own = own[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            own = own[: shape[0] - self.top, : shape[1] - self.left]
            mask[self.top : self.top + own.shape[0], self.left : self.left + own.shape[1]] = own
        return mask


def segment(
    ink: Ink, preparation: Preparation, judged: Judged | None = None, *, among_others: bool = False
) -> tuple[Glyph, ...]:
    """The digits in reading order; at least one.

    among_others: whether much of the ink may be of other things; then what is most like a digit to the judge says how
    large and thick writing is.
    """
    if not preparation.crop:
        height, width = ink.strength.shape
        return (Glyph(ink.strength, 0, 0, width, height, 0),)
    labels, pieces = find_pieces(ink)
    if among_others and judged is not None:
        pieces = _like_the_surest(pieces, labels, ink, judged)
    else:
        pieces = written(pieces, ink.strength.shape, preparation)
    if preparation.join_pieces:
        joined = _joined(pieces, labels, ink, judged)
        if max(ink.strength.shape) <= ONE and not _judged_apart(joined, labels, ink, judged):
            joined = _all_in_one(pieces)
        pieces = joined
    digits = _of_one_size(pieces) if preparation.remove_specks else pieces
    glyphs: list[Glyph] = []
    splits = preparation.split_touching and judged is not None
    for number, line in enumerate(_lines(digits)):
        height = _usual_height(digits)
        for piece in line:
            glyph = _glyph(piece, labels, ink, number)
            glyphs.extend(_split(glyph, height if len(digits) > 1 else None, judged) if splits else (glyph,))
    return tuple(glyphs)


def _like_the_surest(pieces: list[Piece], labels: npt.NDArray[np.int32], ink: Ink, judged: Judged) -> list[Piece]:
    """The pieces that are not far larger or thicker than the largest that is sure to be a digit; at least one."""
    asked = [piece for piece in pieces if piece.size >= LEGIBLE][:_ASKED] or pieces[:1]
    sureness = judged.sureness([_glyph(piece, labels, ink, 0).strength for piece in asked])
    sure = [piece for piece, value in zip(asked, sureness, strict=True) if value > APART]
    surest = max(sure, key=lambda piece: piece.size) if sure else asked[int(sureness.argmax())]
    return [
        piece
        for piece in pieces
        if piece.size <= _ALIKE * surest.size
        and surest.thickness <= _ALIKE * piece.thickness
        and piece.thickness <= _ALIKE * surest.thickness
    ]


def _usual_height(pieces: list[Piece]) -> float:
    """The height of a digit: the median of those that are not far smaller than the heaviest."""
    main = max(pieces, key=lambda piece: piece.mass)
    return float(np.median([piece.height for piece in pieces if piece.height >= 0.5 * main.height]))


def _of_one_size(pieces: list[Piece]) -> list[Piece]:
    """Pieces about as high as the others: no bars, dashes and dots, no remains of lines."""
    usual = _usual_height(pieces)
    main = max(pieces, key=lambda piece: piece.mass)
    kept = [
        piece
        for piece in pieces
        if SMALLEST * usual <= piece.height <= LARGEST * usual and piece.mass > 0.04 * main.mass
    ]
    return kept or [main]


def _joined(pieces: list[Piece], labels: npt.NDArray[np.int32], ink: Ink, judged: Judged | None) -> list[Piece]:
    """Pieces that are one digit made one, the nearest first; each pair is asked about once."""
    pieces = list(pieces)
    reach = 0.3 * max(piece.height for piece in pieces)
    numbers = itertools.count()  # pairs of one gap stand in the order in which they were found
    near: list[tuple[float, int, Piece, Piece]] = []

    def consider(one: Piece, others: Sequence[Piece]) -> None:
        for other in others:
            if _boxes_apart(one, other) < reach:
                heapq.heappush(near, (one.gap(other), next(numbers), one, other))

    for number, piece in enumerate(pieces):
        consider(piece, pieces[number + 1 :])
    while near:
        gap, _, one, other = heapq.heappop(near)
        if one not in pieces or other not in pieces:
            continue
        if (_belong(one, other, gap, pieces) and not _judged_mark(one, other, gap, labels, ink, judged)) or (
            judged is not None
            and max(ink.strength.shape) > SMALL
            and _might_belong(one, other, gap)
            and _judged_one(one, other, labels, ink, judged)
        ):
            whole = one.joined(other)
            pieces = [piece for piece in pieces if piece is not one and piece is not other]
            reach = max(reach, 0.3 * whole.height)
            consider(whole, pieces)
            pieces.append(whole)
    return pieces


def _all_in_one(pieces: list[Piece]) -> list[Piece]:
    """The heaviest piece with whatever lies near it."""
    whole, *others = sorted(pieces, key=lambda piece: -piece.mass)
    for piece in sorted(others, key=whole.gap):
        if whole.gap(piece) < 0.35 * whole.size:
            whole = whole.joined(piece)
    return [whole]


def _judged_apart(pieces: list[Piece], labels: npt.NDArray[np.int32], ink: Ink, judged: Judged | None) -> bool:
    """Whether the pieces of a small picture are digits beside each other, and not the strokes of one."""
    if judged is None or not 1 < len(pieces) <= MOST_IN_ONE:
        return False
    glyphs = [_glyph(piece, labels, ink, 0).strength for piece in (reduce(Piece.joined, pieces), *pieces)]
    whole, *each = judged.sureness(glyphs)
    return bool(whole < DOUBTED and min(each) > APART)


def _boxes_apart(one: Piece, other: Piece) -> float:
    across = max(one.left, other.left) - min(one.right, other.right)
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    return max(0, across, down)


def _belong(one: Piece, other: Piece, gap: float, pieces: list[Piece]) -> bool:
    """Whether geometry alone says that two pieces are one digit."""
    small, large = sorted((one, other), key=lambda piece: piece.size)
    whole = one.joined(other)
    thickness = max(one.thickness, other.thickness)
    above = (min(one.right, other.right) - max(one.left, other.left)) / min(one.width, other.width)
    others = [piece.height for piece in pieces if piece is not one and piece is not other]
    usual = max([large.height, *[height for height in others if height < 2 * large.height]])
    if small.height < 0.45 * large.height or small.size < 0.35 * large.size:
        # A bar, or a crumb of a broken stroke.
        near = gap < max(1.6 * thickness, 0.25 * large.height)
        return near and whole.height < 1.45 * usual and whole.width < 1.5 * max(usual, large.width)
    if above > 0.5:
        limit = max(1.3 * thickness, 0.12 * whole.height)
        return gap < limit and (whole.height < 1.45 * usual or (not others and whole.height < 6 * whole.width))
    return gap < 1.5 * max(1.0, 0.3 * thickness) and whole.width < 0.9 * whole.height and not others


def _might_belong(one: Piece, other: Piece, gap: float) -> bool:
    """Whether two large pieces are near enough to be one digit in two strokes, for the judge to say."""
    whole = one.joined(other)
    thickness = max(one.thickness, other.thickness)
    return gap < max(1.5 * thickness, 0.12 * whole.height) and whole.width < 1.1 * whole.height


def _judged_one(one: Piece, other: Piece, labels: npt.NDArray[np.int32], ink: Ink, judged: Judged) -> bool:
    glyphs = [_glyph(piece, labels, ink, 0).strength for piece in (one.joined(other), one, other)]
    whole, first, second = judged.sureness(glyphs)
    return bool(whole > 0.6 and whole > min(first, second) + 0.1)


def _judged_mark(
    one: Piece, other: Piece, gap: float, labels: npt.NDArray[np.int32], ink: Ink, judged: Judged | None
) -> bool:
    """Whether the smaller piece is a line under a digit or a hyphen beside it, no part of it: the judge says so."""
    small, large = sorted((one, other), key=lambda piece: piece.size * piece.height)
    if judged is None or max(ink.strength.shape) <= SMALL or not _may_be_mark(small, large, gap):
        return False
    glyphs = [_glyph(piece, labels, ink, 0).strength for piece in (small.joined(large), large)]
    whole, alone = judged.sureness(glyphs)
    return bool(alone > APART and alone > whole)


def _may_be_mark(small: Piece, large: Piece, gap: float) -> bool:
    """Whether a piece is flat and stands off below another, or beside its middle."""
    if small.width < _FLAT * small.height or small.height > SMALLEST * large.height or gap < 1:
        return False
    middle = (small.top + small.bottom) / 2
    below = middle > large.bottom
    apart = max(small.left - large.right, large.left - small.right) >= 0
    return below or (apart and large.top + 0.3 * large.height < middle < large.bottom - 0.2 * large.height)


def _lines(pieces: list[Piece]) -> list[list[Piece]]:
    """The pieces as lines of writing, top to bottom, each from left to right."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.left):
        best, overlap = None, 0.0
        for line in lines:
            last = line[-1]
            shared = min(piece.bottom, last.bottom) - max(piece.top, last.top)
            share = shared / min(piece.height, last.height)
            if share > max(0.35, overlap):
                best, overlap = line, share
        if best is None:
            lines.append([piece])
        else:
            best.append(piece)
    return sorted(lines, key=lambda line: sum(piece.top + piece.bottom for piece in line) / len(line))


def _glyph(piece: Piece, labels: npt.NDArray[np.int32], ink: Ink, line: int) -> Glyph:
    margin = 2 + int(ink.width / 2)
    height, width = ink.strength.shape
    top, bottom = max(0, piece.top - margin), min(height, piece.bottom + margin)
    left, right = max(0, piece.left - margin), min(width, piece.right + margin)
    window = labels[top:bottom, left:right]
    own = np.isin(window, list(piece.labels))
    others = (window > 0) & ~own
    # Grey edges lie outside of what is surely stroke, and are kept; ink of others is not.
    reach = 3 if max(height, width) <= SMALL else 5
    near = cv2.dilate(own.astype(np.uint8), np.ones((reach, reach), np.uint8)).astype(bool) & ~others
    strength = np.where(near, ink.strength[top:bottom, left:right], np.float32(0))
    return Glyph(strength, piece.left, piece.top, piece.right, piece.bottom, line)


def _split(glyph: Glyph, usual: float | None, judged: Judged | None) -> tuple[Glyph, ...]:
    """The glyph, or the digits that touch in it."""
    assert judged is not None
    found = parts(glyph.strength, usual, judged)
    if len(found) < 2:
        return (glyph,)
    # The margin round the strokes lies inside of the picture, and may be cut off at its border.
    rows, columns = occupied(glyph.strength > LOW)
    x, y = glyph.left - int(columns[0]), glyph.top - int(rows[0])
    glyphs = []
    for part in found:
        rows, columns = occupied(part > LOW)
        glyphs.append(
            Glyph(
                part, x + int(columns[0]), y + int(rows[0]), x + int(columns[-1]) + 1, y + int(rows[-1]) + 1, glyph.line
            )
        )
    return tuple(glyphs)

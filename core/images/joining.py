"""Which pieces of ink are one digit: strokes that broke apart, digits that are written in two strokes."""

import heapq
import itertools
from collections.abc import Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt

from core.images.glyph import glyph_of
from core.images.ink import Ink
from core.images.judge import Judged
from core.images.light import SMALL
from core.images.marks import judged_mark
from core.images.pieces import Piece
from core.images.touching import DOUBTED

MOST_IN_ONE = 8
"""So small a picture holds at most this many digits."""

APART = 0.75
"""The pieces of so small a picture are digits of their own if the judge doubts the whole and is surer of each.
What is cut has to be surer, as there is no gap to speak for it.
"""


def joined(pieces: list[Piece], labels: npt.NDArray[np.int32], ink: Ink, judged: Judged | None) -> list[Piece]:
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
        if (_belong(one, other, gap, pieces) and not judged_mark(one, other, gap, labels, ink, judged)) or (
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


def all_in_one(pieces: list[Piece]) -> list[Piece]:
    """The heaviest piece with whatever lies near it."""
    whole, *others = sorted(pieces, key=lambda piece: -piece.mass)
    for piece in sorted(others, key=whole.gap):
        if whole.gap(piece) < 0.35 * whole.size:
            whole = whole.joined(piece)
    return [whole]


def judged_apart(pieces: list[Piece], labels: npt.NDArray[np.int32], ink: Ink, judged: Judged | None) -> bool:
    """Whether the pieces of a small picture are digits beside each other, and not the strokes of one."""
    if judged is None or not 1 < len(pieces) <= MOST_IN_ONE:
        return False
    glyphs = [glyph_of(piece, labels, ink).strength for piece in (reduce(Piece.joined, pieces), *pieces)]
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
    glyphs = [glyph_of(piece, labels, ink).strength for piece in (one.joined(other), one, other)]
    whole, first, second = judged.sureness(glyphs)
    return bool(whole > 0.6 and whole > min(first, second) + 0.1)

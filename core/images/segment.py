"""Strokes to glyphs: which strokes are one digit, and in which order the digits are read.

Pieces are joined where a stroke broke apart or a digit is written in two strokes; what touches is cut apart where the
judge, if there is one, finds the parts more like digits than the whole. One digit alone stays one.
"""

import numpy as np
import numpy.typing as npt

from core.images.glyph import Glyph, glyph_of
from core.images.ink import Ink
from core.images.joining import APART, all_in_one, joined, judged_apart
from core.images.judge import Judged
from core.images.pieces import Piece, find_pieces, written
from core.images.preparation import Preparation
from core.images.touching import parts
from core.images.writing import LEGIBLE

SMALLEST = 0.38
"""A digit is at least this share of the usual digit's height."""

ONE = 40
"""Pictures up to this side, in pixels, are drawings and scans of one digit: what lies near it belongs to it, unless the
judge says that these are several digits.
"""

_ASKED, _ALIKE = 40, 2.0
"""Among other things the judge is asked about the heaviest pieces, up to _ASKED; writing differs in size and thickness
by no more than _ALIKE times.
"""

LARGEST = 2.5
"""A digit is at most this many times the usual digit's height, if there are several."""


def segment(
    ink: Ink, preparation: Preparation, judged: Judged | None = None, *, among_others: bool = False
) -> tuple[Glyph, ...]:
    """The digits in reading order; at least one.

    among_others: whether much of the ink may be of other things; then what is most like a digit to the judge says how
    large and thick writing is.
    """
    if not preparation.crop:
        height, width = ink.strength.shape
        return (Glyph(ink.strength, 0, 0, 0, 0, width, height, 0),)
    labels, pieces = find_pieces(ink)
    if among_others and judged is not None:
        pieces = _like_the_surest(pieces, labels, ink, judged)
    else:
        pieces = written(pieces, ink.strength.shape, preparation)
    if preparation.join_pieces:
        whole = joined(pieces, labels, ink, judged)
        one = max(ink.strength.shape) <= ONE and not judged_apart(whole, labels, ink, judged)
        pieces = all_in_one(pieces) if one else whole
    digits = _of_one_size(pieces) if preparation.remove_specks else pieces
    glyphs: list[Glyph] = []
    splits = preparation.split_touching and judged is not None
    for number, line in enumerate(_lines(digits)):
        height = _usual_height(digits)
        for piece in line:
            glyph = glyph_of(piece, labels, ink, number)
            glyphs.extend(_split(glyph, height if len(digits) > 1 else None, judged) if splits else (glyph,))
    return tuple(glyphs)


def _like_the_surest(pieces: list[Piece], labels: npt.NDArray[np.int32], ink: Ink, judged: Judged) -> list[Piece]:
    """The pieces that are not far larger or thicker than the largest that is sure to be a digit; at least one."""
    asked = [piece for piece in pieces if piece.size >= LEGIBLE][:_ASKED] or pieces[:1]
    sureness = judged.sureness([glyph_of(piece, labels, ink).strength for piece in asked])
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


def _split(glyph: Glyph, usual: float | None, judged: Judged | None) -> tuple[Glyph, ...]:
    """The glyph, or the digits that touch in it."""
    assert judged is not None
    found = parts(glyph.strength, usual, judged)
    return tuple(glyph.part(strength) for strength in found) if len(found) > 1 else (glyph,)

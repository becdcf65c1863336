"""Marks beside digits that are no part of them: lines under a digit, hyphens."""

import numpy as np
import numpy.typing as npt

from core.images.glyph import glyph_of
from core.images.ink import Ink
from core.images.judge import Judged
from core.images.light import SMALL
from core.images.pieces import Piece

_FLAT = 2.0
"""Lines under digits and hyphens are at least this many times as wide as high."""

_HIGHEST = 0.38
"""They are at most this share of the digit's height."""

_SURE = 0.75
"""The judge is surer than this of the digit without its mark."""


def judged_mark(
    one: Piece, other: Piece, gap: float, labels: npt.NDArray[np.int32], ink: Ink, judged: Judged | None
) -> bool:
    """Whether the smaller piece is a line under a digit or a hyphen beside it, no part of it: the judge says so."""
    small, large = sorted((one, other), key=lambda piece: piece.size * piece.height)
    if judged is None or max(ink.strength.shape) <= SMALL or not _may_be_mark(small, large, gap):
        return False
    glyphs = [glyph_of(piece, labels, ink).strength for piece in (small.joined(large), large)]
    whole, alone = judged.sureness(glyphs)
    return bool(alone > _SURE and alone > whole)


def _may_be_mark(small: Piece, large: Piece, gap: float) -> bool:
    """Whether a piece is flat and stands off below another, or beside its middle."""
    if small.width < _FLAT * small.height or small.height > _HIGHEST * large.height or gap < 1:
        return False
    middle = (small.top + small.bottom) / 2
    below = middle > large.bottom
    apart = max(small.left - large.right, large.left - small.right) >= 0
    return below or (apart and large.top + 0.3 * large.height < middle < large.bottom - 0.2 * large.height)

"""A glyph: the ink of one digit, or of what may be one, and where it lies."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from core.images.ink import Ink
from core.images.light import SMALL
from core.images.outlines import LOW, occupied
from core.images.pieces import Piece

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Glyph:
    """One digit's ink. strength: (h, w) float32 in [0, 1] of its own strokes alone, with a margin.

    x, y: of its first pixel in the picture. left, top, right, bottom: of its strokes there. line: 0-based.
    """

    strength: Array
    x: int
    y: int
    left: int
    top: int
    right: int
    bottom: int
    line: int

    def part(self, strength: Array) -> "Glyph":
        """Some of its ink as a glyph of its own. strength: (h, w) like the glyph's, 0 where the ink is another's."""
        rows, columns = occupied(strength > LOW)
        return replace(
            self,
            strength=strength,
            left=self.x + int(columns[0]),
            top=self.y + int(rows[0]),
            right=self.x + int(columns[-1]) + 1,
            bottom=self.y + int(rows[-1]) + 1,
        )


def glyph_of(piece: Piece, labels: npt.NDArray[np.int32], ink: Ink, line: int = 0) -> Glyph:
    """The glyph of a piece. labels: (h, w), which piece of the ink each pixel belongs to, 0 for none."""
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
    return Glyph(strength, left, top, piece.left, piece.top, piece.right, piece.bottom, line)

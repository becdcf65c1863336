"""Connected strokes of a picture, and which of them are writing.

A stroke of writing is about as sharp, as dark and as thick as the other strokes of the same hand. What is far less
sharp is a shadow, what is far thicker or longer is an edge of something, and what is far smaller is a speck.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

from core.images.ink import Ink
from core.images.light import SMALL
from core.images.outlines import depth
from core.images.preparation import Preparation

Points = npt.NDArray[np.float32]

MOST = 300
"""The heaviest connected strokes are looked at, up to this number: more than a full page of digits has."""

_POINTS = 150
"""Points of an outline between which distances are measured."""
_MOST_POINTS = 4 * _POINTS
"""The same of several pieces joined."""

_CIRCLED = 0.4
"""What is circled is at least this share of its circle's height."""

_ALONG = 0.3
"""More than this share of the outline of a strip lies on the border of the picture or of its sheet."""

_DISC = 0.5
"""A disc is this share of its size thick: holes of a punch, blots."""


@dataclass(frozen=True, eq=False)
class Piece:
    """Connected strokes, or several joined. left, top, right, bottom: pixels, right and bottom exclusive.

    mass: summed strength. area: pixels. outline: (n, 2) float32, points (x, y) on it. at_border: share of its outline
    that lies on the border of the picture, or of the sheet on it. sharpness: mean change of strength a pixel at its
    outline. thickness: usual width of its strokes, in pixels.
    """

    labels: frozenset[int]
    left: int
    top: int
    right: int
    bottom: int
    mass: float
    area: int
    outline: Points
    at_border: float
    sharpness: float
    thickness: float

    @property
    def width(self) -> int:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """In pixels."""
        return self.bottom - self.top

    @property
    def size(self) -> int:
        """The longer side, in pixels."""
        return max(self.width, self.height)

    def gap(self, other: "Piece") -> float:
        """The distance between the two outlines, in pixels."""
        return float(np.sqrt(cdist(self.outline, other.outline, "sqeuclidean").min()))

    def joined(self, other: "Piece") -> "Piece":
        """The two as one."""
        large = self if self.mass >= other.mass else other
        outline = np.concatenate([self.outline, other.outline])
        return Piece(
            self.labels | other.labels,
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
            self.mass + other.mass,
            self.area + other.area,
            # No digit is of many pieces; noise may be, and distances between all points would take minutes.
            outline[:: -(-len(outline) // _MOST_POINTS)],
            float(np.average([self.at_border, other.at_border], weights=[len(self.outline), len(other.outline)])),
            large.sharpness,
            large.thickness,
        )


def find_pieces(ink: Ink) -> tuple[npt.NDArray[np.int32], list[Piece]]:
    """Labels (h, w) of the connected strokes, 0 where there are none, and the strokes, heaviest first."""
    strokes = ink.strokes.astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    masses = np.bincount(labels.ravel(), weights=ink.strength.ravel(), minlength=count)
    masses[0] = 0
    heaviest = np.argsort(-masses, kind="stable")[: min(MOST, count - 1)]
    distance = depth(ink.strokes, 1)
    sharpness = cv2.morphologyEx(ink.strength, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    border = _border(ink)
    pieces = []
    for label in heaviest:
        left, top, width, height, area = (int(stats[label, column]) for column in range(5))
        window = slice(top, top + height), slice(left, left + width)
        own = labels[window] == label
        edge = own & ~cv2.erode(own.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=0).astype(bool)
        rows, columns = np.nonzero(edge)
        every = max(1, len(rows) // _POINTS)
        outline = np.stack([columns[::every] + left, rows[::every] + top], axis=1).astype(np.float32)
        pieces.append(
            Piece(
                frozenset([int(label)]),
                left,
                top,
                left + width,
                top + height,
                float(masses[label]),
                area,
                outline,
                float(border[window][edge].mean()),
                float(sharpness[window][edge].mean()),
                float(max(1.0, 4 * (distance[window][own].mean() - 0.5))),
            )
        )
    return labels.astype(np.int32), pieces


def _border(ink: Ink) -> npt.NDArray[np.bool_]:
    """The border of the picture, and of the sheet on it, (h, w)."""
    height, width = ink.strokes.shape
    border = np.ones((height, width), np.bool_)
    border[2 : height - 2, 2 : width - 2] = False
    if ink.sheet is not None:
        # The sheet's edge is known to the pixels of a smaller picture.
        reach = 3 + 2 * (max(height, width) // 256)
        border |= cv2.dilate((~ink.sheet).astype(np.uint8), np.ones((reach, reach), np.uint8)).astype(bool)
    return border


def written(pieces: list[Piece], shape: tuple[int, int], preparation: Preparation) -> list[Piece]:
    """The pieces that are writing, in a picture of the shape (h, w); at least one."""
    if preparation.remove_edges and max(shape) > SMALL:
        pieces = [piece for piece in pieces if not any(_encloses(piece, other) for other in pieces)]
    main = max(pieces, key=lambda piece: _weight(piece, shape))
    kept = []
    for piece in pieces:
        if piece is not main:
            if preparation.remove_specks and _is_speck(piece, main):
                continue
            if preparation.remove_edges and max(shape) > SMALL and _is_edge(piece, main):
                continue
        kept.append(piece)
    return kept


def _weight(piece: Piece, shape: tuple[int, int]) -> float:
    """How much a piece looks like the main thing written: it has much sharp outline, and is no edge of anything."""
    doubt = 1.0
    if max(shape) > SMALL:
        if _is_long(piece) and piece.at_border:
            doubt *= 0.2
        elif _is_long(piece) and piece.width > piece.height:
            doubt *= 0.3
        doubt *= 0.3 if piece.at_border and piece.thickness > 0.15 * max(shape) else 1.0
    return piece.sharpness * piece.area / piece.thickness * doubt


def _is_speck(piece: Piece, main: Piece) -> bool:
    return piece.size < 0.09 * main.size or piece.mass < 0.008 * main.mass


def _is_edge(piece: Piece, main: Piece) -> bool:
    blurred = piece.sharpness < 0.4 * main.sharpness
    faint = piece.mass / piece.area < 0.5 * main.mass / main.area
    beyond = piece.at_border > 0 and (_is_long(piece) or piece.thickness > 2.5 * main.thickness)
    rule = _is_long(piece) and piece.size > 2 * main.size
    strip = piece.at_border > _ALONG and not main.at_border
    disc = piece.thickness > max(_DISC * piece.size, 2 * main.thickness)
    return blurred or faint or beyond or rule or strip or disc or piece.thickness > 4 * main.thickness


def _encloses(ring: Piece, other: Piece) -> bool:
    """Whether one piece is drawn around another, as people circle a digit: that is no crumb in a hole of a digit."""
    if other is ring or other.height < _CIRCLED * ring.height or ring.thickness > 0.25 * ring.size:
        return False
    # Asked of each two of hundreds of pieces, most of which are not even within each other's boxes.
    if ring.left >= other.left or ring.right <= other.right or ring.top >= other.top or ring.bottom <= other.bottom:
        return False
    x, y = ring.outline.T
    left, right = x < other.left, x >= other.right
    above, below = y < other.top, y >= other.bottom
    beside, over = ~above & ~below, ~left & ~right
    return all(bool(side.any()) for side in (left & beside, right & beside, above & over, below & over))


def _is_long(piece: Piece) -> bool:
    """Whether it is a line rather than a stroke: straight along an axis and far longer than thick."""
    return piece.size > 18 * piece.thickness and piece.size > 6 * min(piece.width, piece.height)

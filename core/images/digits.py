"""A picture to the digits on it: ink, then glyphs in reading order, then one image a digit.

Refused with `ImageError`: a picture with nothing to read on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import cv2
import numpy as np
import numpy.typing as npt

from core.errors import ImageError
from core.images.glyph import Glyph
from core.images.ink import Ink, Look, find_ink
from core.images.judge import Judge, Judged
from core.images.margin import with_margin
from core.images.normalise import normalise
from core.images.outlines import stroke_width
from core.images.preparation import REASONS, WHOLE, Preparation
from core.images.segment import segment
from core.images.steps import Step, step
from core.images.thin import LEAST

_ADD_PAPER = "The picture ends with the lines of a box; with paper around it they are seen to be lines."

SIDE = 1280
"""Larger pictures are reduced to this side, in pixels, before they are read."""

_DOUBTED, _SURE = 0.5, 0.9
"""The judge doubts what it is less sure of than _DOUBTED; what a second look finds is believed above _SURE."""

_BOLD, _HALF = 0.2, 0.5
"""A pen's strokes, where ink has _HALF of its strength, are thinner than the share _BOLD of what they make."""

_KNOWN = 0.3
"""Strokes of which at least this share was refused are refused again."""


@dataclass(frozen=True)
class Box:
    """Where a digit lies, in pixels of the decoded picture: left, top, width and height."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class FoundDigit:
    """One digit. image: (h, w) uint8, light on black. line: 0-based number of its line of writing."""

    image: npt.NDArray[np.uint8]
    box: Box
    line: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class FoundDigits:
    """The digits of a picture in reading order, and the steps that they have in common."""

    digits: tuple[FoundDigit, ...]
    steps: tuple[Step, ...]


def find_digits(
    picture: npt.NDArray[np.uint8],
    shape: tuple[int, int],
    preparation: Preparation = WHOLE,
    judge: Judge | None = None,
    name: str = "the picture",
) -> FoundDigits:
    """The digits on a picture (h, w, 3) RGB or (h, w) grey uint8, each as an image of `shape` (h, w).

    Where the judge takes nothing that was found for a digit, thin strokes are looked for beside it (`_second_look`).
    name: what error messages call the picture. Raises ImageError if there is nothing to read on it.
    """
    if picture.ndim not in (2, 3) or 0 in picture.shape:
        raise ImageError(f"{name}: expected a picture, found an array of the shape {picture.shape}.")
    small = given = reduced(picture)
    factors = picture.shape[0] / small.shape[0], picture.shape[1] / small.shape[1]
    room = 0
    first = [step("picture", "What was given.", given)]
    if preparation.remove_lines:
        small, room = with_margin(small)
    if room:
        first.append(step("add_paper", _ADD_PAPER, small))
    judged = None if judge is None else Judged(judge, shape, preparation)
    ink = find_ink(small, preparation, name)
    glyphs = segment(ink, preparation, judged)
    if judged is not None and preparation.remove_edges and min(small.shape[:2]) >= LEAST:
        ink, glyphs = _second_look(small, ink, glyphs, preparation, judged)
    digits = []
    for glyph in glyphs:
        image = normalise(glyph.strength, shape, preparation)
        digits.append(
            FoundDigit(
                image,
                _box(glyph, factors, room, picture.shape),
                glyph.line,
                (
                    step("crop", REASONS["crop"], glyph.strength),
                    step("centre_mass", REASONS["centre_mass"], image),
                ),
            )
        )
    return FoundDigits(tuple(digits), (*first, *ink.steps))


def _second_look(
    picture: npt.NDArray[np.uint8], ink: Ink, glyphs: tuple[Glyph, ...], preparation: Preparation, judged: Judged
) -> tuple[Ink, tuple[Glyph, ...]]:
    """Thin strokes that are sure to be digits, with their ink; else what was found.

    They are looked for only where nothing was found to be a digit, and the largest glyph is no pen's: it is a sheet
    that was taken for ink on its desk. What was refused is not taken apart: writing on it is a hole in such a glyph.
    """
    largest = max(glyphs, key=lambda glyph: glyph.strength.size).strength > _HALF
    if stroke_width(largest) < _BOLD * max(largest.shape) or max(_sureness(glyphs, judged)) >= _DOUBTED:
        return ink, glyphs
    refused = reduce(np.logical_or, (glyph.painted(ink.strength.shape) for glyph in glyphs))
    best, surest = (ink, glyphs), _SURE
    for look in (Look.DARK, Look.LIGHT):
        try:
            seen = find_ink(picture, preparation, look=look)
        except ImageError:
            continue
        found = segment(seen, preparation, judged, among_others=True)
        pairs = zip(found, _sureness(found, judged), strict=True)
        sure = [(glyph, sureness) for glyph, sureness in pairs if sureness > _DOUBTED and _is_new(glyph, refused)]
        most = max((sureness for _, sureness in sure), default=0.0)
        if most > surest:
            best, surest = (seen, tuple(glyph for glyph, _ in sure)), most
    return best


def _sureness(glyphs: Sequence[Glyph], judged: Judged) -> list[float]:
    return judged.sureness([glyph.strength for glyph in glyphs]).tolist()


def _is_new(glyph: Glyph, known: npt.NDArray[np.bool_]) -> bool:
    """Whether hardly any of the glyph's strokes are known (h, w) already."""
    own = glyph.painted(known.shape)
    return bool((own & known).sum() < _KNOWN * own.sum())


def reduced(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The picture at the size at which it is read: at most SIDE pixels high and wide."""
    factor = SIDE / max(picture.shape[:2])
    if factor >= 1:
        return picture
    size = max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _box(glyph: Glyph, factors: tuple[float, float], room: int, shape: tuple[int, ...]) -> Box:
    down, across = factors
    left, right = (min(max(0, round((value - room) * across)), shape[1]) for value in (glyph.left, glyph.right))
    top, bottom = (min(max(0, round((value - room) * down)), shape[0]) for value in (glyph.top, glyph.bottom))
    return Box(left, top, max(1, right - left), max(1, bottom - top))

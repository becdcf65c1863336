"""A picture to the digits on it: ink, then glyphs in reading order, then one image a digit.

Refused with `ImageError`: a picture with nothing to read on it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.errors import ImageError
from core.images.ink import find_ink
from core.images.judge import Judge, Judged
from core.images.margin import with_margin
from core.images.normalise import normalise
from core.images.preparation import REASONS, WHOLE, Preparation
from core.images.segment import Glyph, segment
from core.images.steps import Step, step

_ADD_PAPER = "The picture ends with the lines of a box; with paper around it they are seen to be lines."

SIDE = 1280
"""Larger pictures are reduced to this side, in pixels, before they are read."""


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
    ink = find_ink(small, preparation, name)
    digits = []
    judged = None if judge is None else Judged(judge, shape, preparation)
    for glyph in segment(ink, preparation, judged):
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

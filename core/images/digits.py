"""A picture to the digits on it: ink, then glyphs in reading order, then one image a digit.

Refused with `ImageError`: a picture with nothing to read on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
from core.images.scale import reduced
from core.images.segment import segment
from core.images.steps import Step, step
from core.images.thin import LEAST

_ADD_PAPER = "The picture ends with the lines of a box; with paper around it they are seen to be lines."

SIDE = 1280
"""Larger pictures are reduced to this side, in pixels, before they are read."""

_DOUBTED, _SURE = 0.5, 0.9
"""The judge doubts what it is less sure of than _DOUBTED; what a second look finds is believed above _SURE."""

_BOLD, _HALF = 0.15, 0.5
"""Most pens' strokes, where ink has _HALF of its strength, are thinner than the share _BOLD of what they make."""

_SAME, _BESIDE = 0.35, 0.12
"""Strokes stand alone if at most the share _BESIDE of what surrounds them is as dark as they are: it differs by less
than the share _SAME of what most of it differs by.
"""

_SMALLER = 0.7
"""What was taken for a digit is writing and the edge of a shadow if writing less than this share as high lies in it."""

_SLIVER = 0.4
"""What is narrower, as a share of its height, may be the edge of something, and is not believed alone."""


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
    small = given = reduced(picture, SIDE)
    factors = picture.shape[0] / small.shape[0], picture.shape[1] / small.shape[1]
    room = 0
    first = [step("picture", "What was given.", given)]
    if preparation.remove_lines:
        small, room = with_margin(small)
    if room:
        first.append(step("add_paper", _ADD_PAPER, small))
    judged = None if judge is None else Judged(judge, shape, preparation)
    ink, glyphs = _looked_at(small, preparation, judged, name)
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


def _looked_at(
    picture: npt.NDArray[np.uint8], preparation: Preparation, judged: Judged | None, name: str
) -> tuple[Ink, tuple[Glyph, ...]]:
    """The ink of a picture and its glyphs, by a second look if the first finds no writing."""
    again = preparation.remove_edges and min(picture.shape[:2]) >= LEAST
    try:
        ink = find_ink(picture, preparation, name)
    except ImageError:
        found = _second_look(picture, (), preparation, judged) if judged is not None and again else None
        if found is None:
            raise
        return found
    glyphs = segment(ink, preparation, judged)
    if judged is None or not again or not _may_be_no_writing(glyphs, judged, ink.strength.shape):
        return ink, glyphs
    return _second_look(picture, glyphs, preparation, judged) or (ink, glyphs)


def _may_be_no_writing(glyphs: tuple[Glyph, ...], judged: Judged, shape: tuple[int, int]) -> bool:
    """Whether the largest glyph may be no pen's: a sheet, what a sheet lies on, or a shadow.

    It is as thick as few pens or runs out of the picture, and nothing is a digit to the judge; or it leads through all
    of the picture, whatever the judge says.
    """
    largest = max(glyphs, key=lambda glyph: glyph.strength.size)
    height, width = shape
    across, down = (largest.left <= 1, largest.right >= width - 1), (largest.top <= 1, largest.bottom >= height - 1)
    if all(across) or all(down):
        return True
    own = largest.strength > _HALF
    bold = stroke_width(own) >= _BOLD * max(own.shape)
    return (bold or any(across + down)) and max(_sureness(glyphs, judged)) < _DOUBTED


def _second_look(
    picture: npt.NDArray[np.uint8], refused: tuple[Glyph, ...], preparation: Preparation, judged: Judged
) -> tuple[Ink, tuple[Glyph, ...]] | None:
    """Thin strokes that are sure to be digits and stand alone, with their ink; None if there are none.

    refused: what was found before, and is no writing, unless what is found now is about as high.
    """
    highest = max((glyph.bottom - glyph.top for glyph in refused), default=picture.shape[0])
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) if picture.ndim == 3 else picture, np.uint8)
    best, surest = None, _SURE
    for look in (Look.DARK, Look.LIGHT):
        try:
            seen = find_ink(picture, preparation, look=look)
        except ImageError:
            continue
        found = segment(seen, preparation, judged, among_others=True)
        sure = [
            (glyph, sureness)
            for glyph, sureness in zip(found, _sureness(found, judged), strict=True)
            if sureness > _DOUBTED and glyph.bottom - glyph.top < _SMALLER * highest and _stands_alone(glyph, grey)
        ]
        most = max((sureness for glyph, sureness in sure if not _is_sliver(glyph)), default=0.0)
        if most > surest:
            best, surest = (seen, tuple(glyph for glyph, _ in sure)), most
    return best


def _stands_alone(glyph: Glyph, grey: npt.NDArray[np.uint8]) -> bool:
    """Whether there is paper on all sides of a glyph, and it is no part of something larger. grey: (h, w)."""
    strokes = glyph.strength > _HALF
    if not strokes.any():
        return False
    reach = 1 + round(stroke_width(strokes))
    window = np.pad(strokes, 2 * reach).astype(np.uint8)
    near, far = (cv2.dilate(window, np.ones((2 * n + 1, 2 * n + 1), np.uint8)) for n in (reach, 2 * reach))
    padded = np.pad(grey, 2 * reach, mode="edge").astype(np.float32)
    here = padded[glyph.y : glyph.y + window.shape[0], glyph.x : glyph.x + window.shape[1]]
    own, around = float(np.median(here[window > 0])), here[far > near]
    differs = np.abs(around - own)
    return bool((differs < _SAME * np.median(differs)).mean() <= _BESIDE)


def _is_sliver(glyph: Glyph) -> bool:
    return glyph.right - glyph.left < _SLIVER * (glyph.bottom - glyph.top)


def _sureness(glyphs: Sequence[Glyph], judged: Judged) -> list[float]:
    return judged.sureness([glyph.strength for glyph in glyphs]).tolist()


def _box(glyph: Glyph, factors: tuple[float, float], room: int, shape: tuple[int, ...]) -> Box:
    down, across = factors
    left, right = (min(max(0, round((value - room) * across)), shape[1]) for value in (glyph.left, glyph.right))
    top, bottom = (min(max(0, round((value - room) * down)), shape[0]) for value in (glyph.top, glyph.bottom))
    return Box(left, top, max(1, right - left), max(1, bottom - top))

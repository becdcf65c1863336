"""Where there is ink on a picture, and how much: light, colour, which of the two is ink, and what is no writing.

Each pixel is compared with what the paper would look like there; along the one mixture of colours in which ink and
paper differ most, that gives a strength.
Refused with `ImageError`: a picture on which nothing stands out from its noise.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

import cv2
import numpy as np
import numpy.typing as npt

from core.errors import ImageError
from core.images import light, lines, sheet, writing
from core.images.outlines import HIGH, LOW, Outlined, occupied, outlined, sampled, stroke_width
from core.images.preparation import REASONS, WHOLE, Preparation
from core.images.scale import reduced
from core.images.steps import Step, step
from core.images.thin import thin_strokes
from core.images.tiles import find_tiles

Array = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

FAINTEST = 0.03
"""Ink differs from its paper by at least this share of the brightness."""

CLEAR = 1.5
"""Ink is at least this many times as strong as what might be noise."""

SMALL_GRAIN = 0.015
"""The grain that a small picture is taken to have: it has too few pixels to tell grain from ink."""

SEEN = 640
"""Side, in pixels, at which a picture is looked at first."""


@dataclass(frozen=True, eq=False)
class Ink:
    """strength: (h, w) float32 in [0, 1], 0 paper, 1 full ink. strokes: (h, w) bool, what is taken for strokes.

    width: of the strokes, in pixels. sheet: (h, w) bool, where the sheet is, None where all of the picture is paper.
    steps: how it was found.
    """

    strength: Array
    strokes: Mask
    width: float
    sheet: Mask | None
    steps: tuple[Step, ...]


class Look(Enum):
    """What ink is looked for by: its outlines, or as thin strokes darker, or lighter, than all that is beside them."""

    OUTLINES = auto()
    DARK = auto()
    LIGHT = auto()


def find_ink(
    picture: npt.NDArray[np.uint8],
    preparation: Preparation = WHOLE,
    name: str = "the picture",
    look: Look = Look.OUTLINES,
) -> Ink:
    """The ink on a picture (h, w, 3) RGB or (h, w) grey uint8. Raises ImageError if there is none."""
    if picture.ndim == 2:
        picture = np.repeat(picture[..., np.newaxis], 3, axis=2)
    if (picture == picture[0, 0]).all():
        raise ImageError(f"{name}: expected a digit, found a picture of one colour.")
    steps: list[Step] = []
    colours = picture.astype(np.float32) / np.float32(255)
    written: Mask | None = None
    if preparation.remove_edges:
        written = find_tiles(colours)
        if written is None:
            written = sheet.find_sheet(colours)
        if written is not None:
            colours = sheet.alone(colours, written)
            steps.append(step("remove_edges", REASONS["remove_edges"], colours))
    if max(colours.shape[:2]) > 4 * light.SMALL:
        colours = np.asarray(cv2.GaussianBlur(colours, (0, 0), 0.7), np.float32)
    seen = _strokes_and_paper(colours, preparation, look)
    if seen is None:
        raise ImageError(f"{name}: expected a digit, found nothing with an outline.")
    first, paper = seen
    if preparation.level_light:
        steps.append(step("level_light", REASONS["level_light"], colours / np.maximum(paper, 0.05)))
    signed = _signed(light.difference(colours, paper), first, preparation)
    if preparation.use_colour:
        steps.append(
            step("use_colour", REASONS["use_colour"], 0.5 + signed / (2 * max(float(np.abs(signed).max()), 1e-6)))
        )
    strength = np.clip(signed, 0, None) if first.lighter else np.clip(-signed, 0, None)
    if written is not None:
        strength[~written] = 0
    floor = max(4 * _noise(signed, first.strokes), FAINTEST)
    seeds = first.strokes & (strength > floor)
    if not seeds.any():
        raise ImageError(f"{name}: expected a digit, found nothing that stands out.")
    full = full_strength(strength, seeds)
    if full < CLEAR * max(FAINTEST, 4 * _grain(signed, first.strokes)):
        raise ImageError(f"{name}: expected a digit, found nothing that stands out.")
    strength, floor, scale = strength / full, floor / full, full
    if preparation.remove_lines:
        ruled = _without_lines(strength, floor, written)
        if ruled is not None and (ruled[seeds] > HIGH).any():
            seeds &= ruled > floor
            full = full_strength(ruled, seeds)
            strength, floor, scale = ruled / full, floor / full, full * scale
            steps.append(step("remove_lines", REASONS["remove_lines"], strength))
    strength = np.clip(strength, 0, 1)
    strokes = hysteresis(strength, max(floor, LOW), seeds & (strength > max(floor, HIGH)))
    if not strokes.any():
        raise ImageError(f"{name}: expected a digit, found nothing that stands out.")
    width = stroke_width(strokes)
    if preparation.remove_specks:
        paper_alone = writing.unevenness(signed / scale, strokes | first.strokes, width)
        if not writing.is_written(strokes, strength, paper_alone):
            raise ImageError(
                f"{name}: expected a digit, found no strokes of a pen: only specks, lines, shadows or blots."
            )
    steps.append(step("find_polarity", REASONS["find_polarity"], strength))
    return Ink(strength, strokes, width, written, tuple(steps))


def _without_lines(strength: Array, floor: float, written: Mask | None) -> Array | None:
    """The ink (h, w) without ruling, which ends where the sheet does; None if there is none."""
    if written is None:
        return lines.without_lines(strength, floor)
    rows, columns = occupied(written)
    window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    found = lines.without_lines(np.ascontiguousarray(strength[window]), floor)
    if found is None:
        return None
    rest = np.zeros_like(strength)
    rest[window] = found
    return rest


def full_strength(strength: Array, strokes: Mask) -> float:
    """The strength of ink that covers its paper: that of the stronger pixels of strokes."""
    return float(np.quantile(sampled(strength[strokes]), 0.8))


def hysteresis(strength: Array, low: float, seeds: Mask) -> Mask:
    """Where strength is above low and connected to a seed."""
    count, labels = cv2.connectedComponents((strength > low).astype(np.uint8), connectivity=8)
    strong = np.zeros(count, bool)
    strong[labels[seeds]] = True
    strong[0] = False
    return strong[labels]


def _strokes_and_paper(colours: Array, preparation: Preparation, look: Look) -> tuple[Outlined, Array] | None:
    """What is taken for strokes at first, and what the picture would look like without them."""
    if look is not Look.OUTLINES:
        return thin_strokes(colours, lighter=look is Look.LIGHT)
    first = _first_look(colours, preparation)
    if first is None:
        return None
    if preparation.level_light:
        return first, light.background(colours, first.strokes, stroke_width(first.strokes))
    return first, light.even_background(colours, first.strokes)


def _first_look(colours: Array, preparation: Preparation) -> Outlined | None:
    """What has sharp outlines, looked for in a smaller picture if it is large, where noise is less."""
    height, width = colours.shape[:2]
    small = reduced(colours, SEEN)
    if max(height, width) > 3 * light.SMALL:
        small = np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0), np.float32)
    found = outlined(small, use_colour=preparation.use_colour, find_polarity=preparation.find_polarity)
    if found is None or small.shape == colours.shape:
        return found
    strokes = cv2.resize(found.strokes.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    return replace(found, strokes=strokes.astype(bool))


def _signed(differs: Array, first: Outlined, preparation: Preparation) -> Array:
    """The difference from the paper along the colours in which the strokes differ most; positive is lighter."""
    axis = first.axis
    ink = differs[first.strokes]
    if preparation.use_colour and len(ink):
        axis = np.linalg.eigh(ink.T @ ink)[1][:, -1].astype(np.float32)
        mean = float(ink.mean(axis=0) @ axis)
        if (mean < 0) == first.lighter:
            axis = -axis
    return differs @ axis


def _noise(signed: Array, strokes: Mask) -> float:
    """The standard deviation of what is no stroke, from the 30 percent of it nearest to the paper."""
    paper = signed[~strokes]
    return float(np.quantile(np.abs(sampled(paper)), 0.3)) / 0.385 if len(paper) else 0.0


def _grain(signed: Array, strokes: Mask) -> float:
    """The standard deviation of the paper from pixel to pixel, well away from strokes; 0 if little of it is there."""
    away = ~cv2.dilate(strokes.astype(np.uint8), np.ones((9, 9), np.uint8)).astype(bool)
    if max(signed.shape) <= light.SMALL:
        return SMALL_GRAIN
    if away.mean() < 0.2:
        return 0.0
    return _noise(signed - np.asarray(cv2.GaussianBlur(signed, (0, 0), 2), np.float32), ~away)

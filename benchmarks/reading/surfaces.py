"""What digits are written on: paper with its colour, grain, lines and folds, boards, and screens."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.reading.pens import Colour

Sheet = npt.NDArray[np.float32]
Area = tuple[int, int, int, int]

WHITE: tuple[Colour, ...] = ((250, 250, 248), (244, 243, 238), (236, 236, 236), (250, 246, 235))
LINE_COLOURS: tuple[Colour, ...] = ((150, 175, 215), (170, 170, 175), (140, 190, 205), (190, 165, 195))
DARK_LINES: tuple[Colour, ...] = ((20, 20, 22), (60, 60, 64), (45, 60, 110))


@dataclass(frozen=True)
class Surface:
    """What is written on.

    colours: RGB, one is chosen a picture. clouds, grain: how unevenly it is coloured in large and in small, in grey
    levels. pattern: "plain", "ruled", "squared", "dotted", "framed" (a printed box round each digit) or "canvas" (the
    drawing area of a program). lines: RGB of the pattern's lines, but for the red margin of ruled paper. folds: how
    deep its creases are, 0 to 1. wiped: traces of a sponge, in grey levels.
    """

    colours: Sequence[Colour] = WHITE
    clouds: float = 3.0
    grain: float = 1.6
    pattern: str = "plain"
    lines: Sequence[Colour] = LINE_COLOURS
    folds: float = 0.0
    wiped: float = 0.0


def surface(shape: tuple[int, int], kind: Surface, spacing: float, random: np.random.Generator) -> Sheet:
    """An empty sheet (h, w, 3) float32 in [0, 255]; spacing: pixels from one printed line to the next."""
    height, width = shape
    colour = np.asarray(kind.colours[int(random.integers(len(kind.colours)))], np.float32)
    uneven = np.zeros(shape, np.float32)
    if kind.clouds:
        uneven += np.float32(kind.clouds) * smooth_noise(shape, max(shape) / 5, random)
    if kind.grain:
        grain = cv2.GaussianBlur(random.standard_normal(shape, np.float32), (0, 0), 0.8)
        uneven += np.float32(2 * kind.grain) * grain
    if kind.wiped:
        streaks = cv2.resize(random.normal(size=(height // 6 + 2, width // 90 + 2)).astype(np.float32), (width, height))
        uneven += kind.wiped * np.abs(streaks) * (0.6 + 0.4 * smooth_noise(shape, max(shape) / 3, random))
    sheet = np.asarray(uneven[..., np.newaxis] + colour, np.float32)
    _print_pattern(sheet, kind, spacing, random)
    if kind.folds:
        sheet *= (1 - kind.folds * _creases(shape, random))[..., np.newaxis]
    return sheet


def smooth_noise(shape: tuple[int, int], period: float, random: np.random.Generator) -> npt.NDArray[np.float32]:
    """Random hills (h, w) float32 of height about 1, so many pixels apart."""
    height, width = shape
    few = random.normal(size=(max(3, round(height / period) + 2), max(3, round(width / period) + 2)))
    return np.asarray(cv2.resize(few.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC))


def frames(sheet: Sheet, boxes: Sequence[Area], random: np.random.Generator) -> None:
    """Print boxes (x, y, width, height) as forms have them onto the sheet, in place."""
    colour = ((60, 60, 60), (120, 120, 125), (200, 90, 80), (90, 130, 190))[int(random.integers(4))]
    thickness = int(random.integers(1, 4))
    for x, y, width, height in boxes:
        cv2.rectangle(sheet, (x, y), (x + width, y + height), colour, thickness, cv2.LINE_AA)


def canvas(sheet: Sheet, area: Area, random: np.random.Generator) -> None:
    """Around area (x, y, width, height), the window of a drawing program on the sheet, in place."""
    x, y, width, height = area
    inside = sheet[y : y + height, x : x + width].copy()
    dark = bool(random.random() < 0.3)
    sheet[:] = (45, 46, 50) if dark else (238, 239, 242)
    bar = max(8, y - round(0.02 * sheet.shape[0]))
    sheet[:bar] = (70, 95, 160) if random.random() < 0.5 else ((30, 31, 34) if dark else (222, 224, 229))
    sheet[y : y + height, x : x + width] = inside
    edge = (90, 92, 98) if dark else (165, 168, 175)
    cv2.rectangle(sheet, (x - 1, y - 1), (x + width, y + height), edge, int(random.integers(1, 4)))


def _print_pattern(sheet: Sheet, kind: Surface, spacing: float, random: np.random.Generator) -> None:
    pattern = kind.pattern
    if pattern not in ("ruled", "squared", "dotted"):
        return
    height, width = sheet.shape[:2]
    colour = kind.lines[int(random.integers(len(kind.lines)))]
    strength = float(random.uniform(0.45, 0.95))
    thickness = float(random.uniform(1.0, 2.2))
    start = random.uniform(0, spacing, 2)
    rows = np.arange(start[0], height, spacing)
    columns = np.arange(start[1], width, spacing)
    ink = np.zeros((height, width), np.float32)
    if pattern in ("ruled", "squared"):
        for y in rows:
            ink = np.maximum(ink, _stripe(height, y, thickness)[:, np.newaxis])
    if pattern == "squared":
        for x in columns:
            ink = np.maximum(ink, _stripe(width, x, thickness)[np.newaxis, :])
    if pattern == "dotted":
        for y in rows:
            for x in columns:
                cv2.circle(ink, (round(x), round(y)), round(thickness), 1.0, -1, cv2.LINE_AA)
    sheet += (ink * np.float32(strength))[..., np.newaxis] * (np.asarray(colour, np.float32) - 250)
    if pattern == "ruled" and random.random() < 0.5:
        margin = _stripe(width, float(random.uniform(0.2, 0.32)) * width, thickness)[np.newaxis, :, np.newaxis]
        sheet += margin * (np.asarray((225, 120, 130), np.float32) - 250)


def _stripe(length: int, centre: float, thickness: float) -> npt.NDArray[np.float32]:
    return np.clip(thickness / 2 + 0.5 - np.abs(np.arange(length) - centre), 0, 1).astype(np.float32)


def _creases(shape: tuple[int, int], random: np.random.Generator) -> npt.NDArray[np.float32]:
    """Paper that was crumpled and smoothed: facets that face the light or do not, with ridges between."""
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    shade = np.zeros(shape, np.float32)
    for _ in range(int(random.integers(4, 9))):
        angle = float(random.uniform(0, np.pi))
        along = columns * np.cos(angle) + rows * np.sin(angle)
        distance = along - float(random.uniform(along.min(), along.max()))
        distance += 0.02 * max(shape) * smooth_noise(shape, max(shape) / 4, random)
        reach = float(random.uniform(0.05, 0.3)) * max(shape)
        shade += float(random.uniform(-0.16, 0.16)) * np.tanh(distance / 3) * np.exp(-np.abs(distance) / reach)
        shade += float(random.uniform(-0.12, 0.2)) * np.exp(-((distance / 1.8) ** 2))
    return shade

"""Synthetic pictures of digits with their truth: a kind, digits and a seed in, a picture and what is on it out.

    picture, truth = make(kind_named("ruled"), glyphs, labels, seed=[7, 0])

The same kind, glyphs, labels and seed give the same picture.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.reading import surfaces
from benchmarks.reading.camera import on_desk, photograph, view
from benchmarks.reading.glyphs import Glyph, from_image
from benchmarks.reading.kinds import Kind
from benchmarks.reading.layout import Placed, line_lengths, placed
from benchmarks.reading.pens import draw

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Truth:
    """What is on a picture. labels: one a digit in reading order. boxes: (x, y, width, height) in pixels round the ink.

    lines: 0-based number of each digit's line. text: the digits, lines joined by newlines.
    """

    labels: tuple[int, ...]
    boxes: tuple[Box, ...]
    lines: tuple[int, ...]

    @property
    def text(self) -> str:
        """The digits as they would be typed."""
        rows: dict[int, str] = {}
        for label, line in zip(self.labels, self.lines, strict=True):
            rows[line] = rows.get(line, "") + str(label)
        return "\n".join(rows.values())


def one(label: int, box: Box) -> Truth:
    """The truth about a picture of one digit."""
    return Truth((label,), (box,), (0,))


def pictures(
    kind: Kind, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.integer], seed: int, n_digits: int
) -> Iterator[tuple[npt.NDArray[np.uint8], Truth]]:
    """Pictures of one kind with n_digits digits or a few more, chosen evenly from images (n, h, w) uint8 by label.

    labels: (n,) int.
    """
    random = np.random.default_rng([seed, *kind.name.encode()])
    order = _evenly(labels, random)
    place = 0
    while place < n_digits:
        lengths = line_lengths(kind.layout, random)
        chosen = [order[(place + step) % len(order)] for step in range(sum(lengths))]
        place += len(chosen)
        glyphs = [from_image(images[index]) for index in chosen]
        yield make(kind, glyphs, [int(labels[index]) for index in chosen], lengths, random)


def make(
    kind: Kind, glyphs: Sequence[Glyph], labels: Sequence[int], lengths: Sequence[int], random: np.random.Generator
) -> tuple[npt.NDArray[np.uint8], Truth]:
    """A picture (h, w, 3) uint8 of these digits and its truth; lengths: how many digits each line has.

    Without glyphs the sheet stays empty.
    """
    camera = kind.camera
    long = int(random.integers(camera.size[0], camera.size[1] + 1))
    short = round(long * float(random.uniform(0.72, 1.0)))
    wide = sum(lengths) > 1 or random.random() < 0.4
    frame = (short, long) if wide else (long, short)
    # What the camera's turn brings into view beyond the picture's own rectangle has to be there.
    margin = round(long * (0.5 * math.sin(math.radians(camera.turn)) + 1.2 * camera.tilt))
    sheet_shape = frame[0] + 2 * margin, frame[1] + 2 * margin
    area = _area(kind, frame, margin, random)
    digits = placed(glyphs, lengths, kind.layout, kind.pen, area, random) if glyphs else []
    tallest = max((digit.coverage.shape[0] for digit in digits), default=round(0.2 * frame[0]))
    spacing = max(8.0, tallest * float(random.uniform(0.5, 1.6)))
    sheet = surfaces.surface(sheet_shape, kind.surface, spacing, random)
    if kind.surface.pattern == "framed":
        surfaces.frames(sheet, [_cell(digit, tallest) for digit in digits], random)
    if kind.surface.pattern == "canvas":
        surfaces.canvas(sheet, area, random)
    _write(sheet, digits, kind, random)
    if camera.desk:
        sheet = on_desk(sheet, area, random)
    to_picture = view(camera, frame, (margin, margin), random)
    picture = photograph(sheet, to_picture, frame, camera, random)
    boxes = tuple(_box(digit, to_picture, frame) for digit in digits)
    return picture, Truth(tuple(labels), boxes, tuple(digit.line for digit in digits))


def _write(sheet: surfaces.Sheet, digits: Sequence[Placed], kind: Kind, random: np.random.Generator) -> None:
    if not digits:
        return
    pen = kind.pen
    colour = pen.colours[int(random.integers(len(pen.colours)))]
    if kind.surface.pattern == "canvas":
        # A canvas may be white or black; what is drawn on it is the other.
        middle = sheet[digits[0].y, digits[0].x].mean()
        colour = (0, 0, 0) if middle > 128 else (255, 255, 255)
    opacity = float(random.uniform(*pen.opacity))
    for digit in digits:
        draw(sheet, digit.coverage, (digit.x, digit.y), pen, colour, opacity, random)


def _area(kind: Kind, frame: tuple[int, int], margin: int, random: np.random.Generator) -> Box:
    """Where digits may stand on the sheet: all that is seen, or a piece of paper, or a program's canvas in it."""
    height, width = frame
    if kind.camera.desk or kind.surface.pattern == "canvas":
        left, right = random.uniform(0.06, 0.2, 2) * width
        top, low = random.uniform(0.06, 0.2, 2) * height
        return margin + round(left), margin + round(top), round(width - left - right), round(height - top - low)
    return margin, margin, width, height


def _cell(digit: Placed, tallest: int) -> Box:
    """The box of a form round a digit, which people seldom hit in the middle."""
    width, height = round(0.85 * tallest), round(1.35 * tallest)
    centre_x = digit.x + digit.coverage.shape[1] // 2
    width = max(width, round(1.2 * digit.coverage.shape[1]))
    return centre_x - width // 2, digit.y + digit.coverage.shape[0] // 2 - height // 2, width, height


def _box(digit: Placed, to_picture: npt.NDArray[np.float64], frame: tuple[int, int]) -> Box:
    points = cv2.perspectiveTransform(digit.outline()[:, np.newaxis], to_picture)[:, 0]
    left, top = np.floor(points.min(axis=0) + 0.25).astype(int)
    right, low = np.ceil(points.max(axis=0) - 0.25).astype(int)
    left, right = np.clip((left, right), 0, frame[1])
    top, low = np.clip((top, low), 0, frame[0])
    return int(left), int(top), int(max(1, right - left)), int(max(1, low - top))


def _evenly(labels: npt.NDArray[np.integer], random: np.random.Generator) -> list[int]:
    """All indices in an order in which every run of digits holds all labels about equally often."""
    by_label = [random.permutation(np.flatnonzero(labels == label)).tolist() for label in np.unique(labels)]
    rounds = [
        random.permutation([ones[turn] for ones in by_label if turn < len(ones)])
        for turn in range(max(len(ones) for ones in by_label))
    ]
    return [int(index) for one_round in rounds for index in one_round]

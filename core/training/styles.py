"""Ways of writing that MNIST's American writers seldom used: a barred 7, a 1 with flag and base, a slashed 0, and more.

Half of the chosen digits 0, 1 and 7 get the missing strokes, with a pen about as wide as their own; the other half, and
all chosen digits of other classes, make room for one drawn by `core.training.hands`. Images of classes that are not
named 0 to 9 stay as they are.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from core.training.drawing import inked
from core.training.hands import draw_digit

_FINE = 4
"""Lines are drawn this many times larger and then averaged, so that their edges are grey as a pen's."""

Point = tuple[float, float]
"""Column and row, in pixels of the image."""


def restyle(images: np.ndarray, class_names: Sequence[str], share: float, generator: np.random.Generator) -> np.ndarray:
    """A share of the digits in another style.

    images: (n, h, w) uint8. class_names: the class of each image, by name. share: in [0, 1].
    Returns (n, h, w) uint8; the same images for a share of 0.
    """
    if not share:
        return images
    chosen = generator.random(len(images)) < share
    restyled = images.copy()
    for number in np.flatnonzero(chosen):
        name, image = class_names[int(number)], images[number]
        if name in _STYLES and image.any() and generator.random() < 0.5:
            restyled[number] = _with_lines(image, _STYLES[name](image, generator), generator)
        else:
            drawn = draw_digit(name, image.shape, generator)
            restyled[number] = image if drawn is None else drawn
    return restyled


def _bar_of_7(image: np.ndarray, generator: np.random.Generator) -> list[tuple[Point, Point]]:
    """A short level stroke through the stem, a little below the middle."""
    top, bottom, left, right = _extent(image)
    row = top + generator.uniform(0.4, 0.65) * (bottom - top)
    columns = np.flatnonzero(image[round(row)] > 100)
    centre = float(columns.mean()) if len(columns) else (left + right) / 2
    half, tilt = generator.uniform(2.5, 5.0), generator.uniform(-1.5, 1.0)
    return [((centre - half, row - tilt), (centre + half, row + tilt))]


def _flag_and_base_of_1(image: np.ndarray, generator: np.random.Generator) -> list[tuple[Point, Point]]:
    """A stroke down to the left from the top, a level one under the foot, or both."""
    top, bottom, _, _ = _extent(image)
    head, foot = _column_of(image, top), _column_of(image, bottom)
    reach = generator.uniform(2.5, 9.0)
    # A short flag may be level; a flatter long one would make a 7 of it, and the longest begin a little above the foot.
    drop = min(reach * generator.uniform(0.6 if reach > 5.5 else 0.0, 2.5), 0.9 * (bottom - top))
    flag = ((head, float(top)), (head - reach, top + drop))
    half = generator.uniform(2.5, 6.0)
    base = ((foot - half, float(bottom)), (foot + half, bottom + generator.uniform(-1.0, 1.0)))
    return [[flag], [base], [flag, base]][generator.integers(3)]


def _slash_of_0(image: np.ndarray, generator: np.random.Generator) -> list[tuple[Point, Point]]:
    """A stroke from the lower left to the upper right, within the ring or through it; seldom the other way round."""
    top, bottom, left, right = _extent(image)
    column, row = (left + right) / 2, (top + bottom) / 2
    length = generator.uniform(0.3, 0.65)
    across, down = length * (right - left), length * (bottom - top)
    if generator.random() < 0.1:
        across = -across
    return [((column - across, row + down), (column + across, row - down))]


_STYLES: dict[str, Callable[[np.ndarray, np.random.Generator], list[tuple[Point, Point]]]] = {
    "0": _slash_of_0,
    "1": _flag_and_base_of_1,
    "7": _bar_of_7,
}


def _with_lines(image: np.ndarray, lines: list[tuple[Point, Point]], generator: np.random.Generator) -> np.ndarray:
    """The image with lines drawn in its own grey, about as wide as its strokes."""
    height, width = image.shape
    ink = image > 100
    # A stroke's area is its width times its length, and its length about half of its outline.
    outline = ink & ~cv2.erode(ink.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    pen = 2 * ink.sum() / max(1, outline.sum()) * generator.uniform(0.8, 1.2)
    large = np.zeros((_FINE * height, _FINE * width), np.uint8)
    for start, end in lines:
        (x1, y1), (x2, y2) = ([round(_FINE * (value + 0.5)) for value in point] for point in (start, end))
        cv2.line(large, (x1, y1), (x2, y2), int(image.max()), max(1, round(_FINE * min(pen, 4.0))))
    drawn = cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA)
    return np.maximum(image, drawn)


def _extent(image: np.ndarray) -> tuple[int, int, int, int]:
    """First and last row, first and last column that hold ink; all of an image without."""
    top, below, _ = inked(image.T).indices(image.shape[0])
    left, beyond, _ = inked(image).indices(image.shape[1])
    return top, below - 1, left, beyond - 1


def _column_of(image: np.ndarray, row: int) -> float:
    """The centre of the ink in a row."""
    weights = image[row].astype(np.float64)
    return float(np.average(np.arange(len(weights)), weights=weights)) if weights.any() else len(weights) / 2

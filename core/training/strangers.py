"""Made images that are no digit, so that a network learns to be unsure of what it has never seen.

Shown in training with a label of all classes alike ("outlier exposure": Hendrycks, Mazeika and Dietterich, "Deep
Anomaly Detection with Outlier Exposure", ICLR 2019). Four kinds: two digits squeezed into one image, digits whose
quarters changed places, letters of plain pen strokes (none that looks like a digit), and scribbles; and, where they are
asked for, letters and symbols in people's hands.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from core.training.drawing import SIDE, draw, fitted, inked, smooth

_LETTERS = "ACEFHJKLMNPQRTUVWXYacdefkmnprtuvwx?&#*+=%@"
"""Not among them: what many people write as they write a digit (B D G I O S Z b g h i j l o q s y z and the like)."""

_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)


Character = Callable[[str, tuple[int, ...], np.random.Generator], np.ndarray | None]
"""(name, shape, generator) -> the character of that name as (h, w) uint8, white on black, or None if there is none."""


def make_strangers(
    images: np.ndarray, n: int, generator: np.random.Generator, others: Sequence[tuple[str, Character]] = ()
) -> np.ndarray:
    """As many images as asked for that show no digit, of the size of the given ones.

    images: (m, h, w) uint8, m >= 1, digits whose parts are used. others: further kinds, each with the names of its
    characters, at least one, and where they come from. Returns (n, h, w) uint8.
    """
    strangers = np.empty((n, *images.shape[1:]), np.uint8)
    for number in range(n):
        kind = int(generator.integers(len(_KINDS) + len(others)))
        if kind < len(_KINDS):
            strangers[number] = _KINDS[kind](images, generator)
        else:
            names, character = others[kind - len(_KINDS)]
            strangers[number] = character(names[generator.integers(len(names))], images.shape[1:], generator)
    return strangers


def _two_in_one(images: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Two digits side by side, squeezed together to the width of one."""
    height, width = images.shape[1:]
    pair = images[generator.integers(len(images), size=2)]
    tight = [image[:, inked(image)] for image in pair]
    gap = np.zeros((height, int(generator.integers(0, 3))), np.uint8)
    both = np.concatenate([tight[0], gap, tight[1]], axis=1)
    # As the reading of a picture would fit them: in proportion, into 20 of 28 pixels.
    fitted_width = round(width * 20 / 28)
    fitted_height = max(6, round(both.shape[0] * fitted_width / both.shape[1]))
    small = cv2.resize(both, (fitted_width, min(fitted_height, height)), interpolation=cv2.INTER_AREA)
    image = np.zeros((height, width), np.uint8)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    image[top : top + small.shape[0], left : left + small.shape[1]] = small
    return image


def _quarters_exchanged(images: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """The quarters of several digits put together in another order, some of them turned."""
    height, width = images.shape[1:]
    half_height, half_width = height // 2, width // 2
    image = np.zeros((height, width), np.uint8)
    for top in (0, half_height):
        for left in (0, half_width):
            source = images[generator.integers(len(images))]
            row = half_height if top == 0 else 0  # never its own place: the whole would look like a digit again
            column = half_width if generator.random() < 0.5 else 0
            part = source[row : row + half_height, column : column + half_width]
            image[top : top + half_height, left : left + half_width] = part[:: generator.choice((-1, 1))]
    return image


def _letter(images: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    font = _FONTS[generator.integers(len(_FONTS))]
    letter = _LETTERS[generator.integers(len(_LETTERS))]
    pen = int(generator.integers(4, 15))
    (width, height), _ = cv2.getTextSize(letter, font, 3.0, pen)
    canvas = np.zeros((height + 60, width + 60), np.uint8)
    cv2.putText(canvas, letter, (30, height + 30), font, 3.0, 255, pen, cv2.LINE_AA)
    return fitted(canvas, images.shape[1:])


def _scribble(images: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """A smooth random line of some turns, or a few straight strokes across each other."""
    if generator.random() < 0.5:
        lines = [smooth(generator.uniform(0, SIDE, (int(generator.integers(5, 10)), 2)))]
    else:
        lines = list(generator.uniform(0, SIDE, (int(generator.integers(3, 7)), 2, 2)))
    return draw(lines, int(generator.integers(4, 12)), images.shape[1:])


_KINDS: tuple[Callable[[np.ndarray, np.random.Generator], np.ndarray], ...] = (
    _two_in_one,
    _quarters_exchanged,
    _letter,
    _scribble,
)

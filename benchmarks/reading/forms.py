"""Rows of printed boxes with a digit in each, as a scanned form or a screenshot of one shows them.

Boxes share a side or stand some pixels apart, which is harder than far apart; the picture ends beside them, or with
their outer sides, as when somebody cut it out along them.
"""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.reading.sheets import Box, Truth
from core.images.outlines import occupied

Images = npt.NDArray[np.uint8]

LINE_GREYS = (0, 60, 120, 170)


def rows_of_boxes(
    images: Images, labels: Images, n: int, seed: int, *, cut: bool
) -> Iterator[tuple[npt.NDArray[np.uint8], Truth]]:
    """Pictures (h, w, 3) uint8 with at least n digits of images (m, 28, 28) in all, three to six each.

    labels: (m,). cut: whether pictures end with the outer sides of the boxes.
    """
    random = np.random.default_rng([seed, 8, cut])
    while n > 0:
        chosen = random.integers(0, len(images), int(random.integers(3, 7)))
        n -= len(chosen)
        yield _row(images[chosen], labels[chosen], cut, random)


def _row(images: Images, labels: Images, cut: bool, random: np.random.Generator) -> tuple[npt.NDArray[np.uint8], Truth]:
    size = int(random.integers(50, 130))  # side of a digit's image of 28 pixels
    line = int(random.integers(1, 2 + size // 30))
    apart = -line if random.random() < 0.25 else int(random.integers(2, 20))
    height, width = round(random.uniform(1.0, 1.3) * size) + 2 * line, round(random.uniform(0.9, 1.2) * size) + 2 * line
    beside = 0 if cut else int(random.integers(20, 60))
    grey = float(LINE_GREYS[int(random.integers(len(LINE_GREYS)))])
    shape = height + 2 * beside, len(images) * (width + apart) - apart + 2 * beside
    paper = np.full(shape, 255, np.float32)
    lefts = [beside + number * (width + apart) for number in range(len(images))]
    inner = (height - 2 * line, width - 2 * line)
    for left in lefts:
        paper[beside : beside + height, left : left + width] = grey
    for left in lefts:
        paper[beside + line : beside + line + inner[0], left + line : left + line + inner[1]] = 255
    boxes: list[Box] = []
    for image, left in zip(images, lefts, strict=True):
        large = cv2.resize(image, (size, size), interpolation=cv2.INTER_CUBIC).astype(np.float32)
        ink = np.clip((cv2.GaussianBlur(large, (0, 0), size / 90) - 80) * 2, 0, 255)
        rows, columns = occupied(ink > 128)
        glyph = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        glyph = glyph[: inner[0], : inner[1]]  # nobody writes over the box's sides
        # People hit the middle of a box more or less.
        down, right = (
            round((room - side) * random.uniform(0.3, 0.7)) for room, side in zip(inner, glyph.shape, strict=True)
        )
        top, side = beside + line + down, left + line + right
        place = paper[top : top + glyph.shape[0], side : side + glyph.shape[1]]
        np.minimum(place, 255 - glyph, out=place)
        boxes.append((side, top, glyph.shape[1], glyph.shape[0]))
    grain = random.normal(0, random.uniform(0, 4), shape)
    picture = np.repeat((paper + grain).clip(0, 255).astype(np.uint8)[..., np.newaxis], 3, axis=2)
    return picture, Truth(tuple(int(label) for label in labels), tuple(boxes), (0,) * len(labels))

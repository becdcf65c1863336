"""Made images for fitting a gate: digits as other pens, cameras and uploads give them, and images that are no digit.

The made non-digits are of six kinds: halves of two digits put together, patches of a digit in another order, two digits
over or beside each other, smooth strokes, straight strokes, and filled blots. Letters, symbols, clothes, spirals, noise
and blanks are not among them: those are what a gate is tested on. Images are uint8, light on black; nothing is refused.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from core.images.normalise import normalise
from core.recipe import Augmentation
from core.training.augmentation import augment

Images = npt.NDArray[np.uint8]

VARIETY = Augmentation(
    rotation=12.0,
    scale=0.15,
    shear=0.3,
    shift=2.0,
    elastic=0.6,
    elastic_smoothness=4.0,
    stroke=0.8,
    gamma=0.5,
    blur=0.8,
    noise=0.04,
    styles=0.25,
)
"""How far the digits that people bring are from the training images.

With about two thirds of these amounts, and no styles, a gate that was to refuse 1% refused 14% of the rightly read
digits of 400 from photographed sheets; with these 11% (the preset robust, one run).
"""

_FAINTEST = 0.12
"""Share of full ink below which the preparation takes it for paper."""
_LOST = 0.3
"""A digit whose strongest ink is below this share is not found at all."""

_SIDE = 112
"""Strokes and blots are drawn on a square of this many pixels, and then brought to size as a picture is."""
_FRACTION_BITS = 4


def varied(
    images: Images, labels: npt.NDArray[np.int64], class_names: Sequence[str], random: np.random.Generator
) -> Images:
    """Every second image as another hand, pen or camera might have given it; the others as they are.

    images: (n, h, w). labels: (n,), their classes. class_names: one a class. Returns (n, h, w).
    """
    changed = images.copy()
    targets = np.eye(len(class_names), dtype=np.float32)[labels[1::2]]
    changed[1::2] = augment(images[1::2], targets, class_names, VARIETY, random)[0]
    return changed


def drawn(images: Images, random: np.random.Generator) -> Images:
    """The images (n, h, w) as if each had been drawn larger, photographed and prepared as an upload is.

    Enlarging makes outlines smooth and contrast makes them sharp, somewhere between thinner and thicker than they were;
    then they are blurred a little, and brought to size by `core.images.normalise`.
    """
    return np.stack([_drawn_larger(image, random) for image in images]) if len(images) else images


def _drawn_larger(image: Images, random: np.random.Generator) -> Images:
    factor, level = int(random.integers(3, 6)), random.uniform(0.35, 0.5)
    contrast, blur = random.uniform(1.5, 3), random.uniform(0.3, 0.8)
    small = np.divide(image, 255, dtype=np.float32)
    large = cv2.resize(small, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    sharp = cv2.GaussianBlur(((large.clip(0, 1) - level) * contrast + 0.5).clip(0, 1), (0, 0), blur)
    ink = np.where(sharp > _FAINTEST, sharp, 0).astype(np.float32)
    # So faint a digit would be lost on the way, and says nothing of those that are read.
    return normalise(ink, (image.shape[0], image.shape[1])) if ink.max() > _LOST else image


def made_non_digits(images: Images, n: int, random: np.random.Generator) -> Images:
    """Images (n, h, w) that show no digit, as many of each kind.

    images: (m, h, w) digits to take parts of, m >= 1.
    """
    kinds = [_KINDS[number % len(_KINDS)] for number in range(n)]
    return np.stack([kind(images, random) for kind in kinds]) if n else images[:0]


def _halves(images: Images, random: np.random.Generator) -> Images:
    """The upper or left half of one image and the other half of another."""
    first, second = images[random.integers(len(images), size=2)]
    image, axis = first.copy(), int(random.integers(2))
    half = slice(image.shape[axis] // 2, None)
    index = (half, slice(None)) if axis == 0 else (slice(None), half)
    image[index] = second[index]
    return image


def _patches(images: Images, random: np.random.Generator) -> Images:
    """A quarter of a quarter at a time, in another order."""
    image = images[random.integers(len(images))].copy()
    height, width = image.shape[0] // 4, image.shape[1] // 4
    places = [(row * height, column * width) for row in range(4) for column in range(4)]
    parts = [image[top : top + height, left : left + width].copy() for top, left in places]
    for (top, left), number in zip(places, random.permutation(len(parts)), strict=True):
        image[top : top + height, left : left + width] = parts[number]
    return image


def _two(images: Images, random: np.random.Generator) -> Images:
    """Two images on top of each other, or beside or above each other in the space of one."""
    first, second = images[random.integers(len(images), size=2)]
    if random.random() < 0.5:
        shift = random.integers(-first.shape[0] // 7, first.shape[0] // 7 + 1, 2)
        return np.maximum(first, np.roll(second, shift, (0, 1)))
    return _sized(np.concatenate([first, second], axis=int(random.integers(2))), first.shape)


def _smooth_strokes(images: Images, random: np.random.Generator) -> Images:
    canvas, pen = _canvas(), int(random.integers(5, 14))
    for _ in range(random.integers(1, 4)):
        _draw(canvas, _smooth(random.uniform(14, _SIDE - 14, (random.integers(3, 9), 2))), pen)
    return _sized(canvas, images.shape[1:])


def _straight_strokes(images: Images, random: np.random.Generator) -> Images:
    canvas, pen = _canvas(), int(random.integers(5, 14))
    for _ in range(random.integers(2, 6)):
        _draw(canvas, random.uniform(14, _SIDE - 14, (2, 2)), pen)
    return _sized(canvas, images.shape[1:])


def _blot(images: Images, random: np.random.Generator) -> Images:
    """A filled outline with round or sharp corners, some of them grey, some with a hole."""
    angles = np.sort(random.uniform(0, 2 * np.pi, random.integers(4, 10)))
    radii = random.uniform(12, 45, (len(angles), 1))
    corners = radii * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    outline = _smooth(np.concatenate([corners, corners[:1]])) if random.random() < 0.6 else corners
    canvas, brightness = _canvas(), 255 * (random.uniform(0.4, 1) if random.random() < 0.4 else 1.0)
    cv2.fillPoly(canvas, [(outline + _SIDE / 2).round().astype(np.int32)], brightness)
    if random.random() < 0.3:
        cv2.fillPoly(canvas, [(0.5 * outline + _SIDE / 2).round().astype(np.int32)], 0)
    return _sized(canvas, images.shape[1:])


_KINDS: tuple[Callable[[Images, np.random.Generator], Images], ...] = (
    _halves,
    _patches,
    _two,
    _smooth_strokes,
    _straight_strokes,
    _blot,
)


def _canvas() -> Images:
    return np.zeros((_SIDE, _SIDE), np.uint8)


def _smooth(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A line (n, 2) with its corners cut four times, which makes a quadratic spline of it (Chaikin, 1974)."""
    for _ in range(4):
        near, far = 0.75 * points[:-1] + 0.25 * points[1:], 0.25 * points[:-1] + 0.75 * points[1:]
        points = np.concatenate([points[:1], np.stack([near, far], axis=1).reshape(-1, 2), points[-1:]])
    return points


def _draw(canvas: Images, line: npt.NDArray[np.float64], pen: int) -> None:
    positions = (line * 2**_FRACTION_BITS).round().astype(np.int32)
    cv2.polylines(canvas, [positions], False, 255, pen, cv2.LINE_AA, _FRACTION_BITS)


def _sized(canvas: Images, shape: tuple[int, ...]) -> Images:
    """What is drawn, (h, w), as an image of `shape` (h, w); black if nothing is."""
    if canvas.max() < 80:
        return np.zeros(shape, np.uint8)
    return normalise(np.divide(canvas, 255, dtype=np.float32), (shape[0], shape[1]))

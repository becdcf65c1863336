"""What the paper alone would look like under the light of a picture, and how far each pixel differs from it.

The background is estimated from what lies between the strokes, by a median that is just wide enough to see past them,
and so follows shadows and keeps the straight edges of sheets. A small picture (paint programs, scans of one digit) has
no room for local light: its background is one colour.
"""

import cv2
import numpy as np
import numpy.typing as npt

from core.images.scale import reduced

Array = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

SMALL = 64
"""Pictures up to this side, in pixels, are taken to have one even background."""

_SIDE = 256
"""Side in pixels at which light is estimated: it changes slowly."""

_DARKEST = 0.25
"""A background darker than this is divided by this, as noise would be blown up otherwise."""


def even_background(picture: Array, strokes: Mask | None) -> Array:
    """One colour for all: the median of what is no stroke, or of the border if nothing is known of strokes yet."""
    if strokes is None or strokes.all():
        pixels = np.concatenate([picture[0], picture[-1], picture[1:-1, 0], picture[1:-1, -1]])
    else:
        pixels = picture[~strokes]
    return np.broadcast_to(np.median(pixels, axis=0).astype(np.float32), picture.shape)


def background(picture: Array, strokes: Mask, width: float) -> Array:
    """The paper's brightness and colour (h, w, 3), between and under the strokes (h, w).

    width: of the strokes, in pixels.
    """
    around = cv2.dilate(strokes.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    if max(picture.shape[:2]) <= SMALL:
        return even_background(picture, strokes if around.mean() > 0.9 else around)
    small = reduced(picture, _SIDE)
    scale = small.shape[0] / picture.shape[0]
    covered = cv2.resize(around.astype(np.float32), small.shape[1::-1], interpolation=cv2.INTER_AREA) > 0.02
    window = int(np.clip(8 * width * scale, 9, max(small.shape[:2]) // 2))
    return _enlarged(_median(_filled(small, covered, window), window), picture.shape)


def difference(picture: Array, paper: Array) -> Array:
    """How far each pixel is from its background, as a share of that background's brightness, a channel each."""
    return np.asarray(cv2.divide(cv2.subtract(picture, paper), np.maximum(paper, _DARKEST)), np.float32)


def _enlarged(small: Array, shape: tuple[int, ...]) -> Array:
    return np.asarray(cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


def _median(small: Array, window: int) -> Array:
    half = max(1, window // 2)
    # Reflected, as repeating the border's pixels would make a stroke along the border as thick as the window.
    margins = [min(half, small.shape[axis] - 1) for axis in (0, 1)]
    padded = cv2.copyMakeBorder(small, margins[0], margins[0], margins[1], margins[1], cv2.BORDER_REFLECT_101)
    levels = (padded * 255).clip(0, 255).round().astype(np.uint8)
    blurred = cv2.medianBlur(levels, 2 * half + 1)
    height, width = small.shape[:2]
    cut = blurred[margins[0] : margins[0] + height, margins[1] : margins[1] + width].astype(np.float32) / 255
    return np.asarray(cv2.GaussianBlur(cut, (0, 0), max(0.8, half / 8)), np.float32)


def _filled(small: Array, covered: Mask, window: int) -> Array:
    """The picture with what is under the strokes filled in from around them."""
    weight = (~covered).astype(np.float32)
    if not weight.any():
        return small
    total = np.broadcast_to(1e-6 * small[~covered].mean(axis=0), small.shape).copy()
    share = np.full_like(weight, 1e-6)
    for sigma, trust in ((window / 4, 1.0), (max(small.shape[:2]) / 4, 1e-3)):
        total += trust * cv2.GaussianBlur(small * weight[..., np.newaxis], (0, 0), sigma)
        share += trust * cv2.GaussianBlur(weight, (0, 0), sigma)
    return np.where(covered[..., np.newaxis], total / share[..., np.newaxis], small)

"""A first look at a picture: its sharp outlines, and what lies within them.

Light changes slowly over paper, while ink ends within a pixel or two. So outlines are looked for first, and a threshold
is laid through their brightness (Yanowitz and Bruckstein, "A new method for image segmentation", 1989): on one side of
it lies ink, on the other paper. Regions whose border is nowhere sharp are shadows. Which side is the ink is decided by
evidence: ink is rarer, thinner, and seldom at the border of the picture.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

GREY = np.array([0.299, 0.587, 0.114], np.float32)
"""How bright red, green and blue look (ITU-R BT.601)."""

SAMPLES = 20_000
"""Values from which medians are taken, if there are more."""

SLOWEST = 0.006
"""Ink changes the brightness by more than this share a pixel at its outline; light alone changes it less."""

LOW, HIGH = 0.35, 0.5
"""Strokes are where ink has at least the share LOW of its full strength, if somewhere it has HIGH."""

SHARP = 0.3
"""The border of a stroke is on average at least this share as sharp as the picture's strong outlines."""


@dataclass(frozen=True, eq=False)
class Outlined:
    """strokes: (h, w) bool, regions with sharp outlines on the side of the ink. lighter: whether ink is lighter.

    axis: (3,) float32 of length 1, the mixture of red, green and blue that changes most at outlines.
    """

    strokes: Mask
    lighter: bool
    axis: Array


def outlined(colours: Array, *, use_colour: bool = True, find_polarity: bool = True) -> Outlined | None:
    """What has sharp outlines in a picture (h, w, 3) float32 in [0, 1], or None if nothing has."""
    sides = _sides(colours, use_colour)
    if sides is None:
        return None
    if not find_polarity:
        return Outlined(sides.darker, False, sides.axis)
    is_lighter = _reluctance(sides.lighter, sides.weight) < _reluctance(sides.darker, sides.weight)
    return Outlined(sides.lighter if is_lighter else sides.darker, is_lighter, sides.axis)


def sharp_sides(colours: Array) -> tuple[Mask, ...]:
    """The regions (h, w) with sharp outlines, the lighter ones and the darker ones, of a picture; nothing if none."""
    sides = _sides(colours, True)
    return () if sides is None else (sides.lighter, sides.darker)


def stroke_width(strokes: Mask) -> float:
    """The usual width of strokes (h, w), in pixels: in a band of width w pixels are w/4 from its edge on average."""
    if not strokes.any():
        return 1.0
    distance = depth(strokes, 1)
    # Measured from centres of pixels: a line of one pixel has distance 1 where half would be right.
    return float(max(1.0, 4 * (distance[strokes].mean() - 0.5)))


@dataclass(frozen=True, eq=False)
class _Sides:
    lighter: Mask
    darker: Mask
    weight: Array
    axis: Array


def _sides(colours: Array, use_colour: bool) -> _Sides | None:
    axis = _axis(colours) if use_colour else GREY / np.float32(np.linalg.norm(GREY))
    level = np.asarray(colours @ axis, np.float32)
    sharpness = np.hypot(*slopes(level))
    weight = np.square(np.clip(sharpness - max(SLOWEST, 3 * _noise(sharpness)), 0, None), dtype=np.float32)
    if not weight.any():
        return None
    usual = float((weight * sharpness).sum() / weight.sum())
    # Grain within a broad stroke must not lay the threshold through the stroke.
    weight[sharpness < SHARP * usual] = 0
    above = level > _surface(level, weight)
    lighter, darker = (_sharp(side, sharpness, usual) for side in (above, ~above))
    if not lighter.any() and not darker.any():
        lighter, darker = above, ~above
    return _Sides(lighter, darker, weight, axis)


def sampled(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Some of many values (n,) or (h, w), evenly chosen: enough for a median."""
    flat = values.ravel()
    return flat[:: max(1, len(flat) // SAMPLES)]


def depth(mask: Mask, margin: int, *, inner: bool = True) -> Array:
    """How far inside of the mask each pixel is, (h, w), if what is at the border goes on for `margin` pixels.

    inner: leave that margin out of the result.
    """
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    # Where there is no edge at all, distances are said to be endless.
    distance = np.minimum(cv2.distanceTransform(padded, cv2.DIST_L2, 3), np.float32(max(padded.shape)))
    return np.asarray(distance[margin:-margin, margin:-margin] if inner else distance, np.float32)


def slopes(level: Array) -> tuple[Array, Array]:
    """How fast values (h, w) or (h, w, 3) change from pixel to pixel, across and down."""
    across, down = (
        cv2.Sobel(level, cv2.CV_32F, x, 1 - x, scale=1 / 8, borderType=cv2.BORDER_REPLICATE) for x in (1, 0)
    )
    return np.asarray(across, np.float32), np.asarray(down, np.float32)


def _axis(colours: Array) -> Array:
    """The direction in colour space in which the picture changes most where it changes sharply."""
    changes = [slope.reshape(-1, 3) for slope in slopes(colours)]
    size = sum((np.square(slope).sum(axis=1) for slope in changes), np.zeros(1, np.float32))
    sharp = np.sqrt(size)
    weight = np.clip(sharp - 3 * _noise(sharp), 0, None)[:, np.newaxis]
    if not weight.any():
        return GREY / np.float32(np.linalg.norm(GREY))
    moment = sum(((slope * weight).T @ (slope * weight) for slope in changes), np.zeros((3, 3), np.float32))
    axis = np.linalg.eigh(moment)[1][:, -1].astype(np.float32)
    return axis if axis @ GREY >= 0 else -axis


def _noise(sharpness: Array) -> float:
    """The usual sharpness of what has no outlines, from the calmer part of the picture (Rayleigh's distribution)."""
    return min(float(np.quantile(sampled(sharpness), 0.3)) / 0.845, 0.1 * float(sharpness.max()))


def _surface(level: Array, weight: Array) -> Array:
    """A threshold for each pixel: the level of the outlines around it, of near ones if there are any."""
    total = np.full_like(level, 1e-9 * float((level * weight).sum()) / weight.sum())
    share = np.full_like(level, 1e-9)
    weight = weight / weight.max()
    sigma, trust = max(1.5, max(level.shape) / 160), 1.0
    small_level, small_weight = level * weight, weight
    while sigma < max(level.shape):
        for result, part in ((total, small_level), (share, small_weight)):
            result += trust * blurred(part, sigma)
        sigma, trust = 3 * sigma, trust / 100
    return total / share


def occupied(mask: Mask) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The rows and the columns of (h, w) bool in which something is, in order."""
    return np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))


def blurred(values: Array, sigma: float) -> Array:
    """A Gaussian blur, at a size at which a large one is cheap."""
    factor = max(1, int(sigma / 3))
    if factor == 1:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), np.float32)
    size = max(1, values.shape[1] // factor), max(1, values.shape[0] // factor)
    small = cv2.GaussianBlur(cv2.resize(values, size, interpolation=cv2.INTER_AREA), (0, 0), sigma / factor)
    return np.asarray(cv2.resize(small, values.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _sharp(side: Mask, sharpness: Array, usual: float) -> Mask:
    """The regions of one side of the threshold whose borders are sharp."""
    count, labels = cv2.connectedComponents(side.astype(np.uint8), connectivity=8)
    border = side & ~cv2.erode(side.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1).astype(bool)
    at = labels[border]
    lengths = np.bincount(at, minlength=count)
    means = np.bincount(at, weights=sharpness[border], minlength=count) / np.maximum(lengths, 1)
    kept = means > SHARP * usual
    kept[0] = False
    return kept[labels]


def _reluctance(mask: Mask, weight: Array) -> float:
    """How much speaks against a class of pixels being the ink: common, at the border, thick, few outlines its own."""
    if not mask.any():
        return float("inf")
    outline = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).astype(bool)
    border = np.concatenate([mask[0], mask[-1], mask[1:-1, 0], mask[1:-1, -1]])
    thickest = float(depth(mask, max(1, max(mask.shape) // 4), inner=False).max())
    common = np.log(mask.mean() + 0.02) + np.log(border.mean() + 0.02)
    return float(common + 2 * np.log(thickest + 1) - 8 * np.log(weight[outline].sum() / weight.sum() + 1e-6))

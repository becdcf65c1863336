"""What another pen, camera or scanner makes of an image: strokes thinner or thicker, paler, blurred, noisy, cut off.

Each image gets its own random amounts. Images are (n, h, w) uint8, light strokes on black; nothing is refused.
"""

import cv2
import numpy as np

from core.recipe import Augmentation

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_GREYS = np.linspace(0, 1, 256)
_LEAST_BLUR = 0.2
"""Below it the Gaussian's kernel is a single pixel."""
_FAINTEST = 128
"""A stroke is not thinned beyond what leaves this brightness somewhere: a digit must not vanish."""


def change_pen(images: np.ndarray, settings: Augmentation, generator: np.random.Generator) -> np.ndarray:
    """Each image cut, its strokes' width and grey levels changed, then blurred and made noisy, where asked for.

    images: (n, h, w) uint8. Returns (n, h, w) uint8; the same images when nothing is asked for.
    """
    if not any((settings.cut, settings.stroke, settings.gamma, settings.blur, settings.noise)):
        return images
    n = len(images)
    cuts, sides = generator.uniform(-settings.cut, settings.cut, n), generator.integers(0, 4, n)
    widths = generator.uniform(-settings.stroke, settings.stroke, n)
    powers = np.exp(generator.uniform(-settings.gamma, settings.gamma, n))
    blurs = generator.uniform(0, settings.blur, n)
    changed = np.empty_like(images)
    for number, image in enumerate(images):
        image = _cut(image, round(float(cuts[number])), int(sides[number]))
        image = _grown(image, float(widths[number]))
        if settings.gamma:
            image = cv2.LUT(image, (255 * _GREYS ** powers[number]).round().astype(np.uint8))
        if blurs[number] > _LEAST_BLUR:
            image = cv2.GaussianBlur(image, (0, 0), float(blurs[number]), borderType=cv2.BORDER_CONSTANT)
        changed[number] = image
    return _noisy(changed, settings.noise, generator)


def _noisy(images: np.ndarray, limit: float, generator: np.random.Generator) -> np.ndarray:
    if not limit:
        return images
    noise = generator.standard_normal(images.shape, dtype=np.float32)
    noise *= generator.uniform(0, 255 * limit, (len(images), 1, 1)).astype(np.float32)
    noise += images
    return noise.clip(0, 255, out=noise).astype(np.uint8)


def _cut(image: np.ndarray, pixels: int, side: int) -> np.ndarray:
    """The image with as many rows or columns of its digit removed at one side; half of all draws remove none."""
    if pixels <= 0 or not image.any():
        return image
    turned = np.rot90(image, side).copy()
    first = int(np.flatnonzero(turned.any(axis=1))[0])
    turned[first : first + pixels] = 0
    return np.rot90(turned, -side) if turned.any() else image


def _grown(image: np.ndarray, amount: float) -> np.ndarray:
    """Strokes grown by `amount` pixels on each side, or shrunk where it is negative, in grey-scale morphology."""
    operation = cv2.dilate if amount > 0 else cv2.erode
    while amount:
        step = min(1.0, abs(amount))
        moved = operation(image, _CROSS)
        grown = cv2.addWeighted(moved, step, image, 1 - step, 0)
        if grown.max(initial=0) < min(_FAINTEST, image.max(initial=0)):
            return image
        image = grown
        amount = np.sign(amount) * (abs(amount) - step)
    return image

"""Random affine and elastic warps of training images: one bilinear resampling each, in plain arrays.

An affine map about the image's centre (turn, stretch, slant, shift) and a smooth random displacement (Simard,
Steinkraus and Platt, "Best Practices for Convolutional Neural Networks", ICDAR 2003) are added up to one field of
source positions, so that the image is interpolated once. What lies outside the image is background (0).
"""

import cv2
import numpy as np

from core.recipe import Augmentation


def warp(images: np.ndarray, settings: Augmentation, generator: np.random.Generator) -> np.ndarray:
    """Each image warped by its own random amounts within the settings' ranges.

    images: (n, h, w) uint8. Returns (n, h, w) uint8; the same images when nothing is asked for.
    """
    if not settings.warps:
        return images
    rows, columns = _source_positions(images.shape, settings, generator)
    warped = np.empty_like(images)
    for number in range(len(images)):
        warped[number] = cv2.remap(
            images[number], columns[number], rows[number], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
        )
    return warped


def _source_positions(
    shape: tuple[int, ...], settings: Augmentation, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Row and column in the source of every target pixel, (n, h, w) float32 each."""
    n, height, width = shape

    def uniform(limit: float) -> np.ndarray:
        return generator.uniform(-limit, limit, (n, 1, 1)).astype(np.float32)

    angle = np.radians(uniform(settings.rotation))
    stretch_rows, stretch_columns = 1 + uniform(settings.scale), 1 + uniform(settings.scale)
    slant = uniform(settings.shear)
    centre_row, centre_column = (height - 1) / 2, (width - 1) / 2
    y = np.arange(height, dtype=np.float32)[None, :, None] - centre_row - uniform(settings.shift)
    x = np.arange(width, dtype=np.float32)[None, None, :] - centre_column - uniform(settings.shift)
    x = x - slant * y
    rows = (np.cos(angle) * y - np.sin(angle) * x) / stretch_rows + centre_row
    columns = (np.sin(angle) * y + np.cos(angle) * x) / stretch_columns + centre_column
    if settings.elastic:
        rows += _smooth_noise(shape, settings, generator)
        columns += _smooth_noise(shape, settings, generator)
    return rows, columns


def _smooth_noise(shape: tuple[int, ...], settings: Augmentation, generator: np.random.Generator) -> np.ndarray:
    """White noise smoothed by a Gaussian and scaled to the asked root mean square, (n, h, w) float32 pixels."""
    _, height, width = shape
    noise = generator.standard_normal(shape, dtype=np.float32)
    smooth = _gaussian(height, settings.elastic_smoothness) @ noise @ _gaussian(width, settings.elastic_smoothness).T
    return smooth * np.float32(settings.elastic)


def _gaussian(size: int, deviation: float) -> np.ndarray:
    """(size, size) float32 smoothing matrix whose rows keep the variance of white noise at 1."""
    distance = np.arange(size)[:, None] - np.arange(size)[None, :]
    weights = np.exp(-0.5 * (distance / deviation) ** 2)
    return (weights / np.sqrt((weights**2).sum(axis=1, keepdims=True))).astype(np.float32)

"""Occlusion: a patch of paper laid over an image, place by place, shows what a class's probability rests on.

After Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (ECCV 2014). Refused, with a
`ValueError`: patches that do not fit the image, and labels that name no class.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Predict = Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]]
"""Images (n, h, w) uint8 -> probabilities (n, n_classes)."""


def occlusion_map(
    predict: Predict, image: npt.NDArray[np.uint8], label: int, patch: int = 5, stride: int = 2
) -> npt.NDArray[np.float32]:
    """How much the probability of a class falls when each part of an image is covered.

    predict: asked once, for all places of the patch. image: (h, w) uint8. label: the class. patch: side of the black
    square that covers, in pixels. stride: pixels from place to place; the last touches the border.
    Returns (h, w) float32 in [-1, 1]: the mean over the patches that cover a pixel; below zero where covering helps
    the class. Raises ValueError if the patch does not fit, or the label names no class.
    """
    if image.dtype != np.uint8 or image.ndim != 2:
        raise ValueError(f"image: expected the shape (h, w) and the type uint8, found {image.shape} and {image.dtype}.")
    if not 1 <= patch <= min(image.shape) or stride < 1:
        raise ValueError(
            f"patch and stride: expected a patch of 1 to {min(image.shape)} pixels and a stride of at least 1, "
            f"got {patch} and {stride}."
        )
    places = [
        (slice(top, top + patch), slice(left, left + patch))
        for top in _starts(image.shape[0], patch, stride)
        for left in _starts(image.shape[1], patch, stride)
    ]
    images = np.repeat(image[np.newaxis], 1 + len(places), axis=0)
    for covered, place in zip(images[1:], places, strict=True):
        covered[place] = 0
    probabilities = predict(images)
    if not 0 <= label < probabilities.shape[1]:
        raise ValueError(f"label: expected 0 to {probabilities.shape[1] - 1}, got {label}.")
    drops = probabilities[0, label] - probabilities[1:, label]
    total, count = np.zeros(image.shape), np.zeros(image.shape)
    for drop, place in zip(drops, places, strict=True):
        total[place] += drop
        count[place] += 1
    return (total / count).astype(np.float32)


def _starts(size: int, patch: int, stride: int) -> list[int]:
    """Where patches begin along a side, so that the first touches one end, the last the other, without a gap."""
    last = size - patch
    return [*range(0, last, min(stride, patch)), last]

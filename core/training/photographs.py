"""Digits and symbols that were photographed from people's paper: hands, pens and a camera that MNIST has not.

A thousand digits and four kinds of symbols of BHMSDS (MIT licence: `photographs.md`), brought to 28x28 by the steps
that prepare a picture for reading (`core.images`): `python -m benchmarks.reading.photographs`.
"""

import functools
from pathlib import Path

import cv2
import numpy as np

PATH = Path(__file__).with_suffix(".npz")

SIDE = 28
"""Height and width of the kept images."""

DIGITS = "0123456789"
SYMBOLS = "wxy+"
"""Not among them: what is hard to tell from a digit (z, slash), and what fills a box in no way that a digit does."""


def draw_photographed(name: str, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray | None:
    """A photographed character, (h, w) uint8 of `shape`, white on black; None for others than DIGITS and SYMBOLS."""
    chosen = _images().get(name)
    if chosen is None:
        return None
    image = chosen[generator.integers(len(chosen))]
    return image if image.shape == shape else cv2.resize(image, shape[::-1], interpolation=cv2.INTER_AREA)


@functools.cache
def _images() -> dict[str, np.ndarray]:
    """Character -> (n, SIDE, SIDE) uint8."""
    with np.load(PATH) as file:
        characters, images = file["characters"], file["images"]
    return {str(name): images[characters == name] for name in np.unique(characters)}

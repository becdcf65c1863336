"""What happened on the way from a picture to a digit, one small picture a step, for a person to look at."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

SIDE = 256
"""Largest side of a step's picture, in pixels."""


@dataclass(frozen=True, eq=False)
class Step:
    """One step. name: what was done. reason: why, a sentence. picture: (h, w) or (h, w, 3) uint8, small."""

    name: str
    reason: str
    picture: npt.NDArray[np.uint8]


def step(name: str, reason: str, picture: npt.NDArray[np.generic]) -> Step:
    """A step with its picture made small: uint8 as it is, or a strength or colours in [0, 1] as 0 to 255."""
    levels = np.asarray(picture, np.float32)
    factor = SIDE / max(picture.shape[:2])
    if factor < 1:
        size = max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor))
        levels = np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_AREA), np.float32)
    if picture.dtype != np.uint8:
        levels = np.clip(levels, 0, 1) * np.float32(255)
    return Step(name, reason, levels.round().astype(np.uint8))

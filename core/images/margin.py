"""Room around a picture that was cut along printed lines, such as the box of a form on a screenshot.

A box is known by its four sides and by the paper around it. Where the picture ends with a side, the paper is put back.
"""

import cv2
import numpy as np
import numpy.typing as npt

from core.images.frames import THICKEST

Picture = npt.NDArray[np.uint8]

_LEAST = 40
"""Pictures with fewer pixels on a side hold one digit, and no boxes."""

_ROOM = 1 / 16
"""The paper around the picture is this share of its longer side wide at least: lines are to be seen ending in it."""

_DIFFERS = 0.15
"""A line differs by at least this share of all brightness from the paper, on nearly all of its length."""
_NEARLY_ALL = 0.97

_PAPER = 0.6
"""Beside the line this share of the pixels is paper at least: the rest may be writing and other lines."""


def with_margin(picture: Picture) -> tuple[Picture, int]:
    """The picture (h, w, 3) or (h, w) with paper all around it if need be, and how many pixels wide that is.

    It is needed if at least two of the picture's borders are thin lines beside paper.
    """
    height, width = picture.shape[:2]
    if min(height, width) < _LEAST:
        return picture, 0
    channels = picture.reshape(height, width, -1)
    paper = np.median(channels[::4, ::4].reshape(-1, channels.shape[2]), axis=0).astype(np.float32)
    room = max(16, round(_ROOM * max(height, width)))
    thickest = round(THICKEST * (max(height, width) + 2 * room))
    turned = channels.swapaxes(0, 1)
    borders = (side[: thickest + 2] for side in (channels, channels[::-1], turned, turned[::-1]))
    if sum(_is_line(np.abs(border - paper).max(axis=2) > 255 * _DIFFERS) for border in borders) < 2:
        return picture, 0
    colour = [float(value) for value in paper]
    return np.asarray(cv2.copyMakeBorder(picture, *(room,) * 4, cv2.BORDER_CONSTANT, value=colour), np.uint8), room


def _is_line(rows: npt.NDArray[np.bool_]) -> bool:
    """Whether the rows from the border inwards (h, w), true where there is no paper, are a line and then paper."""
    covered = rows.mean(axis=1)
    beside = np.flatnonzero(covered < 1 - _PAPER)
    return bool(covered[0] >= _NEARLY_ALL and len(beside) and (covered[: beside[0] - 1] >= _NEARLY_ALL).all())

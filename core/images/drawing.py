"""Drawings: strokes of a pen as a short text, which fits into a link, and as the picture that they make.

A text is strokes with a dot between them. A stroke is one sign for the width of its pen and two signs for each x and
each y of its points, in pixels of a sheet of 800 by 500; signs stand for 0 to 63 in the order of base64url (RFC 4648).
Texts of any other kind are no drawing, and give None.
"""

import re
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT = 800, 500
"""The sheet, in pixels."""
SCALE = 0.5
"""Pixels of the picture for one of the sheet: a written digit is still several times as large as the network sees it,
and is read in a fraction of the time."""
MAX_LENGTH = 20_000
"""Longest text that is taken for a drawing."""

_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VALUE = {sign: value for value, sign in enumerate(_SIGNS)}
_STROKE = re.compile(r"[\w-](?:[\w-]{4})+", re.ASCII)
_SHIFT = 3
"""Points are drawn at eighths of a pixel."""


@dataclass(frozen=True, eq=False)
class Stroke:
    """One movement of the pen. width: in pixels, 1 to 63. points: (n, 2) int32, n >= 1, x and y on the sheet."""

    width: int
    points: npt.NDArray[np.int32]


def parse(text: str) -> tuple[Stroke, ...] | None:
    """The strokes of a text, none of an empty one; None if it is no drawing."""
    if not text:
        return ()
    parts = text.split(".")
    if len(text) > MAX_LENGTH or not all(_STROKE.fullmatch(part) for part in parts):
        return None
    strokes = []
    for part in parts:
        values = np.array([_VALUE[sign] for sign in part[1:]], np.int32).reshape(-1, 2, 2)
        points = values[:, :, 0] * 64 + values[:, :, 1]
        if _VALUE[part[0]] == 0 or points[:, 0].max() > WIDTH or points[:, 1].max() > HEIGHT:
            return None
        strokes.append(Stroke(_VALUE[part[0]], points))
    return tuple(strokes)


def text_of(strokes: tuple[Stroke, ...]) -> str:
    """The text of strokes that lie on the sheet; `parse` gives them again."""
    return ".".join(
        _SIGNS[stroke.width] + "".join(_SIGNS[value // 64] + _SIGNS[value % 64] for value in stroke.points.ravel())
        for stroke in strokes
    )


def picture_of(strokes: tuple[Stroke, ...]) -> npt.NDArray[np.uint8]:
    """The strokes in black on white: (HEIGHT * SCALE, WIDTH * SCALE, 3) uint8."""
    paper = np.full((round(HEIGHT * SCALE), round(WIDTH * SCALE)), 255, np.uint8)
    for stroke in strokes:
        fixed = np.round(stroke.points * (SCALE * 2**_SHIFT)).astype(np.int32)
        # A stroke of one point is a line from the point to itself: OpenCV rounds the ends of lines.
        line = np.repeat(fixed, 2, axis=0) if len(fixed) == 1 else fixed
        cv2.polylines(paper, [line], False, 0, max(1, round(stroke.width * SCALE)), cv2.LINE_AA, _SHIFT)
    return np.repeat(paper[:, :, np.newaxis], 3, axis=2)

"""A second look at a picture, for thin strokes alone, whatever lies around them.

Outlines tell ink from paper where paper is all that there is beside the ink. On a sheet that lies among other things
the strongest outlines are of those. Through a window that is wider than any stroke, and narrower than sheets, only what
is darker (or lighter) than everything beside it is left: the difference between a picture and its closing (or opening),
Meyer's top-hat ("Iterative image transformations for an automatic screening of cervical smears", 1979).
"""

import cv2
import numpy as np
import numpy.typing as npt

from core.images.outlines import GREY, Outlined, sampled
from core.images.scale import reduced

Array = npt.NDArray[np.float32]

LEAST = 100
"""Smaller pictures show one thing, which the first look finds."""

_SIDE = 320
"""Side in pixels at which the window is moved over the picture."""

_WINDOW = 1 / 14
"""Strokes are narrower than this share of the picture's longer side."""

_FAINTEST = 0.06
"""What differs from everything around it by less than this share of its brightness is no stroke."""

_SHARE = 0.5
"""Strokes have at least this share of the strength of the stronger ones."""


def thin_strokes(colours: Array, *, lighter: bool) -> tuple[Outlined, Array] | None:
    """Strokes of a picture (h, w, 3) in [0, 1], and what it would look like without them; None if there are none.

    lighter: whether strokes are looked for that are lighter than what is beside them, or darker.
    """
    height, width = colours.shape[:2]
    small = reduced(colours, _SIDE)
    reach = round(_WINDOW * max(small.shape[:2])) | 1
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    # Reflected, so that what ends at the border does not look like a stroke there.
    padded = cv2.copyMakeBorder(small, *(reach,) * 4, cv2.BORDER_REFLECT_101)
    closed = cv2.morphologyEx(padded, cv2.MORPH_OPEN if lighter else cv2.MORPH_CLOSE, window)
    around = closed[reach:-reach, reach:-reach]
    paper = np.asarray(cv2.resize(around, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    grey, without = colours @ GREY, paper @ GREY
    differs = np.asarray(np.abs(without - grey) / np.maximum(without, 0.05), np.float32)
    clear = differs[differs > _FAINTEST]
    if not len(clear):
        return None
    strokes = differs > max(_FAINTEST, _SHARE * float(np.quantile(sampled(clear), 0.8)))
    return Outlined(strokes, lighter, GREY / np.float32(np.linalg.norm(GREY))), paper

"""A picture of one object to the image that the network sees, for networks whose classes are not digits.

Clothes, letters or symbols are not taken apart: everything on the picture that is no paper belongs to the one object. A
picture that has the network's size already is taken to be an image of the dataset and stays as it is, but for being
turned light on dark. Refused with `ImageError`: a picture with nothing on it.
"""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from core.errors import ImageError
from core.images.digits import SIDE, Box, FoundDigit, FoundDigits
from core.images.ink import find_ink
from core.images.normalise import VISIBLE, normalise
from core.images.outlines import occupied
from core.images.preparation import REASONS, Preparation
from core.images.scale import reduced
from core.images.steps import step


def find_object(
    picture: npt.NDArray[np.uint8],
    shape: tuple[int, int],
    preparation: Preparation = Preparation(),
    name: str = "the picture",
) -> FoundDigits:
    """The one object on a picture (h, w, 3) RGB or (h, w) grey uint8, as an image of `shape` (h, w) in its box.

    name: what error messages call the picture. Raises ImageError if there is nothing on it.
    """
    if picture.shape[:2] == shape:
        return _as_it_is(picture, name)
    # A surface is no stroke: what is done about strokes, lines and specks would wear it away, or refuse it.
    careful = replace(preparation, remove_lines=False, remove_specks=False, thicken=False)
    small = reduced(picture, SIDE)
    ink = find_ink(small, careful, name)
    rows, columns = occupied(ink.strength > VISIBLE)
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    cut = ink.strength[top:bottom, left:right]
    down, across = picture.shape[0] / small.shape[0], picture.shape[1] / small.shape[1]
    box = Box(int(left * across), int(top * down), round((right - left) * across), round((bottom - top) * down))
    image = normalise(cut, shape, careful)
    steps = (step("crop", "The object is cut out, wherever it lies and however large it is.", cut),)
    return FoundDigits((FoundDigit(image, box, 0, steps),), ink.steps)


def _as_it_is(picture: npt.NDArray[np.uint8], name: str) -> FoundDigits:
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) if picture.ndim == 3 else picture, np.uint8)
    darkest, lightest = int(grey.min()), int(grey.max())
    if darkest == lightest:
        raise ImageError(f"{name}: expected an object, found a picture of one brightness.")
    # The paper, or the blackboard, is what lies along the border.
    ground = float(np.median(np.concatenate([grey[0], grey[-1], grey[1:-1, 0], grey[1:-1, -1]])))
    image = 255 - grey if ground - darkest > lightest - ground else grey
    box = Box(0, 0, grey.shape[1], grey.shape[0])
    return FoundDigits((FoundDigit(image, box, 0, (step("find_polarity", REASONS["find_polarity"], image),)),), ())

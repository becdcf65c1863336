"""One digit's ink to the image that MNIST would hold of it: light strokes on black, fitted, centred.

The procedure of MNIST's makers (LeCun et al., 1998): the strokes are resized in proportion to fit a box of 20/28 of the
image's sides, with grey levels from averaging, and placed with their centre of mass in the middle. Strokes so thin that
they would all but vanish in that box are thickened first; what is faint is not taken for thin.
"""

import cv2
import numpy as np
import numpy.typing as npt

from core.images.outlines import occupied, stroke_width
from core.images.preparation import WHOLE, Preparation

Array = npt.NDArray[np.float32]

BOX = 20 / 28
"""Share of the image's height and width that the strokes fill at most (LeCun et al., 1998)."""

VISIBLE = 0.25
"""Share of the full strength from which on a pixel counts for the box."""

THIN, THICKENED = 1.5 / 20, 2.0 / 20
"""Strokes thinner than the first share of the box's side are thickened to the second; MNIST's are about 0.12 of it."""

FINER = 4
"""A digit of fewer pixels than the box is enlarged by this factor first, and then averaged like any other."""


def normalise(strength: Array, shape: tuple[int, int], preparation: Preparation = WHOLE) -> npt.NDArray[np.uint8]:
    """The image, of `shape` (h, w), uint8, strokes light on black, of one digit's ink (h, w) float32 in [0, 1].

    An ink without strokes gives a black image.
    """
    strongest = float(strength.max(initial=0))
    if strongest <= 0:
        return np.zeros(shape, np.uint8)
    whole = np.asarray(strength / np.float32(strongest), np.float32)
    cut = _cut(whole) if preparation.crop else whole
    factor = _factor(cut, shape)
    if preparation.thicken:
        cut = _thickened(cut, factor * max(cut.shape))
        factor = _factor(cut, shape)
    size = max(1, round(cut.shape[1] * factor)), max(1, round(cut.shape[0] * factor))
    small = cut
    if size != cut.shape[1::-1]:
        if factor > 1:
            # Cubic interpolation makes smooth outlines, but at coarse pixels exceeds full ink beside them.
            cut = cv2.resize(cut, None, fx=FINER, fy=FINER, interpolation=cv2.INTER_CUBIC).clip(0, 1)
        small = np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA), np.float32)
    levels = (small * (255 / max(float(small.max()), 1e-6))).clip(0, 255).round().astype(np.uint8)
    return _placed(levels, shape, preparation)


def _cut(strength: Array) -> Array:
    rows, columns = occupied(strength > VISIBLE)
    return strength[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _factor(cut: Array, shape: tuple[int, int]) -> float:
    return min(BOX * shape[0] / cut.shape[0], BOX * shape[1] / cut.shape[1])


def _thickened(cut: Array, side: float) -> Array:
    """The strokes made thicker if they are far thinner than MNIST's. side: of the box that the cut-out will fill."""
    size = max(cut.shape)
    width = stroke_width(cut > 0.5)
    if width >= THIN * size or size < side:
        return cut
    reach = round((THICKENED * size - width) / 2)
    if reach < 1:
        return cut
    padded = np.pad(cut, reach)
    return np.asarray(
        cv2.dilate(padded, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)), np.float32
    )


def _placed(small: npt.NDArray[np.uint8], shape: tuple[int, int], preparation: Preparation) -> npt.NDArray[np.uint8]:
    """The strokes on black, their centre of mass on the middle as far as they stay inside of the image."""
    image = np.zeros(shape, np.uint8)
    corner = []
    for axis in (0, 1):
        length = small.shape[axis]
        centre = (length - 1) / 2
        if preparation.centre_mass and small.any():
            centre = float(np.average(np.arange(length), weights=small.sum(axis=1 - axis, dtype=np.float64)))
        corner.append(int(np.clip(round(shape[axis] / 2 - centre), 0, max(0, shape[axis] - length))))
    top, left = corner
    small = small[: shape[0], : shape[1]]
    image[top : top + small.shape[0], left : left + small.shape[1]] = small
    return image

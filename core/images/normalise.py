"""Grey pictures to images as the network knows them: light strokes on black, centred, in the network's size.

A picture that has the network's size already stays as it is, but for being turned light on dark. Any other is cut to
its strokes, resized in proportion to fit a box of 20/28 of the image's sides and placed with its centre of mass in the
middle, as MNIST's makers did. A picture is taken to hold one digit, on an even background that its border shows.
Refused with `ImageError`: a picture with nothing on it.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

from core.errors import ImageError

BOX = 20 / 28
"""Share of the image's height and width that the strokes fill at most (LeCun et al., 1998)."""

STROKE = 0.25
"""A pixel is cut out with the strokes if it differs from the background this much of what the strongest does."""


def normalise(
    picture: npt.NDArray[np.uint8], shape: tuple[int, int], name: str = "the picture"
) -> npt.NDArray[np.uint8]:
    """The image, of `shape` (h, w), uint8, strokes light on black, of a picture (h, w) uint8 of any size.

    name: what error messages call the picture. Raises ImageError if it shows nothing.
    """
    if picture.min() == picture.max():
        raise ImageError(f"{name}: expected a digit, found a picture of one brightness.")
    if picture.shape == shape:
        return 255 - picture if _is_dark_on_light(picture) else picture
    strokes = _strokes(picture)
    rows, columns = (np.flatnonzero((strokes > STROKE * 255).any(axis=axis)) for axis in (1, 0))
    fitted = _fit(strokes[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], shape)
    if not fitted.any():
        raise ImageError(f"{name}: expected a digit, found only specks.")
    return _place(fitted, shape)


def _background(picture: npt.NDArray[np.uint8]) -> float:
    """The brightness of the paper, or of the blackboard: the median along the border."""
    return float(np.median(np.concatenate([picture[0], picture[-1], picture[1:-1, 0], picture[1:-1, -1]])))


def _is_dark_on_light(picture: npt.NDArray[np.uint8]) -> bool:
    """Whether the strongest strokes are darker than the border, however bright that is itself."""
    background = _background(picture)
    return background - float(picture.min()) > float(picture.max()) - background


def _strokes(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The picture with its background black and its strongest stroke white."""
    strength = np.subtract(picture, np.float32(_background(picture)), dtype=np.float32)
    if _is_dark_on_light(picture):
        np.negative(strength, out=strength)
    return _stretched(strength)


def _fit(strokes: npt.NDArray[np.uint8], shape: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """The strokes resized in proportion, so that they just fit the box."""
    height, width = strokes.shape
    factor = min(BOX * shape[0] / height, BOX * shape[1] / width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    # Pillow's filters average when they shrink, which gives a stroke the grey edges that MNIST's have.
    resized = Image.fromarray(strokes).resize(size, Image.Resampling.BICUBIC)
    return _stretched(np.asarray(resized, np.float32))


def _stretched(strength: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Zero stays black and the greatest value becomes 255; all black if there is none above zero."""
    greatest = float(strength.max())
    scaled = strength * (255 / greatest) if greatest > 0 else strength
    return scaled.clip(0, 255).round().astype(np.uint8)


def _place(strokes: npt.NDArray[np.uint8], shape: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """The strokes on black, their centre of mass on the middle pixel (14, 14 of 28x28) as far as they stay inside."""
    corner = []
    for axis in (0, 1):
        length = strokes.shape[axis]
        centre = np.average(np.arange(length), weights=strokes.sum(axis=1 - axis, dtype=np.float64))
        corner.append(int(np.clip(round(shape[axis] // 2 - float(centre)), 0, shape[axis] - length)))
    top, left = corner
    image = np.zeros(shape, np.uint8)
    image[top : top + strokes.shape[0], left : left + strokes.shape[1]] = strokes
    return image

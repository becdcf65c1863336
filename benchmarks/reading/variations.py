"""The same clean picture of a digit in other ways: turned, inverted, tinted, padded, small. All should read alike."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.images.outlines import occupied

Picture = npt.NDArray[np.uint8]
Changed = tuple[Picture, npt.NDArray[np.uint8]]
"""A picture (h, w, 3), and the same place for place in grey (h, w), dark on white, by which its box is known."""


@dataclass(frozen=True)
class Variation:
    """A change of a picture (h, w, 3) uint8, dark on white."""

    description: str
    change: Callable[[Picture, np.random.Generator], Changed]


def _same(picture: npt.ArrayLike) -> Changed:
    whole = np.asarray(picture, np.uint8)
    return whole, whole[..., 0]


def _turned(degrees: float, picture: Picture) -> Changed:
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    white = (255, 255, 255)
    return _same(cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=white))


def _tinted(picture: Picture, random: np.random.Generator) -> Changed:
    """Ink and paper of two colours that differ enough in brightness for a person."""
    paper, ink = random.uniform(170, 255, 3), random.uniform(0, 110, 3)
    share = picture.astype(np.float64) / 255
    return (share * paper + (1 - share) * ink).astype(np.uint8), picture[..., 0]


def _padded(picture: Picture, random: np.random.Generator) -> Changed:
    top, below, left, right = (int(side) for side in random.integers(0, 300, 4))
    return _same(np.pad(picture, ((top, below), (left, right), (0, 0)), constant_values=255))


def _faint(picture: Picture) -> Changed:
    return (255 - (255 - picture.astype(np.float64)) * 0.2).astype(np.uint8), picture[..., 0]


def _small(picture: Picture) -> Changed:
    return _same(cv2.resize(picture, (28, 28), interpolation=cv2.INTER_AREA))


def _scanned(picture: Picture) -> Changed:
    """As old collections of scanned digits hold them: cut at the strokes, 16 pixels high, black or white.

    Beside a narrow one there is paper, up to 8 pixels: a straight 1 that fills its picture would be a black one.
    """
    rows, columns = occupied(picture[..., 0] < 128)
    cut = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    width = max(2, round(16 * cut.shape[1] / cut.shape[0]))
    small = cv2.resize(cut, (width, 16), interpolation=cv2.INTER_AREA)
    beside = max(0, 8 - width)
    return _same(
        np.pad(
            np.where(small < 150, 0, 255), ((0, 0), (beside // 2, beside - beside // 2), (0, 0)), constant_values=255
        )
    )


def _large(picture: Picture) -> Changed:
    return _same(cv2.resize(picture, (1400, 1400), interpolation=cv2.INTER_CUBIC))


def _squeezed(picture: Picture) -> Changed:
    return _same(cv2.resize(picture, (100, 150), interpolation=cv2.INTER_AREA))


def _compressed(picture: Picture) -> Changed:
    stored = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 12])[1]
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR), np.uint8), picture[..., 0]


VARIATIONS = {
    "as it is": Variation("MNIST's test images, dark on white, 140x140", lambda picture, _: _same(picture)),
    "inverted": Variation("light on black", lambda picture, _: (255 - picture, picture[..., 0])),
    "turned left": Variation("by 12 degrees", lambda picture, _: _turned(12, picture)),
    "turned right": Variation("by 12 degrees", lambda picture, _: _turned(-12, picture)),
    "tinted": Variation("random dark ink on random light paper", _tinted),
    "padded": Variation("up to 300 white pixels at each side", _padded),
    "faint": Variation("a fifth of the contrast", lambda picture, _: _faint(picture)),
    "28x28": Variation("reduced to 28x28", lambda picture, _: _small(picture)),
    "tight scan": Variation("16 pixels high, cut at the strokes, black or white", lambda picture, _: _scanned(picture)),
    "1400x1400": Variation("enlarged to 1400x1400", lambda picture, _: _large(picture)),
    "squeezed": Variation("a third narrower", lambda picture, _: _squeezed(picture)),
    "JPEG": Variation("quality 12", lambda picture, _: _compressed(picture)),
}
"""By name; "as it is" is what the others are compared with."""

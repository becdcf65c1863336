"""Pictures made smaller: what is looked for in them needs no more pixels, and noise averages out."""

from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

Kind = TypeVar("Kind", bound=np.generic)


def reduced(picture: npt.NDArray[Kind], side: int) -> npt.NDArray[Kind]:
    """A picture (h, w) or (h, w, 3), at most `side` pixels high and wide, in proportion; itself if it is no larger."""
    height, width = picture.shape[:2]
    factor = side / max(height, width)
    if factor >= 1:
        return picture
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), picture.dtype)  # type: ignore[arg-type]

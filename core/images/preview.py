"""Pictures made small enough to be shown beside what the network saw."""

import numpy as np
import numpy.typing as npt
from PIL import Image


def preview(picture: npt.NDArray[np.uint8], side: int = 256) -> npt.NDArray[np.uint8]:
    """A picture (h, w) uint8 in proportion, at most `side` pixels high and wide; a smaller one stays as it is."""
    image = Image.fromarray(picture)
    image.thumbnail((side, side), Image.Resampling.BICUBIC)
    return np.asarray(image)

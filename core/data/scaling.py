"""Images to network inputs: the only place that scales. Training and prediction both pass through it."""

import numpy as np
import numpy.typing as npt


def to_inputs(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Scale images (n, height, width) uint8 to inputs (n, height, width, 1) float32 in [0, 1]; 255 becomes 1.

    Raises ValueError for any other type or number of dimensions: scaling something twice would pass
    unnoticed.
    """
    if images.dtype != np.uint8 or images.ndim != 3:
        raise ValueError(
            f"images: expected the shape (n, height, width) and the type uint8, found {images.shape} and {images.dtype}"
        )
    return np.divide(images[..., np.newaxis], np.float32(255), dtype=np.float32)

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


def to_images(outputs: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Pixels (n, height, width, 1) float in [0, 1], such as an autoencoder's, back to images (n, height, width) uint8.

    Undoes `to_inputs` exactly; what lies outside [0, 1] is cut. Raises ValueError for any other number of dimensions.
    """
    if outputs.ndim != 4 or outputs.shape[-1] != 1:
        raise ValueError(f"outputs: expected the shape (n, height, width, 1), found {outputs.shape}")
    return (outputs[..., 0] * np.float32(255)).round().clip(0, 255).astype(np.uint8)

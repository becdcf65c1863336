"""Images for pages: many small ones in one picture, one with its pixels large, and any as the data URL of a file."""

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image

Images = npt.NDArray[np.uint8]


def sprite(images: Images, columns: int) -> Images:
    """Images side by side, row by row, in one picture, so that a page of 120 asks for one file.

    images: (n, h, w) uint8, grey, or (n, h, w, 3), in colour. columns: images in a row, >= 1.
    Image i begins at column (i % columns) * w and row (i // columns) * h of the result, which is (rows * h,
    columns * w) or (rows * h, columns * w, 3) uint8, black where there are no more images.
    """
    n, height, width, *channels = images.shape
    rows = -(-n // columns)
    cells = np.zeros((rows * columns, height, width, *channels), np.uint8)
    cells[:n] = images
    grid = cells.reshape(rows, columns, height, width, *channels).swapaxes(1, 2)
    return grid.reshape(rows * height, columns * width, *channels)


def enlarged(image: Images, side: int) -> Images:
    """An image (h, w) uint8 with each pixel repeated, never blurred, until its longer side has at least `side`."""
    scale = max(1, -(-side // max(image.shape)))
    return image.repeat(scale, axis=0).repeat(scale, axis=1)


def data_url(picture: Images, *, exact: bool) -> str:
    """A picture (h, w) or (h, w, 3) uint8 as a data URL. exact: as PNG; else as WEBP, a tenth of the size."""
    kind = "png" if exact else "webp"
    file = io.BytesIO()
    Image.fromarray(picture).save(file, kind, quality=82, method=2)
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode()}"

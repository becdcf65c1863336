"""Picture files to grey pictures: format, limits, EXIF turn, transparency, grey, in this order.

Refused with `ImageError`: a file over the size limit, a picture over the pixel limit (both before it is unpacked), any
format but those in FORMATS, a damaged or truncated file. Of an animation the first frame is taken.
"""

import contextlib
import io
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import ImageError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""What is accepted; by a file's first bytes, whatever its name."""

MAX_BYTES = 32 * 2**20
"""Largest file, in bytes."""

MAX_PIXELS = 64_000_000
"""Largest picture, height times width: that of a large phone camera. Unpacked it takes a few hundred megabytes."""


def read(path: Path, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS) -> npt.NDArray[np.uint8]:
    """The picture in a file, as `decode` gives it. Raises ImageError if it cannot be read or used."""
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise ImageError(f"{path}: expected a readable picture file, found: {error.strerror or error}.") from error
    return decode(data, str(path), max_bytes=max_bytes, max_pixels=max_pixels)


def decode(
    data: bytes, name: str, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> npt.NDArray[np.uint8]:
    """The picture in a file's bytes: (h, w) uint8, 0 black to 255 white, as a person sees it on white paper.

    name: what error messages call the picture. Raises ImageError if it is no picture, damaged, or over a limit.
    """
    if len(data) > max_bytes:
        raise ImageError(
            f"{name}: expected a file of at most {max_bytes:,} bytes, found a larger one; save the picture smaller."
        )
    with _pillow_errors(name), Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > max_pixels:
            raise ImageError(
                f"{name}: expected a picture of at most {max_pixels:,} pixels, found {image.width}x{image.height}; "
                "save the picture smaller."
            )
        image.load()
        return _grey(_upright(image), name)


def _upright(image: Image.Image) -> Image.Image:
    # A damaged EXIF block says nothing about how the camera was held, and is no reason to refuse the picture.
    with contextlib.suppress(Exception):
        return ImageOps.exif_transpose(image)
    return image


def _grey(image: Image.Image, name: str) -> npt.NDArray[np.uint8]:
    if image.mode.startswith("I;16"):
        # Pillow would cut 16 bits off at 255, and make everything brighter white.
        return (np.asarray(image) >> 8).astype(np.uint8)
    if image.mode in ("I", "F"):
        raise ImageError(f"{name}: expected 8 or 16 bits a channel, found 32; save the picture with 8 bits a channel.")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    if image.mode not in ("1", "L"):
        image = image.convert("RGB")
    return np.array(image.convert("L"))


@contextlib.contextmanager
def _pillow_errors(name: str) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            # The pixel limit is ours to check; what else Pillow remarks on (EXIF, palettes) is of no use to anybody.
            warnings.simplefilter("ignore")
            yield
    except ImageError:
        raise
    except UnidentifiedImageError as error:
        raise ImageError(f"{name}: expected a picture ({', '.join(FORMATS)}), found something else.") from error
    except Image.DecompressionBombError as error:
        raise ImageError(f"{name}: expected a picture of sensible size, found a far larger one.") from error
    except Exception as error:  # each of Pillow's formats meets damage in its own way
        raise ImageError(f"{name}: expected a whole picture, found a damaged one ({error}).") from error

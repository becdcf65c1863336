"""Picture files to colour pictures: format, limits, EXIF turn, depth, transparency, colour, in this order.

Refused with `ImageError`: a file over the size limit, a picture over the pixel limit (both before it is unpacked), any
format but those in FORMATS, a damaged or truncated file. Of an animation the first frame is taken. What is transparent
lies on white paper, or on black where the ink is light and would vanish on white.
"""

import contextlib
import io
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import ImageError
from core.wording import size

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "HEIF")
"""What is accepted; by a file's first bytes, whatever its name."""

pillow_heif.register_heif_opener()

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
    """The picture in a file's bytes: (h, w, 3) uint8, red, green and blue, upright.

    name: what error messages call the picture. Raises ImageError if it is no picture, damaged, or over a limit.
    """
    if len(data) > max_bytes:
        raise ImageError(
            f"{name}: expected a file of at most {size(max_bytes)}, found a larger one; save the picture smaller."
        )
    if not data:
        raise ImageError(f"{name} is empty; save or send it again.")
    with _pillow_errors(name), Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > max_pixels:
            raise ImageError(
                f"{name}: expected a picture of at most {max_pixels:,} pixels, found {image.width}x{image.height}; "
                "save the picture smaller."
            )
        image.load()
        return _rgb(_upright(image))


def _upright(image: Image.Image) -> Image.Image:
    # A damaged EXIF block says nothing about how the camera was held, and is no reason to refuse the picture.
    with contextlib.suppress(Exception):
        return ImageOps.exif_transpose(image)
    return image


def _rgb(image: Image.Image) -> npt.NDArray[np.uint8]:
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return np.repeat(_eight_bits(np.asarray(image))[..., np.newaxis], 3, axis=2)
    if image.has_transparency_data:
        return _on_paper(np.asarray(image.convert("RGBA")))
    return np.array(image.convert("RGB"))


def _eight_bits(levels: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    """Grey levels of 16 or 32 bits as 8: by the range they seem to be in, as 32 bits have no agreed white."""
    if levels.dtype.itemsize == 2:
        return (levels.astype(np.uint16) >> 8).astype(np.uint8)
    values = np.nan_to_num(levels.astype(np.float64))
    lowest, highest = float(values.min()), float(values.max())
    whites = (1.0, 255.0, 65_535.0) if levels.dtype.kind == "f" else (255.0, 65_535.0)
    white = next((white for white in whites if highest <= white), highest)
    if lowest < 0:
        values, white = values - lowest, highest - lowest
    return np.asarray((values * (255 / max(white, 1e-300))).clip(0, 255), np.uint8)


def _on_paper(layers: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """A picture with transparency (h, w, 4) on the paper, white or black, on which more of it is seen."""
    colours, opacity = layers[..., :3].astype(np.float32), layers[..., 3:].astype(np.float32) / 255
    total = float(opacity.sum())
    light = total > 0 and float((colours * opacity).sum()) / (3 * total) > 127.5
    # An opaque picture with a few transparent corners is a photo, and no ink.
    paper = 0.0 if light and float((opacity > 0.5).mean()) < 0.6 else 255.0
    return np.asarray((colours * opacity + paper * (1 - opacity)).round(), np.uint8)


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
        raise ImageError(f"{name} is damaged or incomplete; save or send it again.") from error

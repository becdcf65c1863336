"""Galleries: many small images as one picture, each a button that opens it.

All images of a gallery travel in one over the connection that is open anyway, so that 120 of them cost no request of
their own. Every tile can be reached and pressed with the keyboard and says what it shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.gallery import data_url, sprite
from ui.component import component

_COLUMNS_OF_SPRITE = 16


@dataclass(frozen=True)
class Tile:
    """The words of one image. alt: what it is, for those who cannot see it. caption: a word or two below it.

    tone: "good", "bad" or "" colours the caption.
    """

    alt: str
    caption: str = ""
    tone: str = ""


def show(
    images: npt.NDArray[np.uint8],
    tiles: Sequence[Tile],
    *,
    key: str,
    label: str,
    size: int = 64,
    selected: int | None = None,
    opens: bool = True,
    pixels: bool = True,
) -> int | None:
    """A grid of images; returns the position of the one that was just opened, else None.

    images: (n, h, w) uint8, grey, or (n, h, w, 3), in colour. tiles: one an image. label: what the gallery shows, for
    those who cannot see it. size: width of an image on the screen, in pixels. selected: position of the image to mark
    as open. opens: whether they can be opened; if not, they are plain pictures and nothing comes back. pixels: whether
    every pixel is to be seen as a square, as of images that the network sees; photographs are better smoothed.
    """
    if len(images) != len(tiles):
        raise ValueError(f"tiles must hold {len(images)} entries, one an image; it holds {len(tiles)}.")
    if not len(images):
        return None
    height, width = images.shape[1:3]
    columns = min(_COLUMNS_OF_SPRITE, len(images))
    event = component("gallery")(
        key=key,
        data={
            "sprite": data_url(sprite(images, columns), exact=pixels),
            "columns": columns,
            "rows": -(-len(images) // columns),
            "size": size,
            "ratio": height / width,
            "label": label,
            "selected": selected,
            "opens": opens,
            "pixels": pixels,
            "tiles": [[tile.alt, tile.caption, tile.tone] for tile in tiles],
        },
        on_opened_change=lambda: None,
    )
    opened: int | None = event["opened"]
    return opened

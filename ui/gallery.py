"""Galleries: many small images as one picture, each a button that opens it.

All images of a gallery travel in one over the connection that is open anyway, so that 120 of them cost no request of
their own. Every tile can be reached and pressed with the keyboard and says what it shows.
"""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

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
    event = _component()(
        key=key,
        data={
            "sprite": _sprite(images, columns, exact=pixels),
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


def _sprite(images: npt.NDArray[np.uint8], columns: int, *, exact: bool) -> str:
    """All images in one picture, row by row, as a data URL. exact: as PNG; else as WEBP, a tenth of the size."""
    from PIL import Image

    n, height, width, *channels = images.shape
    rows = -(-n // columns)
    cells = np.zeros((rows * columns, height, width, *channels), np.uint8)
    cells[:n] = images
    grid = cells.reshape(rows, columns, height, width, *channels).swapaxes(1, 2)
    file = io.BytesIO()
    picture = Image.fromarray(grid.reshape(rows * height, columns * width, *channels))
    picture.save(file, "PNG" if exact else "WEBP", quality=82, method=2)
    return f"data:image/{'png' if exact else 'webp'};base64," + base64.b64encode(file.getvalue()).decode()


def _component() -> Any:
    return st.components.v2.component("digitlab_gallery", html="<ul></ul>\n", css=_CSS, js=_JS)


_CSS = """
ul { display: flex; flex-wrap: wrap; gap: 10px; list-style: none; margin: 0; padding: 2px; }
button {
  display: block; width: 100%; padding: 0; border: 0; background: none; cursor: pointer;
  font: inherit; color: var(--st-text-color); border-radius: 6px;
}
button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
button[aria-current="true"] i { outline: 3px solid var(--st-primary-color); }
i {
  display: block; margin: 0 auto; border-radius: 6px; background-color: #000;
  box-shadow: 0 0 0 1px var(--st-border-color);
}
button:hover i { box-shadow: 0 0 0 2px var(--st-primary-color); }
span {
  display: block; margin-top: 4px; font-size: 0.8rem; text-align: center; white-space: nowrap;
  font-variant-numeric: tabular-nums;
}
.good { color: var(--st-green-text-color); }
.bad { color: var(--st-red-text-color); }
"""

_JS = """
export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const list = parentElement.querySelector("ul")
  const height = data.size * data.ratio
  const longest = Math.max(...data.tiles.map(([, caption]) => caption.length))
  const width = Math.max(data.size, Math.ceil(longest * 6.2))
  list.setAttribute("aria-label", data.label)
  list.replaceChildren(...data.tiles.map(([alt, caption, tone], index) => {
    const item = document.createElement("li")
    item.style.width = width + "px"
    const button = document.createElement(data.opens ? "button" : "div")
    const image = document.createElement("i")
    const column = index % data.columns, row = Math.floor(index / data.columns)
    Object.assign(image.style, {
      imageRendering: data.pixels ? "pixelated" : "auto",
      width: data.size + "px", height: height + "px", backgroundImage: `url(${data.sprite})`,
      backgroundSize: `${data.size * data.columns}px ${height * data.rows}px`,
      backgroundPosition: `-${column * data.size}px -${row * height}px`,
    })
    if (data.opens) button.type = "button"
    else button.setAttribute("role", "img")
    button.setAttribute("aria-label", alt)
    button.title = alt
    if (index === data.selected) button.setAttribute("aria-current", "true")
    button.append(image)
    if (caption) {
      const words = document.createElement("span")
      words.textContent = caption
      if (tone) words.className = tone
      button.append(words)
    }
    if (data.opens) button.onclick = () => setTriggerValue("opened", index)
    item.append(button)
    return item
  }))
}
"""

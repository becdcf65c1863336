"""A sketch of the whole network (the paper's figure 9): encoder, decoder and head as rows of blocks.

A block's height stands for the side of its maps and its width for their number, both by logarithm, as they span three
orders. Each block is text as well, so that it is read aloud, and the rows wrap where the screen is narrow.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.network_summary import Layer, NetworkSummary, Shape


@dataclass(frozen=True)
class Block:
    """One block of the sketch: a layer that computes, with what comes before and after it.

    before: what happens to the maps on their way in ("pool ↓2", "double ↑2"), or nothing.
    parameters: with those of the normalisation behind it.
    """

    title: str
    before: str
    shape: Shape
    parameters: int


PARTS = ("encoder", "decoder", "head")


def show(network: NetworkSummary, parts: Sequence[str] = PARTS) -> None:
    """The sketch of some parts, and the table of their layers, which is to be opened if it is of the whole network."""
    rows = {
        "encoder": _row("Encoder", "from image to code", [_image(network), *blocks(network.encoder)]),
        "decoder": _row("Decoder", "from code to image, to train the autoencoder", blocks(network.decoder)),
        "head": _row("Head", "from code to class, behind the same encoder", blocks(network.head)),
    }
    _component()(key="network sketch", data={"rows": [rows[part] for part in parts]})
    sizes = {"decoder": f"Autoencoder: {network.autoencoder_parameters:,} parameters. "}
    sizes["head"] = f"Classifier: {network.classifier_parameters:,} parameters. "
    st.caption(
        "".join(sizes.get(part, "") for part in parts)
        + "Below each block stand the shape of its output and its parameters; every convolution but the last is "
        "followed by batch normalisation."
    )
    with st.expander("All layers", icon=":material/table_rows:", expanded=parts != PARTS):
        _table(network, parts)


_TITLES = {
    "Convolution, relu": "Convolve",
    "Convolution, sigmoid": "Convolve",
    "Dense, relu": "Dense",
    "Dense, softmax": "Softmax",
}


def blocks(layers: Sequence[Layer]) -> list[Block]:
    """The layers as blocks: normalisations go with their convolution, poolings and doublings with the one behind."""
    found: list[Block] = []
    before = ""
    for layer in layers:
        if layer.kind == "Batch normalisation":
            last = found.pop()
            found.append(Block(last.title, last.before, last.shape, last.parameters + layer.parameters))
        elif layer.kind == "Max-pooling":
            before = "pool ↓2"
        elif layer.kind == "Doubling":
            before = "double ↑2"
        elif layer.kind.startswith("Dropout"):
            before = layer.kind.lower()
        else:
            found.append(Block(_TITLES.get(layer.kind, layer.kind), before, layer.shape, layer.parameters))
            before = ""
    return found


def _image(network: NetworkSummary) -> Block:
    return Block("Image", "", (*network.image_shape, 1), 0)


def _row(title: str, purpose: str, found: Sequence[Block]) -> dict[str, Any]:
    parameters = sum(block.parameters for block in found)
    return {
        "title": title,
        "purpose": f"{purpose}; {parameters:,} parameters",
        "part": title.lower(),
        "blocks": [_drawn(block) for block in found],
    }


def _drawn(block: Block) -> dict[str, Any]:
    *sides, channels = block.shape
    return {
        "title": block.title,
        "before": block.before,
        "shape": "×".join(str(side) for side in block.shape),
        "parameters": f"{block.parameters:,}" if block.parameters else "",
        "height": _pixels(sides[0], 16, 96, 28) if sides else _pixels(channels, 24, 96, 16384),
        "width": _pixels(channels, 10, 62, 256) if sides else 10,
    }


def _pixels(number: int, least: int, most: int, number_of_most: int) -> int:
    """A length on the screen for a number, by logarithm."""
    share = math.log2(number + 1) / math.log2(number_of_most + 1)
    return round(least + (most - least) * min(share, 1.15) ** 1.6)


def _table(network: NetworkSummary, parts: Sequence[str]) -> None:
    layers = [layer for layer in (*network.encoder, *network.decoder, *network.head) if layer.part in parts]
    st.dataframe(
        {
            "Part": [layer.part.capitalize() for layer in layers],
            "Layer": [layer.name for layer in layers],
            "Kind": [layer.kind for layer in layers],
            "Output": [" × ".join(str(side) for side in layer.shape) for layer in layers],
            "Parameters": [layer.parameters for layer in layers],
            "Multiplications per image": [layer.multiplications for layer in layers],
        },
        hide_index=True,
        column_config={
            "Parameters": st.column_config.NumberColumn(format="localized"),
            "Multiplications per image": st.column_config.NumberColumn(format="localized"),
        },
        alt=f"All layers of {', '.join(parts)} with their output shapes and parameters",
    )


def _component() -> Any:
    return st.components.v2.component("digitlab_network", html="<div id='sketch'></div>\n", css=_CSS, js=_JS)


_CSS = """
#sketch {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 29rem), 1fr)); gap: 1.25rem 1.5rem;
  color: var(--st-text-color); font-family: var(--st-font);
}
.encoder { grid-row: span 2; align-self: center; }
.decoder, .head { border-left: 2px solid var(--st-border-color); padding-left: 1.25rem; }
h3 { font-size: 1rem; font-weight: 600; margin: 0; }
p { font-size: 0.85rem; margin: 0 0 0.6rem; opacity: 0.8; }
ol {
  display: flex; flex-wrap: wrap; align-items: flex-end; gap: 0.9rem 0.4rem; list-style: none; margin: 0; padding: 0;
}
li {
  display: flex; flex-direction: column; align-items: center; width: 4.3rem; font-size: 0.76rem; line-height: 1.4;
}
li > span { font-variant-numeric: tabular-nums; white-space: nowrap; }
.before { opacity: 0.8; min-height: 1.4em; }
.title { font-weight: 600; margin-top: 0.35rem; }
.parameters { opacity: 0.8; min-height: 1.4em; }
i {
  display: block; border-radius: 2px;
  background: repeating-linear-gradient(90deg, var(--fill) 0 4px, transparent 4px 5px);
}
.encoder { --fill: var(--st-primary-color); }
.decoder { --fill: color-mix(in srgb, var(--st-primary-color) 55%, var(--st-background-color)); }
.head { --fill: color-mix(in srgb, var(--st-text-color) 60%, var(--st-background-color)); }
.image i { --fill: color-mix(in srgb, var(--st-text-color) 60%, var(--st-background-color)); }
"""

_JS = """
export default function (component) {
  const { data, parentElement } = component
  const make = (tag, className, text) => {
    const element = document.createElement(tag)
    if (className) element.className = className
    if (text) element.textContent = text
    return element
  }
  parentElement.querySelector("#sketch").replaceChildren(...data.rows.map(row => {
    const section = make("section", row.part)
    const list = make("ol")
    for (const block of row.blocks) {
      const item = make("li", block.title.toLowerCase())
      const shape = make("i")
      shape.style.width = block.width + "px"
      shape.style.height = block.height + "px"
      item.append(
        make("span", "before", block.before), shape, make("span", "title", block.title),
        make("span", "", block.shape), make("span", "parameters", block.parameters))
      list.append(item)
    }
    section.append(make("h3", "", row.title), make("p", "", row.purpose), list)
    return section
  }))
}
"""

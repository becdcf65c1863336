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
from ui.component import component


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
    component("network_sketch")(key="network sketch", data={"rows": [rows[part] for part in parts]})
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

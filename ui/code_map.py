"""The map of codes: a scatter of images that shows each one under the pointer, and in which a region can be selected.

Plotly can show no picture beside a point, so that the map is a small canvas of its own. All images travel in one PNG
with it. With the keyboard: arrow keys go from image to image, Enter selects those around it, Escape lets go.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core import gallery
from core.figures.chart import CLASSES
from core.insight import MAP_SIDE
from ui.component import component

_COLUMNS = 50
MOST_CORNERS = 60
"""An outline has at most so many: it has to fit into a link."""

Outline = npt.NDArray[np.int64]
"""(n_corners, 2) int64 in [0, MAP_SIDE], in the directions of the axes."""


@dataclass(frozen=True, eq=False)
class CodeMap:
    """What the map shows of n images.

    points: (n, 2) int64 in [0, MAP_SIDE]. labels, predicted: (n,) classes. rows: (n,) positions in the test set.
    sprite: of the images, from `sprite_of`, or None if they are not at hand. image_shape: (h, w).
    class_names: in the order of the labels. axes: words at the axes. alt: for those who cannot see it.
    """

    points: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    predicted: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    sprite: str | None
    image_shape: tuple[int, int]
    class_names: Sequence[str]
    axes: tuple[str, str]
    alt: str


def sprite_of(images: npt.NDArray[np.uint8]) -> str:
    """Images (n, h, w) uint8 in one PNG, as a data URL; in 16 levels of grey, which are enough for a glance."""
    coarse = np.asarray((images >> 4) * 17, np.uint8)
    return gallery.data_url(gallery.sprite(coarse, _COLUMNS), exact=True)


def show(code_map: CodeMap, *, key: str, outline: Outline | None) -> tuple[bool, Outline | None]:
    """The map with the selected region; returns whether another was selected just now, and which, None for none."""
    event = component("code_map")(
        key=key,
        data={
            "x": code_map.points[:, 0].tolist(),
            "y": code_map.points[:, 1].tolist(),
            "labels": code_map.labels.tolist(),
            "predicted": code_map.predicted.tolist(),
            "rows": code_map.rows.tolist(),
            "side": MAP_SIDE,
            "sprite": code_map.sprite,
            "columns": _COLUMNS,
            "ratio": code_map.image_shape[0] / code_map.image_shape[1],
            "names": list(code_map.class_names),
            "colours": [CLASSES[i % len(CLASSES)] for i in range(len(code_map.class_names))],
            "axes": list(code_map.axes),
            "alt": code_map.alt,
            "outline": None if outline is None else outline.tolist(),
            "most": MOST_CORNERS,
        },
        on_selected_change=lambda: None,
    )
    selected = event["selected"]
    if selected is None:
        return False, None
    return True, parse("_".join(str(number) for corner in selected["outline"] for number in corner))


def parse(text: str | None) -> Outline | None:
    """The outline in a link, "120_340_180_400_90_10"; None if it is none."""
    numbers = (text or "").split("_")
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in numbers) or len(numbers) % 2:
        return None
    outline = np.array([int(part) for part in numbers], np.int64).reshape(-1, 2)
    return outline if 3 <= len(outline) <= MOST_CORNERS and outline.max() <= MAP_SIDE else None


def text_of(outline: Outline | None) -> str | None:
    """The outline as it stands in a link; None for none."""
    return None if outline is None else "_".join(str(number) for number in outline.ravel().tolist())

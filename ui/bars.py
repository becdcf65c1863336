"""The probabilities of a digit as bars that move when it is drawn anew.

Drawn by Vega, as Plotly, which draws most other charts, would mount its chart afresh after every stroke.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.evaluation import predicted_classes
from core.figures.chart import ACCENT, MUTED
from core.wording import probability
from ui import figure

MOST = 12
"""Classes that are shown, the likeliest, where there are more."""


def show(probabilities: npt.NDArray[np.floating], class_names: Sequence[str], *, is_digit: bool) -> None:
    """probabilities: (n_classes,), summing to 1. class_names: in the order of the labels.

    is_digit: whether it was taken for one of them at all.
    """
    read = int(predicted_classes(probabilities[np.newaxis])[0])
    order = np.argsort(-probabilities, kind="stable")
    shown = range(len(class_names)) if len(class_names) <= MOST else order[:MOST].tolist()
    taken = "Read as" if is_digit else "Not a digit; the nearest is"
    title = f"{taken} {class_names[read]}, with {probability(float(probabilities[read]))}"
    table: dict[str, list[Any]] = {"class": list(class_names), "probability": probabilities.tolist()}
    with st.container(gap="small"):
        figure.heading(title, table, "probabilities.csv", "probabilities")
        st.vega_lite_chart(
            {
                "data": {"values": [_row(class_names[label], probabilities[label], label == read) for label in shown]},
                "height": {"step": 25},
                "encoding": {
                    "y": {
                        "field": "class",
                        "type": "nominal",
                        "sort": None,
                        "axis": {
                            "title": None,
                            "ticks": False,
                            "domain": False,
                            "labelFontSize": 13,
                            "labelPadding": 8,
                        },
                    },
                    "x": {
                        "field": "probability",
                        "type": "quantitative",
                        "scale": {"domain": [0, 1.14]},
                        "axis": {"title": "Probability", "format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1]},
                    },
                },
                "layer": [
                    {
                        "mark": {"type": "bar", "cornerRadiusEnd": 3, "height": 15},
                        "encoding": {
                            "color": {"condition": {"test": "datum.read", "value": ACCENT}, "value": MUTED},
                            "tooltip": [{"field": "class"}, {"field": "probability", "format": ".4%"}],
                        },
                    },
                    {
                        "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 12, "color": MUTED},
                        "encoding": {"text": {"field": "words"}},
                    },
                ],
            },
            alt=f"{title}. Probabilities: "
            + ", ".join(f"{class_names[i]} {probability(float(probabilities[i]))}" for i in order[:5])
            + ".",
            key="bars",
        )


def _row(name: str, value: np.floating, read: bool) -> dict[str, str | float | bool]:
    return {"class": name, "probability": float(value), "words": probability(float(value)), "read": read}

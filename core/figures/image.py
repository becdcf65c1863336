"""Figures of a single image: what the network made of it, and which parts it looked at."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.evaluation import predicted_classes
from core.figures.chart import ACCENT, MUTED, SERIES, Chart, chart, plain, rgba, square_cells
from core.wording import probability

_MOST_CLASSES = 12
_SCALE = 34
"""Height of a scale of colours with its words, in pixels."""


def probabilities(values: Sequence[float] | np.ndarray, class_names: Sequence[str], label: int | None = None) -> Chart:
    """Bars of the probabilities of one image.

    values: (n_classes,), summing to 1. label: the true class, where it is known. Of many classes the likeliest are
    shown, and the true one.
    """
    given = np.asarray(values, np.float64)
    predicted = int(predicted_classes(given[np.newaxis])[0])
    shown = _shown(given, label)
    title = f"Read as {class_names[predicted]}, with {probability(given[predicted])}"
    if label is not None:
        right = "rightly" if label == predicted else f"but it is {class_names[label]}, with {probability(given[label])}"
        title = f"{title}, {right}"
    ticks = [f"<b>{plain(class_names[i])}</b>" if i == label else plain(class_names[i]) for i in shown]
    result = chart(
        [
            go.Bar(
                x=given[shown],
                y=list(range(len(shown))),
                orientation="h",
                marker={"color": [ACCENT if i == predicted else SERIES[1] if i == label else MUTED for i in shown]},
                text=[probability(given[i]) for i in shown],
                textposition="outside",
                cliponaxis=False,
                customdata=[plain(class_names[i]) for i in shown],
                hovertemplate="%{customdata}: %{x:.4%}<extra></extra>",
            )
        ],
        title=title,
        x_title="Probability",
        y_title="Class",
        alt=f"{title}. Probabilities: "
        + ", ".join(f"{class_names[i]} {probability(given[i])}" for i in np.argsort(-given, kind="stable")[:5])
        + ".",
        table={"class": list(class_names), "probability": given.tolist()},
        height=120 + 24 * len(shown),
        legend=False,
    )
    result.figure.update_xaxes(range=[0, 1.18], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    result.figure.update_yaxes(
        tickvals=list(range(len(shown))), ticktext=ticks, range=[len(shown) - 0.5, -0.5], showgrid=False
    )
    result.figure.update_layout(bargap=0.3)
    return result


def occlusion(image: np.ndarray, drops: np.ndarray, class_name: str) -> Chart:
    """An image with the fall of a class's probability laid over it.

    image: (h, w) uint8. drops: (h, w), of `core.insight.occlusion_map`, for the class of this name.
    """
    height, width = drops.shape
    largest = float(np.abs(drops).max(initial=0))
    most, least = 100 * float(drops.max(initial=0)), -100 * float(drops.min(initial=0))
    if largest < 0.005:
        title = f"Covering no part changes the probability of {class_name} by half a point"
    elif most >= least:
        title = f"{class_name} rests on the orange parts: covered, it loses up to {most:.0f} points"
    else:
        title = f"The blue parts speak against {class_name}: covered, it gains up to {least:.0f} points"
    rows, columns = np.indices(drops.shape).reshape(2, -1)
    limit = max(largest, 0.01)
    against, for_it = SERIES[2], SERIES[1]
    common = {"hoverinfo": "skip", "x0": 0, "dx": 1, "y0": 0, "dy": 1}
    result = chart(
        [
            go.Heatmap(
                z=image.tolist(),
                **(
                    {"colorscale": [[0, "#000000"], [1, "#ffffff"]], "showscale": False, "zmin": 0, "zmax": 255}
                    | common
                ),
            ),
            go.Heatmap(
                z=drops.tolist(),
                colorscale=[
                    *([0, rgba(against, 0.85)], [0.5 - 0.02, rgba(against, 0)]),
                    *([0.5 + 0.02, rgba(for_it, 0)], [1, rgba(for_it, 0.85)]),
                ],
                zmin=-limit,
                zmax=limit,
                zsmooth="best",
                colorbar={
                    "tickvals": [-limit, 0, limit],
                    "ticktext": [f"gains {100 * limit:.2g} points", "covered", f"loses {100 * limit:.2g} points"],
                    # In the margin that is there anyway: beside the plot, Plotly would make room for it twice.
                    **{"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "top", "yref": "container"},
                    **{"thickness": 10, "lenmode": "pixels", "len": 260, "outlinewidth": 0},
                },
                **(common | {"hoverinfo": None}),
                hovertemplate="covered: %{z:.1%} lost<extra></extra>",
            ),
        ],
        title=title,
        x_title="Column (pixels)",
        y_title="Row (pixels)",
        alt=f"{title}. The image with the mean fall of the probability of {class_name} where a patch covers it: "
        f"at most {most:.1f} points lost, at most {max(least, 0):.1f} points won.",
        table={
            "row": rows.tolist(),
            "column": columns.tolist(),
            "pixel": image.ravel().tolist(),
            "probability_lost": drops.ravel().tolist(),
        },
        height=420,
        legend=False,
    )
    square_cells(result.figure, width, height)
    result.figure.update_layout(margin_t=result.figure.layout.margin.t + _SCALE)
    return result


def _shown(values: np.ndarray, label: int | None) -> list[int]:
    if len(values) <= _MOST_CLASSES:
        return list(range(len(values)))
    likeliest = [int(i) for i in np.argsort(-values, kind="stable")[:_MOST_CLASSES]]
    return likeliest if label is None or label in likeliest else [*likeliest[:-1], label]

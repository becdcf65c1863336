"""The map of the codes: an image a point, coloured by class."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures.chart import CLASSES, SYMBOLS, Chart, chart, plain
from core.wording import count

_LABELLED = 12


def code_map(
    points: np.ndarray,
    labels: np.ndarray,
    class_names: Sequence[str],
    rows: np.ndarray,
    *,
    axes: tuple[str, str] = ("First principal component", "Second principal component"),
    method: str = "principal components",
) -> Chart:
    """Codes in two dimensions. Each point can be selected; its `customdata` is its position in `rows`' numbering.

    points: (n, 2), of `core.insight.pca_map` or `tsne_map`. labels: (n,) classes. rows: (n,) positions of the images in
    their set. axes: titles with units or shares. method: how the map was made, in words.
    """
    groups = [(i, name, np.flatnonzero(labels == i)) for i, name in enumerate(class_names)]
    traces = [
        go.Scattergl(
            x=points[members, 0],
            y=points[members, 1],
            name=plain(name),
            mode="markers",
            marker={
                "color": CLASSES[i % len(CLASSES)],
                "symbol": SYMBOLS[(i + i // len(CLASSES)) % len(SYMBOLS)],
                "size": 5,
                "opacity": 0.8,
            },
            customdata=rows[members],
            hovertemplate=f"{plain(name)}, image %{{customdata}}<extra></extra>",
        )
        for i, name, members in groups
        if len(members)
    ]
    words = f"Map of {count(len(points), 'code')} by {method}, coloured by class"
    result = chart(
        traces,
        title=words,
        x_title=axes[0],
        y_title=axes[1],
        alt=f"{words}. {_spoken(points, labels, class_names)}",
        table={
            "image": rows.tolist(),
            "class": [class_names[label] for label in labels.tolist()],
            "x": points[:, 0].tolist(),
            "y": points[:, 1].tolist(),
        },
        height=520,
        empty="" if len(points) else "No codes",
    )
    for i, name, members in groups if len(class_names) <= _LABELLED else ():
        if len(members):
            x, y = np.median(points[members], axis=0)
            result.figure.add_annotation(
                x=float(x),
                y=float(y),
                text=f"<b>{plain(name)}</b>",
                showarrow=False,
                font={"size": 14, "color": "#ffffff"},
                bgcolor=CLASSES[i % len(CLASSES)],
                bordercolor="#ffffff",
                borderpad=3,
                opacity=0.9,
            )
    result.figure.update_xaxes(zeroline=False, showgrid=False)
    result.figure.update_yaxes(zeroline=False, showgrid=False)
    result.figure.update_layout(hovermode="closest", legend={"itemsizing": "constant"})
    return result


def _spoken(points: np.ndarray, labels: np.ndarray, class_names: Sequence[str]) -> str:
    """How many of the classes keep together, by the nearest centre: what a look at the map tells."""
    present = [i for i in range(len(class_names)) if (labels == i).any()]
    if len(present) < 2:
        return "There is nothing to tell apart."
    centres = np.stack([points[labels == i].mean(axis=0) for i in present])
    nearest = np.asarray(present)[((points[:, np.newaxis] - centres) ** 2).sum(axis=2).argmin(axis=1)]
    share = float((nearest == labels).mean())
    return f"{share:.0%} of the points lie nearer to the centre of their own class than to any other."

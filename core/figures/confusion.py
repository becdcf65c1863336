"""The confusion matrix, with mistakes in colour and hits in the background; its cells can be clicked."""

from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from core.evaluation import Report
from core.figures.chart import ACCENT, MUTED, SERIES, Chart, chart, plain, rgba, square_cells
from core.wording import count, percent

Shares = Literal["counts", "row", "column"]

_HITS = [[0, rgba(MUTED, 0.22)], [1, rgba(MUTED, 0.22)]]
_STRONG = "#3f4cc0"
# A step in the middle: numbers are readable on the pale half in the page's own colour, on the strong half in white.
_MISTAKES = [[0, rgba(ACCENT, 0.12)], [0.5, rgba(ACCENT, 0.34)], [0.5, rgba(_STRONG, 0.85)], [1, _STRONG]]

_BOLD: dict[str, Any] = {"size": 12, "weight": 600}
_NAMES = 30
"""Names that fit along a side; of more classes only the cells that hold images can be clicked."""
_TEXT_CLASSES = 12
"""With more classes the cells have no room for numbers on a telephone."""


def confusion_matrix(report: Report, shares: Shares = "counts", chosen: tuple[int, int] | None = None) -> Chart:
    """How many images of each class were given each class.

    shares: "counts", or shares of each row (of the images that belong to a class) or column (of the images that were
    given it). chosen: a cell (true class, predicted class) to be outlined.
    Colours follow the mistakes alone, as the hits outnumber them a hundredfold.
    A click on a cell selects the point whose `customdata` is [true class, predicted class, images], from the one trace
    that can be selected, "Cells".
    """
    names = [scores.name for scores in report.classes]
    counts = np.array(report.confusion, np.int64)
    totals = {"counts": np.ones((1, 1)), "row": counts.sum(1, keepdims=True), "column": counts.sum(0, keepdims=True)}
    values = np.divide(counts, totals[shares], out=np.zeros(counts.shape), where=totals[shares] > 0)
    mistakes = ~np.eye(len(names), dtype=bool)
    true, predicted = np.nonzero(counts) if len(names) > _NAMES else np.indices(counts.shape).reshape(2, -1)
    strongest = float(values[mistakes].max(initial=0)) or 1.0
    result = chart(
        [
            _ground(np.where(~mistakes & (counts > 0), 1.0, np.nan), 1.0, _HITS),
            _ground(np.where(mistakes & (counts > 0), values, np.nan), strongest, _MISTAKES),
            go.Scatter(
                x=predicted,
                y=true,
                name="Cells",
                mode="markers",
                marker={"symbol": "square-open", "size": 26, "color": SERIES[1], "opacity": 0, "line": {"width": 3}},
                selected={"marker": {"opacity": 1}},
                unselected={"marker": {"opacity": 0}},
                customdata=np.stack([true, predicted, counts[true, predicted]], axis=1).tolist(),
                text=[_cell_words(names, t, p, counts, shares, values) for t, p in zip(true, predicted, strict=True)],
                hovertemplate="%{text}<extra></extra>",
            ),
        ],
        title=_title(report, names, counts),
        x_title="Predicted class" if shares == "counts" else f"Predicted class (cells: % of the {shares})",
        y_title="True class",
        alt=_alt(report, names, counts),
        table={
            "true_class": [names[t] for t in true],
            "predicted_class": [names[p] for p in predicted],
            "images": counts[true, predicted].tolist(),
            **({} if shares == "counts" else {f"share_of_{shares}": values[true, predicted].tolist()}),
        },
        height=460,
        legend=False,
    )
    named = range(0, len(names), -(-len(names) // _NAMES))
    ticks = {"tickvals": list(named), "ticktext": [plain(names[i]) for i in named]}
    square_cells(result.figure, len(names), len(names))
    result.figure.update_xaxes(**ticks)
    result.figure.update_yaxes(**ticks)
    if len(names) <= _TEXT_CLASSES:
        strong = mistakes & (values >= 0.5 * strongest)
        result.figure.update_layout(annotations=_numbers(counts, values, strong, shares))
    if chosen is not None:
        (y, x), line = chosen, {"color": SERIES[1], "width": 3}
        result.figure.add_shape(type="rect", x0=x - 0.5, x1=x + 0.5, y0=y - 0.5, y1=y + 0.5, line=line)
    result.figure.update_layout(hovermode="closest", hoverdistance=40, clickmode="event+select")
    return result


def _ground(values: np.ndarray, most: float, colours: list[list[Any]]) -> go.Heatmap:
    """The colours of some cells, below everything."""
    return go.Heatmap(
        z=[[None if np.isnan(value) else value for value in row] for row in values.tolist()],
        colorscale=colours,
        **{"showscale": False, "hoverinfo": "skip", "xgap": 2, "ygap": 2, "zmin": 0, "zmax": most},
    )


def _numbers(counts: np.ndarray, values: np.ndarray, strong: np.ndarray, shares: Shares) -> list[dict[str, Any]]:
    """The numbers in the cells that hold images. Annotations, as a selection would make text of a trace pale."""
    fonts = {"hit": {"size": 11}, "pale": _BOLD, "strong": _BOLD | {"color": "#ffffff"}}
    return [
        {
            "x": int(p),
            "y": int(t),
            "text": f"{counts[t, p]}" if shares == "counts" else _short(values[t, p]),
            "font": fonts["hit" if t == p else "strong" if strong[t, p] else "pale"],
            "showarrow": False,
        }
        for t, p in zip(*np.nonzero(counts), strict=True)
    ]


def _short(share: float) -> str:
    return f"{100 * share:.1f}" if share >= 0.0005 else "<0.1"


def _cell_words(
    names: list[str], true: int, predicted: int, counts: np.ndarray, shares: Shares, values: np.ndarray
) -> str:
    share = "" if shares == "counts" else f" ({percent(values[true, predicted])} of the {shares})"
    verb = "read rightly" if true == predicted else f"read as {plain(names[predicted])}"
    return f"{plain(names[true])} {verb}:<br>{count(int(counts[true, predicted]), 'image')}{share}"


def _worst(names: list[str], counts: np.ndarray) -> list[tuple[str, str, int]]:
    mistakes = counts * ~np.eye(len(counts), dtype=bool)
    order = np.argsort(-mistakes, axis=None, kind="stable")[:3]
    pairs = [(int(cell) // len(counts), int(cell) % len(counts)) for cell in order]
    return [(names[t], names[p], int(mistakes[t, p])) for t, p in pairs if mistakes[t, p]]


def _title(report: Report, names: list[str], counts: np.ndarray) -> str:
    worst = _worst(names, counts)
    if not worst:
        return f"All {report.n_images:,} images are read rightly"
    true, predicted, number = worst[0]
    return f"{report.incorrect:,} of {report.n_images:,} are misread; most often {true} as {predicted} ({number})"


def _alt(report: Report, names: list[str], counts: np.ndarray) -> str:
    worst = "; ".join(
        f"{true} read as {predicted}: {count(n, 'image')}" for true, predicted, n in _worst(names, counts)
    )
    return (
        f"Confusion matrix of {len(names)} classes: {report.correct:,} of {report.n_images:,} images are read rightly, "
        f"{report.incorrect:,} wrongly. " + (f"The most frequent mistakes are: {worst}." if worst else "")
    ).rstrip()

"""What every figure is: a Plotly figure, a title, words for those who cannot see it, and its numbers as a table.

All figures share one look, which stands on light and on dark ground: nothing is painted behind the data, text and lines
that carry no data are a middle grey (a page's own theme may replace it), and data has colours that keep a contrast of
3:1 to white and to near-black. Refused, with a `ValueError`: tables whose columns differ in length.
"""

import html
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

ACCENT = "#616ddb"
MUTED = "#868c9c"
SERIES = (ACCENT, "#db7900", "#319ec2", "#b60c92", "#925518", "#e73d79")
"""Colours of up to six series. Of all sets with the contrast above, one whose nearest two stay furthest apart (in
OKLab) for normal, red-blind, green-blind and blue-blind eyes alike; so are `CLASSES`."""
CLASSES = (
    *(ACCENT, "#ce6d00", "#009e61", "#b6246d", "#246d92"),
    *("#db6db6", "#925500", "#5592ff", "#ff5579", "#ce18b6"),
)
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

_GREY = "#787e8e"
_GRID = "rgba(128, 134, 154, 0.25)"
_CLEAR = "rgba(0, 0, 0, 0)"
_LINE = 40
"""Characters of a title that fit beside each other on a telephone."""

_TELEPHONE = 310
"""Width of a plot on a telephone, in pixels."""
_TITLE_LINE = 21
"""Height of a line of a title, in pixels."""

_AXIS = go.layout.XAxis(
    automargin=True, gridcolor=_GRID, linecolor=_GRID, zerolinecolor=_GRID, ticks="", title={"standoff": 8}
)
TEMPLATE = go.layout.Template(
    layout=go.Layout(
        font={"family": "system-ui, sans-serif", "size": 13, "color": _GREY},
        colorway=SERIES,
        paper_bgcolor=_CLEAR,
        plot_bgcolor=_CLEAR,
        hoverlabel={"namelength": -1},
        xaxis=_AXIS,
        yaxis=_AXIS.to_plotly_json(),
    )
)


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure and its companions.

    figure: its title is `title`, wrapped for narrow screens. title: what the chart shows, in a sentence without a stop.
    alt: the same for those who cannot see it. table: column -> values, one row a mark; all columns of one length.
    """

    figure: go.Figure
    title: str
    alt: str
    table: Mapping[str, Sequence[Any]]

    def __post_init__(self) -> None:
        if len({len(column) for column in self.table.values()}) > 1:
            lengths = {name: len(column) for name, column in self.table.items()}
            raise ValueError(f"table: expected columns of one length, found {lengths}.")

    def untitled(self) -> go.Figure:
        """The figure for a page that writes the title itself: a copy without it, and without the room it took."""
        figure = go.Figure(self.figure)
        lines = (figure.layout.title.text or "").count("<br>") + 1
        figure.update_layout(title=None, margin={"t": max(8, figure.layout.margin.t - _TITLE_LINE * lines)})
        return figure


def chart(
    traces: Sequence[Any],
    *,
    title: str,
    x_title: str,
    y_title: str,
    alt: str,
    table: Mapping[str, Sequence[Any]],
    height: int = 360,
    legend: bool = True,
    empty: str = "",
) -> Chart:
    """Put traces together in the common look.

    height: in pixels; more where the legend takes more than two lines. legend: above the plot; left out where there is
    nothing to tell apart. empty: what stands in the middle of a plot without data.
    """
    lines = textwrap.wrap(title, _LINE)
    named = [trace for trace in traces if trace.name and trace.showlegend is not False] if legend else []
    rows = _rows([len(trace.name) for trace in named]) if len(named) > 1 else 0
    height += 22 * max(0, rows - 2)
    figure = go.Figure(
        data=list(traces),
        layout=go.Layout(
            template=TEMPLATE,
            paper_bgcolor=_CLEAR,
            plot_bgcolor=_CLEAR,
            height=height,
            margin={"l": 8, "r": 12, "t": 14 + _TITLE_LINE * len(lines) + 22 * rows, "b": 8},
            title={
                "text": "<br>".join(plain(line) for line in lines),
                "font": {"size": 16},
                **{"x": 0, "xref": "container", "xanchor": "left"},
                **{"y": 1 - 12 / height, "yref": "container", "yanchor": "top"},
            },
            showlegend=rows > 0,
            legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1.01, "yanchor": "bottom", "bgcolor": _CLEAR},
            xaxis={"title": {"text": x_title}},
            yaxis={"title": {"text": y_title}},
        ),
    )
    if empty:
        note(figure, empty, x=0.5, y=0.5, xref="paper", yref="paper", xanchor="center")
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
    return Chart(figure, title, alt, table)


def note(figure: go.Figure, text: str, **where: Any) -> None:
    """Words inside a plot, without an arrow. where: as in `add_annotation`."""
    figure.add_annotation(text=plain(text), **{"showarrow": False, "font": {"size": 12}} | where)


def square_cells(figure: go.Figure, columns: int, rows: int) -> None:
    """Axes of a grid of square cells, the first at the top left, at any width of the page."""
    still: dict[str, Any] = {"showgrid": False, "zeroline": False, "constrain": "domain"}
    figure.update_xaxes(range=[-0.5, columns - 0.5], constraintoward="left", **still)
    figure.update_yaxes(range=[rows - 0.5, -0.5], constraintoward="top", scaleanchor="x", **still)


def plain(text: str) -> str:
    """Text that Plotly shows as it is: names may hold what it would take for markup."""
    return html.escape(text, quote=False)


def rgba(colour: str, opacity: float) -> str:
    """A `#rrggbb` colour that lets the ground through."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"


def digits(value: float) -> str:
    """A number with three digits that count, for titles and words: 0.0903, 12.3, 1,024."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:#.3g}".rstrip(".")


def _rows(lengths: Sequence[int]) -> int:
    """Lines that a legend with names of these lengths takes on a telephone: one, or columns as wide as the widest."""
    widths = [50 + 7 * length for length in lengths]
    return 1 if sum(widths) <= _TELEPHONE else -(-len(widths) // max(1, _TELEPHONE // max(widths)))

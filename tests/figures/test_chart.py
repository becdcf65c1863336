"""What all figures share: the wrapped title, names that are no markup, colours that can be seen."""

import plotly.graph_objects as go
import pytest

from core.figures.chart import ACCENT, CLASSES, MUTED, SERIES, Chart, chart, digits, plain, rgba

GROUNDS = ("#ffffff", "#12141c")


def made(title: str = "Loss falls", **options: object) -> Chart:
    traces = [go.Scatter(x=[1, 2], y=[3, 4], name="a"), go.Scatter(x=[1, 2], y=[5, 6], name="b")]
    words = {"title": title, "x_title": "Epoch", "y_title": "Loss", "alt": "Two lines.", "table": {"x": [1, 2]}}
    return chart(traces, **words | options)  # type: ignore[arg-type]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match=r"columns of one length, found \{'x': 1, 'y': 2\}"):
        Chart(go.Figure(), "t", "a", {"x": [1], "y": [1, 2]})


def test_long_titles_are_broken_for_narrow_screens() -> None:
    title = "Validation loss is lowest at 128 units, but within the noise of 64 units"
    wrapped = made(title).figure.layout.title.text.split("<br>")

    assert " ".join(wrapped) == title
    assert max(map(len, wrapped)) <= 40


def test_names_are_never_taken_for_markup() -> None:
    assert made("a < b & <b>c</b>").figure.layout.title.text == "a &lt; b &amp; &lt;b&gt;c&lt;/b&gt;"
    assert plain("<i>") == "&lt;i&gt;"


def test_nothing_is_painted_behind_the_data() -> None:
    layout = made().figure.layout
    assert (layout.paper_bgcolor, layout.plot_bgcolor) == ("rgba(0, 0, 0, 0)", "rgba(0, 0, 0, 0)")


def test_a_legend_stands_only_where_there_is_something_to_tell_apart() -> None:
    alone = chart([go.Scatter(x=[1], y=[1], name="a")], title="t", x_title="x", y_title="y", alt="a", table={})

    assert made().figure.layout.showlegend
    assert not alone.figure.layout.showlegend
    assert not made(legend=False).figure.layout.showlegend


def test_an_empty_plot_says_so_instead_of_showing_axes() -> None:
    figure = made(empty="No epochs yet").figure
    assert [note.text for note in figure.layout.annotations] == ["No epochs yet"]
    assert figure.layout.xaxis.visible is False


@pytest.mark.parametrize("colour", sorted({ACCENT, MUTED, *SERIES, *CLASSES}))
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_colour_can_be_seen_on_light_and_on_dark(colour: str, ground: str) -> None:
    darker, lighter = sorted([luminance(colour), luminance(ground)])
    assert (lighter + 0.05) / (darker + 0.05) >= 2.98  # 3:1, of rounded colours


@pytest.mark.parametrize(
    ("value", "words"), [(0.09034, "0.0903"), (12.34, "12.3"), (123.4, "123"), (0.0, "0.00"), (1024, "1,024")]
)
def test_digits(value: float, words: str) -> None:
    assert digits(value) == words


def test_rgba() -> None:
    assert rgba("#0a0b0c", 0.5) == "rgba(10, 11, 12, 0.5)"


def test_without_its_title_a_figure_gives_the_room_back() -> None:
    made = chart([], title="A title " * 10, x_title="x", y_title="y", alt="", table={})
    figure = made.untitled()
    assert figure.layout.title.text is None
    assert made.figure.layout.title.text is not None
    assert figure.layout.margin.t < made.figure.layout.margin.t

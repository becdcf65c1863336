from pathlib import Path

import numpy as np
import pytest

from benchmarks.reading.fonts import character, printed_fonts
from benchmarks.reading.glyphs import from_image, from_lines, thinned
from benchmarks.reading.strokes import STYLES, glyph

BAR = np.zeros((28, 28), np.uint8)
BAR[4:24, 11:17] = 255


def ink(coverage: np.ndarray) -> tuple[int, int]:
    """Height and width in pixels of what is at least half covered."""
    rows, columns = (np.flatnonzero((coverage >= 0.5).any(axis=axis)) for axis in (1, 0))
    return int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1)


@pytest.mark.parametrize("height", [10, 28, 100, 400])
def test_an_image_keeps_its_proportions_at_every_size(height: int) -> None:
    drawn_height, drawn_width = ink(from_image(BAR).drawn(height))
    assert drawn_height == pytest.approx(height, rel=0.03, abs=1.5)
    assert drawn_width == pytest.approx(0.3 * height, rel=0.12, abs=1.5)


def test_enlarged_edges_are_smooth() -> None:
    slope = np.tril(np.full((28, 28), 255, np.uint8))
    coverage = from_image(slope).drawn(400)
    # Pixels of 14 points would make steps of 14; along the slope the edge moves by one row a column.
    start = np.array([np.flatnonzero(column >= 0.5)[0] for column in coverage.T if (column >= 0.5).any()])
    assert np.abs(np.diff(start[60:-60])).max() <= 4


@pytest.mark.parametrize("width", [0.04, 0.1, 0.2])
def test_a_pen_draws_its_own_width(width: float) -> None:
    _, drawn_width = ink(from_image(BAR).drawn(200, width))
    assert drawn_width == pytest.approx(200 * width, abs=2.5)


def test_a_blot_stays_where_a_line_would_lose_it() -> None:
    blot = BAR.copy()
    blot[4:14, 6:22] = 255
    coverage = from_image(blot).drawn(200, 0.05)
    widths = (coverage >= 0.5).sum(axis=1)
    widths = widths[widths > 0]
    assert widths[: len(widths) // 3].max() > 3 * np.median(widths[-len(widths) // 3 :])


def test_aliased_pixels_are_ink_or_not() -> None:
    assert set(np.unique(from_image(BAR).drawn(20, 0.1, aliased=True))) == {0.0, 1.0}


def test_black_is_refused() -> None:
    with pytest.raises(ValueError, match="expected strokes, found black only"):
        from_image(np.zeros((28, 28), np.uint8))


def test_thinning_leaves_lines_of_one_pixel_in_one_piece() -> None:
    line = thinned(BAR > 0)
    assert line.any()
    assert line.sum(axis=1).max() == 1
    rows = np.flatnonzero(line.any(axis=1))
    assert len(rows) == rows[-1] - rows[0] + 1
    assert not (line & (BAR == 0)).any()


def test_lines_are_scaled_to_their_height() -> None:
    drawn = from_lines([np.array([[0.0, 0.0], [0.0, 7.0]])], 0.1).drawn(100)
    assert ink(drawn)[0] == pytest.approx(110, abs=3)


def test_every_digit_has_three_styles_or_more_and_each_name_once() -> None:
    counts = np.bincount([style.label for style in STYLES], minlength=10)
    assert counts.min() >= 3
    assert len({style.name for style in STYLES}) == len(STYLES)


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_every_style_can_be_drawn_and_is_the_same_for_a_seed(style) -> None:
    one, other = (glyph(style, np.random.default_rng(7)).drawn(60) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert 40 <= ink(one)[0] <= 80
    assert style.name.startswith(str(style.label))


def test_the_slash_of_a_nought_fills_its_middle() -> None:
    slashed, plain = (
        glyph(next(style for style in STYLES if style.name == name), np.random.default_rng(3)).drawn(100, 0.1)
        for name in ("0 slashed", "0 open")
    )
    middles = [one[one.shape[0] // 2 - 15 : one.shape[0] // 2 + 15, one.shape[1] // 2 - 10 : one.shape[1] // 2 + 10]
               for one in (slashed, plain)]  # fmt: skip
    assert middles[0].sum() > 100
    assert middles[1].sum() < 20


@pytest.mark.parametrize("font", printed_fonts(), ids=lambda font: font.stem)
def test_every_font_is_there(font: Path) -> None:
    assert ink(character("8", font).drawn(80))[0] == pytest.approx(80, abs=3)

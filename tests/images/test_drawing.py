"""Drawings as texts and as pictures: what was drawn comes back, and nothing else passes for a drawing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images.drawing import HEIGHT, MAX_LENGTH, SCALE, WIDTH, Stroke, parse, picture_of, text_of

points = st.lists(st.tuples(st.integers(0, WIDTH), st.integers(0, HEIGHT)), min_size=1, max_size=20)
strokes = st.lists(st.tuples(st.integers(1, 63), points), max_size=6)


@given(strokes)
def test_strokes_come_back_from_their_text_and_make_a_picture(given: list) -> None:
    drawn = tuple(Stroke(width, np.array(line, np.int32)) for width, line in given)
    found = parse(text_of(drawn))
    assert found is not None
    assert [one.width for one in found] == [one.width for one in drawn]
    assert all((one.points == other.points).all() for one, other in zip(found, drawn, strict=True))
    picture = picture_of(found)
    assert picture.shape == (round(HEIGHT * SCALE), round(WIDTH * SCALE), 3)
    assert bool(drawn) == bool(picture.min() < 255)


@given(st.text(max_size=60))
def test_any_text_is_a_drawing_or_none(text: str) -> None:
    found = parse(text)
    if found is not None:
        assert text_of(found) == text


@pytest.mark.parametrize(
    "text",
    [
        *("Y", "YAAA", "YAAAAA", ".", "YAAAA.", "YAAAA..YAAAA", "YAAA ", "YÄAAA", "AAAAA"),
        "Y____",  # beyond the sheet
        "Y" + "AAAA" * MAX_LENGTH,
    ],
)
def test_what_is_no_drawing_is_none(text: str) -> None:
    assert parse(text) is None


def test_an_empty_text_is_an_empty_sheet() -> None:
    assert parse("") == ()
    assert (picture_of(()) == 255).all()


def test_a_stroke_is_black_along_its_line_and_as_wide_as_its_pen() -> None:
    picture = picture_of((Stroke(20, np.array([[100, 250], [700, 250]], np.int32)),))
    column = picture[:, round(400 * SCALE), 0]
    assert (column < 128).sum() == pytest.approx(20 * SCALE, abs=1)
    assert column[round(250 * SCALE)] == 0


def test_a_point_is_round() -> None:
    picture = picture_of((Stroke(40, np.array([[400, 250]], np.int32)),))
    ink = picture[:, :, 0] < 128
    across, down = ink.any(axis=0).sum(), ink.any(axis=1).sum()
    assert across == pytest.approx(40 * SCALE, abs=2)
    assert down == pytest.approx(40 * SCALE, abs=2)

import json
from dataclasses import asdict, dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.store.plain import from_plain


@dataclass(frozen=True)
class Point:
    x: float
    label: str | None


@dataclass(frozen=True)
class Figure:
    name: str
    closed: bool
    points: tuple[Point, ...]
    size: tuple[int, float]
    notes: dict[str, Point]
    best: Point | None
    rest: Any


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
POINTS = st.builds(Point, NUMBERS, st.none() | st.text())
FIGURES = st.builds(
    Figure,
    name=st.text(),
    closed=st.booleans(),
    points=st.lists(POINTS, max_size=3).map(tuple),
    size=st.tuples(st.integers(), NUMBERS),
    notes=st.dictionaries(st.text(), POINTS, max_size=3),
    best=st.none() | POINTS,
    rest=st.none() | st.integers(),
)
FIGURE = Figure("a", True, (Point(1.0, None),), (2, 3.0), {"n": Point(0.5, "p")}, None, [1])


@given(FIGURES)
def test_what_was_written_is_read_again(figure: Figure) -> None:
    assert from_plain(Figure, asdict(figure), "figure") == figure
    assert from_plain(Figure, json.loads(json.dumps(asdict(figure))), "figure") == figure


def test_a_whole_number_may_stand_for_a_float_and_becomes_one() -> None:
    point = from_plain(Point, {"x": 1, "label": None}, "point")
    assert type(point.x) is float


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": None}, r"^figure\.name: expected str, found None"),
        ({"name": 5}, r"^figure\.name: expected str, found 5"),
        ({"closed": 1}, r"^figure\.closed: expected bool, found 1"),
        ({"size": [2.0, 3.0]}, r"^figure\.size\[0\]: expected int, found 2\.0"),
        ({"size": [True, 3.0]}, r"^figure\.size\[0\]: expected int, found True"),
        ({"size": [1, False]}, r"^figure\.size\[1\]: expected float, found False"),
        ({"size": [1]}, r"^figure\.size: expected .*, found \[1\]"),
        ({"points": {}}, r"^figure\.points: expected "),
        ({"points": ["p"]}, r"^figure\.points\[0\]: expected Point, found 'p'"),
        ({"points": [{"x": 1.0}]}, r"^figure\.points\[0\]: expected the fields x, label, found x"),
        ({"points": [{}]}, r"^figure\.points\[0\]: expected the fields x, label, found none"),
        ({"notes": []}, r"^figure\.notes: expected "),
        ({"notes": {"n": {"x": "1", "label": None}}}, r"^figure\.notes\.n\.x: expected float, found '1'"),
        ({"best": 0}, r"^figure\.best: expected Point, found 0"),
        ({"more": 1}, r"^figure: expected the fields name, .*, found "),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], message: str) -> None:
    values = {**json.loads(json.dumps(asdict(FIGURE))), **change}
    with pytest.raises(ValueError, match=message):
        from_plain(Figure, values, "figure")


def test_a_long_value_is_told_in_short() -> None:
    with pytest.raises(ValueError, match="expected") as raised:
        from_plain(Point, {"x": "1" * 10_000, "label": None}, "point")
    assert len(str(raised.value)) < 100

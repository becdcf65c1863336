import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.insight import MAP_SIDE, in_whole_numbers, inside, map_rows, share_with_own
from core.insight.code_map import TSNE_POINTS

corner = st.integers(0, MAP_SIDE)


def test_a_small_test_set_is_shown_whole_and_a_large_one_evenly() -> None:
    assert map_rows(3).tolist() == [0, 1, 2]
    rows = map_rows(10_000)
    assert len(rows) == len(set(rows.tolist())) == TSNE_POINTS
    assert set(np.diff(rows).tolist()) == {4}
    assert len(set(map_rows(TSNE_POINTS + 1).tolist())) == TSNE_POINTS


def test_a_map_fills_its_square_in_both_directions() -> None:
    points = np.array([[-2.0, 10.0], [0.0, 20.0], [2.0, 30.0]], np.float32)
    assert in_whole_numbers(points).tolist() == [[0, 0], [MAP_SIDE // 2, MAP_SIDE // 2], [MAP_SIDE, MAP_SIDE]]


def test_what_does_not_spread_lies_in_the_middle() -> None:
    assert in_whole_numbers(np.array([[1.0, 5.0], [1.0, 6.0]], np.float32))[:, 0].tolist() == [MAP_SIDE // 2] * 2
    assert in_whole_numbers(np.empty((0, 2), np.float32)).shape == (0, 2)


@given(st.lists(st.tuples(corner, corner), min_size=1, max_size=20), corner, corner, corner, corner)
def test_within_a_box_lies_what_its_sides_say(points: list, x1: int, y1: int, x2: int, y2: int) -> None:
    left, right, low, high = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    outline = np.array([[left, low], [right, low], [right, high], [left, high]])
    found = inside(np.array(points), outline)
    for (x, y), is_inside in zip(points, found, strict=True):
        if left < x < right and low < y < high:
            assert is_inside
        if not (left <= x <= right and low <= y <= high):
            assert not is_inside


def test_an_outline_may_have_a_bay() -> None:
    horseshoe = np.array([[0, 0], [100, 0], [100, 100], [60, 100], [60, 20], [40, 20], [40, 100], [0, 100]])
    assert inside(np.array([[20, 80], [50, 80], [80, 80], [50, 10]]), horseshoe).tolist() == [True, False, True, True]


@pytest.mark.parametrize("outline", [np.empty((0, 2), np.int64), np.array([[0, 0], [1, 1]]), np.array([1, 2, 3])])
def test_what_is_no_outline_is_refused(outline: np.ndarray) -> None:
    with pytest.raises(ValueError, match="at least three"):
        inside(np.array([[1, 1]]), outline)


def test_the_share_of_points_with_their_own_class() -> None:
    points = np.array([[0, 0], [1, 0], [9, 0], [10, 0], [11, 0], [2, 0]], np.float32)
    assert share_with_own(points[:5], np.array([0, 0, 2, 2, 2])) == 1.0
    assert share_with_own(points, np.array([0, 0, 2, 2, 2, 2])) == 5 / 6
    assert share_with_own(points, np.zeros(6, int)) is None
    assert share_with_own(np.empty((0, 2)), np.empty(0, int)) is None

import numpy as np

from core.training.drawing import SIDE, draw, fitted, inked, smooth


def test_a_smooth_curve_goes_through_its_points_and_two_points_are_a_line() -> None:
    points = np.array([[0.0, 0], [10, 5], [20, 40], [5, 60]])
    curve = smooth(points, steps=8)
    assert len(curve) == 25
    np.testing.assert_allclose(curve[::8], points, atol=1e-12)
    line = smooth(np.array([[0.0, 0], [10, 20]]), steps=10)
    np.testing.assert_allclose(line[:, 1], 2 * line[:, 0], atol=1e-12)
    assert np.abs(np.diff(curve, axis=0)).max() < 8


def test_what_is_drawn_fills_the_box_in_proportion() -> None:
    upright = draw([np.array([[56.0, 0], [56, SIDE]])], 10, (28, 28))
    rows, columns = (np.flatnonzero((upright > 60).any(axis=axis)) for axis in (1, 0))
    assert (rows.min(), rows.max()) == (4, 23)
    assert 1 <= len(columns) <= 3
    level = draw([np.array([[0.0, 56], [SIDE, 56]])], 10, (28, 28))
    np.testing.assert_allclose(level.T.astype(int), upright, atol=2)


def test_lines_that_leave_the_canvas_are_kept_inside() -> None:
    assert draw([np.array([[-500.0, 20], [900, 80]])], 6, (28, 28)).any()


def test_nothing_drawn_is_an_empty_image() -> None:
    empty = np.zeros((9, 12), np.uint8)
    assert inked(empty) == slice(None)
    assert not fitted(empty, (28, 28)).any()

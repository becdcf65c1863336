"""Calibration and coverage: values as given, intervals around them, thresholds at both ends."""

import numpy as np
import pytest

from core.evaluation import coverage_curve, evaluate
from core.figures import calibration, coverage
from core.figures.confidence import _wilson

PROBABILITIES = np.array([[0.9, 0.1], [0.8, 0.2], [0.45, 0.55], [0.3, 0.7], [0.55, 0.45]])
LABELS = np.array([0, 0, 0, 1, 0])


def test_calibration_draws_the_bins_that_hold_images() -> None:
    values = evaluate(PROBABILITIES, LABELS).calibration
    chart = calibration(values)
    filled = [one for one in values.bins if one.count]
    dots = chart.figure.data[1]

    assert list(dots.x) == [one.mean_confidence for one in filled]
    assert list(dots.y) == [one.accuracy for one in filled]
    assert list(dots.customdata) == [f"{one.count} image" + "s" * (one.count > 1) for one in filled]
    assert (
        chart.title
        == f"Confidence and accuracy lie {100 * values.expected_calibration_error:.2f} points apart on average"
    )
    assert chart.table["images"] == [one.count for one in values.bins]
    assert chart.figure.layout.xaxis.title.text == "Confidence (mean of a bin)"
    assert "expected calibration error" in chart.alt


@pytest.mark.parametrize(("share", "n"), [(0.0, 1), (1.0, 1), (0.5, 10), (0.999, 10_000)])
def test_intervals_hold_their_share(share: float, n: int) -> None:
    low, high = _wilson(share, n)
    assert 0 <= low <= share <= high <= 1
    assert high > low


def test_wilson_interval_of_a_known_case() -> None:
    # Newcombe 1998, table I: 81 of 263.
    assert _wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_coverage_marks_what_a_threshold_gives() -> None:
    chart = coverage(coverage_curve(PROBABILITIES, LABELS), 0.6)
    line, mark = chart.figure.data

    assert line.x[0] == 0
    assert line.y[0] == 0.8
    assert (list(mark.x), list(mark.y)) == ([pytest.approx(0.4)], [1.0])
    assert chart.title == "Passing 40.00% of images to a person leaves 100.00% right"
    assert chart.table["threshold"] == [0.55, 0.7, 0.8, 0.9]
    assert chart.figure.layout.yaxis.title.text == "Accuracy on the images kept"


def test_a_threshold_above_every_confidence_keeps_nothing() -> None:
    chart = coverage(coverage_curve(PROBABILITIES, LABELS), 0.95)

    assert chart.title == "Every image goes to a person"
    assert list(chart.figure.data[1].x) == []
    assert chart.alt.endswith("none is kept.")


def test_a_threshold_of_zero_keeps_everything() -> None:
    assert coverage(coverage_curve(PROBABILITIES, LABELS), 0.0).title.startswith("Passing 0.00%")


def test_ten_thousand_images_are_drawn_with_a_few_hundred_points() -> None:
    random = np.random.default_rng(0)
    confidence = 1 - 0.5 * random.random(10_000) ** 4
    labels = (random.random(10_000) > confidence).astype(int)
    curve = coverage_curve(np.stack([confidence, 1 - confidence], axis=1), labels)
    chart = coverage(curve, 0.9)
    line = chart.figure.data[0]

    assert 100 < len(line.x) <= 402
    assert (line.x[0], line.y[0]) == (0, curve.accuracy[0])
    assert line.x[-1] == 1 - curve.coverage[-1]
    assert np.all(np.diff(line.x) >= 0)
    assert len(chart.table["threshold"]) == len(curve.thresholds)

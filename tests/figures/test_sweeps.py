"""Sweeps: every seed a mark, means joined, ranges as bars, and a title that claims no more than the seeds allow."""

import pytest

from core.figures import axis_words, sweep_accuracy, sweep_loss, sweep_seconds, value_words
from core.sweeps import Point, Value


def point(value: Value, seed: int, val_loss: float | None, accuracy: float = 0.98, seconds: float = 2.0) -> Point:
    return Point(value, seed, 0.01, 0.999, val_loss, None if val_loss is None else accuracy, seconds)


POINTS = [point(64, 0, 0.08), point(64, 1, 0.10), point(128, 0, 0.05), point(128, 1, 0.07)]


def test_seeds_means_and_ranges() -> None:
    chart = sweep_loss(POINTS, "dense_units")
    means, seeds = chart.figure.data[2:]

    assert means.name == "Validation"
    assert list(means.y) == pytest.approx([0.09, 0.06])
    assert list(means.error_y.array) == pytest.approx([0.01, 0.01])
    assert list(means.error_y.arrayminus) == pytest.approx([0.01, 0.01])
    assert list(seeds.y) == [0.08, 0.10, 0.05, 0.07]
    assert list(chart.figure.layout.xaxis.ticktext) == ["64", "128"]
    assert chart.figure.layout.xaxis.title.text == "Dense units"
    assert chart.figure.layout.yaxis.title.text == "Loss (cross-entropy, nats)"
    assert chart.title == "Dense units: validation loss is lowest at 128"
    assert "64: 0.0900; 128: 0.0600" in chart.alt
    assert chart.table == {
        "value": [64, 64, 128, 128],
        "seed": [0, 1, 0, 1],
        "train_loss": [0.01] * 4,
        "validation_loss": [0.08, 0.10, 0.05, 0.07],
    }


def test_ranges_that_overlap_are_called_noise() -> None:
    points = [
        point(64, 0, 0.05, 0.97),
        point(64, 1, 0.09, 0.99),
        point(128, 0, 0.06, 0.975),
        point(128, 1, 0.07, 0.976),
    ]

    assert sweep_loss(points, "dense_units").title.endswith("lowest at 128, but within the noise of 64")
    assert sweep_accuracy(points, "dense_units").title.endswith("highest at 64, but within the noise of 128")


def test_one_seed_says_so_and_has_no_bars() -> None:
    chart = sweep_loss([point(64, 0, 0.08), point(128, 0, 0.05)], "dense_units")

    assert chart.title.endswith("lowest at 128 (one seed)")
    assert not chart.figure.data[2].error_y.visible


def test_accuracies_in_percent() -> None:
    chart = sweep_accuracy([*POINTS[:2], point(128, 0, 0.05, 0.99), point(128, 1, 0.07, 0.99)], "dense_units")

    assert chart.title == "Dense units: validation accuracy is highest at 128"
    assert chart.figure.layout.yaxis.tickformat.endswith("%")
    assert list(chart.figure.data[2].y) == [0.98, 0.99]


def test_points_that_are_still_to_come_have_their_place() -> None:
    chart = sweep_loss(POINTS[2:], "dense_units", [32, 64, 128])

    assert list(chart.figure.layout.xaxis.ticktext) == ["32", "64", "128"]
    assert list(chart.figure.data[2].x) == [2.06]


def test_no_value_was_validated() -> None:
    chart = sweep_loss([point(64, 0, None), point(128, 0, None)], "dense_units")

    assert chart.title == "Dense units: loss"
    assert list(chart.figure.data[2].y) == []
    assert list(chart.figure.data[0].y) == [0.01, 0.01]


@pytest.mark.parametrize("figure", [sweep_loss, sweep_accuracy, sweep_seconds])
def test_no_run_yet(figure: object) -> None:
    chart = figure([], "batch_size", [64, 128])  # type: ignore[operator]

    assert chart.figure.layout.annotations[0].text == "No finished run yet"
    assert chart.alt.endswith("There is no finished run yet.")


def test_seconds_name_their_range() -> None:
    chart = sweep_seconds([point(64, 0, 0.1, seconds=9.0), point(256, 0, 0.1, seconds=4.0)], "batch_size")

    assert chart.title == "Batch size of each phase: an epoch takes 4.0 to 9.0 s"
    assert list(chart.figure.data[0].y) == [9.0, 4.0]
    assert chart.figure.layout.yaxis.title.text == "Time per epoch (s)"


def test_settings_and_values_in_words() -> None:
    assert axis_words("phase2.learning_rate") == "Phase 2 learning rate"
    assert axis_words("architecture.dense_units") == "Dense units"
    assert axis_words("epochs") == "Epochs of each phase"
    assert [value_words(value) for value in (None, 1024, 0.0001, 0.5)] == ["none", "1,024", "0.0001", "0.5"]

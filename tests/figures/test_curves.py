"""Curves of trainings: the numbers of the history, the boundary of the phases, the kept epoch, no history."""

import pytest

from core.figures import Chart, autoencoder_loss, classifier_accuracy, classifier_loss, overlaid
from core.figures.curves import Measure
from core.store import StageFacts
from core.training.progress import EpochRecord


def record(stage: str, epoch: int, loss: float, val_loss: float | None, accuracy: float | None = None) -> EpochRecord:
    val_accuracy = None if accuracy is None or val_loss is None else accuracy - 0.01
    return EpochRecord(stage, epoch, loss, accuracy, val_loss, val_accuracy, 0.001, 2.0)


HISTORY = [
    record("autoencoder", 1, 0.03, 0.02),
    record("autoencoder", 2, 0.01, 0.008),
    record("phase1", 1, 0.5, 0.4, 0.90),
    record("phase1", 2, 0.3, 0.3, 0.95),
    record("phase2", 1, 0.2, 0.09, 0.98),
    record("phase2", 2, 0.1, 0.05, 0.99),
    record("phase2", 3, 0.05, 0.07, 0.995),
]
FACTS = {"phase1": StageFacts(2, None, False, {}), "phase2": StageFacts(3, 2, True, {})}


def lines(chart: Chart) -> dict[str, list[float]]:
    return {trace.name: list(trace.y) for trace in chart.figure.data}


def titles(chart: Chart) -> tuple[str, str]:
    return chart.figure.layout.xaxis.title.text, chart.figure.layout.yaxis.title.text


def test_autoencoder_loss_is_that_of_its_epochs() -> None:
    chart = autoencoder_loss(HISTORY, "binary_crossentropy")

    assert lines(chart) == {"Training": [0.03, 0.01], "Validation": [0.02, 0.008]}
    assert list(chart.figure.data[0].x) == [1, 2]
    assert titles(chart) == ("Epoch", "Loss (binary cross-entropy, nats)")
    assert chart.title == "Validation loss is lowest in epoch 2: 0.00800"
    assert chart.alt == (
        "Reconstruction loss in 2 epochs. Validation loss begins at 0.0200, ends at 0.00800, and is lowest in epoch 2 "
        "with 0.00800."
    )
    assert chart.table == {
        "stage": ["autoencoder"] * 2,
        "epoch": [1, 2],
        "loss": [0.03, 0.01],
        "val_loss": [0.02, 0.008],
    }


def test_both_phases_stand_on_one_axis_with_their_boundary_and_the_kept_epoch() -> None:
    chart = classifier_loss(HISTORY, FACTS)
    figure = chart.figure

    assert lines(chart) == {
        "Training": [0.5, 0.3, 0.2, 0.1, 0.05],
        "Validation": [0.4, 0.3, 0.09, 0.05, 0.07],
        "Kept: epoch 2, stopped early after 3": [0.05],
    }
    assert list(figure.data[0].x) == [1, 2, 3, 4, 5]
    assert list(figure.data[2].x) == [4]
    assert [shape.x0 for shape in figure.layout.shapes] == [2.5]
    assert [note.text.strip() for note in figure.layout.annotations] == ["Phase 1", "Phase 2"]
    assert chart.title == "Validation loss is lowest in epoch 2 of phase 2: 0.0500"
    assert chart.alt.endswith("Kept: epoch 2, stopped early after 3.")
    assert chart.table["stage"] == ["phase1", "phase1", "phase2", "phase2", "phase2"]


def test_accuracy_is_drawn_in_percent() -> None:
    chart = classifier_accuracy(HISTORY, FACTS)

    assert lines(chart)["Training"] == [0.90, 0.95, 0.98, 0.99, 0.995]
    assert chart.figure.layout.yaxis.tickformat.endswith("%")
    assert titles(chart) == ("Epoch", "Accuracy")
    assert chart.title == "Validation accuracy is highest in epoch 3 of phase 2: 98.50%"


def test_a_training_on_its_way_has_curves_without_boundary_or_kept_epoch() -> None:
    chart = classifier_loss(HISTORY[:4])

    assert set(lines(chart)) == {"Training", "Validation"}
    assert len(chart.figure.layout.shapes) == 0


def test_without_validation_the_training_speaks() -> None:
    chart = classifier_loss([record("phase1", 1, 0.5, None, 0.9)])

    assert lines(chart) == {"Training": [0.5]}
    assert chart.title == "Training loss is lowest in epoch 1 of phase 1: 0.500"


def test_the_axis_of_a_loss_can_be_logarithmic() -> None:
    assert classifier_loss(HISTORY, log=True).figure.layout.yaxis.type == "log"


@pytest.mark.parametrize("figure", [autoencoder_loss, classifier_loss, classifier_accuracy])
def test_no_epochs_yet(figure: object) -> None:
    chart = figure([])  # type: ignore[operator]

    assert chart.title.endswith("no epochs yet")
    assert chart.alt
    assert chart.figure.layout.annotations[0].text == "No epochs yet"
    assert all(len(column) == 0 for column in chart.table.values())


@pytest.mark.parametrize("measure", ["loss", "accuracy", "val_loss", "val_accuracy"])
def test_runs_are_laid_over_each_other(measure: Measure) -> None:
    chart = overlaid({"first": HISTORY, "<b>second</b>": HISTORY[:4]}, measure)

    expected = [getattr(one, measure) for one in HISTORY[2:]]
    assert lines(chart) == {"first": expected, "&lt;b&gt;second&lt;/b&gt;": expected[:2]}
    assert [trace.line.dash for trace in chart.figure.data] == ["solid", "dash"]
    assert list(chart.figure.data[0].marker.symbol) == ["circle", "circle", "diamond", "circle", "circle"]
    assert chart.table["run"] == ["first"] * 5 + ["<b>second</b>"] * 2
    assert chart.table[measure] == expected + expected[:2]
    assert "first ends at" in chart.alt


def test_no_runs_to_lay_over_each_other() -> None:
    chart = overlaid({})
    assert chart.figure.layout.annotations[0].text == "No epochs yet"
    assert chart.alt == "Validation loss of 0 runs over the epochs of both phases. There are no epochs yet."

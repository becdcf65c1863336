"""The confusion matrix: its counts and shares, the cells that can be clicked, and its words."""

import numpy as np
import pytest

from core.evaluation import Report, evaluate
from core.figures import confusion_matrix


def report(confusion: list[list[int]]) -> Report:
    pairs = [(t, p) for t, row in enumerate(confusion) for p, n in enumerate(row) for _ in range(n)]
    labels, predicted = np.array(pairs).T
    names = [f"class {i}" for i in range(len(confusion))]
    return evaluate(np.eye(len(confusion))[predicted], labels, names)


THREE = report([[8, 2, 0], [1, 9, 0], [0, 0, 5]])


def cells(chart: object) -> dict[tuple[int, int], int]:
    [trace] = [trace for trace in chart.figure.data if trace.name == "Cells"]  # type: ignore[attr-defined]
    places = [tuple(pair) for pair in zip(trace.y, trace.x, strict=True)]
    assert places == [(true, predicted) for true, predicted, _ in trace.customdata]
    return {(true, predicted): images for true, predicted, images in trace.customdata}


def test_every_cell_can_be_clicked_and_tells_its_images() -> None:
    chart = confusion_matrix(THREE)

    assert cells(chart) == {(t, p): THREE.confusion[t][p] for t in range(3) for p in range(3)}
    assert chart.figure.layout.clickmode == "event+select"
    assert chart.figure.data[-1].unselected.marker.opacity == 0
    assert chart.figure.layout.xaxis.title.text == "Predicted class"
    assert chart.figure.layout.yaxis.title.text == "True class"
    assert list(chart.figure.layout.yaxis.range) == [2.5, -0.5]


def test_hits_and_mistakes_are_coloured_apart() -> None:
    hits, mistakes = confusion_matrix(THREE).figure.data[:2]

    assert [[value is not None for value in row] for row in hits.z] == np.eye(3, dtype=bool).tolist()
    assert [list(row) for row in mistakes.z] == [[None, 2, None], [1, None, None], [None, None, None]]
    assert mistakes.zmax == 2


def test_numbers_stand_in_the_cells_that_hold_images() -> None:
    notes = confusion_matrix(THREE).figure.layout.annotations
    assert {(note.y, note.x): note.text for note in notes} == {
        (0, 0): "8",
        (0, 1): "2",
        (1, 0): "1",
        (1, 1): "9",
        (2, 2): "5",
    }


@pytest.mark.parametrize(("shares", "expected"), [("row", 2 / 10), ("column", 2 / 11)])
def test_shares_of_rows_and_columns(shares: str, expected: float) -> None:
    chart = confusion_matrix(THREE, shares)  # type: ignore[arg-type]

    assert chart.figure.data[1].z[0][1] == pytest.approx(expected)
    assert chart.table[f"share_of_{shares}"][1] == pytest.approx(expected)
    assert chart.figure.layout.annotations[1].text == f"{100 * expected:.1f}"
    assert shares in chart.figure.layout.xaxis.title.text


def test_words() -> None:
    chart = confusion_matrix(THREE)

    assert chart.title == "3 of 25 are misread; most often class 0 as class 1 (2)"
    assert "class 0 read as class 1: 2 images; class 1 read as class 0: 1 image." in chart.alt
    assert chart.table["images"] == [8, 2, 0, 1, 9, 0, 0, 0, 5]


def test_no_mistakes() -> None:
    chart = confusion_matrix(report([[3, 0], [0, 4]]))

    assert chart.title == "All 7 images are read rightly"
    assert all(value is None for row in chart.figure.data[1].z for value in row)


def test_a_class_without_images_has_no_shares() -> None:
    chart = confusion_matrix(report([[3, 1, 0], [0, 0, 0], [0, 0, 4]]), "row")
    assert chart.table["share_of_row"] == [0.75, 0.25, 0, 0, 0, 0, 0, 0, 1]


def test_the_chosen_cell_is_outlined() -> None:
    [shape] = confusion_matrix(THREE, chosen=(0, 1)).figure.layout.shapes
    assert (shape.x0, shape.x1, shape.y0, shape.y1) == (0.5, 1.5, -0.5, 0.5)


def test_of_many_classes_the_filled_cells_can_be_clicked() -> None:
    confusion = np.eye(60, dtype=int)
    confusion[3, 7] = 2
    chart = confusion_matrix(report(confusion.tolist()))

    assert len(cells(chart)) == 61
    assert len(chart.figure.layout.annotations) == 0
    assert len(chart.figure.layout.xaxis.ticktext) == 30

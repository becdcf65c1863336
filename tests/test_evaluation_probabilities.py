"""Which class a row of probabilities says, and what is refused as probabilities or labels."""

from typing import Any

import numpy as np
import pytest

from core.evaluation import coverage_curve, evaluate, predicted_classes, rounded_first_classes


def test_classes_are_chosen_before_rounding_and_ties_go_to_the_lowest() -> None:
    unsure = [[0.3, 0.45, 0.25], [0.2, 0.4, 0.4], [0.25, 0.25, 0.5]]

    assert predicted_classes(unsure).tolist() == [1, 1, 2]
    assert predicted_classes(np.zeros((0, 3))).shape == (0,)


def test_rounding_first_calls_unsure_images_zero() -> None:
    probabilities = [[0.3, 0.45, 0.25], [0.1, 0.2, 0.7]]

    assert rounded_first_classes(probabilities).tolist() == [0, 2]
    assert evaluate(probabilities, [1, 2]).correct == 2


@pytest.mark.parametrize(
    ("probabilities", "said"),
    [
        ([[0.5, 0.5], [np.nan, 1]], "1 of 2 are not, the first being row 1"),
        ([[np.inf, 0]], "must be finite"),
        ([[np.inf, -np.inf]], "must be finite"),
        ([[1e308, 1e308]], "must be finite"),
        ([[1.5, -0.5]], "not negative.* lowest value of -0.5 and a sum of 1"),
        ([[0.5, 0.4]], "sum to 1.* a sum of 0.9"),
        ([[3.0, 2.0]], "sum to 1"),
        ([0.5, 0.5], r"shape \(n_images, n_classes\).* it has shape \(2,\)"),
        ([[[0.5, 0.5]]], r"it has shape \(1, 1, 2\)"),
        ([[1.0]], "at least two classes"),
        ([["a", "b"]], "must be numbers"),
        ([[0.5j, 0.5]], "type complex128"),
        (np.array([[True, False]]), "type bool"),
    ],
)
def test_refuses_what_is_no_probability(probabilities: Any, said: str) -> None:
    for refuse in (
        predicted_classes,
        rounded_first_classes,
        lambda p: evaluate(p, [0]),
        lambda p: coverage_curve(p, [0]),
    ):
        with pytest.raises(ValueError, match=said):
            refuse(probabilities)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ([0], r"labels must be 2 integers.* it has shape \(1,\)"),
        ([[0], [1]], r"it has shape \(2, 1\)"),
        ([[1, 0], [0, 1]], r"it has shape \(2, 2\)"),
        ([0.0, 1.0], "type float64"),
        ([True, False], "type bool"),
        ([0, 2], "labels must lie in 0 to 1.* from 0 to 2"),
        ([-1, 0], "from -1 to 0"),
    ],
)
def test_refuses_labels_that_do_not_fit(labels: Any, said: str) -> None:
    for refuse in (evaluate, coverage_curve):
        with pytest.raises(ValueError, match=said):
            refuse([[0.5, 0.5], [0.5, 0.5]], labels)


def test_refuses_an_empty_split_and_wrong_names() -> None:
    with pytest.raises(ValueError, match="holds no images"):
        evaluate(np.zeros((0, 10)), np.zeros(0, dtype=int))
    with pytest.raises(ValueError, match="must hold 2 names, one a column; it holds 3"):
        evaluate([[0.5, 0.5]], [0], ["a", "b", "c"])

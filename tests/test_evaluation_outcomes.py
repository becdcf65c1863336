import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evaluation import Choice, Order, chosen, coverage_curve, evaluate, handover, in_order, outcomes

PROBABILITIES = np.array(
    [
        [0.9, 0.1, 0.0],  # 0, right
        [0.6, 0.4, 0.0],  # 1, read as 0
        [0.0, 0.0, 1.0],  # 2, right
        [0.2, 0.7, 0.1],  # 0, read as 1
        [0.3, 0.3, 0.4],  # 2, right
    ]
)
LABELS = np.array([0, 1, 2, 0, 2])


def test_each_image_has_its_class_confidence_and_loss() -> None:
    of = outcomes(PROBABILITIES, LABELS)
    assert of.labels.tolist() == LABELS.tolist()
    assert of.predicted.tolist() == [0, 0, 2, 1, 2]
    assert of.hits.tolist() == [True, False, True, False, True]
    assert of.confidences == pytest.approx([0.9, 0.6, 1.0, 0.7, 0.4])
    assert of.losses == pytest.approx(-np.log([0.9, 0.4, 1 - 1e-7, 0.2, 0.4]))


def test_the_mean_of_the_losses_is_the_loss_of_the_report() -> None:
    assert outcomes(PROBABILITIES, LABELS).losses.mean() == evaluate(PROBABILITIES, LABELS).loss


def test_outcomes_are_shared_and_cannot_be_changed() -> None:
    of = outcomes(PROBABILITIES, LABELS)
    with pytest.raises(ValueError, match="read-only"):
        of.losses[0] = 0
    assert LABELS.flags.writeable


def test_they_refuse_what_a_report_refuses() -> None:
    with pytest.raises(ValueError, match="labels must be 5 integers"):
        outcomes(PROBABILITIES, LABELS[:3])


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        (Choice(), [0, 1, 2, 3, 4]),
        (Choice(hit=False), [1, 3]),
        (Choice(hit=True), [0, 2, 4]),
        (Choice(label=0), [0, 3]),
        (Choice(predicted=0), [0, 1]),
        (Choice(label=0, predicted=1), [3]),
        (Choice(least_confidence=0.7), [0, 2, 3]),
        (Choice(most_confidence=0.6), [1, 4]),
        (Choice(least_confidence=0.6, most_confidence=0.7), [1, 3]),
        (Choice(least_loss=1.0), [3]),
        (Choice(hit=True, label=1), []),
    ],
)
def test_a_choice_means_the_images_that_meet_all_of_it(choice: Choice, found: list[int]) -> None:
    assert chosen(outcomes(PROBABILITIES, LABELS), choice).tolist() == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (Order.HIGHEST_LOSS, [3, 1, 4, 0, 2]),
        (Order.LOWEST_LOSS, [2, 0, 1, 4, 3]),
        (Order.SUREST, [2, 0, 3, 1, 4]),
        (Order.LEAST_SURE, [4, 1, 3, 0, 2]),
        (Order.TRUE_CLASS, [0, 3, 1, 2, 4]),
        (Order.PREDICTED_CLASS, [0, 1, 3, 2, 4]),
        (Order.POSITION, [0, 1, 2, 3, 4]),
    ],
)
def test_orders(order: Order, found: list[int]) -> None:
    of = outcomes(PROBABILITIES, LABELS)
    assert in_order(of, np.arange(5), order).tolist() == found
    assert in_order(of, np.array([4, 0]), order).tolist() == [i for i in found if i in (0, 4)]


@given(st.permutations(range(5)), st.sampled_from(Order))
def test_an_order_does_not_depend_on_the_order_before(before: list[int], order: Order) -> None:
    of = outcomes(PROBABILITIES, LABELS)
    assert in_order(of, np.array(before), order).tolist() == in_order(of, np.arange(5), order).tolist()


def test_what_a_person_gets() -> None:
    result = handover(outcomes(PROBABILITIES, LABELS), 0.7)
    assert (result.passed, result.kept, result.caught, result.left) == (2, 3, 1, 1)
    assert result.kept_accuracy == pytest.approx(2 / 3)


def test_a_person_gets_nothing_at_no_threshold_and_everything_above_one() -> None:
    of = outcomes(PROBABILITIES, LABELS)
    nothing, everything = handover(of, 0), handover(of, 1.1)
    assert (nothing.passed, nothing.caught, nothing.left) == (0, 0, 2)
    assert (everything.kept, everything.caught, everything.kept_accuracy) == (0, 2, None)


def test_the_handover_lies_on_the_coverage_curve() -> None:
    curve = coverage_curve(PROBABILITIES, LABELS)
    for threshold, coverage, accuracy in zip(curve.thresholds, curve.coverage, curve.accuracy, strict=True):
        result = handover(outcomes(PROBABILITIES, LABELS), threshold)
        assert result.kept / 5 == coverage
        assert result.kept_accuracy == pytest.approx(accuracy)

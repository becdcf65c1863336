import numpy as np
import pytest

from core.insight import chosen_images, class_errors, share_below

ERRORS = np.array([0.3, 0.1, 0.2, 0.9, 0.5, 0.7, 0.1])
LABELS = np.array([0, 0, 0, 1, 1, 1, 0])


def test_each_class_has_its_mean_its_median_and_its_worst_image() -> None:
    first, second, absent = class_errors(ERRORS, LABELS, 3)
    assert (first.n_images, first.worst, first.worst_image) == (4, 0.3, 0)
    assert first.mean == pytest.approx(0.175)
    assert first.median == pytest.approx(0.15)
    assert (second.mean, second.median, second.worst_image) == (pytest.approx(0.7), 0.7, 3)
    assert (absent.n_images, absent.mean, absent.median, absent.worst, absent.worst_image) == (
        0,
        None,
        None,
        None,
        None,
    )


def test_the_worst_and_the_best_come_first_whatever_their_class() -> None:
    assert chosen_images(ERRORS, LABELS, "worst", 3).tolist() == [3, 5, 4]
    assert chosen_images(ERRORS, LABELS, "best", 3).tolist() == [1, 6, 2]  # of equal ones the earlier


def test_of_one_class_only_its_images_come() -> None:
    assert chosen_images(ERRORS, LABELS, "worst", 9, label=0).tolist() == [0, 2, 1, 6]
    assert chosen_images(ERRORS, LABELS, "worst", 9, label=2).tolist() == []


def test_typical_images_lie_at_the_median_of_their_class() -> None:
    errors = np.array([8.0, 1.0, 3.0, 9.0, 5.0, 7.0, 2.0])
    assert chosen_images(errors, LABELS, "typical", 1, label=1).tolist() == [5]
    assert chosen_images(errors, LABELS, "typical", 4).tolist() == [2, 6, 5, 3]  # two of each class
    assert chosen_images(ERRORS[:0], LABELS[:0], "typical", 4).tolist() == []


def test_many_classes_get_one_image_each_as_far_as_they_fit() -> None:
    assert len(chosen_images(np.arange(40.0), np.arange(40), "typical", 24)) == 24


def test_the_share_of_smaller_errors() -> None:
    assert share_below(ERRORS, 0.5) == pytest.approx(4 / 7)
    assert share_below(ERRORS[:0], 0.5) == 0.0


def test_errors_of_other_images_are_refused() -> None:
    with pytest.raises(ValueError, match="one of each"):
        class_errors(ERRORS, LABELS[1:], 2)
    with pytest.raises(ValueError, match="one of each"):
        chosen_images(ERRORS[1:], LABELS, "best", 2)

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from benchmarks.reading import tables
from benchmarks.reading.measure import (
    Counts,
    ReadDigit,
    Reading,
    Refusals,
    attempt,
    auroc,
    interval,
    matched,
    overlap,
)
from benchmarks.reading.runs import NOTHING, WHOLE, preparations
from benchmarks.reading.sheets import Truth
from core.errors import ImageError

TRUTH = Truth((4, 0), ((0, 0, 10, 20), (20, 0, 10, 20)), (0, 0))


def test_overlap_is_intersection_over_union() -> None:
    assert overlap((0, 0, 10, 10), (0, 0, 10, 10)) == 1
    assert overlap((0, 0, 10, 10), (5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 10, 10), (10, 0, 10, 10)) == 0


def test_boxes_are_matched_one_to_one_and_the_best_first() -> None:
    read = [(0, 0, 30, 20), (21, 0, 10, 20)]
    assert matched(TRUTH.boxes, read) == [(0, pytest.approx(1 / 3)), (1, pytest.approx(9 / 11))]
    assert matched(TRUTH.boxes, []) == [(None, 0.0), (None, 0.0)]
    assert matched([(0, 0, 10, 10)], [(9, 9, 10, 10)]) == [(None, 0.0)]


def test_what_is_counted_on_a_picture() -> None:
    counts = Counts()
    reading = Reading((ReadDigit(4, (0, 0, 10, 20), 0.1), ReadDigit(6, (20, 0, 10, 18), 0.9, is_digit=False)), "4")
    assert not counts.add(reading, TRUTH, 0.5)
    assert (counts.pictures, counts.digits, counts.right, counts.found, counts.flagged) == (1, 2, 1, 2, 1)
    assert (counts.count_right, counts.text_right, counts.novelties) == (0, 0, [0.1, 0.9])
    right = Reading((ReadDigit(4, (0, 0, 10, 20)), ReadDigit(0, (20, 0, 10, 20))), "40")
    assert counts.add(right, TRUTH, 0.5)
    assert (counts.right, counts.count_right, counts.text_right, counts.seconds) == (3, 1, 1, 1.0)


def test_a_refused_picture_counts_as_wrong_with_digits_and_as_right_without() -> None:
    def refuses(picture: np.ndarray) -> Reading:
        raise ImageError("the picture: expected a digit, found nothing.")

    reading, _ = attempt(refuses, np.zeros((2, 2, 3), np.uint8))
    assert reading.error == "the picture: expected a digit, found nothing."
    counts, refusals = Counts(), Refusals()
    assert not counts.add(reading, TRUTH, 0.0)
    assert (counts.right, counts.refused) == (0, 1)
    assert refusals.add(reading)
    assert (refusals.accepted, refusals.empty, refusals.novelties) == (0, 1, [1.0])


def test_a_picture_without_digits_is_as_digit_like_as_its_most_digit_like_part() -> None:
    refusals = Refusals()
    assert not refusals.add(
        Reading((ReadDigit(1, (0, 0, 1, 1), 0.2), ReadDigit(1, (0, 0, 1, 1), 0.9, is_digit=False)), "1")
    )
    assert refusals.novelties == [0.2]
    assert refusals.accepted == 1


def test_the_interval_is_wilsons() -> None:
    assert interval(0, 0) == (0.0, 1.0)
    low, high = interval(98, 100)
    assert (low, high) == (pytest.approx(0.9300, abs=1e-4), pytest.approx(0.9945, abs=1e-4))
    assert interval(100, 100)[1] == 1.0


@given(
    st.lists(st.integers(0, 5).map(float), min_size=1, max_size=20),
    st.lists(st.integers(0, 5).map(float), min_size=1, max_size=20),
)
def test_the_auroc_is_scikit_learns(digits: list[float], others: list[float]) -> None:
    truth = [0] * len(digits) + [1] * len(others)
    assert auroc(digits, others) == pytest.approx(roc_auc_score(truth, digits + others))


def test_the_auroc_of_nothing_is_none() -> None:
    assert math.isnan(auroc([], [1.0]))


def test_the_ablation_leaves_out_each_step_once_and_all_of_them() -> None:
    made = preparations()
    assert len(made) == len(set(map(repr, made.values())))
    assert WHOLE in made
    assert not any(vars(made[NOTHING]).values())


def kept(right: int, digits: int = 10) -> dict[str, object]:
    counts = {"pictures": digits, "digits": digits, "right": right, "found": digits, "count_right": digits}
    return {**counts, "text_right": right, "flagged": 1, "refused": 0, "seconds": 1.0, "novelties": [0.1] * digits}


def one_set(**counts: dict[str, object]) -> dict[str, object]:
    return {"group": "sheets", "description": "white paper", "digits": True, "counts": counts}


def test_tables_say_what_was_counted() -> None:
    results = {"paper": one_set(**{WHOLE: kept(9)}), "ruled": one_set(**{WHOLE: kept(10)})}
    lines = tables.accuracy(results, "sheets")
    assert lines[2] == "| paper | 10 | 90.0% | 59.6 to 98.2 | 100.0% | 10 | 100.0% | 90.0% | 10.0% |"
    assert lines[-1].startswith("| **all of these** | 20 | 95.0% |")
    assert tables.descriptions(results, "sheets")[2] == "| paper | white paper |"


def test_the_ablation_table_shows_changes_in_points() -> None:
    counts = {step: kept(8 if step == "crop" else 9) for step in preparations()}
    lines = tables.ablation({"paper": one_set(**counts)})
    assert "| 90.0% |" in lines[2]
    assert "| -10.0 |" in lines[2]
    assert lines[-1].startswith("| **all** |")


def test_the_gate_table_compares_with_all_digits() -> None:
    others = {"pictures": 4, "accepted": 1, "empty": 1, "novelties": [0.05, 0.9, 0.9, 1.0]}
    results = {
        "paper": one_set(**{WHOLE: kept(9)}),
        "noise": {"group": "no digits", "description": "", "digits": False, "counts": {WHOLE: others}},
    }
    assert tables.gate(results)[2] == "| noise | 4 | 0.750 | 25.0% | 4.6 to 69.9 | 25.0% |"


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    page = "before\n<!-- tables: gate -->\nold\n<!-- end of tables: gate -->\nafter\n"
    again = tables.replaced(page, {"gate": ["new", "lines"]})
    assert again == "before\n<!-- tables: gate -->\nnew\nlines\n<!-- end of tables: gate -->\nafter\n"
    with pytest.raises(ValueError, match="expected the marks"):
        tables.replaced("nothing", {"gate": []})


def test_what_is_kept_comes_back_from_its_text() -> None:
    measured = {"seed": 0, "sets": {"paper, [1]": {"novelties": [0.125, 1.0, 0.0], "none": []}}}
    text = tables.as_json(measured)
    assert json.loads(text) == measured
    assert "[ 0.125, 1.0, 0.0 ]" in text

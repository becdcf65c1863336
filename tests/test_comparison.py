"""McNemar's exact test against hand-made cases and against its definition, outcome by outcome."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.comparison import McNemar, in_words, mcnemar, settings_that_differ
from core.recipe import Recipe


def disagreement(fixed: int, broken: int, agreeing: int = 3) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    correct_a = np.array([False] * fixed + [True] * broken + [True] * agreeing)
    correct_b = np.array([True] * fixed + [False] * broken + [True] * agreeing)
    return correct_a, correct_b


def test_hand_made_case() -> None:
    correct_a = np.array([True, False, True, False, False, False])
    correct_b = np.array([True, True, False, False, True, True])

    # One of four disagreements, or fewer, on either side: 2 * (1 + 4) / 16.
    assert mcnemar(correct_a, correct_b) == McNemar(fixed=(1, 4, 5), broken=(2,), p_value=0.625)
    assert mcnemar(correct_b, correct_a) == McNemar(fixed=(2,), broken=(1, 4, 5), p_value=0.625)


@pytest.mark.parametrize("n_images", [0, 7])
def test_no_disagreement_is_no_evidence(n_images: int) -> None:
    same = np.arange(n_images) % 2 == 0

    assert mcnemar(same, same) == McNemar(fixed=(), broken=(), p_value=1.0)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 300), st.integers(0, 300))
def test_p_value_adds_up_the_outcomes_no_likelier_than_the_one_seen(fixed: int, broken: int) -> None:
    result = mcnemar(*disagreement(fixed, broken))

    assert (len(result.fixed), len(result.broken)) == (fixed, broken)
    ways = [math.comb(fixed + broken, heads) for heads in range(fixed + broken + 1)]
    assert result.p_value == sum(way for way in ways if way <= ways[fixed]) / 2 ** (fixed + broken)
    assert 0 <= result.p_value <= 1


def test_p_value_stands_large_counts() -> None:
    assert mcnemar(*disagreement(0, 10_000)).p_value == 0.0  # 2 ** -9999 is below the smallest float
    assert mcnemar(*disagreement(0, 1_000)).p_value == math.ldexp(1, -999)
    assert mcnemar(*disagreement(5_000, 5_000)).p_value == 1.0


@pytest.mark.parametrize(
    ("correct_a", "correct_b", "said"),
    [
        ([True, False], [True], "same images; they hold 2 and 1 answers"),
        ([0, 1], [True, False], "correct_a must be booleans.* type int64"),
        ([True, False], [0.5, 1.0], "correct_b must be booleans.* type float64"),
        ([[True]], [[True]], r"it has shape \(1, 1\)"),
        (True, False, r"it has shape \(\)"),
    ],
)
def test_refuses_answers_that_do_not_fit(correct_a: Any, correct_b: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        mcnemar(correct_a, correct_b)


def verdict(n_fixed: int, n_broken: int) -> str:
    return in_words(mcnemar(*disagreement(n_fixed, n_broken)), "A", "B")


def test_words_say_what_went_what_came_and_whether_it_may_be_chance() -> None:
    assert verdict(31, 22) == (
        "B reads 31 images rightly that A misreads, and misreads 22 that A reads rightly. Were both equally good, a "
        "split at least this uneven would come up in 27% of all cases (McNemar's exact test): this may well be chance."
    )
    assert "1 image rightly" in verdict(1, 1)
    assert "in 100% of all cases" in verdict(1, 1)
    assert "in 3.5% of all cases (McNemar's exact test): this is probably not chance." in verdict(12, 3)
    assert "less than 0.1% of all cases (McNemar's exact test): this is hardly chance." in verdict(60, 10)
    assert verdict(0, 0) == "B is right and wrong on the same images as A."


def test_settings_that_differ_are_those_that_are_not_the_same_in_all_recipes() -> None:
    paper = Recipe()
    wide = paper.changed({"architecture.dense_units": 512})
    other_seed = wide.changed({"seed": 3})

    assert settings_that_differ([]) == settings_that_differ([paper]) == settings_that_differ([paper, paper]) == {}
    assert settings_that_differ([paper, wide, other_seed]) == {
        "seed": (0, 0, 3),
        "architecture.dense_units": (128, 512, 512),
    }

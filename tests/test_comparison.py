"""McNemar's exact test against hand-made cases and against its definition, outcome by outcome."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.comparison import McNemar, mcnemar


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

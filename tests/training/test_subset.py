import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.training.subset import subset

ROWS = np.random.default_rng(0).permutation(200)[:120]
ROWS.sort()


@given(st.integers(0, 130), st.integers(0, 130), st.integers(0, 2**31 - 1))
def test_a_smaller_subset_is_part_of_a_larger_one(few: int, many: int, seed: int) -> None:
    few, many = sorted((few, many))
    small, large = subset(ROWS, few, seed), subset(ROWS, many, seed)
    assert set(small) <= set(large) <= set(ROWS)
    assert len(small) == min(few, len(ROWS))
    assert (np.diff(small) > 0).all()


def test_all_rows_are_taken_where_none_or_too_many_are_asked_for() -> None:
    for images in (None, len(ROWS), len(ROWS) + 1):
        np.testing.assert_array_equal(subset(ROWS, images, 0), ROWS)


def test_the_seed_decides() -> None:
    np.testing.assert_array_equal(subset(ROWS, 20, 5), subset(ROWS, 20, 5))
    assert subset(ROWS, 20, 5).tolist() != subset(ROWS, 20, 6).tolist()

import hashlib

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.data.split import split
from core.errors import DatasetError, RecipeError


@given(
    counts=st.lists(st.integers(1, 60), min_size=2, max_size=6),
    fraction=st.floats(0.01, 0.99),
    seed=st.integers(0, 2**32 - 1),
)
def test_parts_are_disjoint_complete_stratified_and_repeatable(counts: list[int], fraction: float, seed: int) -> None:
    labels = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))
    try:
        parts = split(labels, fraction, seed)
    except DatasetError:
        assume(False)
    assert parts.train.dtype == np.int64
    assert parts.validation.dtype == np.int64
    both = np.concatenate([parts.train, parts.validation])
    assert sorted(both) == list(range(len(labels)))
    assert (np.diff(parts.train) > 0).all()
    assert (np.diff(parts.validation) > 0).all()

    n_validation = len(parts.validation)
    assert abs(n_validation - fraction * len(labels)) <= 1
    in_validation = np.bincount(labels[parts.validation], minlength=len(counts))
    share = np.array(counts) * n_validation / len(labels)
    assert (np.abs(in_validation - share) < 1).all()
    assert (in_validation >= 1).all()
    assert (in_validation < counts).all()

    again = split(labels, fraction, seed)
    np.testing.assert_array_equal(again.train, parts.train)
    np.testing.assert_array_equal(again.validation, parts.validation)


def test_eighty_to_twenty_is_exact_where_it_can_be() -> None:
    labels = np.repeat(np.arange(10), 400)
    parts = split(labels, 0.2, seed=0)
    assert np.bincount(labels[parts.validation]).tolist() == [80] * 10
    assert np.bincount(labels[parts.train]).tolist() == [320] * 10


def test_the_seed_decides() -> None:
    labels = np.repeat(np.arange(10), 40)
    assert split(labels, 0.2, seed=1).validation.tolist() != split(labels, 0.2, seed=2).validation.tolist()


def test_the_split_is_the_same_in_every_version() -> None:
    # Runs are found by their settings: were the same seed to split otherwise, they would no longer be theirs.
    parts = split(np.tile(np.arange(10), 30), 0.2, seed=3)
    assert (
        hashlib.sha256(parts.validation.astype("<i8").tobytes()).hexdigest()
        == "0e06f80cf814a26307e4bb3bdbf247f81b6f15b59973001e188832a1becdc625"
    )


def test_nothing_is_put_aside_for_a_fraction_of_zero() -> None:
    parts = split(np.array([0, 1, 1]), 0, seed=0)
    assert parts.train.tolist() == [0, 1, 2]
    assert parts.validation.shape == (0,)
    assert parts.validation.dtype == np.int64


@pytest.mark.parametrize("fraction", [-0.1, 1, 1.5, float("nan")])
def test_a_fraction_out_of_range_is_refused(fraction: float) -> None:
    with pytest.raises(RecipeError, match="validation_fraction: expected a number from 0 to below 1"):
        split(np.array([0, 1, 1]), fraction, seed=0)


def test_a_class_too_small_for_both_parts_is_named() -> None:
    labels = np.array([0] * 50 + [1] * 4 + [2] * 46)
    with pytest.raises(DatasetError, match=r"at least 5 training images of every class.* but class 1 has 4"):
        split(labels, 0.2, seed=0)
    with pytest.raises(DatasetError, match=r"at least 5 training images of every class.* but class 1 has 4"):
        split(labels, 0.8, seed=0)
    labels[0] = 1
    assert 1 in labels[split(labels, 0.2, seed=0).validation]
    assert 1 in labels[split(labels, 0.8, seed=0).train]


@pytest.mark.parametrize("labels", [[0], [0, 1], [0, 0, 1]])
def test_too_few_images_for_any_split_are_refused(labels: list[int]) -> None:
    with pytest.raises(DatasetError, match="expected at least"):
        split(np.array(labels), 0.01, seed=0)

"""The principal components of the codes: against an exact decomposition, and codes that are none."""

import numpy as np
import pytest

from core.insight import fit_codes, project
from core.insight.components import COMPONENTS

RANDOM = np.random.default_rng(3)
# Codes that vary along a few directions, each less than the one before, with a little of everything else.
DIRECTIONS = np.linalg.qr(RANDOM.standard_normal((200, 8)))[0].T
MADE = RANDOM.standard_normal((500, 8)) * 20 / 2 ** np.arange(8) @ DIRECTIONS + 3 + RANDOM.normal(0, 0.01, (500, 200))
TRAIN, TEST = MADE[:400].astype(np.float16), MADE[400:].astype(np.float16)
ROWS = np.arange(400) * 2


def test_components_are_those_of_an_exact_decomposition() -> None:
    codes = fit_codes(ROWS, TRAIN, TEST)
    centred = TRAIN.astype(np.float64) - TRAIN.astype(np.float64).mean(axis=0)
    _, values, directions = np.linalg.svd(centred, full_matrices=False)

    np.testing.assert_allclose(codes.explained[:8], values[:8] ** 2 / (values**2).sum(), rtol=1e-3)
    along = np.abs(np.einsum("ij,ij->i", codes.components[:6].astype(np.float64), directions[:6]))
    np.testing.assert_allclose(along, 1, atol=1e-3)
    assert np.all(np.diff(codes.explained) <= 0)
    assert codes.explained.sum() <= 1 + 1e-6


def test_shapes_and_types() -> None:
    codes = fit_codes(ROWS, TRAIN, TEST)

    assert (codes.train.shape, codes.test.shape) == ((400, COMPONENTS), (100, COMPONENTS))
    assert codes.components.shape == (COMPONENTS, 200)
    assert (codes.train.dtype, codes.test.dtype, codes.components.dtype) == (np.float16,) * 3
    assert codes.mean.dtype == np.float32
    np.testing.assert_array_equal(codes.train_rows, ROWS)


def test_distances_survive() -> None:
    codes = fit_codes(ROWS, TRAIN, TEST)
    before = np.linalg.norm(TEST.astype(float)[:, np.newaxis] - TRAIN.astype(float)[np.newaxis, :50], axis=2)
    after = np.linalg.norm(codes.test.astype(float)[:, np.newaxis] - codes.train.astype(float)[np.newaxis, :50], axis=2)

    np.testing.assert_allclose(after, before, rtol=0.01, atol=0.1)


def test_twice_the_same() -> None:
    first, second = fit_codes(ROWS, TRAIN, TEST), fit_codes(ROWS, TRAIN, TEST)

    np.testing.assert_array_equal(first.components, second.components)
    np.testing.assert_array_equal(first.test, second.test)


def test_a_code_that_comes_later_gets_the_same_numbers() -> None:
    codes = fit_codes(ROWS, TRAIN, TEST)
    later = project(codes.mean, codes.components, [TEST[:1], TEST[1:3]])

    np.testing.assert_allclose(later.astype(float), codes.test[:3].astype(float), atol=0.02)
    assert project(codes.mean, codes.components, []).shape == (0, COMPONENTS)


def test_fewer_codes_than_components() -> None:
    codes = fit_codes(ROWS[:5], TRAIN[:5], TEST)
    assert codes.train.shape == (5, 4)
    assert np.isfinite(codes.train).all()


def test_codes_that_do_not_vary() -> None:
    codes = fit_codes(ROWS[:5], np.ones((5, 20), np.float16), np.ones((2, 20), np.float16))

    assert codes.explained.tolist() == [0, 0, 0, 0]
    assert np.isfinite(codes.components).all()
    np.testing.assert_allclose(codes.train, 0, atol=1e-3)


def test_what_half_precision_cannot_hold_is_cut() -> None:
    codes = fit_codes(ROWS[:3], np.array([[0.0] * 9, [6e4] * 9, [-6e4] * 9], np.float32), np.full((1, 9), 6e4))
    assert np.isfinite(codes.train).all()


@pytest.mark.parametrize(
    ("rows", "train", "message"),
    [
        (ROWS[:1], TRAIN[:1], "at least two codes"),
        (ROWS[:3], TRAIN[:4], "one for each of the 3 rows, found 4"),
        (ROWS[:3], np.array([[1.0], [np.inf], [2.0]], np.float16), "finite"),
    ],
)
def test_codes_that_are_none(rows: np.ndarray, train: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_codes(rows, train, TEST)

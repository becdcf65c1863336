"""Neighbours against a plain search."""

import numpy as np
import pytest

from core.insight import nearest
from core.store import Codes

RANDOM = np.random.default_rng(1)
TRAIN = RANDOM.normal(0, 10, (50, 4)).astype(np.float16)
CODES = Codes(
    mean=np.zeros(4, np.float32),
    components=np.eye(4, dtype=np.float16),
    explained=np.full(4, 0.25),
    train_rows=np.arange(50) * 3 + 1,
    train=TRAIN,
    test=RANDOM.normal(0, 10, (5, 4)).astype(np.float16),
)


def test_nearest_are_those_of_a_plain_search() -> None:
    found = nearest(CODES, CODES.test, 7)
    distances = np.sqrt(((CODES.test.astype(float)[:, np.newaxis] - TRAIN.astype(float)) ** 2).sum(axis=2))

    np.testing.assert_array_equal(found.rows, CODES.train_rows[distances.argsort(axis=1)[:, :7]])
    np.testing.assert_allclose(found.distances, np.sort(distances, axis=1)[:, :7], rtol=1e-5)
    assert found.distances.dtype == np.float32


def test_a_training_image_finds_itself_first() -> None:
    found = nearest(CODES, TRAIN[12:13], 2)

    assert found.rows[0, 0] == 37
    assert found.distances[0, 0] == 0


def test_ties_go_to_the_earlier_image() -> None:
    twins = Codes(CODES.mean, CODES.components, CODES.explained, np.array([4, 9]), np.zeros((2, 4), np.float16), TRAIN)
    assert nearest(twins, TRAIN[:1], 1).rows.tolist() == [[4]]


def test_no_more_neighbours_than_training_images() -> None:
    assert nearest(CODES, CODES.test, 99).rows.shape == (5, 50)
    assert nearest(CODES, CODES.test[:0], 3).rows.shape == (0, 3)


@pytest.mark.parametrize("queries", [np.zeros((2, 3)), np.zeros(4)])
def test_queries_of_another_space_are_refused(queries: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"expected the shape \(n, 4\)"):
        nearest(CODES, queries)


def test_no_neighbours_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="k: expected at least 1, got 0"):
        nearest(CODES, CODES.test, 0)

"""Semantic hashing: the same neighbours as counting bits one by one, and mostly those of exact distances."""

import numpy as np
import pytest

from core.insight.hashing import Hashes
from core.insight.neighbours import nearest
from core.store import Codes


def codes_of(train: np.ndarray, rows: np.ndarray | None = None) -> Codes:
    n_components = train.shape[1]
    return Codes(
        mean=np.zeros(20, np.float32),
        components=np.zeros((n_components, 20), np.float16),
        explained=np.full(n_components, 1 / n_components),
        train_rows=np.arange(len(train)) if rows is None else rows,
        train=train.astype(np.float16),
        test=np.empty((0, n_components), np.float16),
    )


@pytest.fixture(scope="module")
def clusters() -> Codes:
    """500 codes around ten points, 50 around each, in turn; the positions in the training set are every third."""
    random = np.random.default_rng(3)
    centres = random.standard_normal((10, 12)) * 5
    train = centres[np.arange(500) % 10] + random.standard_normal((500, 12))
    return codes_of(train, np.arange(500) * 3)


def test_a_training_code_finds_itself_first_at_no_distance(clusters: Codes) -> None:
    hashes = Hashes(clusters)
    found = hashes.search(clusters.train[7], k=3)
    assert found.rows[0] == 21
    assert found.distances[0] == 0
    assert (np.diff(found.distances) >= 0).all()
    assert 0 < found.seconds < 10


def test_distances_are_the_bits_that_differ(clusters: Codes) -> None:
    hashes = Hashes(clusters, 64)
    query = np.full(12, 0.5, np.float32)
    bits = np.unpackbits(hashes.words(clusters.train).view(np.uint8), axis=1)
    own = np.unpackbits(hashes.words(query[np.newaxis]).view(np.uint8), axis=1)
    differing = (bits != own).sum(axis=1)
    found = hashes.search(query, k=500)
    assert (found.distances == np.sort(differing)).all()
    assert (found.rows == clusters.train_rows[np.argsort(differing, kind="stable")]).all()


def test_each_bit_halves_the_training_codes(clusters: Codes) -> None:
    bits = np.unpackbits(Hashes(clusters).words(clusters.train).view(np.uint8), axis=1)
    assert bits.shape == (500, 256)
    assert (bits.mean(axis=0) == 0.5).all()


def test_most_neighbours_are_of_the_own_cluster_as_with_exact_distances(clusters: Codes) -> None:
    hashes = Hashes(clusters)
    queries = clusters.train[:40]
    exact = (nearest(clusters, queries).rows // 3 % 10 == (np.arange(40) % 10)[:, np.newaxis]).mean()
    hashed = np.mean([hashes.search(query).rows // 3 % 10 == i % 10 for i, query in enumerate(queries)])
    assert hashed > 0.95 * exact > 0.9


def test_ties_go_to_the_earlier_image_and_k_may_exceed_what_there_is() -> None:
    same = Hashes(codes_of(np.ones((5, 4))))
    assert same.search(np.ones(4, np.float32), k=3).rows.tolist() == [0, 1, 2]
    assert len(same.search(np.ones(4, np.float32), k=9).rows) == 5


def test_the_same_codes_give_the_same_bits(clusters: Codes) -> None:
    assert (Hashes(clusters).words(clusters.train) == Hashes(clusters).words(clusters.train)).all()
    assert Hashes(clusters).n_bytes == 500 * 32


@pytest.mark.parametrize("n_bits", [0, -64, 63, 100])
def test_bits_that_fill_no_words_are_refused(clusters: Codes, n_bits: int) -> None:
    with pytest.raises(ValueError, match="n_bits: expected a multiple of 64"):
        Hashes(clusters, n_bits)


def test_what_is_no_code_is_refused(clusters: Codes) -> None:
    hashes = Hashes(clusters)
    with pytest.raises(ValueError, match=r"queries: expected the shape \(n, 12\), found \(1, 11\)"):
        hashes.search(np.zeros(11, np.float32))
    with pytest.raises(ValueError, match="k: expected at least 1"):
        hashes.search(clusters.train[0], k=0)

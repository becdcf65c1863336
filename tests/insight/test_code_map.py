"""Maps of the codes: the components as they are, and t-SNE that keeps groups together and repeats itself."""

import numpy as np
import pytest

from core.insight import pca_map, tsne_map

RANDOM = np.random.default_rng(2)
GROUPS = np.repeat(np.arange(3), 20)
CODES = (RANDOM.normal(0, 0.5, (60, 6)) + 20 * np.eye(6)[GROUPS]).astype(np.float16)


def test_the_first_two_components() -> None:
    points = pca_map(CODES)

    np.testing.assert_array_equal(points, CODES[:, :2].astype(np.float32))
    assert points.dtype == np.float32


def test_tsne_keeps_groups_together_and_repeats_itself() -> None:
    points = tsne_map(CODES, seed=4)
    distances = np.linalg.norm(points[:, np.newaxis] - points, axis=2) + 1e9 * np.eye(60)

    assert points.shape == (60, 2)
    np.testing.assert_array_equal(GROUPS[distances.argmin(axis=1)], GROUPS)
    np.testing.assert_array_equal(points, tsne_map(CODES, seed=4))


def test_tsne_of_a_handful() -> None:
    assert np.isfinite(tsne_map(CODES[:3])).all()


def test_too_little_for_a_map_is_refused() -> None:
    with pytest.raises(ValueError, match="at least three, found 2"):
        tsne_map(CODES[:2])
    with pytest.raises(ValueError, match="with at least two"):
        pca_map(CODES[:, :1])

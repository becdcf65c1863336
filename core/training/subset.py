"""Training on a part of the images."""

import numpy as np


def subset(rows: np.ndarray, images: int | None, seed: int) -> np.ndarray:
    """`images` of the rows, drawn by the seed, in ascending order; all of them if there are no more or none asked.

    rows: (n,) int. A smaller subset of the same seed is contained in a larger one.
    """
    if images is None or images >= len(rows):
        return rows
    return np.sort(np.random.default_rng(seed).permutation(rows)[:images])

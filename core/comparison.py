"""Comparison of two classifiers on the same images: which mistakes went, which came, and could it be chance?

It refuses, with a `ValueError`, answers that do not belong to the same images.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class McNemar:
    """Images on which two classifiers a and b disagree about being right.

    fixed: indices of the images that a reads wrongly and b rightly, ascending.
    broken: indices of the images that a reads rightly and b wrongly, ascending.
    p_value: of McNemar's exact test, in [0, 1]: how likely a split at least this uneven would be if a
        fair coin decided each disagreement; 1 where there is none.
    """

    fixed: tuple[int, ...]
    broken: tuple[int, ...]
    p_value: float


def mcnemar(correct_a: ArrayLike, correct_b: ArrayLike) -> McNemar:
    """Compare two classifiers by the images that each read rightly.

    correct_a, correct_b: (n_images,) bool, the same images in the same order. Raises ValueError otherwise.
    """
    a, b = np.asarray(correct_a), np.asarray(correct_b)
    for name, array in (("correct_a", a), ("correct_b", b)):
        if array.dtype != np.bool_ or array.ndim != 1:
            raise ValueError(
                f"{name} must be booleans of shape (n_images,); it has shape {array.shape} and type {array.dtype}."
            )
    if len(a) != len(b):
        raise ValueError(
            f"correct_a and correct_b must be about the same images; they hold {len(a)} and {len(b)} answers."
        )
    fixed = np.flatnonzero(~a & b).tolist()
    broken = np.flatnonzero(a & ~b).tolist()
    return McNemar(tuple(fixed), tuple(broken), _fair_coin_p_value(len(fixed), len(broken)))


def _fair_coin_p_value(heads: int, tails: int) -> float:
    """Two-sided exact p-value of a fair coin, in whole numbers: exact at any size, and no SciPy to load."""
    tosses, rarer = heads + tails, min(heads, tails)
    ways = total = 1  # ways to toss i heads, and at most i heads, from i = 0
    for i in range(rarer):
        ways = ways * (tosses - i) // (i + 1)
        total += ways
    both_sides: float = 2 * total / 2**tosses
    return min(1.0, both_sides)

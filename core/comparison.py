"""Comparison: which mistakes went, which came, and could it be chance? And in which settings do recipes differ?

It refuses, with a `ValueError`, answers that do not belong to the same images.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.recipe import Recipe
from core.wording import count


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


def in_words(test: McNemar, a: str, b: str) -> str:
    """What the test says, in sentences for people who never heard of it. a, b: the names of the two classifiers."""
    n_fixed, n_broken = len(test.fixed), len(test.broken)
    if not n_fixed + n_broken:
        return f"{b} is right and wrong on the same images as {a}."
    split = (
        f"{b} reads {count(n_fixed, 'image')} rightly that {a} misreads, and misreads {n_broken:,} that {a} reads "
        "rightly."
    )
    if test.p_value < 0.01:
        verdict = "this is hardly chance"
    elif test.p_value < 0.05:
        verdict = "this is probably not chance"
    else:
        verdict = "this may well be chance"
    often = "less than 0.1%" if test.p_value < 0.001 else _share(test.p_value)
    return (
        f"{split} Were both equally good, a split at least this uneven would come up in {often} of all cases "
        f"(McNemar's exact test): {verdict}."
    )


def settings_that_differ(recipes: Sequence[Recipe]) -> dict[str, tuple[Any, ...]]:
    """Dotted name -> the values in all of the recipes, of the settings that are not the same in all."""
    values = {setting.name: [setting.value] for setting in recipes[0].settings()} if recipes else {}
    for recipe in recipes[1:]:
        for setting in recipe.settings():
            values[setting.name].append(setting.value)
    return {name: tuple(found) for name, found in values.items() if any(value != found[0] for value in found)}


def _share(p_value: float) -> str:
    """A p-value as a percentage with two digits that count: 27%, 3.4%, 0.52%."""
    return f"{100 * p_value:.2g}%" if p_value < 0.995 else "100%"


def _fair_coin_p_value(heads: int, tails: int) -> float:
    """Two-sided exact p-value of a fair coin, in whole numbers: exact at any size, and no SciPy to load."""
    tosses, rarer = heads + tails, min(heads, tails)
    ways = total = 1  # ways to toss i heads, and at most i heads, from i = 0
    for i in range(rarer):
        ways = ways * (tosses - i) // (i + 1)
        total += ways
    both_sides: float = 2 * total / 2**tosses
    return min(1.0, both_sides)

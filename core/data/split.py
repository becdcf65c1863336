"""The split of the training set into training and validation: stratified, by a seed, disjoint, complete."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.errors import DatasetError, RecipeError


@dataclass(frozen=True, eq=False)
class Split:
    """Which images of the training set train the network and which validate it.

    train, validation: positions in the training set, (n,) int64, ascending; every image is in exactly one of
    them.
    """

    train: npt.NDArray[np.int64]
    validation: npt.NDArray[np.int64]


def split(labels: npt.NDArray[np.int64], validation_fraction: float, seed: int) -> Split:
    """Put `validation_fraction` of the images aside for validation, the same share of every class.

    labels: (n_images,) int.
    validation_fraction: in [0, 1); 0 puts nothing aside, to train on all images.
    seed: 0 to 2**32 - 1; equal arguments give equal splits.
    Raises RecipeError if the fraction is out of range, and DatasetError if a class is too small to be in both
    parts.
    """
    if not 0 <= validation_fraction < 1:
        raise RecipeError(f"validation_fraction: expected a number from 0 to below 1, found {validation_fraction}")
    positions = np.arange(len(labels), dtype=np.int64)
    if validation_fraction == 0:
        return Split(train=positions, validation=positions[:0])
    n_validation = validation_size(len(labels), validation_fraction)
    _require_enough(labels, n_validation, validation_fraction)

    # scikit-learn is slow to import and only training needs a split.
    from sklearn.model_selection import train_test_split

    train, validation = train_test_split(positions, test_size=n_validation, stratify=labels, random_state=seed)
    return Split(train=np.sort(train), validation=np.sort(validation))


def validation_size(n_images: int, validation_fraction: float) -> int:
    """How many of the training images `split` puts aside; the fraction is in [0, 1)."""
    return max(1, round(n_images * validation_fraction)) if validation_fraction else 0


def _require_enough(labels: npt.NDArray[np.int64], n_validation: int, validation_fraction: float) -> None:
    """Every class must be large enough for at least one image in each part, whatever the seed."""
    smaller_part = max(1, min(n_validation, len(labels) - n_validation))
    needed = max(2, math.ceil(len(labels) / smaller_part))
    classes, counts = np.unique(labels, return_counts=True)
    smallest = counts.argmin()
    if counts[smallest] < needed:
        raise DatasetError(
            f"expected at least {needed} training images of every class, so that {validation_fraction:.0%} "
            f"of them can be kept for validation, but class {classes[smallest]} has {counts[smallest]}; "
            "add images or change the fraction"
        )

"""Which images an autoencoder gives back well and which not, by the errors that a run keeps.

Refused, with a `ValueError`: errors and labels of different numbers.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Order = Literal["typical", "worst", "best"]


@dataclass(frozen=True)
class ClassError:
    """Reconstruction errors of the images of one class.

    n_images: 0 leaves the rest None. mean, median, worst: of the errors. worst_image: position of the largest.
    """

    label: int
    n_images: int
    mean: float | None
    median: float | None
    worst: float | None
    worst_image: int | None


def class_errors(
    errors: npt.NDArray[np.floating], labels: npt.NDArray[np.int64], n_classes: int
) -> tuple[ClassError, ...]:
    """Errors of each class, in the order of the labels. errors: (n_images,) >= 0. labels: (n_images,)."""
    _require_fit(errors, labels)
    found = []
    for label in range(n_classes):
        images = np.flatnonzero(labels == label)
        if not len(images):
            found.append(ClassError(label, 0, None, None, None, None))
            continue
        of_class = errors[images]
        worst = int(of_class.argmax())
        found.append(
            ClassError(
                label,
                len(images),
                float(of_class.mean()),
                float(np.median(of_class)),
                float(of_class[worst]),
                int(images[worst]),
            )
        )
    return tuple(found)


def chosen_images(
    errors: npt.NDArray[np.floating],
    labels: npt.NDArray[np.int64],
    order: Order,
    n: int,
    label: int | None = None,
) -> npt.NDArray[np.int64]:
    """Positions of up to n images: of one class, or for label None of all.

    "worst" and "best" begin with the largest and the smallest error. "typical" takes those nearest to the median of
    their class; of all classes it takes equally many of each, class by class. Equal errors: the earlier image first.
    """
    _require_fit(errors, labels)
    if order == "typical" and label is None:
        present = np.unique(labels)
        each = max(1, n // max(1, len(present)))
        parts = [chosen_images(errors, labels, order, each, int(one)) for one in present[:n]]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)
    images = np.arange(len(labels)) if label is None else np.flatnonzero(labels == label)
    if not len(images):
        return images.astype(np.int64)
    keys = {
        "worst": -errors[images],
        "best": errors[images],
        "typical": np.abs(errors[images] - np.median(errors[images])),
    }
    return np.asarray(images[np.argsort(keys[order], kind="stable")[:n]], np.int64)


def share_below(errors: npt.NDArray[np.floating], error: float) -> float:
    """The share of the errors that are smaller than this one, in [0, 1]; 0 of none."""
    return float((errors < error).mean()) if len(errors) else 0.0


def _require_fit(errors: npt.NDArray[np.floating], labels: npt.NDArray[np.int64]) -> None:
    if errors.shape != labels.shape or errors.ndim != 1:
        raise ValueError(
            f"errors and labels: expected one of each for every image, found the shapes {errors.shape} and "
            f"{labels.shape}."
        )

"""Outcomes: what a classifier said of each image of a split, and the images of a kind, in an order.

A report counts images; this names them. It refuses what `probabilities` refuses.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.evaluation.probabilities import checked, confidences_of, losses_of, predicted_classes

Positions = NDArray[np.int64]
"""(n,) positions of images in their split."""


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What a classifier said of n_images images, in their order. All arrays are read-only.

    labels, predicted: (n_images,) int64, the true class and the one of the largest probability. confidences:
    (n_images,) float64 in (0, 1], that probability. losses: (n_images,) float64, cross-entropy of the true class in
    nats, as in `Report.loss`, which is their mean.
    """

    labels: NDArray[np.int64]
    predicted: NDArray[np.int64]
    confidences: NDArray[np.float64]
    losses: NDArray[np.float64]

    @property
    def hits(self) -> NDArray[np.bool_]:
        """(n_images,) bool: read rightly."""
        return self.labels == self.predicted


class Order(StrEnum):
    """Orders of images; those that are equal stay in the order of the split."""

    HIGHEST_LOSS = "highest-loss"
    LOWEST_LOSS = "lowest-loss"
    SUREST = "surest"
    LEAST_SURE = "least-sure"
    TRUE_CLASS = "true-class"
    PREDICTED_CLASS = "predicted-class"
    POSITION = "position"


@dataclass(frozen=True)
class Choice:
    """Which images: those that meet every condition.

    hit: read rightly, or wrongly; None for both. label, predicted: of this class; None for any. least_confidence,
    most_confidence: in [0, 1]; both ends belong to it. least_loss: in nats.
    """

    hit: bool | None = None
    label: int | None = None
    predicted: int | None = None
    least_confidence: float = 0.0
    most_confidence: float = 1.0
    least_loss: float = 0.0


@dataclass(frozen=True)
class Handover:
    """What becomes of images if those of low confidence go to a person.

    passed, kept: images that the person gets, and that the classifier keeps. caught, left: misread images among the
    passed, and among the kept.
    """

    passed: int
    kept: int
    caught: int
    left: int

    @property
    def kept_accuracy(self) -> float | None:
        """Share of the kept images that are read rightly; None if none is kept."""
        return 1 - self.left / self.kept if self.kept else None


def outcomes(probabilities: ArrayLike, labels: ArrayLike) -> Outcomes:
    """What these probabilities say of each image. Takes what `evaluate` takes, and raises ValueError where it does."""
    checked_probabilities, checked_labels = checked(probabilities, labels)
    found = Outcomes(
        labels=checked_labels,
        predicted=predicted_classes(checked_probabilities),
        confidences=confidences_of(checked_probabilities),
        losses=losses_of(checked_probabilities, checked_labels),
    )
    for array in (found.labels, found.predicted, found.confidences, found.losses):
        array.flags.writeable = False
    return found


def chosen(of: Outcomes, choice: Choice) -> Positions:
    """Positions of the images that a choice means, ascending."""
    meets = (of.confidences >= choice.least_confidence) & (of.confidences <= choice.most_confidence)
    meets &= of.losses >= choice.least_loss
    if choice.hit is not None:
        meets &= of.hits == choice.hit
    if choice.label is not None:
        meets &= of.labels == choice.label
    if choice.predicted is not None:
        meets &= of.predicted == choice.predicted
    return np.flatnonzero(meets)


def in_order(of: Outcomes, positions: Positions, order: Order) -> Positions:
    """The same positions in another order."""
    keys = {
        Order.HIGHEST_LOSS: -of.losses,
        Order.LOWEST_LOSS: of.losses,
        Order.SUREST: -of.confidences,
        Order.LEAST_SURE: of.confidences,
        Order.TRUE_CLASS: of.labels,
        Order.PREDICTED_CLASS: of.predicted,
        Order.POSITION: np.arange(len(of.labels)),
    }
    ascending = np.sort(positions)
    result: Positions = ascending[np.argsort(keys[order][ascending], kind="stable")]
    return result


def handover(of: Outcomes, threshold: float) -> Handover:
    """Pass images of a confidence below the threshold to a person, and keep the others, as `coverage_curve` does."""
    kept = of.confidences >= threshold
    left = int((kept & ~of.hits).sum())
    return Handover(passed=int((~kept).sum()), kept=int(kept.sum()), caught=int((~of.hits).sum()) - left, left=left)

"""Confidence, the largest probability of an image: is it as high as the accuracy, and what does doubt catch?

`calibration_of` compares the two in bins. `coverage_curve` tells how accurate a classifier is on the images
it keeps when it passes those it is unsure of to a person; it refuses what `probabilities` refuses.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.evaluation.probabilities import checked, confidences_of, predicted_classes

CALIBRATION_BINS = 15  # as in Guo et al. 2017, "On Calibration of Modern Neural Networks"


@dataclass(frozen=True)
class CalibrationBin:
    """Images with confidence in (lower, upper]; an empty bin has None for mean confidence and accuracy."""

    lower: float
    upper: float
    count: int
    mean_confidence: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Calibration:
    """How far confidence and accuracy lie apart.

    expected_calibration_error: mean over all images of their bin's |accuracy - mean confidence|, in [0, 1].
    bins: 15 of equal width over [0, 1], lowest first.
    """

    expected_calibration_error: float
    bins: tuple[CalibrationBin, ...]


@dataclass(frozen=True)
class CoverageCurve:
    """Accuracy on the images a classifier keeps when it passes those it is less sure of to a person.

    thresholds: (n_thresholds,) float64, the distinct confidences, ascending.
    coverage: (n_thresholds,) float64, share of images kept, those with confidence >= threshold; falls from 1.
    accuracy: (n_thresholds,) float64, share of the kept images that are classified rightly; starts at the
        accuracy on all images.
    """

    thresholds: NDArray[np.float64]
    coverage: NDArray[np.float64]
    accuracy: NDArray[np.float64]


def calibration_of(confidences: NDArray[np.float64], hits: NDArray[np.bool_]) -> Calibration:
    """Calibration of (n_images,) confidences in (0, 1]; (n_images,) hits say whose class was right."""
    edges = np.linspace(0, 1, CALIBRATION_BINS + 1)
    bin_of = np.digitize(confidences, edges[1:-1], right=True)
    counts = np.bincount(bin_of, minlength=CALIBRATION_BINS)
    confidence_sums = np.bincount(bin_of, weights=confidences, minlength=CALIBRATION_BINS)
    hit_sums = np.bincount(bin_of, weights=hits, minlength=CALIBRATION_BINS)
    bins = tuple(
        CalibrationBin(lower, upper, n, confidence / n if n else None, hit / n if n else None)
        for lower, upper, n, confidence, hit in zip(
            edges[:-1].tolist(),
            edges[1:].tolist(),
            counts.tolist(),
            confidence_sums.tolist(),
            hit_sums.tolist(),
            strict=True,
        )
    )
    return Calibration(float(np.abs(hit_sums - confidence_sums).sum() / len(hits)), bins)


def coverage_curve(probabilities: ArrayLike, labels: ArrayLike) -> CoverageCurve:
    """Coverage and accuracy at every threshold that separates images by confidence, the largest probability.

    Takes what `evaluate` takes, and raises ValueError where it does.
    """
    probabilities, labels = checked(probabilities, labels)
    confidences = confidences_of(probabilities)
    order = np.argsort(confidences)
    hits = (predicted_classes(probabilities) == labels)[order]
    thresholds, below = np.unique(confidences[order], return_index=True)  # below: images passed to a person
    kept_hits = hits[::-1].cumsum()[::-1][below]
    kept = len(hits) - below
    return CoverageCurve(thresholds=thresholds, coverage=kept / len(hits), accuracy=kept_hits / kept)

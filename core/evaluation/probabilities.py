"""Probabilities: what an array of them must be, the class each row says, and how sure it is.

Everything that needs a class asks `predicted_classes`. Refused with a `ValueError`: arrays that are not
numbers in two dimensions, rows that are not finite, are negative or do not sum to one, and labels that name
no column.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

ROW_SUM_TOLERANCE = 1e-3  # admits softmax outputs kept in half precision
LOSS_EPSILON = 1e-7  # keras.config.epsilon(), to which Keras clips probabilities before the logarithm


def predicted_classes(probabilities: ArrayLike) -> NDArray[np.int64]:
    """The class of the largest probability in each row, ties to the lowest class: the project's one argmax.

    probabilities: (n_images, n_classes) numbers >= 0, each row summing to 1. Returns (n_images,) int64.
    Raises ValueError for anything else.
    """
    classes: NDArray[np.int64] = checked_probabilities(probabilities).argmax(axis=1)
    return classes


def rounded_first_classes(probabilities: ArrayLike) -> NDArray[np.int64]:
    """`argmax(round(p))`, the mistake of many implementations of the paper; only to explain their figures.

    A row without a probability above 0.5 rounds to zeros and is called class 0, which costs class 0 precision
    and the other classes recall. Nothing is scored with it. Takes and returns what `predicted_classes` does.
    """
    classes: NDArray[np.int64] = checked_probabilities(probabilities).round().argmax(axis=1)
    return classes


def confidences_of(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_images,) float64 in (0, 1]: the largest probability of each row."""
    confidences: NDArray[np.float64] = probabilities.max(axis=1)
    return confidences.clip(max=1)  # rounding may leave a little more than 1


def losses_of(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n_images,) float64: cross-entropy of the true class in nats, of probabilities clipped as Keras clips them."""
    of_true_class = probabilities[np.arange(len(labels)), labels].clip(LOSS_EPSILON, 1 - LOSS_EPSILON)
    losses: NDArray[np.float64] = -np.log(of_true_class)
    return losses


def checked_probabilities(probabilities: ArrayLike) -> NDArray[np.float64]:
    """Probabilities as (n_images, n_classes) float64; ValueError if they are none."""
    array = np.asarray(probabilities)
    if array.dtype.kind not in "fiu" or array.ndim != 2 or array.shape[1] < 2:
        raise ValueError(
            "probabilities must be numbers of shape (n_images, n_classes) with at least two classes; "
            f"it has shape {array.shape} and type {array.dtype}."
        )
    array = array.astype(np.float64, copy=False)
    with np.errstate(invalid="ignore", over="ignore"):  # what overflows is refused below
        sums = array.sum(axis=1)
    # "not all within" rather than "any beyond", so that NaN and infinity are caught too.
    bad = np.flatnonzero(~((np.abs(sums - 1) <= ROW_SUM_TOLERANCE) & (array >= 0).all(axis=1)))
    if len(bad):
        raise ValueError(
            "each row of probabilities must be finite, not negative and sum to 1; "
            f"{len(bad)} of {len(array)} are not, the first being row {bad[0]}, "
            f"with a lowest value of {array[bad[0]].min():g} and a sum of {sums[bad[0]]:g}."
        )
    return array


def checked(probabilities: ArrayLike, labels: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Probabilities (n_images, n_classes) float64 and labels (n_images,) int64 that fit; n_images >= 1."""
    probabilities, labels = checked_probabilities(probabilities), np.asarray(labels)
    n_images, n_classes = probabilities.shape
    if n_images == 0:
        raise ValueError("probabilities holds no images; a report needs at least one.")
    if labels.dtype.kind not in "iu" or labels.shape != (n_images,):
        raise ValueError(
            f"labels must be {n_images} integers, one for each row of probabilities; "
            f"it has shape {labels.shape} and type {labels.dtype}."
        )
    if labels.min() < 0 or labels.max() >= n_classes:
        raise ValueError(
            f"labels must lie in 0 to {n_classes - 1}, the columns of probabilities; "
            f"they range from {labels.min()} to {labels.max()}."
        )
    return probabilities, labels.astype(np.int64)

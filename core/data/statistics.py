"""What can be said of a dataset at a glance: how many images each class has, and what they look like on average."""

import numpy as np
import numpy.typing as npt


def class_counts(labels: npt.NDArray[np.integer], n_classes: int) -> npt.NDArray[np.int64]:
    """Images of each class, (n_classes,) int64. labels: (n,) in [0, n_classes)."""
    return np.bincount(labels, minlength=n_classes)


def mean_images(
    images: npt.NDArray[np.uint8], labels: npt.NDArray[np.integer], n_classes: int
) -> npt.NDArray[np.uint8]:
    """The mean image of each class, (n_classes, h, w) uint8; black for a class without images.

    images: (n, h, w) uint8. labels: (n,) in [0, n_classes).
    """
    means = np.zeros((n_classes, *images.shape[1:]), np.uint8)
    for label in range(n_classes):
        members = images[labels == label]
        if len(members):
            means[label] = members.mean(axis=0).round()
    return means


def distances(
    images: npt.NDArray[np.uint8], labels: npt.NDArray[np.integer], means: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float32]:
    """How far each image is from the mean image of its class, (n,) float32 in [0, 255].

    The root of the mean squared difference of their pixels, in levels of grey. images: (n, h, w) uint8. labels: (n,)
    in [0, n_classes). means: (n_classes, h, w), of `mean_images`.
    """
    found = np.zeros(len(images), np.float32)
    for label, mean in enumerate(means):
        rows = np.flatnonzero(labels == label)
        differences = images[rows].reshape(len(rows), mean.size).astype(np.float32) - mean.ravel()
        found[rows] = np.sqrt(np.einsum("ij,ij->i", differences, differences) / mean.size)
    return found

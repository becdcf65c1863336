import numpy as np

from core.data.statistics import class_counts, mean_images

IMAGES = np.array([[[0, 10]], [[255, 255]], [[3, 20]]], np.uint8)
LABELS = np.array([0, 2, 0])


def test_images_of_each_class() -> None:
    assert class_counts(LABELS, 4).tolist() == [2, 0, 1, 0]


def test_mean_images_are_rounded_and_black_for_an_empty_class() -> None:
    means = mean_images(IMAGES, LABELS, 3)

    assert means.dtype == np.uint8
    assert means.tolist() == [[[2, 15]], [[0, 0]], [[255, 255]]]

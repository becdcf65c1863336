import numpy as np

from core.data.statistics import class_counts, distances, mean_images

IMAGES = np.array([[[0, 10]], [[255, 255]], [[3, 20]]], np.uint8)
LABELS = np.array([0, 2, 0])


def test_images_of_each_class() -> None:
    assert class_counts(LABELS, 4).tolist() == [2, 0, 1, 0]


def test_mean_images_are_rounded_and_black_for_an_empty_class() -> None:
    means = mean_images(IMAGES, LABELS, 3)

    assert means.dtype == np.uint8
    assert means.tolist() == [[[2, 15]], [[0, 0]], [[255, 255]]]


def test_the_distance_of_an_image_is_that_to_the_mean_of_its_own_class() -> None:
    means = np.array([[[0, 0], [0, 0]], [[100, 100], [100, 100]]], np.uint8)
    images = np.array([[[0, 0], [0, 0]], [[100, 100], [100, 100]], [[90, 110], [90, 110]], [[8, 0], [0, 0]]], np.uint8)
    found = distances(images, np.array([0, 1, 1, 0]), means)
    assert found.dtype == np.float32
    assert found.tolist() == [0, 0, 10, 4]
    assert distances(images[:0], np.array([], np.int64), means).shape == (0,)

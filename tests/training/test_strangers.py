import numpy as np
import pytest

from core.training.strangers import make_strangers


def digits(n: int = 6, shape: tuple[int, int] = (28, 28)) -> np.ndarray:
    images = np.zeros((n, *shape), np.uint8)
    for number, image in enumerate(images):
        image[shape[0] // 5 : -shape[0] // 5, shape[1] // 3 : shape[1] // 3 + 2 + number] = 255 - number
    return images


@pytest.mark.parametrize("shape", [(28, 28), (20, 32), (8, 8)])
def test_strangers_have_the_size_and_ink_of_images(shape: tuple[int, int]) -> None:
    found = make_strangers(digits(shape=shape), 80, np.random.default_rng(0))
    assert (found.shape, found.dtype) == ((80, *shape), np.uint8)
    assert found.any(axis=(1, 2)).mean() > 0.95
    assert (found == 0).any(axis=(1, 2)).all()


def test_none_is_one_of_the_digits_and_hardly_two_are_alike() -> None:
    images = digits()
    found = make_strangers(images, 80, np.random.default_rng(1))
    assert not any((stranger == image).all() for stranger in found for image in images)
    assert len({stranger.tobytes() for stranger in found}) > 70


def test_the_generator_alone_decides() -> None:
    one, same, other = (make_strangers(digits(), 20, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_blank_images_have_no_parts_to_use_and_still_give_images() -> None:
    blank = np.zeros((1, 28, 28), np.uint8)
    assert make_strangers(blank, 40, np.random.default_rng(0)).shape == (40, 28, 28)
    assert make_strangers(blank, 0, np.random.default_rng(0)).shape == (0, 28, 28)


def test_each_further_kind_is_met_as_often_as_the_made_ones() -> None:
    drawn: list[str] = []

    def character(name: str, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        drawn.append(name)
        return np.full(shape, 77, np.uint8)

    found = make_strangers(digits(), 200, np.random.default_rng(3), [("AK", character), ("+", character)])
    assert 25 < drawn.count("+") < 50
    assert 25 < drawn.count("A") + drawn.count("K") < 50
    assert min(drawn.count("A"), drawn.count("K")) > 5
    assert (found == 77).all(axis=(1, 2)).sum() == len(drawn)

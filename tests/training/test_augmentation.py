from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.recipe import Augmentation
from core.training.augmentation import augment
from core.training.lettering import LETTERS
from core.training.pens import change_pen
from core.training.photographs import SYMBOLS
from core.training.strangers import Character, make_strangers
from core.training.warps import warp

NAMES = tuple(str(digit) for digit in range(10))


def batch(n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    images = np.zeros((n, 28, 28), np.uint8)
    images[:, 5:23, 12:16] = 255
    return images, np.eye(10, dtype=np.float32)[np.arange(n) % 10]


def test_the_papers_way_leaves_the_very_arrays() -> None:
    images, targets = batch()
    found, kept = augment(images, targets, NAMES, Augmentation(), np.random.default_rng(0))
    assert found is images
    assert kept is targets


def test_strangers_take_the_place_of_some_and_belong_to_all_classes_alike() -> None:
    images, targets = batch(400)
    found, changed = augment(images, targets, NAMES, Augmentation(strangers=0.25), np.random.default_rng(0))
    strange = (changed == np.float32(0.1)).all(axis=1)
    assert 70 < strange.sum() < 130
    assert changed.dtype == np.float32
    np.testing.assert_array_equal(changed[~strange], targets[~strange])
    np.testing.assert_array_equal(found[~strange], images[~strange])
    assert (found[strange] != images[strange]).any(axis=(1, 2)).all()
    assert (images == batch(400)[0]).all()
    assert (targets == batch(400)[1]).all()


def test_styles_go_by_the_names_of_classes() -> None:
    images, targets = batch(100)
    styled = Augmentation(styles=1.0)
    found, kept = augment(images, targets, NAMES, styled, np.random.default_rng(0))
    assert (found != images).any(axis=(1, 2)).all()
    assert kept is targets
    clothes, _ = augment(images, targets, [f"class {n}" for n in range(10)], styled, np.random.default_rng(0))
    np.testing.assert_array_equal(clothes, images)


@pytest.mark.parametrize("setting", ["lettering", "photographs"])
def test_about_the_asked_share_of_digits_is_written_by_other_hands(setting: str) -> None:
    images, targets = batch(400)
    settings = Augmentation(**{setting: 0.25})
    found, same, other = (
        augment(images, targets, NAMES, settings, np.random.default_rng(seed))[0] for seed in (0, 0, 1)
    )
    assert 70 < (found != images).any(axis=(1, 2)).sum() < 130
    np.testing.assert_array_equal(found, same)
    assert (found != other).any()
    clothes, _ = augment(images, targets, [f"class {n}" for n in range(10)], settings, np.random.default_rng(0))
    np.testing.assert_array_equal(clothes, images)


def test_what_else_these_hands_wrote_is_strange_unless_it_is_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[list[str]] = []

    def strangers(
        images: np.ndarray, n: int, generator: np.random.Generator, others: Sequence[tuple[str, Character]]
    ) -> np.ndarray:
        met.append([names for names, _ in others])
        return make_strangers(images, n, generator, others)

    monkeypatch.setattr("core.training.augmentation.make_strangers", strangers)
    images, targets = batch()
    for names in (NAMES, ("W", "x", "y", "+", *"abcdef")):
        for shares in ({}, {"photographs": 0.1}, {"photographs": 0.1, "lettering": 0.1}):
            augment(images, targets, names, Augmentation(strangers=0.3, **shares), np.random.default_rng(0))
    left = "".join(letter for letter in LETTERS if letter not in "ABCDEFWXYabcdefwxy")
    assert met == [[], [SYMBOLS], [LETTERS, SYMBOLS], [], [], [left]]


def test_warps_come_before_pens() -> None:
    images, targets = batch()
    settings = Augmentation(rotation=10, shift=2, blur=1, noise=0.1)
    found, kept = augment(images, targets, NAMES, settings, np.random.default_rng(3))
    generator = np.random.default_rng(3)
    np.testing.assert_array_equal(found, change_pen(warp(images, settings, generator), settings, generator))
    assert kept is targets


@hypothesis_settings(max_examples=60)
@given(
    shape=st.tuples(st.integers(0, 3), st.integers(1, 33), st.integers(1, 33)),
    seed=st.integers(0, 9),
    settings=st.fixed_dictionaries(
        {}, optional={one.name: st.floats(one.metadata["low"], one.metadata["high"]) for one in fields(Augmentation)}
    ),
)
def test_any_change_of_any_images_gives_images(
    shape: tuple[int, int, int], seed: int, settings: dict[str, float]
) -> None:
    images = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    targets = np.eye(10, dtype=np.float32)[np.arange(len(images))]
    before = images.copy(), targets.copy()
    found, kept = augment(images, targets, NAMES, Augmentation(**settings), np.random.default_rng(seed))
    assert (found.shape, found.dtype) == (shape, np.uint8)
    assert (kept.shape, kept.dtype) == (targets.shape, np.float32)
    np.testing.assert_array_equal(images, before[0])
    np.testing.assert_array_equal(targets, before[1])

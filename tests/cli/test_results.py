"""A recipe in words, and the recipe that words ask for, depend on how many images there are."""

import argparse

from core.cli.arguments import recipe_of
from core.cli.results import epochs_text, recipe_text
from core.presets import PRESETS


def asked(*changes: str) -> argparse.Namespace:
    return argparse.Namespace(preset="express", changes=list(changes))


def test_a_preset_is_named_alone_whatever_the_size_of_the_dataset() -> None:
    for n_images in (4_000, 60_000):
        assert recipe_text(recipe_of(asked(), n_images), "express", n_images) == "express"


def test_changes_are_told_beside_the_epochs_of_that_size() -> None:
    recipe = recipe_of(asked("phase2.epochs=2", "seed=4"), 4_000)
    assert recipe_text(recipe, "express", 4_000) == "express, seed=4, phase2.epochs=2"
    assert recipe.phase1 == PRESETS["express"].recipe_for(4_000).phase1


def test_a_run_with_the_epochs_of_another_size_says_so() -> None:
    text = recipe_text(PRESETS["express"].recipe, "express", 4_000)
    assert text == "express, autoencoder.epochs=1, phase1.epochs=2, phase2.epochs=2"


def test_the_epochs_of_the_stages_are_told_before_they_begin() -> None:
    assert epochs_text(PRESETS["paper"].recipe) == "autoencoder 40, phase 1 100, phase 2 100"

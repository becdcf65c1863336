"""Which settings decide which stage: runs that differ only further down share what lies above."""

from dataclasses import asdict
from typing import Any

import pytest

from core.recipe import Recipe, Setting
from core.stages import stage_names
from tests.other_value import other_value

DIGEST = "0" * 64
STAGES = ("autoencoder", "codes", "phase1", "phase2")
BASE = Recipe().changed({"phase2.patience": None})  # early stopping forbids some of the values below

# First stage that a setting changes, where the section does not tell; None: none, as epochs are continued.
FIRST = {
    "seed": "autoencoder",
    "validation_fraction": "autoencoder",
    "precision": "autoencoder",
    "classifier_seed": "phase1",
    "architecture.filters": "autoencoder",
    "architecture.kernel_size": "autoencoder",
    "architecture.norm_momentum": "autoencoder",
    "architecture.dense_units": "phase1",
    "architecture.code_dropout": "phase1",
    "architecture.dense_dropout": "phase1",
    "autoencoder.epochs": "codes",
    "phase1.epochs": "phase2",
    "phase2.epochs": None,
    "augmentation": "phase2",
}


def names(recipe: Recipe, digest: str = DIGEST) -> dict[str, str]:
    return asdict(stage_names(recipe, digest))


def test_a_stage_is_named_by_what_it_is() -> None:
    found = names(BASE)
    assert tuple(found) == STAGES
    assert all(name.startswith(f"{stage}-") for stage, name in found.items())
    assert names(BASE) == found


@pytest.mark.parametrize("setting", BASE.settings(), ids=lambda setting: setting.name)
def test_every_setting_parts_the_stages_that_depend_on_it(setting: Setting) -> None:
    section = setting.name.partition(".")[0]
    first = FIRST.get(setting.name, FIRST.get(section, section))
    expected = () if setting.name == "phase2.epochs" else STAGES[STAGES.index(str(first)) :]
    before, after = names(BASE), names(BASE.changed({setting.name: other_value(setting)}))
    assert tuple(stage for stage in STAGES if before[stage] != after[stage]) == expected


def test_other_data_are_other_stages() -> None:
    assert set(names(BASE).values()).isdisjoint(names(BASE, "1" * 64).values())


@pytest.mark.parametrize("stage", ["autoencoder", "phase1", "phase2"])
@pytest.mark.parametrize("change", [{"schedule": "one_cycle"}, {"schedule": "cosine"}, {"average": 0.9}], ids=str)
def test_epochs_that_depend_on_their_number_are_not_continued(stage: str, change: dict[str, Any]) -> None:
    recipe = BASE.changed({f"{stage}.{name}": value for name, value in change.items()})
    assert names(recipe)[stage] != names(recipe.changed({f"{stage}.epochs": 7}))[stage]
    assert names(BASE)[stage] == names(BASE.changed({f"{stage}.epochs": 7}))[stage]


def test_a_seed_of_its_own_that_is_the_recipes_changes_nothing() -> None:
    assert names(BASE) == names(BASE.changed({"classifier_seed": BASE.seed}))

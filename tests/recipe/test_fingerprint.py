import subprocess
import sys
from pathlib import Path

import pytest

from core.recipe import PIPELINE_VERSION, Recipe, Setting, fingerprint, run_fingerprint
from tests.other_value import other_value

ROOT = Path(__file__).parents[2]
DIGEST = "0" * 64
SETTINGS = Recipe().settings()


def changed(setting: Setting) -> Recipe:
    # Early stopping forbids two settings; it is off on both sides of the comparison.
    return Recipe().changed({"phase2.patience": None, setting.name: other_value(setting)})


def test_the_default_recipe_has_its_known_fingerprint() -> None:
    # Runs on people's disks are found by it. If it has to change, so do they: then say so in the notes of the release.
    assert PIPELINE_VERSION == 2
    assert run_fingerprint(Recipe(), DIGEST) == "ca9e766103a8fc27"


def test_a_fingerprint_is_16_hex_digits_and_the_same_in_every_process() -> None:
    script = f"from core.recipe import *; print(run_fingerprint(Recipe(), {DIGEST!r}))"
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for hash_seed in ("1", "2")
    }
    assert found == {run_fingerprint(Recipe(), DIGEST)}
    assert len(found.pop().strip("0123456789abcdef")) == 0


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_single_setting_changes_the_fingerprint(setting: Setting) -> None:
    before = Recipe().changed({"phase2.patience": None})
    if setting.name == "phase2.patience":
        before = Recipe()
    assert run_fingerprint(changed(setting), DIGEST) != run_fingerprint(before, DIGEST)


def test_the_data_change_the_fingerprint() -> None:
    assert run_fingerprint(Recipe(), DIGEST) != run_fingerprint(Recipe(), "1" * 64)


def test_the_pipeline_version_changes_every_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = run_fingerprint(Recipe(), DIGEST), fingerprint("anything")
    # The function of that name hides the module from an ordinary import.
    monkeypatch.setattr(sys.modules["core.recipe.fingerprint"], "PIPELINE_VERSION", PIPELINE_VERSION + 1)
    after = run_fingerprint(Recipe(), DIGEST), fingerprint("anything")
    assert set(before).isdisjoint(after)


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (Recipe(seed=3), Recipe(seed=3, classifier_seed=3)),
        (Recipe(validation_fraction=0.5), Recipe(validation_fraction=1 / 2)),
        (Recipe(), Recipe().changed({"augmentation.shift": "-0"})),
        (Recipe(), Recipe().changed({"augmentation.shift": 0, "phase1.learning_rate": "1e-3"})),
        (Recipe(), Recipe().changed({"architecture.filters": [[32, 32], [64], [128, 256]]})),
    ],
)
def test_the_same_settings_have_one_fingerprint_however_they_are_written(one: Recipe, same: Recipe) -> None:
    assert run_fingerprint(one, DIGEST) == run_fingerprint(same, DIGEST)


def test_two_seeds_that_add_up_differently_are_two_runs() -> None:
    found = {run_fingerprint(Recipe(seed=seed, classifier_seed=own), DIGEST) for seed in (0, 1) for own in (None, 0, 1)}
    assert len(found) == 4


def test_a_fingerprint_does_not_depend_on_the_order_of_keys() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint("a", "b") != fingerprint("b", "a")


def test_a_setting_at_its_default_is_no_part_of_the_name() -> None:
    # So that a setting which a later version adds leaves the runs on people's disks where they are found.
    named = fingerprint("run", {"classifier_seed": 0, "phase1.epochs": 7}, DIGEST)
    assert run_fingerprint(Recipe().changed({"phase1.epochs": 7}), DIGEST) == named

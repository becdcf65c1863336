"""Everything that is a number can be swept, what is suggested is allowed, and slips are told in a sentence."""

import re

import pytest

from core.errors import RecipeError
from core.presets import PRESETS
from core.recipe import Recipe
from core.sweep_choices import FIGURES, PAPER_FINDINGS, axes, parse_sweep, suggested_values
from core.sweeps import Sweep, axis_settings

NUMERIC = [s.name for s in Recipe().settings() if s.kind in (int, float) and "seed" not in s.name]


def test_the_papers_sweeps_come_first_and_every_number_can_be_swept() -> None:
    found = axes(Recipe())
    assert found[:3] == ("dense_units", "epochs", "batch_size") == tuple(FIGURES) == tuple(PAPER_FINDINGS)
    assert len(set(found)) == len(found)
    swept = {setting.name for axis in found for setting in axis_settings(Recipe(), axis)}
    assert swept == set(NUMERIC)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_suggestion_is_a_sweep_with_the_recipes_own_value(preset: str) -> None:
    base = PRESETS[preset].recipe
    for axis in axes(base):
        values = suggested_values(base, axis)
        assert Sweep(base, axis, values).values == values
        own = [setting.value for setting in axis_settings(base, axis)]
        assert own[0] in values or len(own) > 1
        numbers = [value for value in values if value is not None]
        assert numbers == sorted(numbers)
        assert None not in values[1:]


def test_a_stage_that_is_skipped_is_swept_around_its_own_value() -> None:
    assert suggested_values(Recipe().changed({"phase1.epochs": 0}), "phase1.epochs") == (0,)


def test_a_typed_sweep() -> None:
    assert parse_sweep(Recipe(), "dense_units", "16, 32  64;", "0 1") == Sweep(
        Recipe(), "dense_units", (16, 32, 64), (0, 1)
    )
    assert parse_sweep(Recipe(), "phase2.patience", "none,5", "") == Sweep(Recipe(), "phase2.patience", (None, 5))


@pytest.mark.parametrize(
    ("values", "seeds", "message"),
    [
        ("16, x", "0", "architecture.dense_units: expected a whole number from 1 to 4096, got 'x'"),
        ("0", "0", "architecture.dense_units: expected a whole number from 1 to 4096, got 0"),
        ("", "0", "at least one value"),
        ("16, 16", "0", "values: expected each only once"),
        ("16", "1, 1", "seeds: expected each only once"),
        ("16", "one", "seed: expected a whole number of at least 0, got 'one'"),
        ("16", "-1", "classifier_seed: expected a whole number of at least 0"),
        (" ".join(map(str, range(1, 103))), "0 1", "at most 200 runs, got 204"),
    ],
)
def test_a_typed_sweep_that_cannot_be_says_why(values: str, seeds: str, message: str) -> None:
    with pytest.raises(RecipeError, match=re.escape(message)):
        parse_sweep(Recipe(), "dense_units", values, seeds)

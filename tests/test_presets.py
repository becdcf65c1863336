import pytest

from core.errors import RecipeError
from core.presets import PRESETS, Preset, preset
from core.recipe import Recipe, run_fingerprint


def test_the_presets_of_the_command_line_are_there() -> None:
    assert list(PRESETS) == ["paper", "express", "best", "robust"]


@pytest.mark.parametrize("one", PRESETS.values(), ids=PRESETS.keys())
def test_a_preset_is_differences_and_reasons(one: Preset) -> None:
    defaults = {setting.name: setting.value for setting in Recipe().settings()}
    assert preset(one.name) is one
    assert one.purpose.endswith(".")
    assert "\n" not in one.purpose
    assert one.reasons
    # What is listed is what differs: no setting is repeated from the paper.
    assert set(one.recipe.differences(Recipe())) == set(one.changes)
    assert set(one.changes) <= set(defaults)


def test_the_papers_preset_changes_nothing() -> None:
    assert preset("paper").recipe == Recipe()


def test_presets_are_different_runs() -> None:
    assert len({run_fingerprint(one.recipe, "") for one in PRESETS.values()}) == len(PRESETS)


def test_every_preset_has_the_papers_architecture_but_for_dropout_and_momentum() -> None:
    for one in PRESETS.values():
        network, paper = one.recipe.architecture, Recipe().architecture
        assert network.filters == paper.filters
        assert network.kernel_size == paper.kernel_size
        assert network.dense_units == paper.dense_units


def test_every_preset_keeps_a_validation_part_to_choose_by_but_best_which_was_chosen() -> None:
    assert [one.name for one in PRESETS.values() if one.recipe.validation_fraction == 0] == ["best"]


def test_an_unknown_preset_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(RecipeError, match="expected one of paper, express, best, robust, got 'fast'"):
        preset("fast")

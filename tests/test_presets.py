import pytest

from core.errors import RecipeError
from core.presets import MNIST_IMAGES, MOST_EPOCHS, PRESETS, Preset, preset
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


def test_fewer_images_get_more_epochs_so_that_the_steps_stay_about_the_same() -> None:
    express, small = preset("express").recipe, preset("express").recipe_for(4_000)
    assert (small.autoencoder.epochs, small.phase1.epochs, small.phase2.epochs) == (3, 7, 30)
    seen = 3_600 * small.phase2.epochs
    assert seen == pytest.approx(54_000 * express.phase2.epochs)
    # Nothing else differs.
    assert set(small.differences(express)) == {"autoencoder.epochs", "phase1.epochs", "phase2.epochs"}


def test_a_warm_up_keeps_its_share_of_the_epochs() -> None:
    usual, small = preset("best").recipe.phase2, preset("best").recipe_for(12_000).phase2
    assert usual.warmup_epochs > 0
    assert small.warmup_epochs / small.epochs == pytest.approx(usual.warmup_epochs / usual.epochs)


@pytest.mark.parametrize("n_images", [4_000, 10_000, 50_000, 59_999])
@pytest.mark.parametrize("name", ["express", "best", "robust"])
def test_a_network_sees_as_many_images_as_on_mnist_to_half_an_epoch(name: str, n_images: int) -> None:
    usual, small = preset(name).recipe, preset(name).recipe_for(n_images)
    n_train, n_usual = (n * (1 - usual.validation_fraction) for n in (n_images, MNIST_IMAGES))
    assert abs(small.phase2.epochs * n_train - usual.phase2.epochs * n_usual) <= n_train / 2 + 1


@pytest.mark.parametrize("n_images", [1, 60, 4_000, 59_999])
@pytest.mark.parametrize("one", PRESETS.values(), ids=PRESETS.keys())
def test_epochs_grow_by_a_bounded_factor_and_never_for_the_paper(one: Preset, n_images: int) -> None:
    recipe = one.recipe_for(n_images)
    for stage in ("autoencoder", "phase1", "phase2"):
        usual, here = getattr(one.recipe, stage).epochs, getattr(recipe, stage).epochs
        assert usual <= here <= MOST_EPOCHS * usual
    assert one.name != "paper" or recipe == one.recipe


@pytest.mark.parametrize("n_images", [MNIST_IMAGES, 120_000])
@pytest.mark.parametrize("one", PRESETS.values(), ids=PRESETS.keys())
def test_on_as_many_images_as_mnist_s_a_preset_is_as_it_is(one: Preset, n_images: int) -> None:
    assert one.recipe_for(n_images) == one.recipe

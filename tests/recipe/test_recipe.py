import dataclasses
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.errors import RecipeError
from core.recipe import (
    Architecture,
    Augmentation,
    AutoencoderPlan,
    Phase1Plan,
    Phase2Plan,
    Recipe,
    Setting,
    format_value,
)

DEFAULTS = {setting.name: setting for setting in Recipe().settings()}
NUMBERS = {name: setting for name, setting in DEFAULTS.items() if setting.kind in (int, float)}

# Such that any mixture of these and other values is a recipe: early stopping needs validation and no averaging.
FREE = {"validation_fraction": 0.5, "autoencoder.patience": None, "phase1.patience": None, "phase2.patience": None}


def with_one(name: str, value: Any) -> Recipe:
    """The default recipe with one other setting, and early stopping off where it would forbid the value."""
    free = {"phase2.patience": None} if name in ("validation_fraction", "phase2.average") else {}
    return Recipe().changed({**free, name: value})


def values_of(setting: Setting) -> st.SearchStrategy[Any]:
    """Every value in the setting's range."""
    if setting.kind is tuple:
        block = st.lists(st.integers(1, 1024), min_size=1, max_size=3).map(tuple)
        return st.lists(block, min_size=1, max_size=5).map(tuple)
    if setting.choices:
        return st.sampled_from(setting.choices)
    if setting.kind is int:
        numbers: st.SearchStrategy[Any] = st.integers(int(setting.low), int(setting.high))
        if setting.odd:
            numbers = st.sampled_from(range(int(setting.low), int(setting.high) + 1, 2))
    else:
        numbers = st.floats(setting.low, setting.high, allow_nan=False)
    return st.none() | numbers if setting.optional else numbers


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    values = {name: draw(values_of(setting)) for name, setting in DEFAULTS.items() if name not in FREE}
    for name in ("autoencoder", "phase1", "phase2"):
        # A warm-up ends before the training does.
        values[f"{name}.warmup_epochs"] = draw(st.floats(0, 0.99)) * min(100, values[f"{name}.epochs"])
    return Recipe().changed({**values, **FREE})


def test_the_default_recipe_is_the_papers() -> None:
    recipe = Recipe()
    assert recipe.architecture.filters == ((32, 32), (64,), (128, 256))
    assert recipe.architecture.kernel_size == 3
    assert recipe.architecture.dense_units == 128
    assert (recipe.architecture.code_dropout, recipe.architecture.dense_dropout) == (0, 0)
    assert (recipe.autoencoder.batch_size, recipe.autoencoder.epochs) == (64, 40)
    assert (recipe.phase1.batch_size, recipe.phase1.epochs, recipe.phase1.patience) == (256, 100, None)
    assert (recipe.phase2.batch_size, recipe.phase2.epochs) == (256, 100)
    assert recipe.phase2.patience is not None
    assert recipe.validation_fraction == 0.2
    assert recipe.augmentation == Augmentation()
    for plan in (recipe.autoencoder, recipe.phase1, recipe.phase2):
        assert (plan.schedule, plan.weight_decay, plan.average, plan.images) == ("constant", 0, 0, None)


def test_every_setting_is_described_and_has_its_default_in_range() -> None:
    assert len(DEFAULTS) == 4 + sum(
        len(dataclasses.fields(section))
        for section in (Architecture, AutoencoderPlan, Phase1Plan, Phase2Plan, Augmentation)
    )
    for setting in DEFAULTS.values():
        assert setting.description.endswith(".")
        assert setting.choices or setting.kind is tuple or setting.low is not None
        if setting.kind in (int, float) and setting.value is not None:
            assert setting.low <= setting.value <= setting.high


@hypothesis_settings(max_examples=30)
@given(recipes())
def test_json_gives_the_same_recipe_again(recipe: Recipe) -> None:
    text = json.dumps(recipe.to_json(), allow_nan=False)
    assert Recipe.from_json(json.loads(text)) == recipe


@hypothesis_settings(max_examples=30)
@given(recipes())
def test_typed_words_give_the_same_recipe_again(recipe: Recipe) -> None:
    words = {setting.name: format_value(setting.value) for setting in recipe.settings()}
    assert Recipe().changed(words) == recipe


@hypothesis_settings(max_examples=30)
@given(recipes())
def test_differences_lead_from_one_recipe_to_the_other(recipe: Recipe) -> None:
    found = recipe.differences(Recipe())
    assert all(DEFAULTS[name].value == theirs != ours for name, (ours, theirs) in found.items())
    assert Recipe().changed({name: ours for name, (ours, _) in found.items()}) == recipe


def test_missing_settings_take_their_defaults() -> None:
    assert Recipe.from_json({}) == Recipe()
    assert Recipe.from_json({"phase1": {"epochs": 3}}) == Recipe(phase1=Phase1Plan(epochs=3))


@pytest.mark.parametrize("name", NUMBERS)
def test_both_ends_of_a_range_are_in_it(name: str) -> None:
    setting = DEFAULTS[name]
    for end in (setting.low, setting.high):
        changed = {s.name: s.value for s in with_one(name, end).settings()}
        assert changed[name] == end
        assert type(changed[name]) is setting.kind


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_beyond_the_range_are_refused(name: str) -> None:
    setting = DEFAULTS[name]
    outside: list[float] = [setting.low - 1, setting.high + 1, -math.inf, math.inf, math.nan, 10**400, -(10**400)]
    if setting.kind is float:
        outside += [math.nextafter(setting.low, -math.inf), math.nextafter(setting.high, math.inf)]
    for number in outside:
        with pytest.raises(RecipeError, match=rf"^{name}: expected .*number.*, got "):
            with_one(name, number)


@pytest.mark.parametrize("name", DEFAULTS)
def test_values_of_another_type_are_refused(name: str) -> None:
    setting = DEFAULTS[name]
    wrong: list[Any] = [True, False, b"1", object(), {"a": 1}, [1, 2.5], 1j]
    if not setting.optional:
        wrong.append(None)
    if setting.kind is int:
        wrong.append(setting.low + 0.5)
    for value in wrong:
        with pytest.raises(RecipeError, match=rf"^{name}: expected .*, got "):
            with_one(name, value)


@pytest.mark.parametrize("name", ["architecture.kernel_size"])
def test_even_kernels_are_refused(name: str) -> None:
    with pytest.raises(RecipeError, match="expected an odd whole number from 1 to 7, got 4"):
        with_one(name, 4)


@pytest.mark.parametrize(
    "filters",
    [
        (),
        ((),),
        ((32,), ()),
        ((0,),),
        ((1025,),),
        ((True,),),
        ((2.0,),),
        (("8",),),
        (((8,),),),
        ((1,),) * 6,
        ((1,) * 17,),
        32,
        "32/64",
        None,
    ],
)
def test_impossible_filters_are_refused(filters: Any) -> None:
    with pytest.raises(RecipeError, match=r"^architecture\.filters: expected 1 to 5 groups .*, got "):
        Architecture(filters=filters)


def test_numbers_become_the_settings_own_type() -> None:
    assert type(Recipe(seed=3.0).seed) is int  # type: ignore[arg-type]
    assert type(Phase1Plan(learning_rate=1).learning_rate) is float
    assert Architecture(filters=[[4], [8]]).filters == ((4,), (8,))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("phase1.epohcs", "phase1.epochs"),
        ("phase2.learningrate", "phase2.learning_rate"),
        ("sed", "seed"),
        ("architecture.filter", "architecture.filters"),
        ("augmentation.rotate", "augmentation.rotation"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(typo: str, meant: str) -> None:
    with pytest.raises(RecipeError, match=rf"^{typo}: there is no such setting; did you mean {meant}\?$"):
        Recipe().changed({typo: 1})


def test_a_name_like_no_other_is_refused_with_a_way_to_find_them() -> None:
    with pytest.raises(RecipeError, match=r"there is no such setting; .*--help"):
        Recipe().changed({"xyzzy": 1})


@pytest.mark.parametrize(
    "values",
    [
        [],
        "recipe",
        {"phase1": None},
        {"phase1": 3},
        {"phase1": {"epoch": 3}},
        {"phase3": {"epochs": 3}},
        {"seed": {"value": 3}},
        {"seed": "3"},
    ],
)
def test_json_that_is_no_recipe_is_refused(values: Any) -> None:
    with pytest.raises(RecipeError):
        Recipe.from_json(values)


@pytest.mark.parametrize("stage", ["autoencoder", "phase1", "phase2"])
def test_early_stopping_needs_a_validation_part(stage: str) -> None:
    with pytest.raises(RecipeError, match=rf"^{stage}\.patience: early stopping needs validation images"):
        Recipe().changed({"phase2.patience": None, f"{stage}.patience": 3, "validation_fraction": 0})


@pytest.mark.parametrize("stage", ["autoencoder", "phase1", "phase2"])
def test_early_stopping_and_averaged_weights_exclude_each_other(stage: str) -> None:
    with pytest.raises(RecipeError, match=rf"^{stage}\.patience: .* exclude each other"):
        Recipe().changed({f"{stage}.patience": 3, f"{stage}.average": 0.9})


def test_a_recipe_cannot_be_changed_in_place() -> None:
    recipe = Recipe()
    with pytest.raises(dataclasses.FrozenInstanceError):
        recipe.seed = 3  # type: ignore[misc]
    recipe.to_json()["phase1"]["epochs"] = 3
    assert recipe == Recipe()
    assert recipe.changed({"phase1.epochs": 3}) != recipe == Recipe()


def test_a_recipe_error_is_a_value_error() -> None:
    assert issubclass(RecipeError, ValueError)


@pytest.mark.parametrize(("schedule", "average", "extendable"), [
    ("constant", 0.0, True),
    ("constant", 0.9, False),
    ("cosine", 0.0, False),
    ("one_cycle", 0.0, False),
])  # fmt: skip
def test_a_plan_is_extendable_if_its_epochs_do_not_depend_on_their_number(
    schedule: str, average: float, extendable: bool
) -> None:
    assert Phase1Plan(schedule=schedule, average=average).extendable is extendable


def test_the_classifiers_seed_is_the_recipes_unless_it_has_its_own() -> None:
    assert Recipe(seed=5).seed_of_classifier == 5
    assert Recipe(seed=5, classifier_seed=0).seed_of_classifier == 0


def test_a_warm_up_leaves_epochs_for_the_schedule() -> None:
    changes = {"phase2.schedule": "cosine", "phase2.epochs": 3}
    assert Recipe().changed(changes | {"phase2.warmup_epochs": 2.5}).phase2.warmup_epochs == 2.5
    with pytest.raises(RecipeError, match=r"phase2.warmup_epochs: expected fewer than the 3 epochs of phase2, got 3"):
        Recipe().changed(changes | {"phase2.warmup_epochs": 3})
    assert Recipe().changed(changes | {"phase2.epochs": 0, "phase2.warmup_epochs": 3}).phase2.epochs == 0
    assert Recipe().changed({"phase2.epochs": 1, "phase2.warmup_epochs": 3}).phase2.schedule == "constant"

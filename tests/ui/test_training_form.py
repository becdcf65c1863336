import pytest

from core.errors import RecipeError
from core.presets import PRESETS
from core.recipe import Recipe
from core.recipe.setting import format_value
from ui import training_form
from ui.training_form import SECTIONS, Field, Kind

EXPRESS = PRESETS["express"].recipe


def fields_of(recipe: Recipe) -> dict[str, Field]:
    return {field.name: field for part in training_form.fields(recipe).values() for field in part}


def test_every_setting_of_a_recipe_has_a_field_in_the_section_it_belongs_to() -> None:
    assert set(fields_of(Recipe())) == {setting.name for setting in Recipe().settings()}
    sections = training_form.fields(Recipe())
    assert list(sections) == list(SECTIONS.values())
    general = ["seed", "classifier_seed", "validation_fraction", "precision"]
    assert [field.name for field in sections["General"]] == general


@pytest.mark.parametrize("recipe", [preset.recipe for preset in PRESETS.values()])
def test_the_fields_as_they_are_make_the_recipe_they_came_from(recipe: Recipe) -> None:
    values = {name: field.value for name, field in fields_of(recipe).items()}
    assert training_form.read(recipe, values) == recipe
    assert training_form.changed_names(recipe, values) == []


def test_kinds_and_words_of_fields() -> None:
    fields = fields_of(EXPRESS)
    assert fields["phase2.epochs"].kind is Kind.WHOLE
    assert fields["phase2.learning_rate"].kind is Kind.NUMBER
    assert fields["architecture.filters"].kind is Kind.TEXT
    assert fields["architecture.filters"].value == "32,32/64/128,256"
    optimizer = fields["phase2.optimizer"]
    assert (optimizer.kind, optimizer.label) == (Kind.CHOICE, "Optimizer")
    assert optimizer.value in optimizer.options
    assert fields["phase2.patience"].optional
    assert fields["phase2.patience"].value is None
    assert "(1 to 1000; empty means none)" in fields["phase2.patience"].help
    assert "(0 and up)" in fields["seed"].help


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("architecture.filters", "4/8", ((4,), (8,))),
        ("phase2.epochs", 3, 3),
        ("phase2.learning_rate", 0.5, 0.5),
        ("phase2.optimizer", "sgd", "sgd"),
        ("phase1.patience", 5, 5),
        ("phase1.images", None, None),
        ("validation_fraction", 0, 0.0),
    ],
)
def test_what_is_typed_becomes_a_setting(name: str, typed: object, value: object) -> None:
    recipe = training_form.read(EXPRESS, {name: typed})
    assert {setting.name: setting.value for setting in recipe.settings()}[name] == value


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("phase1.epochs", -5, "phase1.epochs: expected a whole number from 0 to 1000, got -5."),
        ("phase1.epochs", None, "phase1.epochs: expected a whole number from 0 to 1000, got 'none'."),
        ("architecture.kernel_size", 4, "architecture.kernel_size: expected an odd whole number from 1 to 7, got 4."),
        ("phase2.learning_rate", 100.0, "phase2.learning_rate: expected a number from 1e-07 to 10, got 100.0."),
        ("architecture.filters", "big", "architecture.filters: expected 1 to 5 groups of filter counts"),
    ],
)
def test_what_a_recipe_refuses_is_refused_in_its_words(name: str, typed: object, message: str) -> None:
    with pytest.raises(RecipeError) as refusal:
        training_form.read(EXPRESS, {name: typed})
    assert str(refusal.value).startswith(message)


def test_settings_that_exclude_each_other_are_refused_together() -> None:
    with pytest.raises(RecipeError, match="early stopping needs validation images"):
        training_form.read(EXPRESS, {"phase2.patience": 3, "validation_fraction": 0.0, "phase2.average": 0.0})


def test_only_what_differs_counts_as_changed() -> None:
    values = {"phase2.epochs": EXPRESS.phase2.epochs, "seed": 4, "architecture.filters": "32,32/64/128,256"}
    assert training_form.changed_names(EXPRESS, values) == ["seed"]
    assert format_value(EXPRESS.seed) == "0"


def test_labels() -> None:
    assert training_form.label_of("phase1.batch_size") == "Batch size"
    assert training_form.full_label_of("phase1.batch_size") == "Phase 1: batch size"
    assert training_form.full_label_of("validation_fraction") == "Validation fraction"

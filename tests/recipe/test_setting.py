import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RecipeError
from core.recipe import Recipe, Setting, format_value, parse_value

SETTINGS = {setting.name: setting for setting in Recipe().settings()}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("seed", " 7 ", 7),
        ("autoencoder.images", "12_800", 12800),
        ("autoencoder.images", "none", None),
        ("phase2.patience", "None", None),
        ("phase2.patience", "", None),
        ("phase1.learning_rate", "3e-4", 0.0003),
        ("phase1.optimizer", " adamw ", "adamw"),
        ("architecture.filters", "32,32/64/128,256", [[32, 32], [64], [128, 256]]),
        ("architecture.filters", " 4 / 8, 8 ", [[4], [8, 8]]),
    ],
)
def test_words_become_values(name: str, text: str, value: Any) -> None:
    assert parse_value(SETTINGS[name], text) == value


@pytest.mark.parametrize(
    ("name", "text", "expectation"),
    [
        ("seed", "seven", "a whole number of at least 0"),
        ("seed", "1e3", "a whole number of at least 0"),
        ("seed", "none", "a whole number of at least 0"),
        ("phase1.epochs", "2.5", "a whole number from 0 to 1000"),
        ("phase2.patience", "never", "a whole number from 1 to 1000 or none"),
        ("phase1.learning_rate", "fast", "a number from 1e-07 to 10"),
        ("architecture.filters", "32,,32", "1 to 5 groups"),
        ("architecture.filters", "", "1 to 5 groups"),
    ],
)
def test_words_of_another_type_are_refused(name: str, text: str, expectation: str) -> None:
    with pytest.raises(RecipeError, match=rf"^{name}: expected {expectation}.*, got '{text}'\.$"):
        parse_value(SETTINGS[name], text)


@given(
    setting=st.sampled_from(list(SETTINGS.values())),
    text=st.text(max_size=12) | st.sampled_from(["nan", "inf", "-1e999", "-0", "٣", "1__0", "9" * 400]),
)
def test_no_words_do_worse_than_a_recipe_error(setting: Setting, text: str) -> None:
    with contextlib.suppress(RecipeError):
        assert Recipe().changed({setting.name: text}) is not None


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda setting: setting.name)
def test_the_words_of_a_value_are_read_as_that_value(setting: Setting) -> None:
    assert Recipe().changed({setting.name: format_value(setting.value)}) == Recipe()


def test_a_setting_tells_what_a_form_needs() -> None:
    patience = SETTINGS["phase2.patience"]
    assert (patience.kind, patience.optional, patience.low, patience.high) == (int, True, 1, 1000)
    optimizer = SETTINGS["phase1.optimizer"]
    assert optimizer.kind is str
    assert optimizer.choices == ("adam", "adamw", "sgd", "rmsprop")
    assert SETTINGS["architecture.filters"].kind is tuple
    assert SETTINGS["architecture.kernel_size"].odd

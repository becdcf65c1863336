"""The training form, specified apart from being drawn: which fields there are, and what recipe their values make.

Fields come from the recipe's own settings, so that a setting which is added there appears here. Nothing is checked
here: a value that a recipe does not allow is refused by the recipe, in its own words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.recipe import Recipe, Setting, format_value

SECTIONS = {
    "": "General",
    "architecture": "Networks",
    "autoencoder": "Autoencoder",
    "phase1": "Phase 1",
    "phase2": "Phase 2",
    "augmentation": "Augmentation",
}
"""Section of a recipe -> the title of its fields, in their order."""


class Kind(StrEnum):
    """How a field is filled in."""

    WHOLE = "a whole number"
    NUMBER = "a number"
    CHOICE = "one of several words"
    TEXT = "text"


@dataclass(frozen=True)
class Field:
    """One field of the form.

    name: dotted name of the setting. value: what stands in it at first; None: left empty, which only an optional
    setting may be. options: the words of a choice. help: what the setting does and what it allows.
    """

    name: str
    label: str
    kind: Kind
    value: Any
    options: tuple[str, ...]
    optional: bool
    help: str


def fields(recipe: Recipe) -> dict[str, tuple[Field, ...]]:
    """Title of a section -> its fields, filled in with the recipe's values."""
    found: dict[str, list[Field]] = {title: [] for title in SECTIONS.values()}
    for setting in recipe.settings():
        found[SECTIONS[setting.name.rpartition(".")[0]]].append(_field(setting))
    return {title: tuple(of_section) for title, of_section in found.items()}


def read(base: Recipe, values: Mapping[str, Any]) -> Recipe:
    """The base recipe with the values of the fields that were changed.

    values: dotted name -> what stands in the field. Raises RecipeError, as written by the recipe, if it refuses one.
    """
    known = {setting.name: format_value(setting.value) for setting in base.settings()}
    return base.changed({name: _typed(value) for name, value in values.items() if format_value(value) != known[name]})


def changed_names(base: Recipe, values: Mapping[str, Any]) -> list[str]:
    """The settings whose fields hold something else than the base recipe."""
    known = {setting.name: format_value(setting.value) for setting in base.settings()}
    return [name for name, value in values.items() if format_value(value) != known[name]]


def label_of(name: str) -> str:
    """The words for a setting beside its section's title: `phase1.batch_size` -> Batch size."""
    words = name.rpartition(".")[2].replace("_", " ")
    return words[:1].upper() + words[1:]


def full_label_of(name: str) -> str:
    """The words for a setting anywhere else: `phase1.batch_size` -> Phase 1: batch size."""
    section, _, leaf = name.rpartition(".")
    words = leaf.replace("_", " ")
    return f"{SECTIONS[section]}: {words}" if section else words[:1].upper() + words[1:]


def _field(setting: Setting) -> Field:
    if setting.choices is not None:
        kind, value = Kind.CHOICE, setting.value
    elif setting.kind is int:
        kind, value = Kind.WHOLE, setting.value
    elif setting.kind is float:
        kind, value = Kind.NUMBER, setting.value
    else:
        kind, value = Kind.TEXT, format_value(setting.value)
    return Field(
        name=setting.name,
        label=label_of(setting.name),
        kind=kind,
        value=value,
        options=setting.choices or (),
        optional=setting.optional,
        help=f"{setting.description}{_range(setting)}",
    )


def _range(setting: Setting) -> str:
    if setting.low is None or setting.high is None:
        return ""
    upper = f" to {setting.high:g}" if setting.high < 1e6 else " and up"
    empty = "; empty means none" if setting.optional else ""
    return f" ({setting.low:g}{upper}{empty})"


def _typed(value: Any) -> Any:
    # Text, of filters, is for the recipe to parse; a number field that was emptied means none.
    return "none" if value is None else value

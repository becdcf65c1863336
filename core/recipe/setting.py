"""One setting of a recipe: its name, range and description, and how a typed word becomes its value.

A section of a recipe is a dataclass whose fields are made by `described`. It refuses to exist with a value of
another type or out of range: `RecipeError` names the setting, what was expected and what was received.
"""

import dataclasses
import functools
import math
import types
import typing
from dataclasses import dataclass, field
from typing import Any, ClassVar

from core.errors import RecipeError

Filters = tuple[tuple[int, ...], ...]
"""Filter counts of the encoder's convolutions, grouped between poolings: ((32, 32), (64,), (128, 256))."""


def described(
    default: Any,
    description: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] | None = None,
    odd: bool = False,
) -> Any:
    """A dataclass field that carries its own range and description."""
    metadata = {"description": description, "low": low, "high": high, "choices": choices, "odd": odd}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Setting:
    """One setting of a recipe as a form or a table needs it.

    name: dotted name. value: its value now. kind: its Python type without `None`. optional: whether `None` is
    allowed. low, high: inclusive range of a number. choices: the allowed words. description: one sentence.
    """

    name: str
    value: Any
    kind: type
    optional: bool
    low: float | None
    high: float | None
    choices: tuple[str, ...] | None
    odd: bool
    description: str


class Section:
    """Checks every field of a dataclass against its annotation and metadata."""

    section: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for setting in settings_of(self, self.section):
            object.__setattr__(self, setting.name.rpartition(".")[2], _checked(setting))


def parse_value(setting: Setting, text: str) -> Any:
    """The value that a person typed for a setting.

    text: "none" for no value, "32,32/64/128,256" for filters (a slash is a pooling).
    Raises RecipeError if the text is not of the setting's type.
    """
    words = text.strip()
    if setting.optional and words.lower() in ("none", ""):
        return None
    try:
        if setting.kind is tuple:
            return [[int(n) for n in block.split(",")] for block in words.split("/")]
        if setting.kind is int:
            return int(words.replace("_", ""))
        if setting.kind is float:
            return float(words)
    except ValueError:
        raise RecipeError(f"{setting.name}: expected {_expectation(setting)}, got {text!r}.") from None
    return words


def format_value(value: Any) -> str:
    """A setting's value as `parse_value` reads it."""
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return "/".join(",".join(str(n) for n in block) for block in value)
    return str(value)


@functools.cache
def _hints(section: type) -> dict[str, Any]:
    """The annotations of a section: worked out once, as a form asks for them at every redraw."""
    return typing.get_type_hints(section)


def settings_of(section: Any, prefix: str) -> list[Setting]:
    """The settings of one section (its own fields, not those of sections inside it), named `prefix.field`."""
    hints = _hints(section.__class__)
    found = []
    for item in dataclasses.fields(section):
        if not item.metadata:
            continue
        annotation = hints[item.name]
        optional = isinstance(annotation, types.UnionType)
        kind = next(a for a in typing.get_args(annotation) if a is not type(None)) if optional else annotation
        found.append(
            Setting(
                name=f"{prefix}.{item.name}" if prefix else item.name,
                value=getattr(section, item.name),
                kind=typing.get_origin(kind) or kind,
                optional=optional,
                **item.metadata,
            )
        )
    return found


def _checked(setting: Setting) -> Any:
    """The setting's value in its canonical type. Raises RecipeError if it is of another type or out of range."""
    value = setting.value
    problem = RecipeError(f"{setting.name}: expected {_expectation(setting)}, got {value!r}.")
    if value is None and setting.optional:
        return None
    if setting.kind is tuple:
        return _checked_filters(value, problem)
    if setting.kind is str:
        if setting.choices is not None and value not in setting.choices:
            raise problem
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise problem
    try:
        number = setting.kind(value) + 0  # -0.0 becomes 0.0: equal settings have one fingerprint
    except (OverflowError, ValueError):  # infinity or NaN as an int, or an int beyond all floats
        raise problem from None
    if number != value or not -math.inf < number < math.inf:
        raise problem
    if (setting.low is not None and number < setting.low) or (setting.high is not None and number > setting.high):
        raise problem
    if setting.odd and number % 2 == 0:
        raise problem
    return number


def _checked_filters(value: Any, problem: RecipeError) -> Filters:
    try:
        blocks = tuple(tuple(block) for block in value)
    except TypeError:
        raise problem from None
    counts = [n for block in blocks for n in block]
    right = all(isinstance(n, int) and not isinstance(n, bool) and 1 <= n <= 1024 for n in counts)
    if not (right and blocks and all(blocks) and len(blocks) <= 5 and len(counts) <= 16):
        raise problem
    return blocks


def _expectation(setting: Setting) -> str:
    if setting.kind is tuple:
        return "1 to 5 groups of filter counts from 1 to 1024, like 32,32/64/128,256 (a slash is a pooling)"
    if setting.choices is not None:
        return "one of " + ", ".join(setting.choices)
    words = {int: "a whole number", float: "a number"}[setting.kind]
    if setting.odd:
        words = "an odd whole number"
    if setting.low is not None and setting.high is not None:
        words += f" from {setting.low:g} to {setting.high:g}" if setting.high < 1e6 else f" of at least {setting.low:g}"
    return words + (" or none" if setting.optional else "")

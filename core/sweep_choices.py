"""What there is to sweep: the settings, values worth a try, and a sweep as somebody types it into a form.

Refused, with `RecipeError`: what a sweep refuses, and more runs than anybody means to ask for.
"""

import re
from collections.abc import Sequence

from core.errors import RecipeError
from core.recipe import Recipe, Setting, parse_value
from core.sweeps import ALIASES, SEEDS, Sweep, Value, axis_settings, parse_values

FIGURES: dict[str, str] = {
    "dense_units": "figures 10 and 11",
    "epochs": "figures 12 and 13",
    "batch_size": "figures 14 and 15",
}
"""The sweeps of the paper: axis -> what shows it there."""

PAPER_FINDINGS: dict[str, str] = {
    "dense_units": "The paper chose 128 (figures 10 and 11).",
    "epochs": "The paper chose 100 epochs of phase 1; phase 2 then stopped by itself in epoch 21 (figures 12 and 13).",
    "batch_size": "The paper chose 256, and saw epochs become shorter as batches grow (figures 14 and 15).",
}
"""Axis -> what the paper says of it."""

MAX_RUNS = 200
"""Most runs of a sweep that is typed into a form: more would be a slip."""


def axes(recipe: Recipe) -> tuple[str, ...]:
    """Everything that can be swept: the paper's three first, then each single setting that has no short name."""
    alone = [names[0] for names in ALIASES.values() if len(names) == 1]
    singles = [setting for setting in recipe.settings() if setting.name not in (*SEEDS, *alone)]
    return (*FIGURES, *(setting.name for setting in singles if setting.kind in (int, float)))


def suggested_values(recipe: Recipe, axis: str) -> tuple[Value, ...]:
    """A few values worth a try, the recipe's own among them, ascending; none, where it is allowed, comes first.

    Raises RecipeError, as `axis_settings` does.
    """
    settings = axis_settings(recipe, axis)
    own = [setting.value for setting in settings]
    largest = max((value for value in own if value is not None), default=0)
    typical: tuple[Value, ...] = _TYPICAL.get(settings[0].name.rpartition(".")[2], ())
    if not typical:
        around = (settings[0].kind(float(f"{largest * factor:.2g}")) for factor in (0.25, 0.5, 1, 2))
        typical = tuple(value for value in around if value)
    candidates = sorted({*typical, *own}, key=lambda value: (value is not None, value))
    return tuple(value for value in candidates if _is_allowed(recipe, settings, value))


def parse_sweep(base: Recipe, axis: str, values: str, seeds: str) -> Sweep:
    """A sweep as typed into a form. values, seeds: separated by commas or spaces; no seeds: the base recipe's own.

    Raises RecipeError for what `Sweep` and `parse_values` refuse, and for more than MAX_RUNS runs.
    """
    seed = next(setting for setting in base.settings() if setting.name == "seed")
    typed = parse_values(base, axis, _words(values)), tuple(parse_value(seed, word) for word in _words(seeds))
    n_runs = len(typed[0]) * max(len(typed[1]), 1)
    if n_runs > MAX_RUNS:
        raise RecipeError(f"values and seeds: expected at most {MAX_RUNS} runs, got {n_runs}; leave out some.")
    return Sweep(base, axis, *typed)


def _is_allowed(recipe: Recipe, settings: Sequence[Setting], value: Value) -> bool:
    try:
        recipe.changed({setting.name: value for setting in settings})
    except RecipeError:
        return False
    return True


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", text) if word]


_TYPICAL: dict[str, tuple[Value, ...]] = {
    "validation_fraction": (0.05, 0.1, 0.2),
    "kernel_size": (1, 3, 5),
    "dense_units": (16, 32, 64, 128, 256),
    "code_dropout": (0.0, 0.25, 0.5),
    "dense_dropout": (0.0, 0.15, 0.3),
    "norm_momentum": (0.9, 0.99, 0.999),
    "batch_size": (64, 128, 256, 512),
    "warmup_epochs": (0.0, 1.0, 2.0),
    "weight_decay": (0.0, 0.005, 0.01, 0.05),
    "patience": (None, 5, 10, 20),
    "average": (0.0, 0.95, 0.98, 0.99),
    "images": (None, 5000, 10_000, 20_000),
    "label_smoothing": (0.0, 0.05, 0.1),
    "rotation": (0.0, 5.0, 10.0, 15.0),
    "scale": (0.0, 0.05, 0.1, 0.15),
    "shear": (0.0, 0.1, 0.2),
    "shift": (0.0, 1.0, 2.0, 3.0),
    "elastic": (0.0, 0.5, 1.0),
    "elastic_smoothness": (2.0, 4.0, 8.0),
}
"""Last word of a setting -> values worth a try; settings that are not here are tried around the recipe's own."""

"""Sweeps: one setting through several values, each with several seeds, and what the results say.

A sweep only names the recipes; `core.pipeline` trains them, and the store keeps them, so that a sweep which was
stopped goes on where it was. The best value is chosen by validation loss alone, as in section 4.1 of the paper.
Refused, with `RecipeError`: settings that are not numbers, values out of range, sweeps over the seed itself.
"""

import difflib
import functools
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import RecipeError
from core.recipe import Recipe, Setting, parse_value
from core.store import Run

ALIASES: dict[str, tuple[str, ...]] = {
    "epochs": ("phase1.epochs", "phase2.epochs"),
    "batch_size": ("phase1.batch_size", "phase2.batch_size"),
    "dense_units": ("architecture.dense_units",),
}
"""The axes of the paper's figures 10 to 15: short name -> the settings that take the value together."""

SEEDS = ("seed", "classifier_seed")
"""The settings that a sweep repeats each value with, and that it is never over."""
_HEAD = ("architecture.dense_units", "architecture.code_dropout", "architecture.dense_dropout")
_OF_CLASSIFIER = ("phase1.", "phase2.", "augmentation.", *_HEAD)

Value = int | float | None


@dataclass(frozen=True)
class Sweep:
    """A base recipe, and one numeric setting of it that takes several values.

    axis: a dotted name or one of ALIASES. values: in the order of the table; each once. seeds: every value is trained
    with each of them; none: with the base recipe's own. Raises RecipeError if a recipe of the sweep cannot be.
    """

    base: Recipe
    axis: str
    values: tuple[Value, ...]
    seeds: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        axis_settings(self.base, self.axis)
        if not self.values:
            raise RecipeError(f"{self.axis}: expected at least one value to sweep over, got none.")
        for name, given in (("values", self.values), ("seeds", self.seeds)):
            if len(set(given)) < len(given):
                raise RecipeError(f"{name}: expected each only once, got {', '.join(str(one) for one in given)}.")
        self.recipes()

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """The settings that take the value."""
        return tuple(setting.name for setting in axis_settings(self.base, self.axis))

    @functools.cached_property
    def seed_setting(self) -> str:
        """The seed that varies: the classifier's own where the axis touches nothing else, else that of everything.

        Classifiers of several seeds then stand on one autoencoder, which is trained once.
        """
        alone = all(name.startswith(_OF_CLASSIFIER) for name in self.names)
        return "classifier_seed" if alone else "seed"

    def recipes(self) -> list[tuple[Value, int, Recipe]]:
        """Value, seed and recipe of every run, value by value."""
        return [
            (value, self._seed_of(recipe), recipe)
            for value in self.values
            for recipe in (self._recipe(value, seed) for seed in self.seeds or (None,))
        ]

    def _recipe(self, value: Value, seed: int | None) -> Recipe:
        changes: dict[str, Any] = dict.fromkeys(self.names, value)
        if seed is not None:
            changes |= {self.seed_setting: seed}
            if self.seed_setting == "seed":
                changes |= {"classifier_seed": None}
        return self.base.changed(changes)

    def _seed_of(self, recipe: Recipe) -> int:
        return recipe.seed if self.seed_setting == "seed" else recipe.seed_of_classifier


@dataclass(frozen=True)
class Point:
    """What one run of a sweep gave.

    train_loss, train_accuracy: over the epoch whose weights the classifier ended with, as optimised; None if neither
    phase was trained. validation_loss, validation_accuracy: of the finished classifier; None without a validation
    part. Losses are in nats, accuracies in [0, 1]. seconds_per_epoch: the median of the stage `timed_stage` names.
    """

    value: Value
    seed: int
    train_loss: float | None
    train_accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    seconds_per_epoch: float | None


@dataclass(frozen=True)
class Spread:
    """Mean and range of one figure over the seeds."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """One value of the axis; each figure is None where a run lacks it. n_seeds: number of runs."""

    value: Value
    n_seeds: int
    train_loss: Spread | None
    train_accuracy: Spread | None
    validation_loss: Spread | None
    validation_accuracy: Spread | None
    seconds_per_epoch: Spread | None


@dataclass(frozen=True)
class Choice:
    """The best value: the lowest mean validation loss.

    best, runner_up: rows, the second None where there is only one. within_noise: whether the ranges of the two over
    their seeds overlap, so that the difference may be chance; None where there is no runner-up, or a single seed
    leaves the noise unknown.
    """

    best: Row
    runner_up: Row | None
    within_noise: bool | None


@dataclass(frozen=True)
class Summary:
    """The table of a sweep: one row a value, in order. choice: None where there was no validation part."""

    rows: tuple[Row, ...]
    choice: Choice | None


def axis_settings(recipe: Recipe, axis: str) -> tuple[Setting, ...]:
    """The settings that an axis stands for.

    Raises RecipeError if there is no such setting, or it is not a number, or it is a seed.
    """
    known = {setting.name: setting for setting in recipe.settings()}
    if axis in SEEDS:
        raise RecipeError(f"{axis}: a sweep repeats each value with several seeds; name them as its seeds instead.")
    if axis not in known and axis not in ALIASES:
        near = difflib.get_close_matches(axis, [*ALIASES, *known], n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"expected a dotted name or one of {', '.join(ALIASES)}."
        raise RecipeError(f"{axis}: there is no such setting to sweep over; {hint}")
    settings = tuple(known[name] for name in ALIASES.get(axis, (axis,)))
    for setting in settings:
        if setting.kind not in (int, float):
            raise RecipeError(f"{axis}: expected a setting that is a number, but this one is not.")
    return settings


def parse_values(recipe: Recipe, axis: str, texts: Sequence[str]) -> tuple[Value, ...]:
    """Typed words as values of an axis. Raises RecipeError, as `axis_settings` does and for words that are none."""
    setting = axis_settings(recipe, axis)[0]
    return tuple(parse_value(setting, text) for text in texts)


def timed_stage(sweep: Sweep) -> str:
    """The stage whose seconds an epoch a sweep compares: the one the axis is about, else the last, phase 2."""
    stages = {name.partition(".")[0] for name in sweep.names}
    return next((stage for stage in ("phase2", "autoencoder", "phase1") if stage in stages), "phase2")


def point(value: Value, seed: int, run: Run, stage: str) -> Point:
    """A sweep's point from its finished run. stage: the one whose epochs are timed.

    Raises RunDamagedError if the run cannot be read.
    """
    metrics = run.metrics
    trained = next((name for name in ("phase2", "phase1") if metrics.stages[name].epochs), None)
    loss = accuracy = None
    if trained:
        epochs = [record for record in run.history if record.stage == trained]
        last = epochs[(metrics.stages[trained].best_epoch or len(epochs)) - 1]
        loss, accuracy = last.loss, last.accuracy
    seconds = [record.seconds for record in run.history if record.stage == stage]
    return Point(
        value=value,
        seed=seed,
        train_loss=loss,
        train_accuracy=accuracy,
        validation_loss=metrics.validation.loss if metrics.validation else None,
        validation_accuracy=metrics.validation.accuracy if metrics.validation else None,
        seconds_per_epoch=statistics.median(seconds) if seconds else None,
    )


def summarise(points: Sequence[Point]) -> Summary:
    """Mean and range over the seeds for each value, in the order in which the values first occur, and the best."""
    rows = tuple(
        _row(value, [one for one in points if one.value == value])
        for value in dict.fromkeys(one.value for one in points)
    )
    return Summary(rows, _choice(rows))


def _row(value: Value, points: Sequence[Point]) -> Row:
    def spread(figure: Callable[[Point], float | None]) -> Spread | None:
        numbers = [number for number in map(figure, points) if number is not None]
        return Spread(statistics.fmean(numbers), min(numbers), max(numbers)) if len(numbers) == len(points) else None

    return Row(
        value=value,
        n_seeds=len(points),
        train_loss=spread(lambda one: one.train_loss),
        train_accuracy=spread(lambda one: one.train_accuracy),
        validation_loss=spread(lambda one: one.validation_loss),
        validation_accuracy=spread(lambda one: one.validation_accuracy),
        seconds_per_epoch=spread(lambda one: one.seconds_per_epoch),
    )


def _choice(rows: Sequence[Row]) -> Choice | None:
    validated = [(row.validation_loss, row) for row in rows if row.validation_loss is not None]
    if not validated or len(validated) < len(rows):
        return None
    (lowest, best), *others = sorted(validated, key=lambda pair: pair[0].mean)
    if not others:
        return Choice(best, None, None)
    second, runner_up = others[0]
    known = best.n_seeds > 1 and runner_up.n_seeds > 1
    return Choice(best, runner_up, lowest.high >= second.low if known else None)

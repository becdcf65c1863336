"""The plan: every run among the reference results, in order of worth, so that whoever stops early has the best of them.

A part is one run that is shipped with its networks, or a table of runs that are shipped as figures alone. The paper's
sweeps vary one setting and leave everything else as the paper has it; one autoencoder serves them all.
"""

from dataclasses import dataclass

from core.presets import PRESETS
from core.recipe import Recipe
from core.sweeps import Sweep, Value

SEEDS = (0, 1, 2)

SWEEPS: dict[str, tuple[Value, ...]] = {
    "dense_units": (16, 32, 64, 128, 256, 512),
    "batch_size": (32, 64, 128, 256, 512),
    "epochs": (1, 5, 10, 20, 50, 100),
}
"""The paper's sweeps: axis -> values."""

SHIPPED = ("best", "robust", "paper", "express")
"""Presets whose run with the first seed is shipped with its networks, as far as there are such presets."""

CONTROLS: dict[str, dict[str, int]] = {
    "the paper's recipe": {},
    "phase 1 only": {"phase2.epochs": 0},
    "random encoder, frozen": {"autoencoder.epochs": 0, "phase2.epochs": 0},
    "random encoder, both phases": {"autoencoder.epochs": 0},
    "from scratch, phase 2 only": {"autoencoder.epochs": 0, "phase1.epochs": 0},
}
"""What the paper lacks: label -> changes to its recipe, to tell what the autoencoder and each phase are worth."""


@dataclass(frozen=True)
class PlannedRun:
    """One run. label: what is tried, in words. value: of a sweep's axis, else None. seed: that which varies."""

    label: str
    value: Value
    seed: int
    recipe: Recipe


@dataclass(frozen=True)
class Part:
    """One part of the plan.

    name: of its folder or table. base: preset that its recipes began with. axis: of a sweep, else None. is_table:
    whether its runs are shipped as figures alone. keeps_answers: whether with the probabilities of the test images too.
    """

    name: str
    base: str
    runs: tuple[PlannedRun, ...]
    axis: str | None = None
    is_table: bool = True
    keeps_answers: bool = False


def plan(seeds: tuple[int, ...] = SEEDS) -> tuple[Part, ...]:
    """All parts, what is worth most first. seeds: of sweeps, controls and repetitions; the first comes before all."""
    present = [name for name in SHIPPED if name in PRESETS]
    first = [_shipped(name, seeds[0]) for name in present]
    tried = [*(_sweep(axis, seeds[:1]) for axis in SWEEPS), _controls(seeds[:1])]
    again = [_repeated(name, seeds) for name in present]
    wider = [*(_sweep(axis, seeds) for axis in SWEEPS), _controls(seeds)] if len(seeds) > 1 else []
    return (*first, *tried, *again, *wider)


def _shipped(preset: str, seed: int) -> Part:
    recipe = PRESETS[preset].recipe.changed({"seed": seed})
    return Part(preset, preset, (PlannedRun(preset, None, seed, recipe),), is_table=False)


def _repeated(preset: str, seeds: tuple[int, ...]) -> Part:
    """The paper's classifier is trained again on its one autoencoder, and the others from the beginning."""
    setting = "classifier_seed" if preset == "paper" else "seed"
    recipe = PRESETS[preset].recipe
    runs = tuple(PlannedRun(preset, None, seed, recipe.changed({setting: seed})) for seed in seeds)
    return Part(f"{preset}-seeds", preset, runs, keeps_answers=preset == "best")


def _sweep(axis: str, seeds: tuple[int, ...]) -> Part:
    sweep = Sweep(PRESETS["paper"].recipe, axis, SWEEPS[axis], seeds)
    runs = tuple(PlannedRun(f"{axis} {value}", value, seed, recipe) for value, seed, recipe in sweep.recipes())
    return Part(axis, "paper", runs, axis=axis)


def _controls(seeds: tuple[int, ...]) -> Part:
    base = PRESETS["paper"].recipe
    runs = tuple(
        PlannedRun(label, None, seed, base.changed(changes | {"classifier_seed": seed}))
        for seed in seeds
        for label, changes in CONTROLS.items()
    )
    return Part("controls", "paper", runs)

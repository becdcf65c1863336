"""What the stages of a run are called on disk: by everything that decides their weights, and nothing else.

Runs that differ only further down thus share what lies above: heads of several sizes stand on one autoencoder. Whoever
wants to know what is trained already needs no network for it.
"""

from dataclasses import dataclass, fields
from typing import Any

from core.recipe import Architecture, Augmentation, Recipe, TrainingPlan, fingerprint


@dataclass(frozen=True)
class StageNames:
    """Names of the folders of a run's stages, and of the codes that phase 1 trains on."""

    autoencoder: str
    codes: str
    phase1: str
    phase2: str


def stage_names(recipe: Recipe, data_digest: str) -> StageNames:
    """The names for this recipe on the data of this digest."""
    network = _changes(recipe.architecture)
    encoder = {name: network[name] for name in ("filters", "kernel_size", "norm_momentum") if name in network}
    autoencoder = fingerprint(
        data_digest, recipe.seed, recipe.validation_fraction, recipe.precision, encoder, _identity(recipe.autoencoder)
    )
    trained = fingerprint(autoencoder, recipe.autoencoder.epochs)
    phase1 = fingerprint(trained, recipe.seed_of_classifier, network, _identity(recipe.phase1))
    phase2 = fingerprint(phase1, recipe.phase1.epochs, _changes(recipe.augmentation), _identity(recipe.phase2))
    return StageNames(f"autoencoder-{autoencoder}", f"codes-{trained}", f"phase1-{phase1}", f"phase2-{phase2}")


def _identity(plan: TrainingPlan) -> dict[str, Any]:
    """What decides the weights of a stage after each epoch: all of the plan, or all but the number of epochs."""
    values = _changes(plan)
    if plan.extendable:
        values.pop("epochs", None)
    return values


def _changes(section: Architecture | TrainingPlan | Augmentation) -> dict[str, Any]:
    """The settings that differ from their defaults: one added later leaves the names of older stages alone."""
    values = {item.name: getattr(section, item.name) for item in fields(section)}
    return {item.name: values[item.name] for item in fields(section) if values[item.name] != item.default}

"""What the stages of a run are called on disk: by everything that decides their weights, and nothing else.

Runs that differ only further down thus share what lies above: heads of several sizes stand on one autoencoder. Whoever
wants to know what is trained already needs no network for it.
"""

from dataclasses import asdict, dataclass
from typing import Any

from core.recipe import Recipe, TrainingPlan, fingerprint


@dataclass(frozen=True)
class StageNames:
    """Names of the folders of a run's stages, and of the codes that phase 1 trains on."""

    autoencoder: str
    codes: str
    phase1: str
    phase2: str


def stage_names(recipe: Recipe, data_digest: str) -> StageNames:
    """The names for this recipe on the data of this digest."""
    network = asdict(recipe.architecture)
    encoder = {name: network[name] for name in ("filters", "kernel_size", "norm_momentum")}
    autoencoder = fingerprint(
        data_digest, recipe.seed, recipe.validation_fraction, encoder, _identity(recipe.autoencoder)
    )
    trained = fingerprint(autoencoder, recipe.autoencoder.epochs)
    phase1 = fingerprint(trained, recipe.seed_of_classifier, network, _identity(recipe.phase1))
    phase2 = fingerprint(phase1, recipe.phase1.epochs, asdict(recipe.augmentation), _identity(recipe.phase2))
    return StageNames(f"autoencoder-{autoencoder}", f"codes-{trained}", f"phase1-{phase1}", f"phase2-{phase2}")


def _identity(plan: TrainingPlan) -> dict[str, Any]:
    """What decides the weights of a stage after each epoch: all of the plan, or all but the number of epochs."""
    values = asdict(plan)
    if plan.extendable:
        del values["epochs"]
    return values

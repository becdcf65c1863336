"""The recipe: every setting that decides a result, checked, named and fingerprinted."""

from core.recipe.fingerprint import PIPELINE_VERSION, fingerprint
from core.recipe.recipe import (
    Architecture,
    Augmentation,
    AutoencoderPlan,
    Phase1Plan,
    Phase2Plan,
    Recipe,
    TrainingPlan,
    run_fingerprint,
)
from core.recipe.setting import Filters, Setting, format_value, parse_value

__all__ = [
    "PIPELINE_VERSION",
    "Architecture",
    "Augmentation",
    "AutoencoderPlan",
    "Filters",
    "Phase1Plan",
    "Phase2Plan",
    "Recipe",
    "Setting",
    "TrainingPlan",
    "fingerprint",
    "format_value",
    "parse_value",
    "run_fingerprint",
]

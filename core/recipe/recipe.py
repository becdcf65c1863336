"""The recipe: every setting that decides a result, with its range, as frozen dataclasses.

A recipe that exists is valid: construction checks each setting and raises `RecipeError` naming the setting, what was
expected and what was received. Settings are addressed by dotted names (`phase1.epochs`), which is how the command
line, sweeps and forms change them. The defaults are the paper's (section 3); where the paper is silent the
description says so.
"""

import dataclasses
import difflib
import json
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from core.errors import RecipeError
from core.recipe.fingerprint import fingerprint
from core.recipe.setting import Filters, Section, Setting, described, parse_value, settings_of

OPTIMIZERS = ("adam", "adamw", "sgd", "rmsprop")
SCHEDULES = ("constant", "cosine", "one_cycle")
LOSSES = ("mean_squared_error", "binary_crossentropy")
PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True)
class Architecture(Section):
    """The networks (sections 3.1.1 and 3.2.2)."""

    section: ClassVar[str] = "architecture"
    filters: Filters = described(
        ((32, 32), (64,), (128, 256)),
        "Filters of the encoder's convolutions; a slash stands for a 2x2 max-pooling. The decoder mirrors them.",
    )
    kernel_size: int = described(3, "Height and width of every convolution kernel, in pixels.", low=1, high=7, odd=True)
    dense_units: int = described(128, "Units of the fully connected layer of the classifier's head.", low=1, high=4096)
    code_dropout: float = described(0.0, "Share of the code dropped before the dense layer.", low=0.0, high=0.9)
    dense_dropout: float = described(0.0, "Share of the dense layer's outputs dropped.", low=0.0, high=0.9)
    norm_momentum: float = described(
        0.99,
        "Momentum of batch normalisation's running statistics (0.99 is Keras's own).",
        low=0.5,
        high=0.9999,
    )


@dataclass(frozen=True)
class TrainingPlan(Section):
    """How one network is trained; the three stages share these settings."""

    epochs: int = described(1, "Passes over the training images; 0 skips the stage.", low=0, high=1000)
    batch_size: int = described(256, "Images per step.", low=1, high=8192)
    optimizer: str = described(
        "adam", "The paper does not name one; Adam is Keras's common choice.", choices=OPTIMIZERS
    )
    learning_rate: float = described(0.001, "Highest learning rate of the stage.", low=1e-7, high=10.0)
    schedule: str = described(
        "constant", "How the learning rate moves: constant, cosine to zero, or one cycle.", choices=SCHEDULES
    )
    warmup_epochs: float = described(0.0, "Epochs of linear rise before a cosine schedule.", low=0.0, high=100.0)
    weight_decay: float = described(
        0.0, "Decoupled weight decay of kernels; biases and batch normalisation are left alone.", low=0.0, high=1.0
    )
    patience: int | None = described(
        None,
        "Stop after this many epochs without a lower validation loss and restore the best weights; none: never stop.",
        low=1,
        high=1000,
    )
    average: float = described(
        0.0,
        "Momentum of the exponential average of weights that the stage ends with; 0: last weights.",
        low=0.0,
        high=0.99999,
    )
    images: int | None = described(
        None, "Train on this many images of the training part only; none: on all.", low=1, high=10_000_000
    )

    @property
    def extendable(self) -> bool:
        """Whether the first n epochs are the same however many follow, so that a longer run may continue a shorter."""
        return self.schedule == "constant" and self.average == 0.0


@dataclass(frozen=True)
class AutoencoderPlan(TrainingPlan):
    """Training of the autoencoder (section 3.1.2)."""

    section: ClassVar[str] = "autoencoder"
    epochs: int = described(40, "Passes over the training images; 0 leaves the encoder random.", low=0, high=1000)
    batch_size: int = described(64, "Images per step.", low=1, high=8192)
    loss: str = described("mean_squared_error", "Reconstruction loss; the paper does not name one.", choices=LOSSES)


@dataclass(frozen=True)
class Phase1Plan(TrainingPlan):
    """Phase 1 of the classifier: the head alone, on the frozen encoder's codes (section 3.2.3, step 7)."""

    section: ClassVar[str] = "phase1"
    epochs: int = described(100, "Passes over the training images; 0 skips the phase.", low=0, high=1000)
    label_smoothing: float = described(0.0, "Share of each label spread over all classes.", low=0.0, high=0.5)


@dataclass(frozen=True)
class Phase2Plan(TrainingPlan):
    """Phase 2 of the classifier: fine-tuning of everything (section 3.2.3, step 8)."""

    section: ClassVar[str] = "phase2"
    epochs: int = described(100, "Passes over the training images; 0 skips the phase.", low=0, high=1000)
    patience: int | None = described(
        10,
        "Stop after this many epochs without a lower validation loss and restore the best weights; none: never stop. "
        "The paper stopped at epoch 21 and does not give its patience.",
        low=1,
        high=1000,
    )
    label_smoothing: float = described(0.0, "Share of each label spread over all classes.", low=0.0, high=0.5)


@dataclass(frozen=True)
class Augmentation(Section):
    """Random changes of the training images in phase 2; all zero (the paper's way) leaves them as they are."""

    section: ClassVar[str] = "augmentation"
    rotation: float = described(0.0, "Largest turn to either side, in degrees.", low=0.0, high=45.0)
    scale: float = described(0.0, "Largest relative change of height and width.", low=0.0, high=0.5)
    shear: float = described(0.0, "Largest slant: pixels across per pixel down.", low=0.0, high=1.0)
    shift: float = described(0.0, "Largest move in either direction, in pixels.", low=0.0, high=8.0)
    elastic: float = described(0.0, "Root mean square of the elastic displacement, in pixels.", low=0.0, high=4.0)
    elastic_smoothness: float = described(
        4.0,
        "Standard deviation of the Gaussian that smooths the elastic displacement, in pixels.",
        low=1.0,
        high=14.0,
    )
    stroke: float = described(
        0.0, "Most that strokes grow or shrink on each of their sides, in pixels.", low=0.0, high=3.0
    )
    gamma: float = described(
        0.0, "Grey levels are raised to a power between exp(-gamma) and exp(gamma).", low=0.0, high=2.0
    )
    blur: float = described(0.0, "Largest standard deviation of a Gaussian blur, in pixels.", low=0.0, high=3.0)
    noise: float = described(
        0.0, "Largest standard deviation of noise on each pixel, as a share of full ink.", low=0.0, high=0.5
    )
    cut: float = described(0.0, "Most pixels that are cut off one side of a digit.", low=0.0, high=6.0)
    styles: float = described(
        0.0, "Share of digits written as other schools teach: a barred 7, a 1 with a long flag.", low=0.0, high=1.0
    )
    lettering: float = described(
        0.0,
        "Share of digits in the hand of one of a hundred people and schools, from fonts made of handwriting; strangers "
        "then are their letters too.",
        low=0.0,
        high=1.0,
    )
    photographs: float = described(
        0.0,
        "Share of digits that were photographed from people's paper; strangers then are letters and symbols of the "
        "same sheets too.",
        low=0.0,
        high=1.0,
    )
    strangers: float = described(
        0.0,
        "Share of the images that are replaced by made ones which are no digit, labelled as all classes alike.",
        low=0.0,
        high=0.5,
    )

    @property
    def warps(self) -> bool:
        """Whether any change of position is asked for."""
        return any((self.rotation, self.scale, self.shear, self.shift, self.elastic))


@dataclass(frozen=True)
class Recipe(Section):
    """Every setting that decides a result on given data.

    seed decides the split, every initial weight and every random order. classifier_seed, where given, decides those
    of the classifier's two phases instead, so that classifiers of several seeds can stand on one autoencoder.
    """

    section: ClassVar[str] = ""
    seed: int = described(0, "Decides the split, initial weights and random orders.", low=0, high=2**31 - 1)
    classifier_seed: int | None = described(
        None, "Seed of the classifier's phases; none: the same as seed.", low=0, high=2**31 - 1
    )
    validation_fraction: float = described(
        0.2, "Share of the training set kept for validation; 0 trains on everything.", low=0.0, high=0.9
    )
    precision: str = described(
        "auto",
        "Arithmetic of the autoencoder's training and of phase 2; auto: bfloat16 where the processor multiplies it "
        "faster, else float32. Weights, sums and the finished network are float32 in either.",
        choices=PRECISIONS,
    )
    architecture: Architecture = field(default_factory=Architecture)
    autoencoder: AutoencoderPlan = field(default_factory=AutoencoderPlan)
    phase1: Phase1Plan = field(default_factory=Phase1Plan)
    phase2: Phase2Plan = field(default_factory=Phase2Plan)
    augmentation: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("autoencoder", "phase1", "phase2"):
            plan = getattr(self, name)
            if plan.patience is not None and self.validation_fraction == 0.0:
                raise RecipeError(
                    f"{name}.patience: early stopping needs validation images, but validation_fraction is 0; "
                    f"set {name}.patience=none or keep a validation part."
                )
            if plan.patience is not None and plan.average > 0.0:
                raise RecipeError(
                    f"{name}.patience: restoring the best epoch and averaging weights exclude each other; "
                    f"set {name}.patience=none or {name}.average=0."
                )
            if plan.schedule == "cosine" and plan.epochs and plan.warmup_epochs >= plan.epochs:
                raise RecipeError(
                    f"{name}.warmup_epochs: expected fewer than the {plan.epochs} epochs of {name}, got "
                    f"{plan.warmup_epochs:g}; shorten the warm-up or train longer."
                )

    @property
    def seed_of_classifier(self) -> int:
        """The seed that decides the classifier's phases."""
        return self.seed if self.classifier_seed is None else self.classifier_seed

    def settings(self) -> list[Setting]:
        """Every setting with its dotted name, in the order of the sections."""
        found = list(settings_of(self, ""))
        for section in _sections(self):
            found.extend(settings_of(section, section.section))
        return found

    def changed(self, changes: Mapping[str, Any]) -> "Recipe":
        """This recipe with other values at some dotted names.

        changes: dotted name -> value, or the text of a value as typed on a command line.
        Raises RecipeError for an unknown name, with the nearest known one, or for a value out of range.
        """
        known = {setting.name: setting for setting in self.settings()}
        values = self.to_json()
        for name, value in changes.items():
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
                hint = f"did you mean {near[0]}?" if near else "`python -m core train --help` names all of them."
                raise RecipeError(f"{name}: there is no such setting; {hint}")
            section, _, leaf = name.rpartition(".")
            target = values[section] if section else values
            target[leaf] = parse_value(known[name], value) if isinstance(value, str) else value
        return Recipe.from_json(values)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON file; `from_json` gives the same recipe again."""
        return json.loads(json.dumps(dataclasses.asdict(self)))

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> "Recipe":
        """The recipe written by `to_json`; missing settings take their defaults.

        Raises RecipeError for unknown names, wrong types and values out of range.
        """
        return _from_json(Recipe, values, "")

    def differences(self, other: "Recipe") -> dict[str, tuple[Any, Any]]:
        """Dotted name -> (value here, value in other) of the settings that differ."""
        theirs = {setting.name: setting.value for setting in other.settings()}
        return {s.name: (s.value, theirs[s.name]) for s in self.settings() if s.value != theirs[s.name]}


def run_fingerprint(recipe: Recipe, data_digest: str) -> str:
    """The fingerprint of the run that this recipe gives on the data of this digest (16 hex digits)."""
    # What stands at its default is left out, so that a setting added later leaves the names of older runs alone.
    values = {name: value for name, (value, _) in recipe.differences(Recipe()).items()}
    # Without a seed of its own the classifier uses the recipe's: the same run, whichever way it is written.
    values["classifier_seed"] = recipe.seed_of_classifier
    return fingerprint("run", values, data_digest)


def _sections(recipe: Recipe) -> list[Any]:
    return [getattr(recipe, item.name) for item in dataclasses.fields(recipe) if not item.metadata]


def _from_json(kind: type, values: Mapping[str, Any], prefix: str) -> Any:
    if not isinstance(values, Mapping):
        raise RecipeError(f"{prefix or 'recipe'}: expected an object of settings, got {values!r}.")
    known = {item.name: item for item in dataclasses.fields(kind)}
    hints = typing.get_type_hints(kind)
    arguments = {}
    for name, value in values.items():
        dotted = f"{prefix}.{name}" if prefix else name
        if name not in known:
            raise RecipeError(f"{dotted}: there is no such setting; expected one of {', '.join(known)}.")
        arguments[name] = value if known[name].metadata else _from_json(hints[name], value, dotted)
    return kind(**arguments)

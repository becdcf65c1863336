"""How long a recipe will take on this machine, before it is trained.

The speed of each stage is taken from the finished runs of this machine (images a second, from the seconds of their
epochs), from the one whose network and batches are most like the recipe's, and scaled by the multiplications that the
layers need. Where nothing like it was measured yet, a table stands in, and the estimate says that it is a guess.
"""

import math
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.environment import processor
from core.network_summary import NetworkSummary, summarise
from core.presets import PRESETS
from core.recipe import Recipe, TrainingPlan
from core.stages import stage_names
from core.store import DatasetFacts, Run, RunRequest
from core.training.checkpoints import CheckpointFolder

STAGES = ("autoencoder", "phase1", "phase2")

START_SECONDS = 12.0
"""Loading TensorFlow and translating the networks, which every run pays."""

FINISH_SECONDS = 8.0
"""Saving and exporting the networks."""

_TRAINING_PASSES = 3
"""Multiplications of a training step in those of a pass forward: the pass back does twice as many."""

_SECONDS_A_STEP = 0.003
"""What a step takes however small the network is."""

_ALIKE = math.log(16)
"""Trainings that are further apart, in multiplications and batch sizes together, say nothing of each other."""

_TYPICAL = {"autoencoder": (165.0, 64), "phase1": (7000.0, 256), "phase2": (620.0, 256)}
"""Images a second, and the batch size, of the paper's network on MNIST with two cores and no GPU."""


@dataclass(frozen=True)
class Speed:
    """How fast a stage was. multiplications: of one image's pass forward. batch_size: images a step.

    rate: multiplications a second, passes back included.
    """

    multiplications: int
    batch_size: int
    rate: float


@dataclass(frozen=True)
class Speeds:
    """Stage -> what was measured on this machine; stages that never were are absent."""

    measured: Mapping[str, tuple[Speed, ...]]


@dataclass(frozen=True)
class Cost:
    """seconds: part of the run (autoencoder, codes, phase1, phase2, evaluation) -> seconds, at most.

    is_guess: whether a stage of the recipe was never measured on this machine. n_runs: how many runs these are.
    """

    seconds: Mapping[str, float]
    is_guess: bool
    n_runs: int = 1

    @property
    def total(self) -> float:
        """Seconds of the whole run or of all runs, one after the other, from the click to the result."""
        return self.n_runs * (START_SECONDS + FINISH_SECONDS) + sum(self.seconds.values())

    def before(self, stage: str) -> float:
        """Seconds from the click to the beginning of a part of the run."""
        names = list(self.seconds)
        earlier = names[: names.index(stage)] if stage in names else []
        return START_SECONDS + sum(self.seconds[name] for name in earlier)

    def after(self, stage: str) -> float:
        """Seconds that follow a part of the run."""
        names = list(self.seconds)
        later = names[names.index(stage) + 1 :] if stage in names else names
        return sum(self.seconds[name] for name in later) + FINISH_SECONDS


def measure(runs: Iterable[Run]) -> Speeds:
    """The speeds of this machine, from its finished runs. Raises RunDamagedError if one cannot be read."""
    here = processor()
    found: dict[str, list[Speed]] = {stage: [] for stage in STAGES}
    for run in runs:
        if run.environment.get("processor") != here:
            continue
        facts, recipe = run.request.dataset, run.request.recipe
        for stage, passes in _passes(_network(recipe, facts)).items():
            plan: TrainingPlan = getattr(recipe, stage)
            seconds = [record.seconds for record in run.history if record.stage == stage]
            # The first epoch pays for what comes once: the translation of the network, the codes.
            if stage == "phase1":
                seconds = seconds[1:]
            if not seconds:
                continue
            steps, products = _epoch(plan, facts, passes)
            net = max(statistics.median(seconds) - steps * _SECONDS_A_STEP, 1e-3)
            found[stage].append(Speed(passes, plan.batch_size, products / net))
    return Speeds({stage: tuple(speeds) for stage, speeds in found.items() if speeds})


def estimate(recipe: Recipe, facts: DatasetFacts, speeds: Speeds) -> Cost:
    """What the recipe will take on a dataset of these facts, if nothing of it was trained before.

    Raises DatasetError if the network cannot take the images.
    """
    network = _network(recipe, facts)
    seconds: dict[str, float] = {}
    is_guess = False
    for stage, passes in _passes(network).items():
        plan: TrainingPlan = getattr(recipe, stage)
        speed, measured = _nearest(stage, passes, plan.batch_size, speeds)
        is_guess = is_guess or (plan.epochs > 0 and not measured)
        steps, products = _epoch(plan, facts, passes)
        if stage == "phase1":
            images = _images(plan, facts) + facts.n_validation
            seconds["codes"] = _forward(network, speeds) * images if plan.epochs else 0.0
        seconds[stage] = plan.epochs * (steps * _SECONDS_A_STEP + products / speed.rate)
    seconds["evaluation"] = _forward(network, speeds) * (4 * facts.n_test + facts.n_validation)
    return Cost(seconds, is_guess)


def estimate_all(requests: Iterable[RunRequest], speeds: Speeds, stages: Path) -> Cost:
    """What several runs will take, one after the other in this order, with what they share trained once.

    stages: the folder of checkpoints; what is finished there costs nothing. Raises DatasetError as `estimate` does.
    """
    seconds: dict[str, float] = {}
    finished: dict[str, set[int]] = {}
    coded: set[str] = set()
    is_guess, n_runs = False, 0
    for request in requests:
        recipe = request.recipe
        cost, names = estimate(recipe, request.dataset, speeds), stage_names(recipe, request.dataset.digest)
        is_guess, n_runs = is_guess or cost.is_guess, n_runs + 1
        for part, needed in cost.seconds.items():
            if part in STAGES:
                name, epochs = getattr(names, part), getattr(recipe, part).epochs
                before = finished.setdefault(name, CheckpointFolder(stages / name).numbers())
                known = max((number for number in before if number <= epochs), default=0)
                needed *= (epochs - known) / epochs if epochs else 0.0
                before.add(epochs)
            elif part == "codes":
                needed *= names.codes not in coded and not (stages / names.codes).is_dir()
                coded.add(names.codes)
            seconds[part] = seconds.get(part, 0.0) + needed
    return Cost(seconds, is_guess, n_runs)


def _network(recipe: Recipe, facts: DatasetFacts) -> NetworkSummary:
    return summarise(recipe.architecture, facts.image_shape, len(facts.class_names))


def _passes(network: NetworkSummary) -> dict[str, int]:
    """Stage -> multiplications of one image's pass forward through what it trains."""
    encoder, decoder, head = (
        sum(layer.multiplications for layer in part) for part in (network.encoder, network.decoder, network.head)
    )
    return {"autoencoder": encoder + decoder, "phase1": head, "phase2": encoder + head}


def _images(plan: TrainingPlan, facts: DatasetFacts) -> int:
    return min(plan.images or facts.n_train, facts.n_train)


def _epoch(plan: TrainingPlan, facts: DatasetFacts, passes: int) -> tuple[int, float]:
    """Steps of an epoch, and its multiplications, validation included."""
    images = _images(plan, facts)
    return math.ceil(images / plan.batch_size), float(passes) * (_TRAINING_PASSES * images + facts.n_validation)


def _nearest(stage: str, passes: int, batch_size: int, speeds: Speeds) -> tuple[Speed, bool]:
    """The speed of the most similar training, and whether it was measured here."""
    measured = speeds.measured.get(stage)
    if not measured:
        return _typical(stage), False

    def distance(speed: Speed) -> float:
        return abs(math.log(speed.multiplications / passes)) + abs(math.log(speed.batch_size / batch_size))

    nearest = min(map(distance, measured))
    if nearest > _ALIKE:
        return _typical(stage), False
    alike = [speed for speed in measured if distance(speed) <= nearest + 0.1]
    return Speed(passes, batch_size, statistics.median(speed.rate for speed in alike)), True


def _typical(stage: str) -> Speed:
    images, batch_size = _TYPICAL[stage]
    passes = _passes(summarise(PRESETS["paper"].recipe.architecture, (28, 28), 10))[stage]
    return Speed(passes, batch_size, images * passes * _TRAINING_PASSES)


def _forward(network: NetworkSummary, speeds: Speeds) -> float:
    """Seconds of one image's pass forward through encoder and head."""
    passes = _passes(network)["phase2"]
    return passes / _nearest("phase2", passes, 256, speeds)[0].rate

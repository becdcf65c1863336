"""How fast Digit Lab trains, as ratios to a plain Keras script of the paper.

    python -m benchmarks.training [--rounds 5] [--precision float32] [--json FILE]

Every round trains one epoch of each in turn on the same images, so that what else the machine does meets both alike;
figures are medians over the rounds, after one round to warm up. The whole pipeline is put together from
them: 40 epochs of the autoencoder, 100 of phase 1 and 21 of phase 2 on 48,000 images, each with 12,000 for validation.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np

from benchmarks import plain_keras
from core.data.dataset import Dataset, from_arrays
from core.data.scaling import to_inputs
from core.data.split import Split
from core.environment import processor
from core.models.networks import build_autoencoder, build_classifier
from core.models.precision import precision_here
from core.recipe import Recipe
from core.recipe.recipe import PRECISIONS
from core.training.autoencoder import train_autoencoder
from core.training.checkpoints import CheckpointFolder
from core.training.classifier import ClassifierFolders, ClassifierTraining
from core.training.loop import predict
from core.training.progress import EpochRecord, Observer

Speeds = dict[str, dict[str, float]]

PAPER_EPOCHS = {"autoencoder": 40, "phase 1": 100, "phase 2": 21}
TRAIN, VALIDATION = 48_000, 12_000
IMAGES = {"autoencoder": 1_920, "phase 1": 7_680, "phase 2": 5_120}
VALIDATION_SAMPLE = 2_560
WARM_UP = 1


def main() -> None:
    """Measure, print a table and, if asked, write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--precision", choices=PRECISIONS, default="auto", help="of Digit Lab; Keras has float32")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        speeds = measure(options.rounds, options.precision, Path(scratch))
    table = report(speeds)
    trained_in = precision_here(options.precision)
    print(f"{processor()}, {os.cpu_count()} cores, {keras.backend.backend()}, {trained_in}, {options.rounds} rounds\n")
    print("\n".join(table))
    if options.json:
        options.json.write_text(json.dumps(speeds, indent=2) + "\n")


def measure(rounds: int, precision: str, scratch: Path) -> Speeds:
    """Stage -> competitor -> images per second."""
    speeds: Speeds = {}
    for stage, images in IMAGES.items():
        dataset = _dataset(images)
        seconds = _in_turn(stage, dataset, rounds, precision, scratch / stage)
        speeds[stage] = {name: images / value for name, value in seconds.items()}
        print(stage, {name: round(speed) for name, speed in speeds[stage].items()}, flush=True)
    for name, (ours, plain) in _networks(precision).items():
        seconds = _inference(ours, plain, rounds)
        speeds[f"{name}, validation"] = {who: VALIDATION_SAMPLE / value for who, value in seconds.items()}
    return speeds


def report(speeds: Speeds) -> list[str]:
    """The lines of a Markdown table with ratios, the whole pipeline last."""
    lines = ["| stage | Digit Lab, images/s | plain Keras, images/s | ratio |", "|---|---|---|---|"]
    for stage, both in speeds.items():
        ours, plain = both["Digit Lab"], both["plain Keras"]
        lines.append(f"| {stage} | {ours:,.0f} | {plain:,.0f} | {ours / plain:.2f} |")
    hours = {name: _pipeline_seconds(speeds, name) / 3600 for name in ("Digit Lab", "plain Keras")}
    ratio = hours["plain Keras"] / hours["Digit Lab"]
    lines.append(f"| whole pipeline | {hours['Digit Lab']:.2f} h | {hours['plain Keras']:.2f} h | {ratio:.2f} |")
    return lines


def _pipeline_seconds(speeds: Speeds, name: str) -> float:
    """What the paper's training takes at these speeds; phase 1 of Digit Lab runs the encoder once."""
    total = 0.0
    for stage, epochs in PAPER_EPOCHS.items():
        total += epochs * TRAIN / speeds[stage][name]
    total += PAPER_EPOCHS["autoencoder"] * VALIDATION / speeds["autoencoder, validation"][name]
    classify = speeds["classifier, validation"][name]
    total += PAPER_EPOCHS["phase 2"] * VALIDATION / classify
    if name == "Digit Lab":
        # Codes of all images once, then validation on codes: no slower than training on them.
        return total + (TRAIN + VALIDATION) / classify + PAPER_EPOCHS["phase 1"] * VALIDATION / speeds["phase 1"][name]
    return total + PAPER_EPOCHS["phase 1"] * VALIDATION / classify


def _in_turn(stage: str, dataset: Dataset, rounds: int, precision: str, scratch: Path) -> dict[str, float]:
    """Median seconds an epoch of each competitor. Plain Keras has its epoch whenever Digit Lab has finished one."""
    observer = _Opponent(_plain_epoch(stage, dataset))
    _train(stage, dataset, rounds + WARM_UP, precision, scratch, observer)
    return {
        "Digit Lab": statistics.median(observer.ours[WARM_UP:]),
        "plain Keras": statistics.median(observer.plain[WARM_UP:]),
    }


class _Opponent(Observer):
    """Runs another competitor's epoch after each of ours, and keeps the seconds of both."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.work = work
        self.ours: list[float] = []
        self.plain: list[float] = []

    def epoch(self, record: EpochRecord) -> None:
        self.ours.append(record.seconds)
        self.plain.append(_seconds(self.work))


def _train(stage: str, dataset: Dataset, epochs: int, precision: str, scratch: Path, observer: Observer) -> None:
    """Train one stage of the paper's recipe through Digit Lab's own code, without a validation part."""
    none = {"validation_fraction": 0, "phase2.patience": None, "precision": precision}
    recipe = Recipe().changed({**none, f"{stage.replace(' ', '')}.epochs": epochs})
    rows = np.arange(len(dataset.train_labels))
    parts = Split(train=rows, validation=rows[:0])
    if stage == "autoencoder":
        train_autoencoder(recipe, dataset, parts, CheckpointFolder(scratch), observer)
        return
    folders = ClassifierFolders(CheckpointFolder(scratch), CheckpointFolder(scratch), scratch / "codes")
    training = ClassifierTraining(recipe, dataset, parts, build_autoencoder(recipe.architecture, (28, 28), 0))
    (training.phase1 if stage == "phase 1" else training.phase2)(folders, observer)


def _plain_epoch(stage: str, dataset: Dataset) -> Callable[[], None]:
    inputs = to_inputs(dataset.train_images)
    if stage == "autoencoder":
        model, targets, batch = plain_keras.autoencoder(), inputs, 64
    else:
        model, batch = plain_keras.classifier(frozen=stage == "phase 1"), 256
        targets = np.eye(10, dtype=np.float32)[dataset.train_labels]
    return lambda: model.fit(inputs, targets, batch_size=batch, epochs=1, verbose=0)


def _networks(precision: str) -> dict[str, tuple[keras.Model, keras.Model]]:
    """Digit Lab's networks, in the precision that validates them during training, and the plain ones."""
    architecture, here = Recipe().architecture, precision_here(precision)
    ours = build_classifier(architecture, (28, 28), 10, 0, precision=here)
    return {
        "autoencoder": (build_autoencoder(architecture, (28, 28), 0, precision=here), plain_keras.autoencoder()),
        "classifier": (ours, plain_keras.classifier(frozen=False)),
    }


def _inference(ours: keras.Model, plain: keras.Model, rounds: int) -> dict[str, float]:
    """Median seconds to run the validation sample through each network, in turn."""
    inputs = to_inputs(_dataset(VALIDATION_SAMPLE).train_images)
    competitors: dict[str, Callable[[], object]] = {
        "Digit Lab": lambda: predict(ours, lambda part: inputs[part], len(inputs), Observer()),
        "plain Keras": lambda: plain.predict(inputs, batch_size=256, verbose=0),
    }
    seconds: dict[str, list[float]] = {name: [] for name in competitors}
    for _ in range(rounds + WARM_UP):
        for name, work in competitors.items():
            seconds[name].append(_seconds(work))
    return {name: statistics.median(values[WARM_UP:]) for name, values in seconds.items()}


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _dataset(images: int) -> Dataset:
    pixels = np.random.default_rng(0).integers(0, 256, (images, 28, 28), dtype=np.uint8)
    labels = np.arange(images) % 10
    return from_arrays("noise", pixels, labels, pixels[:10], labels[:10], source="random pixels, for timing")


if __name__ == "__main__":
    main()

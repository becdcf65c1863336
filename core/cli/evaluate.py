"""`evaluate`: a run's saved classifier once more on its test images, and whether it still says what the run says."""

import argparse
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from core.cli.arguments import Commands, Parser, add_command, add_dataset_options
from core.cli.datasets import dataset_of
from core.cli.loading import networks_loaded
from core.cli.results import show_report
from core.cli.screen import Screen
from core.data.dataset import Dataset
from core.errors import RunDamagedError
from core.evaluation import evaluate
from core.settings import Settings
from core.store import Run, RunStore

TOLERANCE = 1e-5
"""Largest difference of a probability that rounding explains: the saved network is made of other layers."""

HALF = 2.0**-12
"""What is added where a compacted run keeps its probabilities in half precision: half a step below 1."""


def add_to(commands: Commands) -> Parser:
    """The command `evaluate`."""
    parser = add_command(
        commands,
        "evaluate",
        _evaluate,
        "run a saved classifier on its test images again and compare with what was stored",
        description="The dataset must be the one that the run was trained on. The exit code is 1 if the results are "
        f"not the stored ones, that is, if a probability differs by more than {TOLERANCE:g}, or than half precision "
        "where the run keeps no more.",
    )
    parser.add_argument("run_name", metavar="RUN", nargs="?", default="latest", help="first letters (default: latest)")
    add_dataset_options(parser, "the run's own")
    parser.add_argument(
        "--gate",
        action="store_true",
        help="then fit what says whether a picture shows a digit at all, and keep it in the run (half a minute)",
    )
    return parser


def _evaluate(options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    run = RunStore.of(settings).find(options.run_name)
    stored = run.predictions.test_probabilities
    dataset = dataset_of(run, options.dataset, options.data_dir, settings, screen)
    probabilities = _probabilities(run, dataset, screen)
    report = evaluate(probabilities, dataset.test_labels, run.request.dataset.class_names)
    difference = float(np.abs(probabilities - stored).max())
    tolerance = TOLERANCE if run.compaction is None else TOLERANCE + HALF
    is_equal = difference <= tolerance and report.correct == run.metrics.test.correct

    screen.say(f"Run {run.name} on the {report.n_images:,} test images of {dataset.name}")
    screen.say()
    show_report(screen, report)
    screen.say()
    if is_equal:
        screen.say(f"These are the stored results: no probability differs by more than {difference:.0e}.")
    else:
        screen.say(
            f"These are NOT the stored results: a probability differs by {difference:.2g}, and "
            f"{run.metrics.test.correct:,} labels were correct then.",
            "red",
        )
    gate = _gate(run, dataset, screen) if options.gate else None
    screen.json(
        {
            "run": run.name,
            "dataset": dataset.name,
            "equals_stored": is_equal,
            "largest_difference": difference,
            "test": report.to_json_values(),
            "stored_test": run.metrics.test.to_json_values(),
        }
        | ({"gate": gate} if gate else {})
    )
    return 0 if is_equal else 1


def _gate(run: Run, dataset: Dataset, screen: Screen) -> dict[str, Any]:
    from core.gate.fitting import add_gate

    with screen.busy("Fitting the gate ..."):
        facts = add_gate(run, dataset)
    screen.say(
        f"A gate was fitted: {facts.refused:.1%} of {facts.threshold_images:,} {facts.threshold_from}, half of them "
        "changed as another pen or camera would, are taken for something else."
    )
    return asdict(facts)


def _probabilities(run: Run, dataset: Dataset, screen: Screen) -> npt.NDArray[np.float32]:
    with networks_loaded(screen):
        from core.inference import open_network, probabilities_of
    try:
        network = open_network(run.classifier_path)
    except ValueError as error:
        raise RunDamagedError(f"Run {run.name}: {error}; restore the file.") from error
    with screen.busy("Evaluating ..."):
        return probabilities_of(network, dataset.test_images)

"""Checking shipped runs: their figures are those of their answers, their networks open and give these answers.

Only what came with the project is needed: no dataset, no network connection. Nothing is refused; what is wrong is told
in sentences.
"""

from collections.abc import Iterator

import numpy as np

from core.errors import RunDamagedError
from core.evaluation import Report, evaluate
from core.gate import open_gate
from core.inference import keras_network, load_keras, open_network, probabilities_of
from core.insight import Autoencoder, nearest
from core.store import Run

ROUNDING = 1e-5 + 2.0**-12
"""Largest difference of a probability and the one that was kept of it in half precision."""

LOSS = 0.002
"""Share by which the loss of probabilities in half precision may differ from that of the network itself."""

CODED = 20
"""Training images that are coded again, to see whether each is found by its code."""


def problems_of(run: Run, *, with_keras: bool = True) -> list[str]:
    """What is wrong with a reference run, in sentences; none if nothing is.

    with_keras: whether to open its classifier in plain Keras too, which takes seconds.
    """
    try:
        run.check()
        open_gate(run)
        return [*_figures(run), *_answers(run, with_keras=with_keras), *_training(run)]
    except (RunDamagedError, ValueError) as error:
        return [str(error)]


def _figures(run: Run) -> Iterator[str]:
    """Are the metrics those of the predictions?"""
    kept, metrics, names = run.predictions, run.metrics, run.request.dataset.class_names
    pairs = (
        ("test", metrics.test, kept.test_probabilities, kept.test_labels),
        ("validation", metrics.validation, kept.validation_probabilities, kept.validation_labels),
        ("phase 1", metrics.phase1_test, kept.phase1_test_probabilities, kept.test_labels),
    )
    for what, stored, probabilities, labels in pairs:
        if stored is not None:
            found = evaluate(probabilities, labels, names)
            if _counts(found) != _counts(stored) or abs(found.loss - stored.loss) > LOSS * stored.loss + 1e-6:
                yield (
                    f"{run.name}: the {what} metrics say {stored.incorrect:,} incorrect and a loss of "
                    f"{stored.loss:.5f}, the predictions {found.incorrect:,} and {found.loss:.5f}."
                )
    if not np.isclose(metrics.reconstruction_error, kept.reconstruction_errors.mean(), rtol=1e-6):
        yield f"{run.name}: the mean of the reconstruction errors is not the one in the metrics."


def _counts(report: Report) -> tuple[object, ...]:
    return report.correct, report.confusion, report.first_correct, report.first_incorrect


def _answers(run: Run, *, with_keras: bool) -> Iterator[str]:
    """Do the networks give the answers that were kept, on the images that came with the run?"""
    if run.images is None:
        return
    networks = {"classifier.onnx": open_network(run.onnx_path)}
    if with_keras:
        networks["classifier.keras"] = keras_network(load_keras(run.classifier_path))
    for name, network in networks.items():
        answers = probabilities_of(network, run.images.images)
        difference = float(np.abs(answers - run.predictions.test_probabilities[run.images.rows]).max())
        if not difference <= ROUNDING:
            yield f"{run.name}: {name} gives other answers than were kept, by up to {difference:.2g}."


def _training(run: Run) -> Iterator[str]:
    """Are the training images that came with the run those that its codes are of?"""
    kept, codes = run.training_images, run.codes
    if kept is None:
        return
    if codes is None or not np.array_equal(kept.rows, codes.train_rows):
        yield f"{run.name}: the training images that were kept are not those of the kept codes."
        return
    autoencoder = Autoencoder.open(run)
    queries = None if autoencoder is None else autoencoder.encode(kept.images[:CODED])
    if queries is None or not np.array_equal(nearest(codes, queries, 1).rows[:, 0], kept.rows[:CODED]):
        yield f"{run.name}: the training images that were kept are not found by their codes."

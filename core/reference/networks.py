"""The networks of a shipped run: with half the digits where that changes nothing that is counted, and each weight once.

Refused, with an `ExportError`: a network that does not give the answers that its run keeps, and Keras and ONNX files
that differ.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.data.scaling import to_inputs
from core.errors import ExportError
from core.evaluation import predicted_classes
from core.export import TOLERANCE, write_autoencoder_onnx, write_onnx
from core.inference import keras_network, load_keras, open_network, open_outputs, probabilities_of
from core.reference import weights
from core.store import Predictions, Run
from core.store.run import AUTOENCODER, AUTOENCODER_ONNX, CLASSIFIER, ONNX, PREDICTIONS

CHECKED_IMAGES = 100
"""Test images on which a Keras file and its ONNX file have to give the same answers."""

OTHER_MACHINES = 0.005
"""Mean difference of probabilities that another processor explains, on which a run may have been trained."""

_DENSE, _CONVOLUTION = 2, 4
"""Axes of a layer's kernel."""

_HALVED: dict[str, tuple[int, ...]] = {
    "kernels in half precision": (_DENSE, _CONVOLUTION),
    "kernels in half precision, but for the classifier's convolutions": (_DENSE,),
    "kernels of the autoencoder in half precision": (),
}
"""What may be kept of a classifier's digits, in words, and its kernels in half precision then; the smallest first."""

Probabilities = npt.NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Answers:
    """What a network says of the validation and the test images: (n, n_classes) float32 each."""

    validation: npt.NDArray[np.float32]
    test: npt.NDArray[np.float32]


def write_classifier(run: Run, folder: Path, dataset: Dataset) -> tuple[Answers, str]:
    """Both files of a run's classifier, as small as they can be without another number of images read rightly.

    Returns what it says then, and in words what became of its kernels. Raises ExportError.
    """
    kept = run.predictions
    with tempfile.TemporaryDirectory() as scratch:
        whole = run.onnx_path
        if not whole.is_file():
            whole = Path(scratch) / ONNX
            write_onnx(load_keras(run.classifier_path), whole, dataset.test_images[:CHECKED_IMAGES])
        before = _answers(whole, kept, dataset)
        if not np.abs(before.test - kept.test_probabilities).mean() <= OTHER_MACHINES:
            raise ExportError(
                f"Run {run.name}: expected its network to give the answers in {PREDICTIONS}, found others; restore "
                "the files."
            )
        for words, halved in _HALVED.items():
            weights.write_keras(run.classifier_path, folder / CLASSIFIER, halved)
            weights.write_onnx(whole, folder / ONNX, folder / CLASSIFIER)
            made = _answers(folder / ONNX, kept, dataset), words
            if not halved or _n_right(made[0], kept) == _n_right(before, kept):
                break
    in_keras = keras_network(load_keras(folder / CLASSIFIER))
    _require_same(probabilities_of(in_keras, dataset.test_images[:CHECKED_IMAGES]), made[0].test, CLASSIFIER)
    return made


def write_autoencoder(run: Run, folder: Path, dataset: Dataset) -> npt.NDArray[np.float64]:
    """Both files of a run's autoencoder; its error on each test image then, (n_test,). Raises ExportError."""
    from core.models.networks import with_code
    from core.training.autoencoder import reconstruction_errors
    from core.training.progress import Observer

    whole, shown = run.autoencoder_onnx_path, dataset.test_images[:CHECKED_IMAGES]
    with tempfile.TemporaryDirectory() as scratch:
        if not whole.is_file():
            whole = Path(scratch) / AUTOENCODER_ONNX
            write_autoencoder_onnx(with_code(load_keras(run.autoencoder_path)), whole, shown)
        weights.write_keras(run.autoencoder_path, folder / AUTOENCODER, (_DENSE, _CONVOLUTION))
        weights.write_onnx(whole, folder / AUTOENCODER_ONNX, folder / AUTOENCODER)
    model, inputs = load_keras(folder / AUTOENCODER), to_inputs(shown)
    in_onnx = open_outputs(folder / AUTOENCODER_ONNX)(inputs)["reconstruction"]
    _require_same(keras_network(model)(inputs), in_onnx, AUTOENCODER)
    errors = reconstruction_errors(model, dataset.test_images, run.request.recipe.autoencoder.loss, Observer())
    return np.asarray(errors, np.float32).astype(np.float64)  # as they are kept


def _answers(path: Path, kept: Predictions, dataset: Dataset) -> Answers:
    network, rows = open_network(path), kept.validation_rows
    test = probabilities_of(network, dataset.test_images)
    return Answers(probabilities_of(network, dataset.train_images[rows]) if len(rows) else test[:0], test)


def _n_right(answers: Answers, kept: Predictions) -> tuple[int, int]:
    """Validation and test images that these answers have right."""
    pairs = ((answers.validation, kept.validation_labels), (answers.test, kept.test_labels))
    validation, test = (int((predicted_classes(said) == labels).sum()) for said, labels in pairs)
    return validation, test


def _require_same(in_keras: Probabilities, in_onnx: Probabilities, name: str) -> None:
    """The first answers of a network in Keras are those in ONNX Runtime. Raises ExportError if not."""
    difference = float(np.abs(in_keras - in_onnx[: len(in_keras)]).max())
    if not difference <= TOLERANCE:
        raise ExportError(
            f"{name}: expected the same answers from Keras and from ONNX Runtime to {TOLERANCE:g}, found a difference "
            f"of {difference:.2g}."
        )

"""Shipping: a finished run becomes a small one that comes with the project, and answers as it does.

What is kept with fewer digits has to give the same counts: kernels are kept in half precision only if the network then
reads as many validation and test images rightly as before, and probabilities only if every class stays the same. The
metrics of the shipped run are those of the network as it is shipped, computed anew. Refused: another dataset than the
run's, with `DatasetError`, and what `networks` refuses.
"""

import shutil
import tempfile
from dataclasses import asdict, fields, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.atomic import new_file
from core.data.dataset import Dataset
from core.data.split import split
from core.errors import DatasetError, GateError
from core.evaluation import evaluate, predicted_classes
from core.gate.fitting import write_gate
from core.insight import chosen_images, doubted_labels
from core.insight.reconstructions import Order
from core.reference.networks import write_autoencoder, write_classifier
from core.store import Codes, Compaction, KeptImages, Predictions, ReferenceRun, Run, TrainingImages
from core.store.records import write_json
from core.store.reference import READERS
from core.store.run import (
    AUTOENCODER_ONNX,
    CODES,
    COMPACTION,
    ENVIRONMENT,
    GATE,
    GATE_FACTS,
    HISTORY,
    IMAGES,
    METRICS,
    ONNX,
    OPTIONAL,
    PREDICTIONS,
    RECIPE,
    TRAINING_IMAGES,
)

COMPONENTS = 16
"""Principal components of the codes that are shipped: enough for the map, at a quarter of the bytes."""

KEPT_TRAINING = 4000
"""Training images that a run which reads keeps with their codes: 32 bytes each for a code, and some 160 for an image.
Of the nine of them that hashing finds for a test image 82% are of its class (preset robust), and 79% with half as many.
"""

KEPT_OF_AN_ORDER = 24
"""Images of each order in which the autoencoder's page shows them."""


def ship(run: Run, target: Path, dataset: Dataset) -> ReferenceRun:
    """Make a finished run small enough to come with the project; an older one at the target goes.

    target: its folder, named as the reference run is to be called. dataset: the one it was trained on.
    Raises DatasetError if it is another, ExportError if a network cannot be kept small, RunDamagedError if the run
    cannot be read.
    """
    facts = run.request.dataset
    if dataset.digest != facts.digest:
        raise DatasetError(
            f"dataset: expected the one that run {run.name} was trained on, {facts.name} with the digest "
            f"{facts.digest[:12]}, found {dataset.name} with the digest {dataset.digest[:12]}."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=target.parent) as scratch:
        draft = Path(scratch) / target.name
        draft.mkdir()
        _write(run, draft, dataset)
        made = ReferenceRun(draft)
        made.check()
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    return ReferenceRun(target)


def _write(run: Run, folder: Path, dataset: Dataset) -> None:
    _copy_records(run, folder)
    kept, metrics = run.predictions, run.metrics
    answers, kernels = write_classifier(run, folder, dataset)
    errors = write_autoencoder(run, folder, dataset)
    predictions = replace(
        kept,
        validation_probabilities=answers.validation,
        test_probabilities=answers.test,
        reconstruction_errors=errors,
    )
    names = dataset.class_names
    metrics = replace(
        metrics,
        test=evaluate(answers.test, kept.test_labels, names),
        validation=evaluate(answers.validation, kept.validation_labels, names) if metrics.validation else None,
        reconstruction_error=float(errors.mean()),
    )
    write_json(folder / METRICS, metrics.to_json())
    exactness = [kernels, *_write_predictions(predictions, folder)]
    left_out = _write_codes(run.codes, folder, dataset) if run.codes is not None else []
    _write_arrays(folder / IMAGES, _images(predictions, dataset))
    if not _write_gate(run, folder, dataset):
        left_out.append("the gate that tells digits from other things")
    compaction = Compaction(
        run=run.request.fingerprint,
        left_out=tuple(left_out),
        exactness=tuple(exactness),
        incorrect=run.metrics.test.incorrect,
        loss=run.metrics.test.loss,
        largest_difference=float(np.abs(answers.test - kept.test_probabilities).max()),
    )
    write_json(folder / COMPACTION, asdict(compaction))


_MADE_HERE = (ONNX, AUTOENCODER_ONNX, CODES, GATE, GATE_FACTS)


def _copy_records(run: Run, folder: Path) -> None:
    """What is taken over as it is; of the dataset's source the words, and not where it lay on the machine."""
    for name in (HISTORY, ENVIRONMENT, *(name for name in OPTIONAL if name not in _MADE_HERE)):
        if (run.path / name).is_file():
            shutil.copyfile(run.path / name, folder / name)
    request = replace(run.request, dataset=run.request.dataset.without_place())
    write_json(folder / RECIPE, request.to_json())


def _write_gate(run: Run, folder: Path, dataset: Dataset) -> bool:
    """What tells digits from other things: the run's own, else fitted now; False for runs that ship without it."""
    if folder.name not in READERS:
        return False
    if all((run.path / name).is_file() for name in (GATE, GATE_FACTS)):
        for name in (GATE, GATE_FACTS):
            shutil.copyfile(run.path / name, folder / name)
        return True
    try:
        fit_gate(run, folder, dataset)
    except GateError:
        return False
    return True


def fit_gate(run: Run, folder: Path, dataset: Dataset) -> None:
    """Fit what tells digits from other things to the networks in a folder, in the place of an older one.

    run: whose recipe says which images trained them. dataset: the one it was trained on. Raises GateError if that has
    too few images.
    """
    recipe = run.request.recipe
    write_gate(folder, dataset, split(dataset.train_labels, recipe.validation_fraction, recipe.seed), recipe.seed)


def _write_predictions(predictions: Predictions, folder: Path) -> list[str]:
    """Write them as small as the classes allow; returns in words what became of them."""
    arrays = {item.name: getattr(predictions, item.name) for item in fields(predictions)}
    whole = []
    for name, array in arrays.items():
        if name.endswith("_probabilities"):
            if _halved(array):
                arrays[name] = array.astype(np.float16)
            else:
                whole.append(name.replace("_", " "))
        elif name == "reconstruction_errors":
            arrays[name] = array.astype(np.float32)
    with new_file(folder / PREDICTIONS) as file:
        np.savez_compressed(file, **arrays)
    words = "probabilities in half precision"
    return [f"{words}, but for {' and '.join(whole)}" if whole else words]


def _halved(probabilities: npt.NDArray[np.floating]) -> bool:
    """Whether every class stays the same in half precision."""
    return not len(probabilities) or np.array_equal(
        predicted_classes(probabilities), predicted_classes(probabilities.astype(np.float16))
    )


def _write_codes(codes: Codes, folder: Path, dataset: Dataset) -> list[str]:
    """Write those of the test images, in the first components; returns in words what is left out.

    A run that reads keeps what it takes to code other images, and some training images to compare them with.
    """
    reads, n, n_train = folder.name in READERS, min(COMPONENTS, len(codes.components)), len(codes.train_rows)
    n_kept = min(KEPT_TRAINING, n_train) if reads else 0
    some = np.arange(n_kept) * n_train // max(1, n_kept)  # spread over the whole set, which may be ordered by class
    rows = codes.train_rows[some]
    kept = Codes(
        mean=codes.mean if reads else codes.mean[:0],
        components=codes.components[: n if reads else 0],
        explained=codes.explained[:n],
        train_rows=rows,
        train=codes.train[some, :n],
        test=codes.test[:, :n],
    )
    _write_arrays(folder / CODES, kept)
    if not reads:
        return ["the codes of the training images", "the components of the codes"]
    images = TrainingImages(rows, dataset.train_images[rows], dataset.train_labels[rows])
    _write_arrays(folder / TRAINING_IMAGES, images)
    return [f"the codes of all but {n_kept:,} training images"] if n_kept < n_train else []


def _images(predictions: Predictions, dataset: Dataset) -> KeptImages:
    """Test images that pages show first: all that were misread after either phase, the first nine, and some more."""
    labels, errors = predictions.test_labels, predictions.reconstruction_errors
    right = predicted_classes(predictions.test_probabilities) == labels
    early = predicted_classes(predictions.phase1_test_probabilities) == labels
    orders: tuple[Order, ...] = ("typical", "worst", "best")
    wanted = [
        np.flatnonzero(~right | ~early),
        np.flatnonzero(right)[:9],
        np.array([row for row in doubted_labels(dataset.digest) if row < len(labels)], np.int64),
        *(chosen_images(errors, labels, order, KEPT_OF_AN_ORDER) for order in orders),
    ]
    rows = np.unique(np.concatenate(wanted))
    return KeptImages(rows, dataset.test_images[rows])


def _write_arrays(path: Path, arrays: Codes | KeptImages | TrainingImages) -> None:
    with new_file(path) as file:
        np.savez_compressed(file, **{item.name: getattr(arrays, item.name) for item in fields(arrays)})

"""The paper's system from end to end: a recipe and a dataset in, a finished run out, trained only if it has to be.

    split -> autoencoder -> codes -> phase 1 -> phase 2 -> evaluation -> run folder

Each stage's checkpoints live in a folder named by everything that decides its weights, so that runs which differ only
further down share what lies above: heads of several sizes stand on one autoencoder and its codes.
"""

from datetime import UTC, datetime
from pathlib import Path

import keras
import numpy as np

from core.data.dataset import Dataset
from core.data.scaling import to_inputs
from core.data.split import Split, split
from core.environment import environment
from core.errors import ExportError, GateError
from core.evaluation import evaluate
from core.export import write_autoencoder_onnx, write_onnx
from core.gate.fitting import write_gate
from core.insight import fit_codes
from core.models.networks import encoder_of, head_of, stock_copy, with_code
from core.models.precision import precision_here
from core.network_summary import require_image_shape
from core.recipe import Recipe, run_fingerprint
from core.settings import Settings
from core.stages import stage_names
from core.store import Metrics, Predictions, Run, RunRequest, RunStore, StageFacts, WorkingRun
from core.store.run import AUTOENCODER, AUTOENCODER_ONNX, CLASSIFIER, ONNX
from core.training.autoencoder import reconstruction_errors, train_autoencoder
from core.training.checkpoints import CheckpointFolder
from core.training.classifier import ClassifierFolders, ClassifierTraining
from core.training.codes import codes_of, forget_old_codes
from core.training.loop import StageResult, predict
from core.training.progress import EpochRecord, Observer, Progress
from core.training.subset import subset

LayerWeights = dict[str, list[np.ndarray]]

ONNX_IMAGES = 200
"""Test images on which an ONNX file has to answer as its network does."""

AUTOENCODER_ONNX_IMAGES = 50
"""Fewer: the decoder takes ten times as long as the encoder."""

CODED_IMAGES = 10_000
"""A run keeps the codes of at least this many training images, where there are as many."""


def get_or_train(
    recipe: Recipe,
    dataset: Dataset,
    settings: Settings,
    observer: Observer | None = None,
    preset: str | None = None,
) -> Run:
    """The run that this recipe gives on this dataset: from the store, or trained now and kept there.

    preset: name of the preset the recipe began with, noted in the run. An interrupted training goes on at its last
    finished epoch. Raises DatasetError if the network cannot take the images, TrainingCancelled when the observer asks
    for a stop, RunLockedError if another process is training this run, RunDamagedError if the run is there but not
    sound.
    """
    require_image_shape(recipe.architecture, dataset.image_shape)
    store = RunStore(settings.runs)
    name = run_fingerprint(recipe, dataset.digest)
    if run := store.get(name):
        return run
    with store.writing(name) as working:
        # Another process may have finished the run while this one waited for the lock.
        if not store.get(name):
            parts = split(dataset.train_labels, recipe.validation_fraction, recipe.seed)
            working.write_request(RunRequest.of(recipe, dataset, preset))
            _train(recipe, dataset, parts, settings, working, observer or Observer())
    return Run(settings.runs / name)


def stage_folders(recipe: Recipe, data_digest: str, stages: Path) -> tuple[CheckpointFolder, ClassifierFolders]:
    """Where the stages of a run keep their checkpoints, by everything that decides their weights."""
    names = stage_names(recipe, data_digest)
    return CheckpointFolder(stages / names.autoencoder), ClassifierFolders(
        phase1=CheckpointFolder(stages / names.phase1),
        phase2=CheckpointFolder(stages / names.phase2),
        codes=stages / names.codes,
    )


class _Recorder(Observer):
    """Passes everything on, keeps all epochs and writes them to the run's history as they come."""

    def __init__(self, working: WorkingRun, watcher: Observer) -> None:
        self.working, self.watcher = working, watcher
        self.history: list[EpochRecord] = []

    def stage(self, name: str) -> None:
        self.watcher.stage(name)

    def step(self, progress: Progress) -> None:
        self.watcher.step(progress)

    def epoch(self, record: EpochRecord) -> None:
        self.history.append(record)
        self.working.write_history(self.history)
        self.watcher.epoch(record)

    def cancelled(self) -> bool:
        return self.watcher.cancelled()


def _train(
    recipe: Recipe, dataset: Dataset, parts: Split, settings: Settings, working: WorkingRun, watcher: Observer
) -> None:
    started = datetime.now(UTC)
    observer = _Recorder(working, watcher)
    working.write_history([])
    autoencoder_folder, folders = stage_folders(recipe, dataset.digest, settings.stages)

    observer.stage("autoencoder")
    autoencoder, autoencoder_result = train_autoencoder(recipe, dataset, parts, autoencoder_folder, observer)
    training = ClassifierTraining(recipe, dataset, parts, autoencoder)
    untrained = _weights(training.model)

    observer.stage("phase1")
    phase1_result = training.phase1(folders, observer)
    after_phase1 = _weights(training.model)
    encoder, every_test_image = encoder_of(autoencoder), np.arange(len(dataset.test_images))
    test_codes = codes_of(encoder, dataset.test_images, every_test_image, folders.codes / "test.npy", observer)
    phase1_probabilities = predict(head_of(training.model), lambda part: test_codes[part], len(test_codes), observer)

    observer.stage("phase2")
    phase2_result = training.phase2(folders, observer)
    after_phase2 = _weights(training.model)

    observer.stage("evaluation")
    predictions = Predictions(
        validation_rows=parts.validation,
        validation_labels=dataset.train_labels[parts.validation],
        validation_probabilities=_probabilities(training.model, dataset.train_images[parts.validation], observer),
        test_labels=dataset.test_labels,
        test_probabilities=_probabilities(training.model, dataset.test_images, observer),
        phase1_test_probabilities=phase1_probabilities,
        reconstruction_errors=reconstruction_errors(
            autoencoder, dataset.test_images, recipe.autoencoder.loss, observer
        ),
    )
    names = dataset.class_names
    metrics = Metrics(
        test=evaluate(predictions.test_probabilities, predictions.test_labels, names),
        validation=evaluate(predictions.validation_probabilities, predictions.validation_labels, names)
        if len(parts.validation)
        else None,
        phase1_test=evaluate(predictions.phase1_test_probabilities, predictions.test_labels, names),
        reconstruction_error=float(predictions.reconstruction_errors.mean()),
        stages={
            "autoencoder": _stage_facts(autoencoder_result, {}, {}),
            "phase1": _stage_facts(phase1_result, untrained, after_phase1),
            "phase2": _stage_facts(phase2_result, after_phase1, after_phase2),
        },
    )
    rows, train_codes = _train_codes(recipe, dataset, parts, encoder, folders.codes, observer)
    lacking = _save_codes(rows, train_codes, test_codes, working)
    autoencoder, classifier = (stock_copy(model, recipe.architecture) for model in (autoencoder, training.model))
    autoencoder.save(working.path / AUTOENCODER)
    classifier.save(working.path / CLASSIFIER)
    lacking |= _save_onnx(classifier, autoencoder, working, dataset.test_images[:ONNX_IMAGES])
    lacking |= _save_gate(dataset, parts, recipe.seed, working)
    facts = environment(started, observer.history) | {"precision": precision_here(recipe.precision)}
    working.write_results(metrics, predictions, facts | lacking)
    forget_old_codes(settings.stages)


def _train_codes(
    recipe: Recipe, dataset: Dataset, parts: Split, encoder: keras.Model, folder: Path, observer: Observer
) -> tuple[np.ndarray, np.ndarray]:
    """Rows and codes of training images: those that phase 1 trained on, where they are there and suffice."""
    rows = subset(parts.train, recipe.phase1.images, recipe.seed)
    path = folder / f"train-{len(rows)}.npy"
    if len(rows) < CODED_IMAGES or not path.exists():
        rows = subset(parts.train, CODED_IMAGES, recipe.seed)
        path = folder / f"train-{len(rows)}.npy"
    return rows, codes_of(encoder, dataset.train_images, rows, path, observer)


# A run without the optional files is whole: what goes wrong with them must not cost a training. The three functions
# below return what environment.json then says about it.


def _save_codes(rows: np.ndarray, train: np.ndarray, test: np.ndarray, working: WorkingRun) -> dict[str, str]:
    """Write the codes in their principal components, so that pages find neighbours without the network."""
    try:
        working.write_codes(fit_codes(rows, train, test))
    except ValueError as error:
        return {"codes": str(error)}
    return {}


def _save_onnx(
    classifier: keras.Model, autoencoder: keras.Model, working: WorkingRun, images: np.ndarray
) -> dict[str, str]:
    """Write the networks as ONNX too, so that answering needs no TensorFlow."""
    if keras.backend.backend() != "tensorflow":
        return {}
    try:
        write_onnx(classifier, working.path / ONNX, images)
        write_autoencoder_onnx(
            with_code(autoencoder), working.path / AUTOENCODER_ONNX, images[:AUTOENCODER_ONNX_IMAGES]
        )
    except ExportError as error:
        return {"onnx": str(error)}
    return {}


def _save_gate(dataset: Dataset, parts: Split, seed: int, working: WorkingRun) -> dict[str, str]:
    """Fit what says whether an image is one of the classes to the ONNX files, which it works with ever after."""
    if not all((working.path / name).is_file() for name in (ONNX, AUTOENCODER_ONNX)):
        return {}
    try:
        write_gate(working.path, dataset, parts, seed)
    except (GateError, ValueError) as error:
        return {"gate": str(error)}
    return {}


def _stage_facts(result: StageResult, before: LayerWeights, after: LayerWeights) -> StageFacts:
    change = {
        name: max(float(np.abs(new - old).max()) for new, old in zip(after[name], weights, strict=True))
        for name, weights in before.items()
    }
    return StageFacts(len(result.history), result.best_epoch, result.stopped_early, change)


def _weights(model: keras.Model) -> LayerWeights:
    """A copy of every layer's weights and running statistics."""
    return {layer.name: layer.get_weights() for layer in model.layers if layer.weights}


def _probabilities(model: keras.Model, images: np.ndarray, observer: Observer) -> np.ndarray:
    return predict(model, lambda part: to_inputs(images[part]), len(images), observer)

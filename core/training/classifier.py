"""Training of the classifier in two phases (paper, section 3.2.3).

Phase 1 trains the head on codes of the frozen encoder; phase 2 frees the encoder and trains everything. Labels are
one-hot vectors and the loss is the cross-entropy, as the paper's "normalised labels" ask for; sparse labels with the
sparse cross-entropy would be the same loss, but could not be smoothed.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from core.data.dataset import Dataset
from core.data.scaling import to_inputs
from core.data.split import Split
from core.evaluation import evaluate
from core.models.networks import build_classifier, copy_weights, encoder_layers, encoder_of, head_of
from core.models.precision import precision_here
from core.recipe import Phase1Plan, Phase2Plan, Recipe
from core.training.augmentation import augment
from core.training.checkpoints import CheckpointFolder
from core.training.codes import codes_of
from core.training.loop import Batch, Scores, StageResult, TrainingSet, predict, train_stage
from core.training.progress import Observer
from core.training.subset import subset


@dataclass(frozen=True)
class ClassifierFolders:
    """Where the two phases keep their checkpoints, and phase 1 its codes."""

    phase1: CheckpointFolder
    phase2: CheckpointFolder
    codes: Path


class ClassifierTraining:
    """A classifier on its way: made from a trained autoencoder, then taken through phase 1 and phase 2.

    model: the network as it is now, in float32.
    """

    def __init__(self, recipe: Recipe, dataset: Dataset, split: Split, autoencoder: keras.Model) -> None:
        self.recipe, self.dataset, self.split = recipe, dataset, split
        self._targets = np.eye(dataset.n_classes, dtype=np.float32)[dataset.train_labels]
        self.model = build_classifier(
            recipe.architecture, dataset.image_shape, dataset.n_classes, recipe.seed_of_classifier
        )
        copy_weights(autoencoder, self.model)

    def phase1(self, folders: ClassifierFolders, observer: Observer) -> StageResult:
        """Train the head, on each image's code, computed once; the encoder and its statistics stay as they are."""
        plan = self.recipe.phase1
        if plan.epochs == 0:
            return StageResult([], None, False)
        encoder, head = encoder_of(self.model), head_of(self.model)
        for layer in encoder_layers(self.model):
            layer.trainable = False
        rows = subset(self.split.train, plan.images, self.recipe.seed)

        # A phase that is complete already asks for no codes, so they are computed at the first question.
        @functools.cache
        def codes() -> tuple[np.ndarray, np.ndarray]:
            observer.stage("codes")
            images, validation = self.dataset.train_images, self.split.validation
            found = (
                codes_of(encoder, images, rows, folders.codes / f"train-{len(rows)}.npy", observer),
                codes_of(encoder, images, validation, folders.codes / "validation.npy", observer),
            )
            observer.stage("phase1")
            return found

        def batch(chosen: np.ndarray, generator: np.random.Generator) -> Batch:
            return codes()[0][chosen], self._targets[rows[chosen]]

        def validate() -> Scores:
            return self._scores(head, lambda part: codes()[1][part], observer)

        return self._train("phase1", head, plan, TrainingSet(len(rows), batch), validate, folders.phase1, observer)

    def phase2(self, folders: ClassifierFolders, observer: Observer) -> StageResult:
        """Train everything, on images changed anew in every epoch where the recipe asks for it."""
        plan = self.recipe.phase2
        if plan.epochs == 0:
            return StageResult([], None, False)
        network = self._network(precision_here(self.recipe.precision))
        for layer in encoder_layers(network):
            layer.trainable = True
        rows = subset(self.split.train, plan.images, self.recipe.seed)
        images = self.dataset.train_images
        validation_images = images[self.split.validation]

        def batch(chosen: np.ndarray, generator: np.random.Generator) -> Batch:
            changed, targets = augment(
                images[rows[chosen]],
                self._targets[rows[chosen]],
                self.dataset.class_names,
                self.recipe.augmentation,
                generator,
            )
            return to_inputs(changed), targets

        def validate() -> Scores:
            return self._scores(network, lambda part: to_inputs(validation_images[part]), observer)

        result = self._train("phase2", network, plan, TrainingSet(len(rows), batch), validate, folders.phase2, observer)
        copy_weights(network, self.model)
        return result

    def _network(self, precision: str) -> keras.Model:
        """The network as it is now, in a precision to train it in: itself, or a copy with the same weights."""
        if precision == "float32":
            return self.model
        recipe, dataset = self.recipe, self.dataset
        network = build_classifier(
            recipe.architecture,
            dataset.image_shape,
            dataset.n_classes,
            recipe.seed_of_classifier,
            precision=precision,
        )
        copy_weights(self.model, network)
        return network

    def _train(
        self,
        stage: str,
        model: keras.Model,
        plan: Phase1Plan | Phase2Plan,
        training: TrainingSet,
        validate: Callable[[], Scores],
        folder: CheckpointFolder,
        observer: Observer,
    ) -> StageResult:
        loss = keras.losses.CategoricalCrossentropy(label_smoothing=plan.label_smoothing)
        scored = validate if len(self.split.validation) else None
        return train_stage(stage, model, plan, loss, training, scored, self.recipe.seed_of_classifier, folder, observer)

    def _scores(self, model: keras.Model, inputs: Callable[[slice], np.ndarray], observer: Observer) -> Scores:
        labels = self.dataset.train_labels[self.split.validation]
        report = evaluate(predict(model, inputs, len(labels), observer), labels)
        return Scores(report.loss, report.accuracy)

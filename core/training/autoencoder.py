"""Training of the autoencoder (paper, section 3.1.2)."""

import keras
import numpy as np

from core.data.dataset import Dataset
from core.data.scaling import to_inputs
from core.data.split import Split
from core.models.networks import build_autoencoder, copy_weights
from core.models.precision import precision_here
from core.recipe import Recipe
from core.training.checkpoints import CheckpointFolder
from core.training.loop import Batch, Scores, StageResult, TrainingSet, predict, train_stage
from core.training.progress import Observer
from core.training.subset import subset


def train_autoencoder(
    recipe: Recipe, dataset: Dataset, split: Split, folder: CheckpointFolder, observer: Observer
) -> tuple[keras.Model, StageResult]:
    """The trained autoencoder, in float32, and how its training went.

    The network learns to give its input back; the loss is the recipe's, on pixels in [0, 1].
    Raises DatasetError if the network cannot take the images, TrainingCancelled when the observer asks for a stop.
    """
    plan = recipe.autoencoder
    precision = precision_here(recipe.precision)
    model = build_autoencoder(recipe.architecture, dataset.image_shape, recipe.seed, precision=precision)
    rows = subset(split.train, plan.images, recipe.seed)

    def batch(chosen: np.ndarray, generator: np.random.Generator) -> Batch:
        inputs = to_inputs(dataset.train_images[rows[chosen]])
        return inputs, inputs

    def validate() -> Scores:
        errors = reconstruction_errors(model, dataset.train_images[split.validation], plan.loss, observer)
        return Scores(float(errors.mean()))

    result = train_stage(
        "autoencoder",
        model,
        plan,
        _loss(plan.loss),
        TrainingSet(len(rows), batch),
        validate if len(split.validation) else None,
        recipe.seed,
        folder,
        observer,
    )
    if precision == "float32":
        return model, result
    finished = build_autoencoder(recipe.architecture, dataset.image_shape, recipe.seed)
    copy_weights(model, finished)
    return finished, result


def reconstruction_errors(model: keras.Model, images: np.ndarray, loss: str, observer: Observer) -> np.ndarray:
    """The autoencoder's loss on each image: (n,) float64, mean over the pixels.

    images: (n, h, w) uint8. loss: mean_squared_error or binary_crossentropy (in nats).
    """
    outputs = predict(model, lambda part: to_inputs(images[part]), len(images), observer)
    targets, outputs = to_inputs(images).astype(np.float64), outputs.astype(np.float64)
    if loss == "mean_squared_error":
        return np.square(outputs - targets).mean(axis=(1, 2, 3))
    clipped = np.clip(outputs, 1e-7, 1 - 1e-7)
    return -(targets * np.log(clipped) + (1 - targets) * np.log1p(-clipped)).mean(axis=(1, 2, 3))


def _loss(name: str) -> keras.losses.Loss:
    return {
        "mean_squared_error": keras.losses.MeanSquaredError,
        "binary_crossentropy": keras.losses.BinaryCrossentropy,
    }[name]()

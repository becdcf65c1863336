from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.data.split import Split, split
from core.errors import DatasetError
from core.models.networks import build_autoencoder
from core.recipe import Recipe
from core.training.autoencoder import reconstruction_errors, train_autoencoder
from core.training.checkpoints import CheckpointFolder
from core.training.progress import Observer


@pytest.fixture
def parts(tiny_dataset: Dataset) -> Split:
    return split(tiny_dataset.train_labels, 0.2, 0)


class Echo:
    """Stands for an autoencoder that answers with the same grey everywhere."""

    def __init__(self, grey: float) -> None:
        self.grey = grey

    def predict_on_batch(self, inputs: np.ndarray) -> np.ndarray:
        return np.full_like(inputs, self.grey)


@pytest.mark.parametrize("grey", [0.0, 0.3, 1.0])
def test_reconstruction_errors_are_means_over_the_pixels(grey: float) -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 4, 5), np.uint8)
    network: Any = Echo(grey)
    targets = images.reshape(3, -1) / 255
    squares = reconstruction_errors(network, images, "mean_squared_error", Observer())
    np.testing.assert_allclose(squares, ((targets - grey) ** 2).mean(axis=1), rtol=1e-5)
    p = np.clip(float(np.float32(grey)), 1e-7, 1 - 1e-7)
    entropy = -(targets * np.log(p) + (1 - targets) * np.log(1 - p)).mean(axis=1)
    found = reconstruction_errors(network, images, "binary_crossentropy", Observer())
    np.testing.assert_allclose(found, entropy, rtol=1e-5)
    assert found.dtype == squares.dtype == np.float64


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("loss", ["mean_squared_error", "binary_crossentropy"])
def test_the_autoencoder_learns_to_give_its_input_back(
    tiny_recipe: Recipe, tiny_dataset: Dataset, parts: Split, tmp_path: Path, loss: str
) -> None:
    changes = {"epochs": 3, "loss": loss, "learning_rate": 0.03, "batch_size": 80}
    recipe = tiny_recipe.changed({f"autoencoder.{name}": value for name, value in changes.items()})
    model, result = train_autoencoder(recipe, tiny_dataset, parts, CheckpointFolder(tmp_path), Observer())
    losses = [record.val_loss for record in result.history]
    assert len(losses) == 3
    assert losses[-1] < losses[0]
    assert all(record.accuracy is record.val_accuracy is None for record in result.history)
    held_out = tiny_dataset.train_images[parts.validation]
    errors = reconstruction_errors(model, held_out, loss, Observer())
    assert errors.shape == (len(held_out),)
    assert errors.mean() == pytest.approx(losses[-1])
    # Keras's own loss of the same network on the same images.
    inputs = (held_out[..., np.newaxis] / 255).astype(np.float32)
    assert float(model.test_on_batch(inputs, inputs)) == pytest.approx(losses[-1], rel=1e-4)


def test_no_epochs_leave_the_network_as_it_begins(
    tiny_recipe: Recipe, tiny_dataset: Dataset, parts: Split, tmp_path: Path, same: Any
) -> None:
    recipe = tiny_recipe.changed({"autoencoder.epochs": 0})
    model, result = train_autoencoder(recipe, tiny_dataset, parts, CheckpointFolder(tmp_path), Observer())
    assert result.history == []
    fresh = build_autoencoder(recipe.architecture, tiny_dataset.image_shape, recipe.seed)
    same(model.get_weights(), fresh.get_weights())


def test_images_of_another_size_are_refused(tiny_dataset: Dataset, parts: Split, tmp_path: Path) -> None:
    deep = Recipe().changed({"architecture.filters": "2/2/2/2"})
    with pytest.raises(DatasetError, match="12x12"):
        train_autoencoder(deep, tiny_dataset, parts, CheckpointFolder(tmp_path), Observer())

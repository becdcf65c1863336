"""The two phases of the classifier on an untrained encoder: what moves, what stays, what is learnt from."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from core.data.dataset import Dataset
from core.data.split import Split, split
from core.models.networks import build_autoencoder, encoder_layers, encoder_of, head_of
from core.recipe import Recipe
from core.training import classifier
from core.training.checkpoints import CheckpointFolder
from core.training.classifier import ClassifierFolders, ClassifierTraining


@pytest.fixture
def folders(tmp_path: Path) -> ClassifierFolders:
    one, two = (CheckpointFolder(tmp_path / name) for name in ("phase1", "phase2"))
    return ClassifierFolders(one, two, tmp_path / "codes-x")


@pytest.fixture
def parts(tiny_dataset: Dataset) -> Split:
    return split(tiny_dataset.train_labels, 0.2, 0)


def begin(recipe: Recipe, dataset: Dataset, parts: Split) -> ClassifierTraining:
    autoencoder = build_autoencoder(recipe.architecture, dataset.image_shape, recipe.seed)
    random = np.random.default_rng(0)
    for layer in encoder_layers(autoencoder):  # statistics of a trained encoder are not 0 and 1
        layer.set_weights([w + random.uniform(0, 0.2, w.shape).astype(w.dtype) for w in layer.get_weights()])
    return ClassifierTraining(recipe, dataset, parts, autoencoder)


def encoder_weights(training: ClassifierTraining) -> list[np.ndarray]:
    return [weights for layer in encoder_layers(training.model) for weights in layer.get_weights()]


def head_weights(training: ClassifierTraining) -> list[np.ndarray]:
    return [w for name in ("dense", "predictions") for w in training.model.get_layer(name).get_weights()]


def cross_entropy(probabilities: np.ndarray, targets: np.ndarray) -> float:
    return float(-(targets * np.log(probabilities)).sum(axis=1).mean())


def test_a_classifier_begins_with_the_autoencoders_encoder(
    tiny_recipe: Recipe, tiny_dataset: Dataset, parts: Split, same: Any
) -> None:
    training = begin(tiny_recipe, tiny_dataset, parts)
    other = begin(tiny_recipe.changed({"classifier_seed": 9}), tiny_dataset, parts)
    same(encoder_weights(training), encoder_weights(other))
    assert np.abs(head_weights(training)[0] - head_weights(other)[0]).max() > 0.01


def test_phase_1_moves_the_head_alone_and_phase_2_everything(
    tiny_recipe: Recipe, tiny_dataset: Dataset, parts: Split, folders: ClassifierFolders, new_log: Any, same: Any
) -> None:
    training, log = begin(tiny_recipe, tiny_dataset, parts), new_log()
    encoder, head = encoder_weights(training), head_weights(training)
    training.phase1(folders, log)
    same(encoder_weights(training), encoder)
    assert all(np.abs(new - old).max() > 0 for new, old in zip(head_weights(training), head, strict=True))
    # What phase 1 reports of the head on codes is true of the whole network on images, but for half precision.
    inputs = (tiny_dataset.train_images[parts.validation][..., np.newaxis] / 255).astype(np.float32)
    labels = tiny_dataset.train_labels[parts.validation]
    probabilities = training.model.predict_on_batch(inputs)
    assert log.epochs[-1].val_loss == pytest.approx(cross_entropy(probabilities, np.eye(3)[labels]), rel=1e-3)
    assert log.epochs[-1].val_accuracy == pytest.approx((probabilities.argmax(axis=1) == labels).mean(), abs=0.03)
    assert log.stages == ["codes", "phase1"]

    head = head_weights(training)
    training.phase2(folders, log)
    for before, after in ((encoder, encoder_weights(training)), (head, head_weights(training))):
        assert all(np.abs(new - old).max() > 0 for new, old in zip(after, before, strict=True))
    probabilities = training.model.predict_on_batch(inputs)
    assert log.epochs[-1].val_accuracy == (probabilities.argmax(axis=1) == labels).mean()


@pytest.mark.usefixtures("eager")
def test_a_finished_phase_1_needs_no_codes(
    tiny_recipe: Recipe, tiny_dataset: Dataset, parts: Split, folders: ClassifierFolders, new_log: Any, same: Any
) -> None:
    first, again = begin(tiny_recipe, tiny_dataset, parts), begin(tiny_recipe, tiny_dataset, parts)
    first.phase1(folders, new_log())
    for path in folders.codes.iterdir():
        path.unlink()
    log = new_log()
    again.phase1(folders, log)
    same(again.model.get_weights(), first.model.get_weights())
    assert (log.stages, log.steps) == ([], [])
    assert list(folders.codes.iterdir()) == []


def test_codes_reach_the_head_in_single_precision(tiny_recipe: Recipe, tiny_dataset: Dataset, parts: Split) -> None:
    training = begin(tiny_recipe, tiny_dataset, parts)
    head = head_of(training.model)
    images = (tiny_dataset.train_images[:50, ..., np.newaxis] / 255).astype(np.float32)
    codes = np.asarray(encoder_of(training.model).predict_on_batch(images)).astype(np.float16)
    answers = head.predict_on_batch(codes)
    assert answers.dtype == np.float32
    np.testing.assert_array_equal(answers, head.predict_on_batch(codes.astype(np.float32)))


@pytest.mark.parametrize("phase", ["phase1", "phase2"])
def test_no_epochs_skip_a_phase(
    tiny_recipe: Recipe,
    tiny_dataset: Dataset,
    parts: Split,
    folders: ClassifierFolders,
    new_log: Any,
    same: Any,
    phase: str,
) -> None:
    training, log = begin(tiny_recipe.changed({f"{phase}.epochs": 0}), tiny_dataset, parts), new_log()
    before = training.model.get_weights()
    result = getattr(training, phase)(folders, log)
    same(training.model.get_weights(), before)
    assert (result.history, result.best_epoch, result.stopped_early) == ([], None, False)
    assert (log.stages, log.steps) == ([], [])


class Batches:
    """Stands for the training loop: keeps what a stage would train on and with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.inputs: list[np.ndarray] = []
        self.targets: list[np.ndarray] = []
        self.loss: Any = None
        self.seed: int | None = None
        self.validated = False
        monkeypatch.setattr(classifier, "train_stage", self)

    def __call__(self, stage: str, model: keras.Model, plan: Any, loss: Any, training: Any, validate: Any,
                 seed: int, *_: Any) -> None:  # fmt: skip
        self.loss, self.seed, self.validated = loss, seed, validate is not None
        self.n_images = training.n_images
        for epoch in range(2):
            inputs, targets = training.batch(np.arange(training.n_images), np.random.default_rng(epoch))
            self.inputs.append(inputs)
            self.targets.append(targets)


@pytest.mark.parametrize("warps", [{}, {"augmentation.shift": 3}])
def test_only_phase_2_warps_and_only_where_asked(
    tiny_recipe: Recipe,
    tiny_dataset: Dataset,
    parts: Split,
    folders: ClassifierFolders,
    new_log: Any,
    monkeypatch: pytest.MonkeyPatch,
    warps: dict[str, float],
) -> None:
    batches, training = Batches(monkeypatch), begin(tiny_recipe.changed(warps), tiny_dataset, parts)
    training.phase2(folders, new_log())
    plain = (tiny_dataset.train_images[parts.train][..., np.newaxis] / 255).astype(np.float32)
    one, other = batches.inputs
    assert (one.dtype, one.shape) == (np.float32, plain.shape)
    assert bool((one != plain).any()) == bool((one != other).any()) == bool(warps)
    for targets in batches.targets:
        np.testing.assert_array_equal(targets, np.eye(3)[tiny_dataset.train_labels[parts.train]])

    training.phase1(folders, new_log())
    np.testing.assert_array_equal(batches.inputs[2], batches.inputs[3])


def test_a_phase_trains_on_as_many_images_as_it_is_given(
    tiny_recipe: Recipe, tiny_dataset: Dataset, parts: Split, folders: ClassifierFolders, new_log: Any, monkeypatch: Any
) -> None:
    recipe = tiny_recipe.changed({"phase1.images": 50, "phase2.images": 30, "seed": 3, "classifier_seed": 4})
    batches, training = Batches(monkeypatch), begin(recipe, tiny_dataset, parts)
    training.phase1(folders, new_log())
    assert (batches.n_images, len(batches.inputs[0])) == (50, 50)
    assert batches.seed == 4
    training.phase2(folders, new_log())
    assert batches.n_images == 30
    allowed = {image.tobytes() for image in tiny_dataset.train_images[parts.train]}
    shown = {np.round(255 * image[..., 0]).astype(np.uint8).tobytes() for image in batches.inputs[2]}
    assert len(shown) == 30
    assert shown <= allowed


@pytest.mark.parametrize("phase", ["phase1", "phase2"])
@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5])
def test_smoothed_labels_give_a_share_to_every_class(
    tiny_recipe: Recipe,
    tiny_dataset: Dataset,
    parts: Split,
    folders: ClassifierFolders,
    new_log: Any,
    monkeypatch: pytest.MonkeyPatch,
    phase: str,
    smoothing: float,
) -> None:
    recipe = tiny_recipe.changed({f"{phase}.label_smoothing": smoothing})
    batches, training = Batches(monkeypatch), begin(recipe, tiny_dataset, parts)
    getattr(training, phase)(folders, new_log())
    probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]], np.float32)
    targets = np.eye(3, dtype=np.float32)[[0, 1]]
    expected = cross_entropy(probabilities, targets * (1 - smoothing) + smoothing / 3)
    assert float(batches.loss(targets, probabilities)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.usefixtures("eager")
def test_training_on_everything_has_no_scores(
    tiny_recipe: Recipe, tiny_dataset: Dataset, folders: ClassifierFolders, new_log: Any
) -> None:
    recipe = tiny_recipe.changed(
        {"validation_fraction": 0, "phase2.patience": None, "phase1.batch_size": 200, "phase2.batch_size": 200}
    )
    training = begin(recipe, tiny_dataset, split(tiny_dataset.train_labels, 0, 0))
    for phase in (training.phase1, training.phase2):
        (record,) = phase(folders, new_log()).history
        assert record.val_loss is record.val_accuracy is None

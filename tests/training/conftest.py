"""A network of a few weights, which trains in a moment, to test the training itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.recipe import Phase1Plan, TrainingPlan
from core.training.checkpoints import CheckpointFolder
from core.training.loop import Scores, StageResult, TrainingSet, train_stage
from tests.log import Log

N_IMAGES = 13
N_CLASSES = 3
INPUTS = np.random.default_rng(0).standard_normal((N_IMAGES, 4)).astype(np.float32)
LABELS = np.arange(N_IMAGES) % N_CLASSES
TARGETS = np.eye(N_CLASSES, dtype=np.float32)[LABELS]


def toy_network() -> keras.Model:
    """One dense layer behind those that have a state of another kind: running statistics, and random numbers."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((4,))
    x = keras.layers.BatchNormalization(momentum=0.9, name="norm")(inputs)
    x = keras.layers.Dropout(0.3, seed=1, name="dropout")(x)
    return keras.Model(inputs, keras.layers.Dense(N_CLASSES, activation="softmax", name="predictions")(x))


@dataclass
class Toy:
    """One training of the toy network.

    scripted: validation losses to report in turn, whatever the network does; None scores it.
    after: the network's weights after each epoch that was trained here, by its number.
    """

    folder: CheckpointFolder
    scripted: list[float] | None = None
    network: keras.Model = field(default_factory=toy_network)
    log: Log = field(default_factory=Log)
    after: dict[int, list[np.ndarray]] = field(default_factory=dict)
    rows: list[np.ndarray] = field(default_factory=list)

    def train(
        self, plan: TrainingPlan, *, stage: str = "phase1", seed: int = 0, validation: bool = True
    ) -> StageResult:
        def batch(chosen: np.ndarray, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
            self.rows.append(chosen)
            noise = generator.normal(0, 0.1, (len(chosen), 4)).astype(np.float32)
            return INPUTS[chosen] + noise, TARGETS[chosen]

        def validate() -> Scores:
            epoch = len(self.log.epochs) + 1
            self.after[epoch] = self.network.get_weights()
            if self.scripted is not None:
                return Scores(self.scripted[epoch - 1])
            of_true_class = self.network.predict_on_batch(INPUTS)[np.arange(N_IMAGES), LABELS]
            return Scores(float(-np.log(of_true_class).mean()), 0.5)

        return train_stage(
            stage,
            self.network,
            plan,
            keras.losses.CategoricalCrossentropy(),
            TrainingSet(N_IMAGES, batch),
            validate if validation else None,
            seed,
            self.folder,
            self.log,
        )

    @property
    def weights(self) -> list[np.ndarray]:
        return self.network.get_weights()


NewToy = Callable[..., Toy]


@pytest.fixture
def eager() -> Iterator[None]:
    """No graphs: to trace one takes a hundred times as long as a few steps of a small network."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture
def new_toy(eager: None, tmp_path: Path) -> NewToy:
    """Makes a training with a folder of that name; the same name continues what was trained there."""

    def new(name: str = "stage", scripted: list[float] | None = None, log: Log | None = None) -> Toy:
        return Toy(CheckpointFolder(tmp_path / name), scripted, log=log or Log())

    return new


@pytest.fixture
def new_log() -> type[Log]:
    return Log


@pytest.fixture
def plan() -> Callable[..., Phase1Plan]:
    """A plan of two steps an epoch, of eight images and of five."""

    def new(**changes: object) -> Phase1Plan:
        return Phase1Plan(**{"optimizer": "sgd", "batch_size": 8, "learning_rate": 0.05, "epochs": 3, **changes})

    return new


def assert_same(found: list[np.ndarray], expected: list[np.ndarray]) -> None:
    """Equal bit for bit."""
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == other.dtype
        assert one.tobytes() == other.tobytes()


@pytest.fixture
def same() -> Callable[[list[np.ndarray], list[np.ndarray]], None]:
    return assert_same

"""One training loop for all stages: epochs of shuffled batches, validation, early stopping, checkpoints, progress.

Every random order is a function of (seed, stage, epoch), never of what ran before, so that a training that is
interrupted and resumed sees the same batches and ends with the same weights, bit for bit, as one that was not.
"""

import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import keras
import numpy as np

from core.errors import TrainingError
from core.recipe import TrainingPlan
from core.training.checkpoints import Checkpoint, CheckpointFolder
from core.training.optimizers import optimizer_for
from core.training.progress import EpochRecord, Observer, Progress

Batch = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class TrainingSet:
    """What a stage trains on.

    n_images: images in an epoch. batch: rows (indices below n_images) and a random generator -> inputs and targets.
    """

    n_images: int
    batch: Callable[[np.ndarray, np.random.Generator], Batch]


@dataclass(frozen=True)
class Scores:
    """A network's plain loss and, for a classifier, accuracy in [0, 1] on the validation part."""

    loss: float
    accuracy: float | None = None


@dataclass(frozen=True)
class StageResult:
    """What a stage ended with; the network that was passed in holds the weights.

    history: one record an epoch. best_epoch: the epoch whose weights were restored, or None. stopped_early: whether
    early stopping ended the stage before its number of epochs.
    """

    history: list[EpochRecord]
    best_epoch: int | None
    stopped_early: bool


def train_stage(
    stage: str,
    model: keras.Model,
    plan: TrainingPlan,
    loss: keras.losses.Loss,
    training: TrainingSet,
    validate: Callable[[], Scores] | None,
    seed: int,
    folder: CheckpointFolder,
    observer: Observer,
) -> StageResult:
    """Train a network as the plan says, from the best checkpoint at hand, and leave the stage's weights in it.

    model: compiled here, so that layers frozen or freed since its last training count. loss: of targets and outputs.
    validate: scores the network as it is, or None without a validation part.
    Raises TrainingCancelled when the observer asks for a stop, and TrainingError when the weights are no longer
    numbers; the last finished epoch is on disk then.
    """
    steps = -(-training.n_images // plan.batch_size)
    optimizer = optimizer_for(plan, steps)
    is_classifier = isinstance(loss, keras.losses.CategoricalCrossentropy)
    # XLA's convolutions on a CPU are slower than TensorFlow's own.
    jit = False if keras.backend.backend() == "tensorflow" else "auto"
    model.compile(optimizer, loss, metrics=["accuracy"] if is_classifier else [], jit_compile=jit)
    optimizer.build(model.trainable_variables)
    with folder.locked(observer):
        checkpoint = folder.latest(plan.epochs) or Checkpoint([], [], None, [])
        if checkpoint.history:
            _assign(model.variables, checkpoint.model)
            _assign(optimizer.variables, checkpoint.optimizer)
            for record in checkpoint.history:
                observer.epoch(record)
        history, best = list(checkpoint.history), checkpoint.best
        while len(history) < plan.epochs and not _has_converged(history, plan):
            record = _train_epoch(
                stage, len(history) + 1, model, plan, training, steps, validate, seed, history, observer
            )
            history.append(record)
            if plan.patience is not None and _best_epoch(history) == record.epoch:
                best = _values(model.variables)
            folder.save(Checkpoint(_values(model.variables), _values(optimizer.variables), best, history), plan.epochs)
            observer.epoch(record)
        folder.finish(plan.epochs)
    if plan.patience is not None and best is not None:
        _assign(model.variables, best)
        return StageResult(history, _best_epoch(history), len(history) < plan.epochs)
    if plan.average and history:
        optimizer.finalize_variable_values(model.trainable_variables)
    return StageResult(history, None, False)


def predict(model: keras.Model, inputs: Callable[[slice], np.ndarray], n: int, observer: Observer) -> np.ndarray:
    """The network's outputs for n inputs, in batches that keep memory low; float32, first axis n.

    inputs: a slice of rows -> the network's inputs. The observer may cancel between batches.
    """
    outputs = []
    for start in range(0, n, _PREDICT_BATCH):
        observer.check()
        outputs.append(np.asarray(model.predict_on_batch(inputs(slice(start, min(start + _PREDICT_BATCH, n))))))
    return np.concatenate(outputs) if outputs else np.empty((0, *model.output.shape[1:]), np.float32)


_PREDICT_BATCH = 100


def _train_epoch(
    stage: str,
    epoch: int,
    model: keras.Model,
    plan: TrainingPlan,
    training: TrainingSet,
    steps: int,
    validate: Callable[[], Scores] | None,
    seed: int,
    history: list[EpochRecord],
    observer: Observer,
) -> EpochRecord:
    started = time.perf_counter()
    sums: dict[str, float] = {}
    metrics: dict[str, float] = {}
    seen = 0
    for step, (inputs, targets) in enumerate(_batches(stage, epoch, plan, training, seed), start=1):
        observer.check()
        seen += len(inputs)
        for name, value in model.train_on_batch(inputs, targets, return_dict=True).items():
            sums[name] = sums.get(name, 0.0) + float(value) * len(inputs)
        metrics = {name: total / seen for name, total in sums.items()}
        seconds = (time.perf_counter() - started) / step
        per_epoch = history[-1].seconds if history else seconds * steps
        left = seconds * (steps - step) + per_epoch * (plan.epochs - epoch)
        observer.step(Progress(stage, epoch, plan.epochs, step, steps, metrics, left))
    learning_rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
    _require_numbers(stage, epoch, model, metrics["loss"], plan.learning_rate)
    scores = validate() if validate else None
    return EpochRecord(
        stage=stage,
        epoch=epoch,
        loss=metrics["loss"],
        accuracy=metrics.get("accuracy"),
        val_loss=scores.loss if scores else None,
        val_accuracy=scores.accuracy if scores else None,
        learning_rate=learning_rate,
        seconds=time.perf_counter() - started,
    )


def _require_numbers(stage: str, epoch: int, model: keras.Model, loss: float, learning_rate: float) -> None:
    if not (np.isfinite(loss) and all(np.isfinite(weights).all() for weights in model.get_weights())):
        raise TrainingError(
            f"{stage}: after epoch {epoch} the loss is {loss:g} and the weights are no longer all numbers; a "
            f"{stage}.learning_rate below {learning_rate:g} or a longer warm-up keeps the training together."
        )


def _batches(stage: str, epoch: int, plan: TrainingPlan, training: TrainingSet, seed: int) -> Iterator[Batch]:
    generator = np.random.default_rng([seed, zlib.crc32(stage.encode()), epoch])
    order = generator.permutation(training.n_images)
    for start in range(0, training.n_images, plan.batch_size):
        yield training.batch(order[start : start + plan.batch_size], generator)


def _best_epoch(history: list[EpochRecord]) -> int:
    """The first epoch of the lowest validation loss."""
    losses = [record.val_loss if record.val_loss is not None else np.inf for record in history]
    return int(np.argmin(losses)) + 1


def _has_converged(history: list[EpochRecord], plan: TrainingPlan) -> bool:
    return plan.patience is not None and bool(history) and len(history) - _best_epoch(history) >= plan.patience


def _values(variables: list[keras.Variable]) -> list[np.ndarray]:
    # A copy: on some backends the array shares memory with a variable that the next step changes.
    return [np.array(keras.ops.convert_to_numpy(variable.value)) for variable in variables]


def _assign(variables: list[keras.Variable], values: list[np.ndarray]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)

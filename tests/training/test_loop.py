"""The training loop: what an epoch is, and what its record says."""

from typing import Any

import numpy as np
import pytest

from core.errors import TrainingError
from core.training.loop import predict
from core.training.progress import Observer

N_IMAGES, STEPS = 13, 2  # of an epoch of the toy


def test_every_epoch_shows_every_image_once_in_another_order(new_toy: Any, plan: Any) -> None:
    toy = new_toy()
    toy.train(plan(epochs=3))
    assert [len(rows) for rows in toy.rows] == [8, 5] * 3
    orders = [tuple(np.concatenate(toy.rows[start : start + STEPS])) for start in (0, 2, 4)]
    assert all(sorted(order) == list(range(N_IMAGES)) for order in orders)
    assert len(set(orders)) == 3


def test_orders_follow_from_seed_stage_and_epoch(new_toy: Any, plan: Any) -> None:
    def order(name: str, **options: Any) -> list[int]:
        toy = new_toy(name)
        toy.train(plan(epochs=1), **options)
        return np.concatenate(toy.rows).tolist()

    first = order("a")
    assert order("b") == first
    assert order("c", seed=1) != first
    assert order("d", stage="phase2") != first


def test_two_trainings_of_the_same_plan_are_equal_bit_for_bit(new_toy: Any, plan: Any, same: Any) -> None:
    one, other = new_toy("a"), new_toy("b")
    assert [r.loss for r in one.train(plan()).history] == [r.loss for r in other.train(plan()).history]
    same(one.weights, other.weights)


def test_a_record_holds_means_over_the_images_of_the_epoch(new_toy: Any, plan: Any) -> None:
    toy = new_toy()
    result = toy.train(plan(epochs=2))
    for record in result.history:
        last = [p for p in toy.log.steps if p.epoch == record.epoch][-1]
        assert record.loss == pytest.approx(last.metrics["loss"])
        assert record.accuracy == pytest.approx(last.metrics["accuracy"])
        assert record.accuracy * N_IMAGES == pytest.approx(round(record.accuracy * N_IMAGES), abs=1e-4)
        assert record.seconds > 0
        assert record.learning_rate == pytest.approx(0.05)
        assert (record.stage, record.val_accuracy) == ("phase1", 0.5)
    assert [record.epoch for record in result.history] == [1, 2]
    assert toy.log.epochs == result.history


def test_running_means_are_of_all_steps_so_far(new_toy: Any, plan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    toy = new_toy()
    logs = iter([{"loss": 1.0}, {"loss": 4.0}])
    monkeypatch.setattr(toy.network, "train_on_batch", lambda *_, **__: next(logs))
    toy.train(plan(epochs=1))
    means = [progress.metrics["loss"] for progress in toy.log.steps]
    assert means == pytest.approx([1.0, (8 * 1 + 5 * 4) / 13])


def test_progress_says_where_the_training_is(new_toy: Any, plan: Any) -> None:
    toy = new_toy()
    toy.train(plan(epochs=2))
    assert [(p.stage, p.epoch, p.epochs, p.step, p.steps) for p in toy.log.steps] == [
        ("phase1", epoch, 2, step, STEPS) for epoch in (1, 2) for step in (1, 2)
    ]
    assert all(p.seconds_left is not None and p.seconds_left >= 0 for p in toy.log.steps)
    assert toy.log.steps[-1].seconds_left == 0


def test_without_validation_there_are_no_scores(new_toy: Any, plan: Any) -> None:
    toy = new_toy()
    result = toy.train(plan(epochs=1), validation=False)
    assert (result.history[0].val_loss, result.history[0].val_accuracy) == (None, None)
    assert (result.best_epoch, result.stopped_early) == (None, False)


def test_no_epochs_leave_the_network_alone(new_toy: Any, plan: Any, same: Any) -> None:
    toy = new_toy()
    before = toy.weights
    for extra in ({}, {"patience": 2}, {"average": 0.9}, {"schedule": "one_cycle"}):
        result = toy.train(plan(epochs=0, **extra))
        assert (result.history, result.best_epoch, result.stopped_early) == ([], None, False)
    same(toy.weights, before)
    assert toy.log.steps == []


def test_a_batch_larger_than_the_data_is_one_step(new_toy: Any, plan: Any) -> None:
    toy = new_toy()
    toy.train(plan(epochs=2, batch_size=8192))
    assert [len(rows) for rows in toy.rows] == [N_IMAGES, N_IMAGES]


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd", "rmsprop"])
@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_every_optimiser_trains(new_toy: Any, plan: Any, optimizer: str, weight_decay: float) -> None:
    toy = new_toy()
    before = toy.weights
    toy.train(plan(epochs=1, optimizer=optimizer, weight_decay=weight_decay))
    assert all(np.abs(new - old).max() > 0 for new, old in zip(toy.weights, before, strict=True))


def test_a_layer_that_was_frozen_or_freed_counts_as_such(new_toy: Any, plan: Any, same: Any) -> None:
    toy = new_toy()
    norm = toy.network.get_layer("norm")
    before = norm.get_weights()
    norm.trainable = False
    toy.train(plan(epochs=1))
    same(norm.get_weights(), before)
    norm.trainable = True
    freed = new_toy("freed")
    freed.network = toy.network
    freed.train(plan(epochs=1), stage="phase2")
    assert all(np.abs(new - old).max() > 0 for new, old in zip(norm.get_weights(), before, strict=True))


def test_averaged_weights_are_the_exponential_average_of_all_steps(new_toy: Any, plan: Any) -> None:
    momentum, toy = 0.7, new_toy()
    steps: list[list[np.ndarray]] = []
    told = toy.log.step
    toy.log.step = lambda progress: (told(progress), steps.append(toy.weights))
    toy.train(plan(epochs=3, average=momentum))
    average = steps[0]
    for weights in steps[1:]:
        average = [momentum * a + (1 - momentum) * w for a, w in zip(average, weights, strict=True)]
    names = [weight.path for weight in toy.network.weights]
    for name, found, averaged, last in zip(names, toy.weights, average, steps[-1], strict=True):
        # Running statistics are no weights: they are the last ones.
        np.testing.assert_allclose(found, last if "moving" in name else averaged, atol=1e-6)
    assert np.abs(toy.weights[0] - steps[-1][0]).max() > 1e-3


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_training_that_falls_apart_is_stopped_with_a_clear_error(new_toy: Any, plan: Any, optimizer: str) -> None:
    toy = new_toy()
    whole, broken = toy.network.train_on_batch, iter([False] * STEPS + [True])

    def train_on_batch(*arguments: Any, **options: Any) -> dict[str, float]:
        logs = whole(*arguments, **options)
        if next(broken, False):
            toy.network.set_weights([weights * np.nan for weights in toy.network.get_weights()])
        return logs

    toy.network.train_on_batch = train_on_batch
    with pytest.raises(TrainingError, match=r"^phase1: after epoch 2 .* phase1\.learning_rate below 0\.05"):
        toy.train(plan(optimizer=optimizer))
    assert [record.epoch for record in toy.log.epochs] == [1]
    kept = toy.folder.latest(3)
    assert kept is not None
    assert kept.epoch == 1
    assert all(np.isfinite(values).all() for values in kept.model)


@pytest.mark.parametrize("n", [0, 1, 499, 500, 501, 1000])
def test_predictions_do_not_depend_on_the_batches(new_toy: Any, n: int) -> None:
    inputs = np.random.default_rng(0).standard_normal((n, 4)).astype(np.float32)
    network = new_toy().network
    found = predict(network, lambda part: inputs[part], n, Observer())
    assert (found.shape, found.dtype) == ((n, 3), np.float32)
    if n:
        np.testing.assert_allclose(found, np.asarray(network(inputs)), atol=1e-6)

"""Trainings that were stopped, prolonged or shortened end as if made straight."""

from typing import Any

import numpy as np
import pytest

from core.errors import TrainingCancelled


@pytest.fixture
def plan(plan: Any) -> Any:
    """One step an epoch: where in it a training stops matters to the first test alone."""
    return lambda **changes: plan(**{"batch_size": 13, **changes})


def comparable(history: list[Any]) -> list[tuple[Any, ...]]:
    return [(r.stage, r.epoch, r.loss, r.accuracy, r.val_loss, r.val_accuracy, r.learning_rate) for r in history]


OPTIONS = [
    {"optimizer": "adam"},
    {"optimizer": "adamw", "weight_decay": 0.1, "schedule": "cosine", "warmup_epochs": 1.0},
    {"optimizer": "adam", "schedule": "one_cycle", "average": 0.8},
    {"patience": 2},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_training_cancelled_anywhere_ends_as_one_that_was_not(
    new_toy: Any, new_log: Any, plan: Any, same: Any, options: dict[str, Any]
) -> None:
    plan = plan(epochs=3, batch_size=8, **options)  # two steps an epoch
    straight = new_toy("straight")
    expected = straight.train(plan)
    # Within the first epoch, at its end, and within the second and the third.
    for steps in (1, 2, 1, 3):
        stopped = new_toy("stopped", log=new_log(lambda log, steps=steps: len(log.steps) >= steps))
        with pytest.raises(TrainingCancelled):
            stopped.train(plan)
    resumed = new_toy("stopped")
    result = resumed.train(plan)
    assert comparable(result.history) == comparable(expected.history)
    assert (result.best_epoch, result.stopped_early) == (expected.best_epoch, expected.stopped_early)
    same(resumed.weights, straight.weights)


def test_more_epochs_continue_from_the_shorter_training(new_toy: Any, plan: Any, same: Any) -> None:
    straight, longer = new_toy("straight"), new_toy("grown")
    new_toy("grown").train(plan(epochs=2))
    expected, result = straight.train(plan(epochs=5)), longer.train(plan(epochs=5))
    assert longer.log.trained()["phase1"] == [3, 4, 5]
    assert [record.epoch for record in longer.log.epochs] == [1, 2, 3, 4, 5]
    assert comparable(result.history) == comparable(expected.history)
    same(longer.weights, straight.weights)


def test_fewer_epochs_than_a_longer_training_are_right_too(new_toy: Any, plan: Any, same: Any) -> None:
    straight, shorter = new_toy("straight"), new_toy("both")
    new_toy("both").train(plan(epochs=5))
    expected, result = straight.train(plan(epochs=2)), shorter.train(plan(epochs=2))
    assert comparable(result.history) == comparable(expected.history)
    same(shorter.weights, straight.weights)


def test_fewer_epochs_than_an_interrupted_longer_training_use_what_fits(
    new_toy: Any, new_log: Any, plan: Any, same: Any
) -> None:
    with pytest.raises(TrainingCancelled):
        new_toy("both", log=new_log(lambda log: len(log.steps) == 2)).train(plan(epochs=9))
    straight, shorter = new_toy("straight"), new_toy("both")
    straight.train(plan(epochs=3))
    shorter.train(plan(epochs=3))
    assert shorter.log.trained()["phase1"] == [3]
    same(shorter.weights, straight.weights)


def test_a_finished_training_is_not_trained_again(new_toy: Any, plan: Any, same: Any) -> None:
    first, again = new_toy(), new_toy()
    one, other = first.train(plan()), again.train(plan())
    assert again.log.steps == []
    assert again.log.epochs == first.log.epochs
    assert one == other
    same(again.weights, first.weights)


LOSSES = [3.0, 2.0, 1.0, 1.5, 1.0, 2.0, 0.5]


def test_early_stopping_restores_the_best_epoch(new_toy: Any, plan: Any, same: Any) -> None:
    toy = new_toy(scripted=LOSSES)
    result = toy.train(plan(epochs=7, patience=2))
    assert [record.epoch for record in result.history] == [1, 2, 3, 4, 5]
    assert (result.best_epoch, result.stopped_early) == (3, True)  # of equal losses the first
    same(toy.weights, toy.after[3])


def test_patience_that_is_not_used_up_still_restores_the_best_epoch(new_toy: Any, plan: Any, same: Any) -> None:
    toy = new_toy(scripted=LOSSES)
    result = toy.train(plan(epochs=4, patience=2))
    assert (len(result.history), result.best_epoch, result.stopped_early) == (4, 3, False)
    same(toy.weights, toy.after[3])


def test_without_patience_the_last_weights_stay(new_toy: Any, plan: Any, same: Any) -> None:
    toy = new_toy(scripted=LOSSES)
    result = toy.train(plan(epochs=5))
    assert (len(result.history), result.best_epoch, result.stopped_early) == (5, None, False)
    same(toy.weights, toy.after[5])


@pytest.mark.parametrize("finished", [1, 3, 4])
def test_early_stopping_survives_an_interruption(
    new_toy: Any, new_log: Any, plan: Any, same: Any, finished: int
) -> None:
    plan = plan(epochs=7, patience=2)
    straight = new_toy("straight", scripted=LOSSES)
    expected = straight.train(plan)
    with pytest.raises(TrainingCancelled):
        new_toy("stopped", LOSSES, new_log(lambda log: len(log.epochs) >= finished)).train(plan)
    resumed = new_toy("stopped", LOSSES)
    result = resumed.train(plan)
    assert comparable(result.history) == comparable(expected.history)
    assert (result.best_epoch, result.stopped_early) == (3, True)
    same(resumed.weights, straight.weights)


@pytest.mark.parametrize(("epochs", "trained", "best", "early"), [
    (9, [], 3, True),  # stopped at 5, whatever was asked for
    (5, [], 3, False),  # exactly as many as there are
    (2, [1, 2], 2, False),  # before the best
])  # fmt: skip
def test_another_number_of_epochs_after_an_early_stop(
    new_toy: Any, plan: Any, same: Any, epochs: int, trained: list[int], best: int, early: bool
) -> None:
    first = new_toy("both", LOSSES)
    first.train(plan(epochs=7, patience=2))
    other = new_toy("both", LOSSES)
    result = other.train(plan(epochs=epochs, patience=2))
    assert other.log.trained().get("phase1", []) == trained
    assert (result.best_epoch, result.stopped_early) == (best, early)
    same(other.weights, first.after[best])


@pytest.mark.parametrize("damage", ["truncated", "empty", "flipped", "text"])
def test_a_damaged_checkpoint_is_passed_over(new_toy: Any, plan: Any, same: Any, damage: str) -> None:
    straight, resumed = new_toy("straight"), new_toy("damaged")
    straight.train(plan(epochs=4))
    new_toy("damaged").train(plan(epochs=2))
    new_toy("damaged").train(plan(epochs=3))
    path = resumed.folder.path / "epoch-0003.npz"
    data = bytearray(path.read_bytes())
    data[data.index(b"\x93NUMPY") + 130] ^= 0xFF  # within the first array
    path.write_bytes({"truncated": data[:-50], "empty": b"", "flipped": data, "text": b"not a checkpoint"}[damage])
    resumed.train(plan(epochs=4))
    assert resumed.log.trained()["phase1"] == [3, 4]
    same(resumed.weights, straight.weights)


def test_only_damaged_checkpoints_mean_a_fresh_start(new_toy: Any, plan: Any, same: Any) -> None:
    straight, again = new_toy("straight"), new_toy("damaged")
    straight.train(plan())
    new_toy("damaged").train(plan())
    for path in again.folder.path.glob("*.npz"):
        path.write_bytes(path.read_bytes()[:100])
    again.train(plan())
    assert again.log.trained()["phase1"] == [1, 2, 3]
    same(again.weights, straight.weights)


def test_weights_on_disk_are_the_networks(new_toy: Any, plan: Any, same: Any) -> None:
    toy = new_toy()
    toy.train(plan())
    checkpoint = toy.folder.latest(3)
    # All variables: weights, statistics and the states of dropout's random generators.
    same(checkpoint.model, [np.array(variable) for variable in toy.network.variables])
    assert len(checkpoint.model) == len(toy.weights) + 1

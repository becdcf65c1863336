import keras
import numpy as np
import pytest

from core.recipe import Phase1Plan
from core.training.optimizers import ONE_CYCLE_RISE, ONE_CYCLE_START, optimizer_for

STEPS_PER_EPOCH = 10
PEAK = 0.5


def rates(**settings: object) -> np.ndarray:
    """The learning rate at every step of a training, and after its last."""
    plan = Phase1Plan(**{"epochs": 4, "learning_rate": PEAK, **settings})
    optimizer = optimizer_for(plan, STEPS_PER_EPOCH)
    found = []
    for step in range(plan.epochs * STEPS_PER_EPOCH + 1):
        optimizer.iterations.assign(step)
        found.append(float(keras.ops.convert_to_numpy(optimizer.learning_rate)))
    return np.array(found)


def half_cosine(n: int) -> np.ndarray:
    """From 1 to 0 in n steps."""
    return 0.5 * (1 + np.cos(np.pi * np.arange(n + 1) / n))


def test_a_constant_rate_is_constant() -> None:
    np.testing.assert_allclose(rates(), PEAK)


def test_a_cosine_rate_falls_from_the_peak_to_zero() -> None:
    np.testing.assert_allclose(rates(schedule="cosine"), PEAK * half_cosine(40), atol=1e-6)


@pytest.mark.parametrize("warmup_epochs", [1, 1.5, 3.9])
def test_a_warm_up_rises_from_zero_in_a_line(warmup_epochs: float) -> None:
    found, rise = rates(schedule="cosine", warmup_epochs=warmup_epochs), round(warmup_epochs * STEPS_PER_EPOCH)
    np.testing.assert_allclose(found[: rise + 1], PEAK * np.arange(rise + 1) / rise, atol=1e-6)
    np.testing.assert_allclose(found[rise:], PEAK * half_cosine(40 - rise), atol=1e-6)


def test_one_cycle_rises_for_a_quarter_and_falls_to_zero() -> None:
    found, rise = rates(schedule="one_cycle"), round(ONE_CYCLE_RISE * 40)
    assert rise == 10
    assert found[0] == pytest.approx(ONE_CYCLE_START * PEAK)
    np.testing.assert_allclose(np.diff(found[: rise + 1]), (PEAK - found[0]) / rise, atol=1e-6)
    np.testing.assert_allclose(found[rise:], PEAK * half_cosine(40 - rise), atol=1e-6)


@pytest.mark.parametrize("schedule", ["cosine", "one_cycle"])
@pytest.mark.parametrize("epochs", [0, 1, 2])
@pytest.mark.parametrize("warmup_epochs", [0.0, 0.01, 1.0, 2.0, 50.0])
def test_no_schedule_leaves_its_range(schedule: str, epochs: int, warmup_epochs: float) -> None:
    found = rates(schedule=schedule, epochs=epochs, warmup_epochs=warmup_epochs)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert (found <= PEAK * (1 + 1e-6)).all()
    if epochs:
        assert found.max() == pytest.approx(PEAK, rel=0.05)
        assert found[-1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd", "rmsprop"])
def test_decay_shrinks_kernels_alone(optimizer: str) -> None:
    model = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            keras.layers.Conv2D(2, 3, bias_initializer="ones"),
            keras.layers.BatchNormalization(beta_initializer="ones"),
            keras.layers.Flatten(),
            keras.layers.Dense(3, bias_initializer="ones"),
        ]
    )
    before = model.get_weights()
    one = optimizer_for(Phase1Plan(optimizer=optimizer, learning_rate=0.5, weight_decay=0.1), 1)
    one.build(model.trainable_variables)
    # Without a gradient no optimiser moves a weight: what moves is decayed.
    one.apply([keras.ops.zeros(variable.shape) for variable in model.trainable_variables])
    for variable, old, new in zip(model.weights, before, model.get_weights(), strict=True):
        expected = old * (1 - 0.5 * 0.1) if variable.name == "kernel" else old
        np.testing.assert_allclose(new, expected, rtol=1e-6, err_msg=variable.path)


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd", "rmsprop"])
def test_no_decay_is_none(optimizer: str) -> None:
    made = optimizer_for(Phase1Plan(optimizer=optimizer), 1)
    assert not made.weight_decay
    assert type(made).__name__.lower() == optimizer
    assert not made.use_ema


def test_sgd_has_nesterovs_momentum() -> None:
    made = optimizer_for(Phase1Plan(optimizer="sgd"), 1)
    assert (made.momentum, made.nesterov) == (0.9, True)


def test_averaging_is_the_optimisers() -> None:
    made = optimizer_for(Phase1Plan(average=0.9), 1)
    assert (made.use_ema, made.ema_momentum, made.ema_overwrite_frequency) == (True, 0.9, None)

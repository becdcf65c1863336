"""From a training plan to a Keras optimiser with its learning-rate schedule."""

from typing import Any

import keras

from core.recipe import TrainingPlan

ONE_CYCLE_RISE = 0.25
"""Share of a one-cycle schedule in which the rate rises (Smith and Topin, "Super-convergence", 2018)."""
ONE_CYCLE_START = 0.04
"""A one-cycle schedule starts at this share of its highest rate."""


def optimizer_for(plan: TrainingPlan, steps_per_epoch: int) -> keras.optimizers.Optimizer:
    """A new optimiser as the plan describes it. Biases and batch normalisation are never decayed."""
    kinds = {
        "adam": keras.optimizers.Adam,
        "adamw": keras.optimizers.AdamW,
        "sgd": keras.optimizers.SGD,
        "rmsprop": keras.optimizers.RMSprop,
    }
    options: dict[str, Any] = {"momentum": 0.9, "nesterov": True} if plan.optimizer == "sgd" else {}
    if plan.weight_decay or plan.optimizer == "adamw":  # AdamW wants a number; to the others, None is none
        options["weight_decay"] = plan.weight_decay
    if plan.average:
        options |= {"use_ema": True, "ema_momentum": plan.average}
    optimizer = kinds[plan.optimizer](learning_rate=_learning_rate(plan, steps_per_epoch), **options)
    if plan.weight_decay:
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def _learning_rate(plan: TrainingPlan, steps_per_epoch: int) -> float | keras.optimizers.schedules.LearningRateSchedule:
    steps = max(1, plan.epochs * steps_per_epoch)
    if plan.schedule == "constant":
        return plan.learning_rate
    if plan.schedule == "one_cycle":
        rise, start = max(1, round(ONE_CYCLE_RISE * steps)), ONE_CYCLE_START * plan.learning_rate
    else:
        rise, start = round(plan.warmup_epochs * steps_per_epoch), 0.0
    if rise == 0 or rise >= steps:
        return keras.optimizers.schedules.CosineDecay(plan.learning_rate, steps)
    return keras.optimizers.schedules.CosineDecay(
        start, decay_steps=steps - rise, warmup_target=plan.learning_rate, warmup_steps=rise
    )

"""Runs share the stages that they have in common, and no others."""

from dataclasses import asdict

import pytest

from core.recipe import Recipe
from core.stages import StageNames, stage_names


def names(**changes: object) -> StageNames:
    return stage_names(Recipe().changed({name.replace("__", "."): value for name, value in changes.items()}), "digest")


def shared(**changes: object) -> list[str]:
    ours, theirs = asdict(names()), asdict(names(**changes))
    return [part for part, name in ours.items() if theirs[part] == name]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"phase2__epochs": 7}, ["autoencoder", "codes", "phase1", "phase2"]),
        ({"phase2__learning_rate": 0.1}, ["autoencoder", "codes", "phase1"]),
        ({"augmentation__shift": 1.0}, ["autoencoder", "codes", "phase1"]),
        ({"phase1__epochs": 7}, ["autoencoder", "codes", "phase1"]),
        ({"phase1__batch_size": 7}, ["autoencoder", "codes"]),
        ({"architecture__dense_units": 7}, ["autoencoder", "codes"]),
        ({"classifier_seed": 7}, ["autoencoder", "codes"]),
        ({"autoencoder__epochs": 7}, ["autoencoder"]),
        ({"autoencoder__epochs": 7, "autoencoder__schedule": "cosine"}, []),
        ({"architecture__kernel_size": 5}, []),
        ({"validation_fraction": 0.1}, []),
        ({"seed": 7}, []),
    ],
)
def test_runs_share_what_a_change_leaves_alone(change: dict[str, object], expected: list[str]) -> None:
    assert shared(**change) == expected


def test_other_data_share_nothing() -> None:
    ours, theirs = (set(asdict(stage_names(Recipe(), digest)).values()) for digest in ("digest", "another"))
    assert ours.isdisjoint(theirs)

"""`sweep`: its runs, its table, its verdict, its restart."""

import pytest

from core.saved_sweeps import saved_sweeps
from core.settings import Settings
from core.store import Run

from .conftest import Command


def test_a_sweep_trains_what_is_missing_and_compares(
    command: Command, home: Settings, tiny_options: list[str], tiny_run: Run
) -> None:
    words = ["sweep", "--axis", "dense_units", "--values", "8,4", *tiny_options]
    answer = command(*words)
    assert answer.code == 0
    assert "1/2  dense_units 8, seed 0: validation loss" in answer.err
    assert "(cached)" in answer.err.splitlines()[1]
    assert "Autoencoder 1 epoch trained before" in answer.err
    assert "dense_units = 8, 4" in answer.out
    assert "Best on validation: dense_units " in answer.out
    assert "One seed does not tell whether that is chance" in answer.out

    again = command(*words, "--json")
    values = again.values
    assert again.code == 0
    assert "trained before" not in again.err
    assert [(one["value"], one["seed"], one["cached"]) for one in values["points"]] == [(8, 0, True), (4, 0, True)]
    assert values["points"][0]["run"] == tiny_run.fingerprint
    assert tiny_run.metrics.validation is not None
    assert values["points"][0]["validation_loss"] == tiny_run.metrics.validation.loss
    assert [row["value"] for row in values["rows"]] == [8, 4]
    assert {values["best"], values["runner_up"]} == {4, 8}
    assert values["within_noise"] is None
    assert len(list(home.stages.glob("autoencoder-*"))) == 1
    # The dashboard lists the sweep, once, with its runs.
    (saved,) = saved_sweeps(home.sweeps)
    assert (saved.sweep.axis, saved.sweep.values) == ("dense_units", (8, 4))
    assert saved.runs()[0].request.fingerprint == tiny_run.fingerprint


@pytest.mark.slow
def test_seeds_give_ranges(command: Command, home: Settings, tiny_options: list[str]) -> None:
    words = ["sweep", "--axis", "phase2.learning_rate", "--values", "0.01,0.00001", "--seeds", "0,1", *tiny_options]
    values = command(*words, "--json").values
    assert [(one["value"], one["seed"]) for one in values["points"]] == [(0.01, 0), (0.01, 1), (1e-5, 0), (1e-5, 1)]
    assert all(row["n_seeds"] == 2 for row in values["rows"])
    assert values["within_noise"] in (True, False)
    assert values["seed_setting"] == "classifier_seed"
    assert len(list(home.stages.glob("autoencoder-*"))) == 1
    out = command(*words).out
    assert "0, 1 (of the classifier)" in out
    assert "the ranges over the seeds" in out
    assert "–" in out


def test_without_validation_images_no_value_is_the_best(
    command: Command, home: Settings, tiny_options: list[str]
) -> None:
    options = [*tiny_options, "--set", "validation_fraction=0", "--set", "phase2.patience=none"]
    answer = command("sweep", "--axis", "phase2.epochs", "--values", "0", *options)
    assert answer.code == 0
    assert "No value can be called the best: there are no validation images." in answer.out
    assert "Phase 2     skipped, as it has no epochs" in answer.err

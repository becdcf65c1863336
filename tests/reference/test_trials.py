"""Tables of runs that are shipped as figures alone: written, read, and shown as sweeps."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.recipe import Recipe
from core.reference import trials
from core.reference.trials import TrialTable
from core.store import Run
from core.sweep_progress import Standing, look
from core.sweeps import Sweep, point, summarise


@pytest.fixture
def table(tiny_run: Run) -> TrialTable:
    """A sweep of one value and one seed: the tiny run."""
    recipe = tiny_run.request.recipe
    row = trials.trial(tiny_run, "dense_units 8", 8, 0)
    return TrialTable("dense_units", recipe, tiny_run.request.dataset, "dense_units", (row,))


def test_a_row_says_what_the_run_says(tiny_run: Run, table: TrialTable) -> None:
    (row,) = table.trials
    metrics = tiny_run.metrics
    assert row.point == point(8, 0, tiny_run, "phase2")
    assert (row.incorrect, row.loss, row.n_test) == (metrics.test.incorrect, metrics.test.loss, 50)
    assert row.accuracy == pytest.approx(metrics.test.accuracy)
    assert row.phase1_incorrect == metrics.phase1_test.incorrect
    assert {name: stage.epochs for name, stage in row.stages.items()} == {"autoencoder": 1, "phase1": 1, "phase2": 1}
    assert row.machine == f"{tiny_run.environment['processor']}, {tiny_run.environment['cores']} cores"


def test_a_table_is_read_as_it_was_written(tmp_path: Path, table: TrialTable) -> None:
    trials.write(tmp_path, table)
    found = trials.tables(tmp_path)["dense_units"]
    assert replace(found, dataset=table.dataset) == table
    assert "/" not in found.dataset.source
    assert (found.labels, found.of("dense_units 8")) == (["dense_units 8"], list(table.trials))


def test_answers_are_kept_where_they_are_asked_for(tmp_path: Path, tiny_run: Run, table: TrialTable) -> None:
    decided = tiny_run.predictions.test_probabilities.astype(np.float16).astype(np.float32)
    tiny = Run(tiny_run.path)
    tiny.predictions = replace(tiny_run.predictions, test_probabilities=decided)
    trials.write(tmp_path, table, [tiny])
    found = trials.tables(tmp_path)["dense_units"].probabilities[tiny_run.fingerprint]
    assert found.dtype == np.float16
    np.testing.assert_array_equal(found, decided)
    trials.write(tmp_path, table)
    assert trials.tables(tmp_path)["dense_units"].probabilities == {}


def test_what_cannot_be_read_is_left_out(tmp_path: Path, table: TrialTable) -> None:
    assert trials.tables(tmp_path) == {}
    trials.write(tmp_path, table)
    path = tmp_path / trials.FOLDER / "dense_units.json"
    whole = json.loads(path.read_text())
    for damaged in (
        "",
        "[]",
        "{}",
        json.dumps({**whole, "trials": [{"label": "x"}]}),
        json.dumps({**whole, "base": 5}),
    ):
        path.write_text(damaged)
        assert trials.tables(tmp_path) == {}


def test_a_table_completes_a_sweep(table: TrialTable) -> None:
    saved = trials.saved_sweep(table)
    assert saved is not None
    assert saved.sweep == Sweep(table.base, "dense_units", (8,), (0,))
    bare = look(saved, [], lambda fingerprint: None)
    assert [entry.standing for entry in bare.entries] == [Standing.MISSING]
    whole = trials.with_trials(bare, table)
    assert [entry.standing for entry in whole.entries] == [Standing.FINISHED]
    assert whole.missing == []
    assert summarise(whole.points) == summarise([table.trials[0].point])


def test_the_users_own_runs_stand_before_the_tables(tiny_run: Run, table: TrialTable) -> None:
    saved = trials.saved_sweep(table)
    assert saved is not None
    own = look(saved, [], lambda fingerprint: tiny_run)
    other = replace(table.trials[0], point=replace(table.trials[0].point, validation_loss=99.0))
    found = trials.with_trials(own, replace(table, trials=(other,)))
    assert found.points == own.points


def test_a_table_without_an_axis_is_no_sweep(table: TrialTable) -> None:
    assert trials.saved_sweep(replace(table, axis=None)) is None
    assert trials.saved_sweep(replace(table, trials=())) is None
    assert Recipe.from_json(table.base.to_json()) == table.base

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.data.dataset import Dataset
from core.errors import RunDamagedError
from core.jobs import Job, State
from core.recipe import Recipe
from core.store import Run, RunRequest, WorkingRun
from core.store.labels import Labels
from ui import run_list
from ui.run_list import Kind, Row, Sort


def row(fingerprint: str, **values: Any) -> Row:
    values = {"name": fingerprint, "kind": Kind.FINISHED, "state": "Finished", "is_starred": False} | values
    return Row(fingerprint, **values)


def names(found: Sequence[Row]) -> str:
    return " ".join(one.fingerprint for one in found)


def test_a_finished_run_is_a_row_with_its_figures(tiny_run: Run) -> None:
    [found] = run_list.rows([tiny_run], [], {}, Labels(tiny_run.fingerprint, {tiny_run.fingerprint: "first"}))
    metrics = tiny_run.metrics
    assert (found.name, found.kind, found.is_starred) == ("first", Kind.FINISHED, True)
    assert (found.dataset, found.recipe) == ("strokes", tiny_run.request.recipe)
    assert (found.accuracy, found.loss, found.wrong) == (
        metrics.test.accuracy,
        metrics.test.loss,
        metrics.test.incorrect,
    )
    assert found.validation == metrics.validation.accuracy
    assert found.seconds == pytest.approx(sum(record.seconds for record in tiny_run.history))
    assert found.when == tiny_run.finished


def test_runs_in_the_making_and_damaged_ones_are_rows_too(
    tiny_recipe: Recipe, tiny_dataset: Dataset, tmp_path: Path
) -> None:
    request = RunRequest.of(tiny_recipe, tiny_dataset, "express")
    now = datetime.now(UTC)
    job = Job(
        request.fingerprint, State.QUEUED, request, 2, None, None, now, None, WorkingRun(tmp_path / request.fingerprint)
    )
    failed = replace(job, state=State.FAILED, failure="No memory.")
    waiting, stopped, damaged = run_list.rows([], [job, failed], {"ffff": RunDamagedError("a file is gone")}, Labels())
    assert (waiting.kind, waiting.name, waiting.state) == (Kind.MAKING, "Express on strokes", "Place 2 in the queue")
    assert (stopped.kind, stopped.reason) == (Kind.STOPPED, "No memory.")
    assert (damaged.kind, damaged.fingerprint, damaged.name) == (Kind.DAMAGED, "ffff", "Damaged run")
    assert damaged.reason == "a file is gone"


FOUND = (
    row("a", name="wide", dataset="mnist", recipe=Recipe().changed({"architecture.dense_units": 512})),
    row("b", kind=Kind.STOPPED, dataset="mnist", recipe=Recipe().changed({"seed": 12})),
    row("c", kind=Kind.DAMAGED, reason="metrics.json is missing"),
    row("d", kind=Kind.MAKING, dataset="letters", recipe=Recipe()),
)


@pytest.mark.parametrize(
    ("kinds", "dataset", "words", "expected"),
    [
        ((), None, "", "a b c d"),
        ((Kind.FINISHED, Kind.DAMAGED), None, "", "a c"),
        ((), "mnist", "", "a b"),
        ((), None, "WIDE", "a"),
        ((), None, "dense units 512", "a"),
        ((), None, "seed 12", "b"),
        ((), None, "missing", "c"),
        ((Kind.MAKING,), "mnist", "", ""),
        ((), None, "wide missing", ""),
    ],
)
def test_rows_are_filtered(kinds: tuple[Kind, ...], dataset: str | None, words: str, expected: str) -> None:
    assert names(run_list.filtered(FOUND, kinds, dataset, words)) == expected


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


SORTED = (
    row("a", name="Zoo", when=day(1), accuracy=0.9, validation=0.8, loss=0.3, seconds=5.0),
    row("b", name="ant", when=day(3), accuracy=0.8, validation=0.9, loss=0.1, seconds=9.0),
    row("c", name="Bee", when=day(2), accuracy=0.9, validation=None, loss=0.2, seconds=1.0),
    row("d", name="cat"),
)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.NEWEST, "b c a d"),
        (Sort.OLDEST, "a c b d"),
        (Sort.NAME, "b c d a"),
        (Sort.VALIDATION, "b a d c"),
        (Sort.ACCURACY, "c a b d"),
        (Sort.LOSS, "b c a d"),
        (Sort.QUICKEST, "c a b d"),
    ],
)
def test_rows_are_sorted_and_those_without_the_value_come_last(sort: Sort, expected: str) -> None:
    assert names(run_list.ordered(SORTED, sort)) == expected


def test_the_best_run_is_chosen_by_validation_alone() -> None:
    best = run_list.best_on_validation(SORTED)
    assert best is not None
    assert best.fingerprint == "b"
    assert run_list.best_on_validation([SORTED[2], SORTED[3]]) is None


def test_a_link_names_runs_by_their_first_letters() -> None:
    found = [row("aaaa1111bbbb"), row("cccc2222dddd")]
    text = run_list.text_of(["cccc2222dddd", "aaaa1111bbbb"])
    assert text == "cccc2222,aaaa1111"
    chosen, unknown = run_list.chosen_of(text, found)
    assert (names(chosen), unknown) == ("cccc2222dddd aaaa1111bbbb", [])
    chosen, unknown = run_list.chosen_of(",aaaa,eeee,aaaa1111,", found)
    assert (names(chosen), unknown) == ("aaaa1111bbbb", ["eeee"])
    assert run_list.text_of([]) is None


def test_a_selection_changes_only_what_is_shown_and_keeps_the_order() -> None:
    assert run_list.after_selection(["x", "b"], ["a", "b", "c"], ["b", "c"]) == ["x", "b", "c"]
    assert run_list.after_selection(["x", "b"], ["a", "b", "c"], []) == ["x"]
    assert run_list.after_selection([], ["a", "b"], ["b", "a"]) == ["b", "a"]


def test_up_to_six_finished_runs_get_letters_once_there_are_two() -> None:
    many = [row(str(number)) for number in range(8)]
    assert run_list.letters_of(many[:1]) == run_list.letters_of([many[0], FOUND[2]]) == {}
    assert run_list.letters_of([many[0], FOUND[2], many[1]]) == {"0": "A", "1": "B"}
    assert list(run_list.letters_of(many).values()) == list("ABCDEF")


def test_each_row_says_what_tells_it_from_the_others() -> None:
    wide = Recipe().changed({"architecture.dense_units": 512, "seed": 4})
    longer = wide.changed({"phase2.epochs": 7})
    found = [row("a", recipe=wide), row("b", recipe=longer), FOUND[2]]
    assert run_list.varying_settings(found) == ["Phase 2: epochs 100", "Phase 2: epochs 7", ""]
    assert run_list.varying_settings(found[:1]) == [""]
    found.append(row("c", recipe=longer.changed({"phase2.epochs": 8, "architecture.dense_units": 64})))
    assert run_list.varying_settings(found)[3] == "Phase 2: epochs 8, Networks: dense units 64"

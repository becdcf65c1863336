"""The comparison with the paper: every figure and table has its place, and what is said follows from what is there."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from core import paper
from core.evaluation import evaluate
from core.presets import PRESETS
from core.reference import trials
from core.reference.plan import SWEEPS
from core.reference.trials import TrialTable
from core.reproduction import Section, Shipped, Verdict, beyond, document, reproduce, rounding, sweeps, write_report
from core.reproduction.parts import Finding, seeds_in_words, spread
from core.store import ReferenceRun
from tests.reproduction.conftest import FACTS, answers, make_run, make_sweep, make_trial

FIGURES = (*(f"Figure {number}" for number in (4, 8, 10, 11, 12, 14, 15, 16, 17)), "Figures 7 and 8")


def findings(sections: tuple[Section, ...] | list[Section]) -> dict[tuple[str, str], Finding]:
    return {(one.where, one.what): one for section in sections for one in section.findings}


def test_without_any_result_everything_says_so(tmp_path: Path) -> None:
    sections = reproduce(tmp_path)
    found = findings(sections)
    assert {one.verdict for one in found.values()} == {Verdict.NOT_RUN}
    assert {where for where, _ in found} >= {*FIGURES, "Table 1", "Section 4.3", "Table 2"}
    text = document(sections)
    assert "not run yet" in text
    assert 'make reference PARTS="dense_units"' in text
    assert f"{paper.TEST_ACCURACY:.2%}" in text


def test_with_all_results_nothing_is_missing(full: Path) -> None:
    sections = reproduce(full)
    assert all(one.verdict is not Verdict.NOT_RUN for one in findings(sections).values())
    assert [section.lacks for section in sections if section.lacks] == []
    text = document(sections)
    assert "not run yet; to run it" not in text.lower()
    for words in ("133", "98.67%", "Table 2", "Figure 16", "Figure 17", "3 networks averaged", "phase 1 only"):
        assert words in text


def test_the_document_is_written_whole_and_the_same_again(full: Path, tmp_path: Path) -> None:
    first = write_report(full, tmp_path / "first.md").read_text()
    assert first == write_report(full, tmp_path / "second.md").read_text() == document(reproduce(full))
    assert first.endswith("\n")
    for line in first.splitlines():
        if line.startswith("|"):
            assert line.count("|") >= 3
    assert str(full) not in first


def test_our_table_stands_beside_the_papers(full: Path) -> None:
    section = reproduce(full)[1]
    (grid,) = section.grids
    assert len(grid.rows) == 12
    assert all(len(row) == len(grid.columns) for row in grid.rows)
    report = ReferenceRun(full / "paper").metrics.test
    assert grid.rows[0][:3] == ("Class 0", "0.98", f"{report.classes[0].precision:.4f}")


def test_what_the_papers_table_implies_of_class_0() -> None:
    low, high = rounding.implied_false_zeros()
    assert (low, high) == (15, 25)
    # From its definition: every count that rounds to the paper's two figures lies in the range.
    support = paper.CLASSES[0].support
    fits = [
        wrong
        for right in range(support + 1)
        for wrong in range(60)
        if round(right / support, 2) == 0.99 and right and round(right / (right + wrong), 2) == 0.98
    ]
    assert low <= min(fits)
    assert max(fits) <= high


def test_scoring_both_ways(tmp_path: Path, tiny_reference: Path) -> None:
    run = make_run(tiny_reference / "best", tmp_path / "paper", n_wrong=100, n_unsure=20)
    found = rounding.both_ways(run)
    labels, probabilities = answers(100, 20)
    assert found.unsure == 20
    assert found.incorrect == (100, 100 + sum(labels[100:120] != 0))
    assert found.false_zeros == (10, 10 + 18)
    rounded = probabilities.round().argmax(axis=1)
    assert found.precision[1] == pytest.approx((labels[rounded == 0] == 0).mean())
    assert found.precision[0] == evaluate(probabilities, labels).classes[0].precision


@pytest.mark.parametrize(
    ("n_wrong", "n_unsure", "verdict", "words"),
    [
        (100, 10, Verdict.HOLDS, "the rounding explains it"),
        (200, 10, Verdict.DIFFERS, "explains nothing"),
        (180, 2, Verdict.OPEN, "no rounding is needed"),
        (100, 40, Verdict.OPEN, "below what the paper's table allows"),
        (20, 5, Verdict.DIFFERS, "neither count"),
    ],
)
def test_what_is_said_of_the_rounding(
    tmp_path: Path, tiny_reference: Path, n_wrong: int, n_unsure: int, verdict: Verdict, words: str
) -> None:
    run = make_run(tiny_reference / "best", tmp_path / "paper", n_wrong=n_wrong, n_unsure=n_unsure)
    (finding,) = rounding.section(Shipped({"paper": run})).findings
    assert (finding.verdict, words in finding.why) == (verdict, True), finding


def test_other_runs_are_scored_both_ways_before_the_papers_is_there(tmp_path: Path, tiny_reference: Path) -> None:
    run = make_run(tiny_reference / "best", tmp_path / "express", n_wrong=100)
    section = rounding.section(Shipped({"express": run}))
    assert section.findings[0].verdict is Verdict.NOT_RUN
    assert section.grids[0].rows[0][0] == "express"
    assert section.lacks == ("paper",)


def test_a_phase_that_is_not_stopped_early_differs(tmp_path: Path, tiny_reference: Path) -> None:
    make_run(tiny_reference / "best", tmp_path / "paper", stopped=90)
    found = findings(reproduce(tmp_path))
    epochs = found["Figures 7 and 8", "Epochs of phase 1 + phase 2"]
    assert (epochs.ours, epochs.verdict) == ("100 + 90", Verdict.DIFFERS)


def sweep(axis: str, table: TrialTable) -> dict[str, Finding]:
    section = next(
        one
        for one in sweeps.sections(Shipped(tables={axis: table}))
        if not any(finding.verdict is Verdict.NOT_RUN for finding in one.findings)
    )
    return {finding.what: finding for finding in section.findings}


@pytest.mark.parametrize(
    ("best", "seeds", "verdict"),
    [
        (128, (0, 1, 2), Verdict.HOLDS),
        (16, (0, 1, 2), Verdict.DIFFERS),
        (128, (0,), Verdict.OPEN),
        (16, (0,), Verdict.OPEN),
        (None, (0, 1, 2), Verdict.OPEN),
    ],
)
def test_the_best_size_and_whether_that_is_chance(best: int | None, seeds: tuple[int, ...], verdict: Verdict) -> None:
    found = sweep("dense_units", make_sweep("dense_units", seeds, best))
    lowest = found["Size with the lowest validation loss"]
    assert lowest.verdict is verdict, lowest
    assert lowest.ours.startswith(str(best or 16))


def test_times_and_losses_over_batch_sizes() -> None:
    found = sweep("batch_size", make_sweep("batch_size", best=256))
    assert {one.verdict for one in found.values()} == {Verdict.HOLDS}
    assert found["Epochs become shorter as batches grow"].ours == "30.0 s → 26.0 s → 22.0 s → 18.0 s → 14.0 s"


def test_epochs() -> None:
    found = sweep("epochs", make_sweep("epochs", best=100))
    assert {one.verdict for one in found.values()} == {Verdict.HOLDS}
    assert found["Phase 2 of 100 + 100 epochs is stopped"].ours == "in epoch 21"


def test_a_sweep_that_lacks_values_says_which() -> None:
    table = make_sweep("dense_units")
    part = TrialTable(table.name, table.base, table.dataset, table.axis, table.trials[:6])
    section = sweeps.sections(Shipped(tables={"dense_units": part}))[0]
    assert "Not run yet: 64, 128, 256, 512." in section.basis
    assert section.lacks == ("dense_units",)


@pytest.mark.parametrize("axis", SWEEPS)
def test_one_value_of_a_sweep_decides_nothing_about_the_others(axis: str) -> None:
    table = make_sweep(axis)
    for value in SWEEPS[axis]:
        part = dataclasses.replace(table, trials=tuple(trial for trial in table.trials if trial.value == value))
        found = sweep(axis, part)
        if axis == "epochs":
            stopped = found.pop("Phase 2 of 100 + 100 epochs is stopped")
            assert stopped.verdict is (Verdict.HOLDS if value == 100 else Verdict.OPEN)
        assert {(one.verdict, one.why) for one in found.values()} == {(Verdict.OPEN, "Only one value has been run.")}


def test_an_ensemble_is_the_mean_of_the_probabilities() -> None:
    labels = np.array([0, 1, 1])
    first = np.array([[0.9, 0.1], [0.6, 0.4], [0.6, 0.4]], np.float16)
    second = np.array([[0.4, 0.6], [0.1, 0.9], [0.7, 0.3]], np.float16)
    rows = (make_trial("best", 0), make_trial("best", 1))
    table = make_sweep("dense_units")
    table = TrialTable("best-seeds", table.base, table.dataset, None, rows, {"a": first, "b": second})
    assert beyond.ensemble_incorrect(table, labels) == 1


def test_what_a_step_is_worth_is_what_is_misread_without_it(tmp_path: Path) -> None:
    counts = {
        "the paper's recipe": 92,
        "phase 1 only": 178,
        "random encoder, frozen": 103,
        "from scratch, phase 2 only": 95,
    }
    rows = tuple(make_trial(label, 0, incorrect=n) for label, n in counts.items())
    trials.write(tmp_path, TrialTable("controls", PRESETS["paper"].recipe, FACTS, None, rows))
    steps = beyond.controls(Shipped.read(tmp_path)).grids[1].rows
    assert [row[1:] for row in steps] == [
        ("178", "92", "yes"),
        ("103", "178", "no, it harms"),
        ("–", "–", "–"),
        ("95", "92", "may be chance"),
    ]


def test_results_on_other_images_do_not_compare(tiny_reference: Path) -> None:
    shipped = Shipped.read(tiny_reference)
    assert (shipped.runs, shipped.tables) == ({}, {})


def test_a_damaged_run_is_not_passed_over_in_silence(tmp_path: Path, full: Path) -> None:
    shutil.copytree(full / "paper", tmp_path / "paper")
    (tmp_path / "paper" / "history.csv").unlink()
    with pytest.raises(Exception, match=r"reference/paper: history\.csv is missing"):
        reproduce(tmp_path)


def test_words() -> None:
    assert [seeds_in_words(seeds) for seeds in ([3], [0, 1], [0, 1, 2])] == [
        "seed 3",
        "seeds 0 and 1",
        "seeds 0, 1 and 2",
    ]
    assert spread([0.5, 0.7]) == "60.00% (50.00% to 70.00%)"
    assert spread([2.0, 2.0], "{:.0f}") == "2"

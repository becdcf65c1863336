"""The results that come with the project on the command line: read like runs, made, shipped, checked, reported."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.settings import REFERENCE_VARIABLE, Settings
from core.store import ReferenceRun, Run

from .conftest import Command


@pytest.fixture
def reference(home: Settings, tiny_reference: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with reference/best, the one that the command line uses."""
    folder = Path(shutil.copytree(tiny_reference, tmp_path / "reference"))
    monkeypatch.setenv(REFERENCE_VARIABLE, str(folder))
    return folder


def test_they_are_listed_apart(command: Command, reference: Path, tiny_run: Run) -> None:
    answer = command("runs")
    assert "Reference results, which came with the project" in answer.out
    own, _, theirs = answer.out.partition("Reference results")
    assert tiny_run.fingerprint[:8] in own
    assert "reference/best" in theirs
    values = command("runs", "--json").values
    assert [run["run"] for run in values["runs"]] == [tiny_run.fingerprint]
    assert [run["run"] for run in values["references"]] == ["reference/best"]


def test_show_says_how_it_was_made_smaller(command: Command, reference: Path, tiny_run: Run) -> None:
    answer = command("show", "reference/best")
    assert answer.code == 0
    shown = " ".join(answer.out.split())  # however the lines are broken
    for words in ("reference/best", "Compacted", "Left out: nothing", "Made of"):
        assert words in shown
    values = command("show", "reference/best", "--json").values
    assert values["run"] == "reference/best"
    assert values["compaction"]["run"] == values["fingerprint"] == tiny_run.fingerprint
    assert command("show", tiny_run.fingerprint, "--json").values["compaction"] is None


def test_evaluate_gives_the_shipped_figures_again(command: Command, reference: Path) -> None:
    values = command("evaluate", "reference/best", "--json").values
    assert values["equals_stored"]
    assert values["test"]["correct"] == values["stored_test"]["correct"]
    assert values["test"]["confusion"] == values["stored_test"]["confusion"]


@pytest.mark.parametrize("format", ["keras", "onnx", "zip"])
def test_it_is_exported_like_any_other(command: Command, reference: Path, tmp_path: Path, format: str) -> None:
    answer = command("export", "reference/best", "--format", format, "--output", tmp_path, "--json")
    assert answer.code == 0, answer.err
    assert answer.values["n_images"] == 50
    assert Path(answer.values["path"]).name.startswith("classifier-best.")


def test_a_name_that_is_not_there(command: Command, reference: Path) -> None:
    answer = command("show", "reference/worst")
    assert (answer.code, "There is no run 'reference/worst'" in answer.err) == (2, True)


def test_a_run_is_shipped_and_the_comparison_written(command: Command, reference: Path, tiny_run: Run) -> None:
    answer = command("reference", "ship", tiny_run.fingerprint, "express", "--json")
    assert answer.code == 0, answer.err
    assert answer.values["run"] == "reference/express"
    assert answer.values["incorrect"] == answer.values["whole_incorrect"] == tiny_run.metrics.test.incorrect
    ReferenceRun(reference / "express").check()
    assert "`express`" in (reference / "reproduction.md").read_text()
    assert command("reference", "check", "--json").values == {
        "runs": ["reference/best", "reference/express"],
        "bytes": sum(path.stat().st_size for path in reference.rglob("*") if path.is_file()),
        "problems": [],
        "sound": True,
    }


def test_a_gate_is_fitted_anew(command: Command, reference: Path) -> None:
    gate = reference / "best" / "gate.npz"
    before = dict(np.load(gate))
    gate.unlink()
    answer = command("reference", "gate", "best", "--json")
    assert (answer.code, answer.values["gate"]) == (0, str(gate)), answer.err
    assert dict(np.load(gate)).keys() == before.keys()
    assert command("reference", "gate").code == 2
    assert command("reference", "gate", "worst").code == 2


@pytest.mark.parametrize("names", [(), ("latest",), ("latest", "a/b"), ("latest", ".."), ("latest", "a", "b")])
def test_what_cannot_be_shipped(command: Command, reference: Path, names: tuple[str, ...]) -> None:
    answer = command("reference", "ship", *names)
    assert (answer.code, "expected a run and the name it is to have" in answer.err) == (2, True)


def test_what_is_wrong_is_told(command: Command, reference: Path) -> None:
    path = reference / "best" / "metrics.json"
    values = json.loads(path.read_text())
    values["test"] |= {"first_incorrect": []}
    path.write_text(json.dumps(values))
    answer = command("reference", "check")
    assert answer.code == 1
    assert "reference/best: the test metrics say" in answer.err
    path.unlink()
    answer = command("reference", "check")
    assert (answer.code, "metrics.json is missing" in answer.err) == (1, True)


def test_a_report_is_written_beside_results_that_are_not_the_projects(command: Command, reference: Path) -> None:
    answer = command("reference", "report", "--json")
    assert answer.values == {"report": str(reference / "reproduction.md")}
    assert "Was it rounded before argmax?" in (reference / "reproduction.md").read_text()


def test_unknown_parts_and_actions_are_refused(command: Command, reference: Path, tiny_dataset: Dataset) -> None:
    answer = command("reference", "make", "worst", "--dataset", "strokes")
    assert (answer.code, "expected a part of the plan" in answer.err) == (2, True)
    assert command("reference", "destroy").code == 2

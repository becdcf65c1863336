"""`evaluate` and `export`: a saved run at work."""

import shutil
from dataclasses import fields
from pathlib import Path

import numpy as np

from core.data import folder, idx
from core.settings import Settings
from core.store import Predictions, Run

from .conftest import Command


def test_a_saved_classifier_gives_the_stored_results(command: Command, home: Settings, tiny_run: Run) -> None:
    answer = command("evaluate")
    assert (answer.code, answer.err) == (0, "")
    assert f"Found {tiny_run.metrics.test.correct} correct labels" in answer.out
    assert "These are the stored results" in answer.out
    values = command("evaluate", tiny_run.fingerprint[:5], "--json").values
    assert values["equals_stored"]
    assert values["largest_difference"] <= 1e-5
    assert values["test"]["correct"] == values["stored_test"]["correct"]


def test_results_that_are_not_the_stored_ones_are_told(
    command: Command, home: Settings, run_folder: Path, tiny_run: Run
) -> None:
    stored = {item.name: getattr(tiny_run.predictions, item.name) for item in fields(Predictions)}
    stored["test_probabilities"] = np.roll(stored["test_probabilities"], 1, axis=1)
    np.savez(run_folder / "predictions.npz", **stored)
    answer = command("evaluate")
    assert answer.code == 1
    assert "These are NOT the stored results" in answer.out


def test_a_gate_is_fitted_where_one_is_asked_for(command: Command, home: Settings, run_folder: Path) -> None:
    (run_folder / "gate.npz").unlink()
    answer = command("evaluate", "--gate")
    assert (answer.code, answer.err) == (0, "")
    assert "A gate was fitted" in answer.out
    assert (run_folder / "gate.npz").is_file()
    (run_folder / "autoencoder.onnx").unlink()
    answer = command("evaluate", "--gate")
    assert answer.code == 2
    assert "expected autoencoder.onnx" in answer.err


def test_another_dataset_is_refused(command: Command, home: Settings, tiny_run: Run) -> None:
    other = home.data / "other"
    shutil.copytree(home.data / "strokes", other)
    labels = other / folder.FILE_NAMES[3]
    idx.write(labels, 2 - idx.read(labels))
    for words in (["--dataset", "other"], ["--data-dir", other]):
        answer = command("evaluate", *words)
        assert (answer.code, answer.out) == (2, "")
        [line] = answer.err.splitlines()
        assert "expected the dataset it was trained on, strokes with the digest" in line
        assert "found other" in line


def test_a_dataset_that_is_gone_can_be_named(command: Command, home: Settings, tiny_run: Run, tmp_path: Path) -> None:
    (home.data / "strokes").rename(tmp_path / "moved")
    answer = command("evaluate")
    assert answer.code == 2
    assert "its dataset strokes (" in answer.err
    assert "name its folder with --data-dir" in answer.err
    assert command("evaluate", "--data-dir", tmp_path / "moved").code == 0


def test_a_damaged_network_is_one_line(command: Command, home: Settings, run_folder: Path) -> None:
    (run_folder / "classifier.keras").write_bytes(b"no network")
    answer = command("evaluate")
    assert (answer.code, answer.out) == (2, "")
    [line] = answer.err.splitlines()
    assert str(run_folder / "classifier.keras") in line


def test_an_export_says_where_it_is_and_how_it_was_checked(
    command: Command, home: Settings, tiny_run: Run, tmp_path: Path
) -> None:
    target = tmp_path / "digits.keras"
    answer = command("export", "latest", "--format", "keras", "--output", target)
    assert (answer.code, answer.err) == (0, "")
    assert str(target) in answer.out
    assert "on all 50 test images of strokes" in answer.out
    assert target.read_bytes() == tiny_run.classifier_path.read_bytes()
    values = command("export", "latest", "--format", "keras", "--output", target, "--json").values
    assert (values["path"], values["bytes"]) == (str(target), target.stat().st_size)
    assert values["largest_difference"] <= 1e-5


def test_an_export_that_cannot_be_written_is_one_line(command: Command, home: Settings, tmp_path: Path) -> None:
    answer = command("export", "latest", "--format", "onnx", "--output", tmp_path / "no" / "model.onnx")
    assert (answer.code, answer.out) == (2, "")
    [line] = answer.err.splitlines()
    assert "expected a folder to write to" in line

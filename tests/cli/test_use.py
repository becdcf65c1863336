"""`evaluate`, `predict` and `export`: a saved run at work."""

import shutil
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data import folder, idx
from core.data.dataset import Dataset
from core.settings import Settings
from core.store import Predictions, Run

from .conftest import Command


@pytest.fixture
def pictures(tiny_dataset: Dataset, tmp_path: Path) -> list[Path]:
    """The first test image of each class as a PNG file."""
    paths = []
    for label in range(3):
        path = tmp_path / f"{label}.png"
        Image.fromarray(tiny_dataset.test_images[label].repeat(4, 0).repeat(4, 1)).save(path)
        paths.append(path)
    return paths


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


def test_pictures_are_read(command: Command, home: Settings, tiny_run: Run, pictures: list[Path]) -> None:
    answer = command("predict", *pictures)
    assert (answer.code, answer.err) == (0, "")
    values = command("predict", *pictures, "--run", tiny_run.fingerprint[:4], "--json").values
    assert [one["file"] for one in values["predictions"]] == [str(path) for path in pictures]
    for one in values["predictions"]:
        assert one["class_name"] in ("upright", "level", "slanting")
        assert one["class_name"] == values["class_names"][one["label"]]
        assert one["confidence"] == max(one["probabilities"])
        assert sum(one["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert f"{one['confidence']:.2%}" in answer.out


def test_a_bad_picture_does_not_stop_the_others(
    command: Command, home: Settings, pictures: list[Path], tmp_path: Path
) -> None:
    text = tmp_path / "text.png"
    text.write_text("no picture")
    answer = command("predict", pictures[0], text, tmp_path / "gone.png", pictures[1])
    assert answer.code == 1
    assert [str(path) in answer.out for path in (*pictures[:2], text)] == [True, True, False]
    first, second = answer.err.splitlines()
    assert str(text) in first
    assert str(tmp_path / "gone.png") in second
    values = command("predict", pictures[0], text, "--json").values
    assert ["error" in one for one in values["predictions"]] == [False, True]


def test_no_readable_picture_at_all_is_bad_input(command: Command, home: Settings, tmp_path: Path) -> None:
    answer = command("predict", tmp_path / "gone.png")
    assert (answer.code, answer.out) == (2, "")
    [line] = answer.err.splitlines()
    assert str(tmp_path / "gone.png") in line


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

"""`predict`: files, folders and zip files, for people and for machines."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.data.dataset import Dataset
from core.settings import REFERENCE_VARIABLE, Settings
from core.store import Run, labels

from .conftest import Answer, Command

KEYS = ["label", "class_name", "confidence", "probabilities", "box", "line", "is_digit", "novelty"]


def objects(answer: Answer) -> list[dict[str, Any]]:
    """One a line of stdout."""
    return [json.loads(line) for line in answer.out.splitlines()]


@pytest.fixture
def pictures(tiny_dataset: Dataset, tmp_path: Path) -> list[Path]:
    """The first test image of each class as a PNG file."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for label in range(3):
        Image.fromarray(tiny_dataset.test_images[label]).save(folder / f"{label}.png")
    return sorted(folder.iterdir())


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    path = tmp_path / "blank.png"
    Image.new("L", (40, 30), 255).save(path)
    return path


@pytest.mark.usefixtures("home")
def test_pictures_are_read_by_people_and_machines(command: Command, tiny_run: Run, pictures: list[Path]) -> None:
    answer = command("predict", *pictures)
    assert (answer.code, answer.err) == (0, "3 read, 0 failed\n")
    found = objects(command("predict", *pictures, "--run", tiny_run.fingerprint[:4], "--json"))
    assert [one["file"] for one in found] == [str(path) for path in pictures]
    for one in found:
        assert list(one) == ["file", "text", "digits", "error"]
        assert one["error"] is None
        [digit] = one["digits"]
        assert list(digit) == KEYS
        assert digit["class_name"] == ("upright", "level", "slanting")[digit["label"]]
        assert digit["confidence"] == max(digit["probabilities"])
        assert sum(digit["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert digit["box"] == [0, 0, 12, 12]
        assert digit["is_digit"] == (digit["novelty"] <= 0.5)
        assert one["text"] == (digit["class_name"] if digit["is_digit"] else "")
        assert one["file"] in answer.out


@pytest.mark.usefixtures("home")
def test_a_single_picture_is_a_single_object(command: Command, pictures: list[Path]) -> None:
    assert json.loads(command("predict", pictures[0], "--json").out)["file"] == str(pictures[0])


@pytest.mark.usefixtures("home")
def test_what_is_no_digit_is_left_out_of_the_text_and_shown(command: Command, pictures: list[Path]) -> None:
    noise = pictures[0].with_name("noise.png")
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (12, 12), np.uint8)).save(noise)
    [found] = objects(command("predict", noise, "--json"))
    assert (found["text"], [digit["is_digit"] for digit in found["digits"]]) == ("", [False])
    [_, row] = command("predict", noise).out.splitlines()
    assert row.split() == [str(noise), "?", "–"]


@pytest.mark.usefixtures("home")
def test_bad_and_blank_pictures_do_not_stop_the_others(command: Command, pictures: list[Path], blank: Path) -> None:
    text, gone = blank.with_name("text.png"), blank.with_name("gone.png")
    text.write_text("no picture")
    words = (pictures[0], text, gone, blank, pictures[1])
    answer = command("predict", *words)
    assert answer.code == 1
    assert [str(path) in answer.out for path in words] == [True, False, False, False, True]
    *problems, last = answer.err.splitlines()
    assert [str(path) in line for path, line in zip(words[1:4], problems, strict=True)] == [True] * 3
    assert last == "2 read, 3 failed"
    answer = command("predict", *words, "--json")
    found = objects(answer)
    assert answer.code == 1
    assert "read, " not in answer.err
    assert [one["error"] is None for one in found] == [True, False, False, False, True]
    assert [(one["text"], one["digits"]) for one in found[1:4]] == [("", [])] * 3
    assert "expected" in found[3]["error"]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("with_json", [False, True])
def test_no_readable_picture_at_all_is_bad_input(command: Command, blank: Path, *, with_json: bool) -> None:
    answer = command("predict", blank, *(["--json"] if with_json else []))
    assert answer.code == 2
    [line] = answer.err.splitlines()
    assert str(blank) in line
    assert len(answer.out.splitlines()) == with_json


@pytest.mark.usefixtures("home")
def test_folders_and_zips_are_read_in_natural_order(command: Command, pictures: list[Path], tmp_path: Path) -> None:
    folder, archive = tmp_path / "many", tmp_path / "many.zip"
    (folder / "sub").mkdir(parents=True)
    for name in ("10.png", "9.PNG", "sub/1.png", ".hidden.png"):
        shutil.copy(pictures[0], folder / name)
    (folder / "notes.txt").write_text("not a picture")
    with zipfile.ZipFile(archive, "w") as file:
        for path in folder.rglob("*.*"):
            file.write(path, path.relative_to(folder))
    names = ["9.PNG", "10.png", "sub/1.png"]
    answer = command("predict", folder, archive, "--json")
    assert answer.code == 0
    assert answer.err.splitlines() == [f"{path}: 1 file in it is no picture; skipped." for path in (folder, archive)]
    assert [one["file"] for one in objects(answer)] == [
        f"{place}/{name}" for place in (folder, archive) for name in names
    ]


@pytest.mark.usefixtures("home")
def test_folders_and_zips_without_a_picture_are_told(command: Command, pictures: list[Path], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "damaged.zip").write_bytes(b"PK\x03\x04 cut off")
    answer = command("predict", tmp_path / "empty", tmp_path / "damaged.zip", pictures[0], "--json")
    assert answer.code == 1
    first, second, third = (one["error"] for one in objects(answer))
    assert "expected a folder with pictures, found none" in first
    assert "damaged.zip is damaged or incomplete; pack or send it again." in second
    assert third is None


def test_the_starred_run_reads(command: Command, home: Settings, run_folder: Path, pictures: list[Path]) -> None:
    newest = run_folder.with_name("ffffffffffffffff")
    shutil.copytree(run_folder, newest)
    values = json.loads((newest / "environment.json").read_text())
    (newest / "environment.json").write_text(json.dumps(values | {"finished": "2199-01-01T00:00:00+00:00"}))
    for path in (newest / "classifier.onnx", newest / "gate.npz"):
        path.write_bytes(b"damaged")
    assert command("predict", pictures[0]).code == 2
    labels.star(home.runs, run_folder.name)
    assert command("predict", pictures[0]).code == 0
    assert command("predict", pictures[0], "--run", "latest").code == 2


def test_without_any_run_it_says_what_to_do(
    command: Command, empty_home: Settings, blank: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(REFERENCE_VARIABLE, str(tmp_path / "none"))
    answer = command("predict", blank)
    assert answer.code == 2
    assert "There is no run yet; train one with" in answer.err


def test_a_run_without_a_gate_is_told(command: Command, run_folder: Path, pictures: list[Path]) -> None:
    (run_folder / "gate.npz").unlink()
    answer = command("predict", pictures[0], "--json")
    assert answer.code == 0
    assert "softmax alone" in answer.err
    assert len(objects(answer)) == 1

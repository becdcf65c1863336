"""`runs`, `show` and `datasets`: what is there, what is not finished, what is damaged."""

import contextlib
import shutil
from pathlib import Path

from core.data import folder
from core.errors import RunDamagedError
from core.settings import Settings
from core.store import Run, RunStore

from .conftest import Command, as_read


def test_an_empty_home_says_what_to_do(command: Command, empty_home: Settings) -> None:
    answer = command("runs")
    assert (answer.code, answer.err) == (0, "")
    assert f"There is no run in {empty_home.runs} yet. Train one: python -m core train" in answer.out
    values = command("runs", "--json").values
    assert values == {"folder": str(empty_home.runs), "runs": [], "references": [], "unfinished": [], "damaged": []}


def test_runs_lists_finished_unfinished_and_damaged_ones(
    command: Command, home: Settings, run_folder: Path, tiny_run: Run
) -> None:
    store = RunStore(home.runs)
    (home.runs / "0badbadbadbadbad").mkdir()
    stopped = store.working_run("1111111111111111")
    stopped.path.mkdir(parents=True)
    stopped.write_request(tiny_run.request)
    stopped.write_history(tiny_run.history[:2])
    store.working_run("2222222222222222").path.mkdir()
    failed = store.working_run("3333333333333333")
    failed.path.mkdir()
    failed.write_failure("The disk is full.")

    with contextlib.suppress(RunDamagedError), store.writing("4444444444444444"):  # not written whole, as it says
        answer, values = command("runs"), command("runs", "--json").values
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[1].startswith(tiny_run.fingerprint[:8])
    assert f"{tiny_run.metrics.test.accuracy:.2%}" in lines[1]
    assert "strokes" in lines[1]
    assert any(line.startswith("11111111  interrupted: phase 1, epoch 1 (paper, ") for line in lines)
    assert "22222222  interrupted: no epoch yet" in lines
    assert "33333333  failed: no epoch yet. The disk is full." in lines
    assert "44444444  training: no epoch yet" in lines
    assert any("Run 0badbadbadbadbad: recipe.json is missing" in line for line in lines)

    assert [run["run"] for run in values["runs"]] == [tiny_run.fingerprint]
    assert values["runs"][0]["test_accuracy"] == tiny_run.metrics.test.accuracy
    assert [(one["run"][0], one["training"], one["stage"]) for one in values["unfinished"]] == [
        ("1", False, "phase1"),
        ("2", False, None),
        ("3", False, None),
        ("4", True, None),
    ]
    assert len(values["damaged"]) == 1


def test_show_tells_everything_about_a_run(command: Command, home: Settings, tiny_run: Run) -> None:
    answer = command("show", tiny_run.fingerprint[:6])
    out, test = answer.out, tiny_run.metrics.test
    assert (answer.code, answer.err) == (0, "")
    assert f"Found {test.correct} correct labels" in out
    assert "160 training, 40 validation and 50 test images of 12x12 pixels, 3 classes" in out
    lines = [line.split() for line in out.splitlines()]
    assert ["architecture.dense_units", "8", "128"] in lines
    assert ["architecture.filters", "4/8", "32,32/64/128,256"] in lines
    changes = {words[0]: words[1:] for words in lines if words and words[0].startswith(("encoder_", "dense", "pred"))}
    assert {"encoder_conv_1", "encoder_norm_1", "dense", "predictions"} <= changes.keys()
    assert all(change[0] == "0" for layer, change in changes.items() if layer.startswith("encoder_"))
    assert all(change[1] != "0" for change in changes.values())
    assert changes["dense"][0] != "0"
    assert "Phase 1 left the encoder exactly as it was." in out
    assert f"Test accuracy after phase 1: {tiny_run.metrics.phase1_test.accuracy:.2%}" in out


def test_show_as_json_holds_the_runs_files(command: Command, home: Settings, tiny_run: Run) -> None:
    values = command("show", "--json").values
    assert values["fingerprint"] == tiny_run.fingerprint
    assert values["metrics"] == as_read(tiny_run.metrics.to_json())
    assert values["environment"] == tiny_run.environment
    assert [record["stage"] for record in values["history"]] == ["autoencoder", "phase1", "phase2"]
    assert values["differences_from_paper"]["architecture.dense_units"] == {"here": 8, "paper": 128}


def test_show_refuses_a_damaged_run_in_one_line(command: Command, home: Settings, run_folder: Path) -> None:
    (run_folder / "metrics.json").write_text("{")
    answer = command("show", run_folder.name)
    assert (answer.code, answer.out) == (2, "")
    [line] = answer.err.splitlines()
    assert "metrics.json" in line


def test_show_survives_an_environment_that_lost_its_details(
    command: Command, home: Settings, run_folder: Path, tiny_run: Run
) -> None:
    finished = tiny_run.environment["finished"]
    (run_folder / "environment.json").write_text(f'{{"finished": "{finished}"}}')
    answer = command("show", run_folder.name)
    assert answer.code == 0
    assert "unknown" in answer.out


def test_datasets_are_listed_with_their_problems(command: Command, home: Settings) -> None:
    shutil.copytree(home.data / "strokes", home.data / "broken")
    file = home.data / "broken" / folder.FILE_NAMES[1]
    file.write_bytes(file.read_bytes()[:5])
    answer = command("datasets")
    rows = {words[0]: words[1:] for words in map(str.split, answer.out.splitlines()) if words}
    assert (answer.code, answer.err) == (0, "")
    assert rows["mnist-5k"][:3] == ["4,000", "1,000", "28x28"]
    assert rows["strokes"][:3] == ["200", "50", "12x12"]
    assert "broken cannot be used: " in answer.out
    assert "Without --dataset, mnist-5k is used." in answer.out

    values = command("datasets", "--json").values
    found = {one["name"]: one for one in values["datasets"]}
    assert values["default"] == "mnist-5k"
    assert found["strokes"]["problem"] is None
    assert found["strokes"]["image_shape"] == [12, 12]
    assert str(file) in found["broken"]["problem"]
    assert not found["mnist"]["is_present"]

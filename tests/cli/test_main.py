"""What all commands share: help, exit codes, one line for each problem, and no TensorFlow where none is due."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.recipe import Recipe
from core.settings import HOME_VARIABLE, Settings

from .conftest import Command

ROOT = Path(__file__).parents[2]
COMMANDS = ["train", "sweep", "evaluate", "runs", "show", "datasets", "predict", "export"]


def process(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, HOME_VARIABLE: str(home), "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_the_module_is_a_program(tmp_path: Path) -> None:
    done = process("-m", "core", "--help", home=tmp_path / "home")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: python -m core COMMAND")
    assert str(tmp_path / "home") in done.stdout
    assert not (tmp_path / "home").exists()


def test_listing_loads_no_library_for_networks(tmp_path: Path) -> None:
    heavy = ["tensorflow", "keras", "sklearn", "pandas", "plotly", "onnxruntime"]
    script = (
        "import sys; from core.cli import main; "
        "codes = [main([word]) for word in ('runs', 'datasets', '--help')]; "
        f"print(codes, sorted(set({heavy}) & set(sys.modules)), file=sys.stderr)"
    )
    assert process("-c", script, home=tmp_path).stderr == "[0, 0, 0] []\n"


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "core", "runs", "--json"],
        cwd=ROOT,
        env={**os.environ, HOME_VARIABLE: str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        assert (program.stderr.read(), program.wait()) == ("", 0)


def test_help_names_every_command_and_fits_the_terminal(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv(HOME_VARIABLE, "/home")
    answers = [command("--help"), *(command(name, "--help") for name in COMMANDS)]
    assert all((answer.code, answer.err) == (0, "") for answer in answers)
    assert [name for name in COMMANDS if f"\n  {name} " not in answers[0].out] == []
    assert [line for answer in answers for line in answer.out.splitlines() if len(line) > 80] == []
    assert all("--json" in answer.out for answer in answers[1:])


def test_the_help_of_train_names_every_setting(command: Command) -> None:
    text = command("train", "--help").out
    assert [setting.name for setting in Recipe().settings() if f"\n  {setting.name}=" not in text] == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "required: COMMAND"),
        (["trian"], "invalid choice: 'trian'"),
        (["train", "--pre", "paper"], "unrecognized arguments: --pre"),
        (["train", "--preset", "quick"], "preset: expected one of paper, express, best, robust, got 'quick'."),
        (["train", "--set", "phase1.epochs"], "--set: expected name=value"),
        (["train", "--set", "phase1.epoch=3"], "did you mean phase1.epochs?"),
        (["train", "--set", "phase1.epochs=-1"], "phase1.epochs: expected a whole number from 0 to 1000, got -1."),
        (["train", "--dataset", "nowhere"], "expected the name of a dataset"),
        (["train", "--dataset", "../x"], "dataset name: expected"),
        (["train", "--data-dir", "/no/such/folder"], "/no/such/folder: expected a folder"),
        (["sweep", "--axis", "dense_units"], "required: --values"),
        (["sweep", "--axis", "dense_units", "--values", "8,x"], "expected a whole number"),
        (["sweep", "--axis", "dense_units", "--values", "8", "--seeds", "0;1"], "--seeds: expected whole numbers"),
        (["sweep", "--axis", "units", "--values", "8"], "did you mean dense_units?"),
        (["evaluate"], "There is no run yet"),
        (["show", "0123"], "There is no run '0123'"),
        (["predict"], "required: PATH"),
        (["predict", "digit.png"], "There is no run yet"),
        (["export", "latest", "--format", "pdf"], "invalid choice: 'pdf'"),
        (["export", "latest", "--format", "onnx"], "There is no run yet"),
        (["datasets", "more"], "unrecognized arguments: more"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    command: Command, empty_home: Settings, words: list[str], message: str
) -> None:
    answer = command(*words)
    assert (answer.code, answer.out) == (2, "")
    [line] = answer.err.splitlines()
    assert line.startswith("Error: ")
    assert message.lower() in line.lower()
    assert not empty_home.runs.exists()


def test_a_home_that_cannot_be_used_is_one_line(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "file"))
    answer = command("train", "--preset", "paper", "--dataset", "mnist-5k")
    assert answer.code == 1
    [line] = answer.err.splitlines()
    assert line.startswith(f"Error: {tmp_path / 'file'}/")
    assert line.endswith(": Not a directory.")

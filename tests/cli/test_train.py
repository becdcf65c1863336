"""`train`: a real, tiny training through the command line, its cache, its interruption, its questions."""

import io
import sys

import numpy as np
import pytest

from core.cli.asking import ASKED
from core.cli.datasets import choose
from core.cli.progress import TrainingLines
from core.cli.screen import Screen
from core.settings import Settings
from core.store import Run, RunStore
from core.training.progress import EpochRecord

from .conftest import Command, as_read


def test_a_training_ends_with_the_papers_tables(
    command: Command, home: Settings, tiny_options: list[str], tiny_run: Run
) -> None:
    answer = command("train", *tiny_options, "--set", "phase2.learning_rate=0.002")
    assert answer.code == 0
    [run] = [run for run in RunStore(home.runs).runs() if run.fingerprint != tiny_run.fingerprint]
    report, out = run.metrics.test, answer.out
    assert "strokes: 200 training and 50 test images of 12x12 pixels, 3 classes" in out
    assert "As --dataset asks." in out
    assert "phase2.learning_rate=0.002" in out
    assert f"{report.loss:.4f}     {report.accuracy:.2%}" in out
    assert f"Found {report.correct} correct labels\nFound {report.incorrect} incorrect labels\n" in out
    assert "Precision     Recall   F1-Score    Support\nupright " in out
    assert str(run.path) in out
    # The autoencoder and phase 1 are those of the run that was there.
    assert [line.split(":")[0].split() for line in answer.err.splitlines()] == [
        ["Autoencoder", "1", "epoch", "trained", "before"],
        ["Phase", "1", "1", "epoch", "trained", "before"],
        ["Phase", "2", "epoch", "1/1"],
        ["Evaluation", "running"],
    ]
    assert run.request.preset == "paper"


def test_the_same_settings_are_not_trained_twice(
    command: Command, home: Settings, tiny_options: list[str], tiny_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "core.pipeline", None)  # importing it would fail
    answer = command("train", *tiny_options)
    assert (answer.code, answer.err) == (0, "")
    assert "Trained before, on " in answer.out
    assert f"Found {tiny_run.metrics.test.correct} correct labels" in answer.out


def test_json_is_all_there_is_on_stdout(
    command: Command, home: Settings, tiny_options: list[str], tiny_run: Run
) -> None:
    answer = command("train", *tiny_options, "--json")
    assert (answer.code, answer.err) == (0, "")
    values = answer.values
    assert (values["run"], values["cached"], values["preset"]) == (tiny_run.fingerprint, True, "paper")
    assert values["folder"] == str(home.runs / tiny_run.fingerprint)
    assert values["metrics"] == as_read(tiny_run.metrics.to_json())
    assert values["recipe"] == as_read(tiny_run.request.recipe.to_json())
    assert (values["dataset"]["name"], values["dataset"]["why"]) == ("strokes", "as --dataset asks")
    assert values["dataset"]["class_names"] == ["upright", "level", "slanting"]


def test_an_interrupted_training_resumes_and_ends_as_if_it_had_not_been(
    command: Command, home: Settings, tiny_options: list[str], tiny_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = TrainingLines.epoch

    def press_ctrl_c(self: TrainingLines, record: EpochRecord) -> None:
        tell(self, record)
        if record.stage == "phase2" and record.epoch == 1:
            raise KeyboardInterrupt

    whole = [*tiny_options, "--set", "phase2.epochs=2"]
    with monkeypatch.context() as patch:
        patch.setattr(TrainingLines, "epoch", press_ctrl_c)
        stopped = command("train", *whole)
    assert stopped.code == 130
    assert stopped.err.splitlines()[-1].startswith("Interrupted. Finished epochs are kept; the same command resumes")
    assert "interrupted: phase 2, epoch 1 (paper, " in command("runs").out

    resumed = command("train", *whole, "--json")
    assert resumed.code == 0
    assert "Phase 2     1 epoch trained before" in resumed.err
    assert "Phase 2     epoch 2/2" in resumed.err
    assert "epoch 1/" not in resumed.err
    first, second = (record for record in Run(home.runs / resumed.values["run"]).history if record.stage == "phase2")
    assert first.loss == tiny_run.history[-1].loss
    assert second.epoch == 2


def test_mnist_5k_is_announced_where_nothing_else_is(empty_home: Settings) -> None:
    chosen = choose(None, None, empty_home, Screen())
    assert chosen.dataset.name == "mnist-5k"
    assert "built in, and used because" in chosen.why
    assert "--dataset mnist downloads them" in chosen.why


def test_a_folder_is_a_dataset(command: Command, home: Settings, tiny_options: list[str], tiny_run: Run) -> None:
    options = [word for word in tiny_options if word not in ("--dataset", "strokes")]
    values = command("train", *options, "--data-dir", home.data / "strokes", "--json").values
    assert (values["run"], values["cached"]) == (tiny_run.fingerprint, True)
    assert values["dataset"]["why"] == f"from {home.data / 'strokes'}, as --data-dir asks"


def test_images_that_the_network_cannot_take_are_refused(command: Command, home: Settings) -> None:
    answer = command("train", "--dataset", "strokes", "--set", "architecture.filters=4/4/4/4")
    assert answer.code == 2
    [line] = answer.err.splitlines()
    assert "12x12 pixels, but 3 poolings need sides that 8 divides" in line


def test_ask_asks_until_the_answer_is_right(
    command: Command, home: Settings, tiny_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {
        "architecture.filters": ["4/8"],
        "architecture.kernel_size": ["two", "2", ""],
        "autoencoder.epochs": ["1"],
        "autoencoder.batch_size": ["16"],
        "architecture.dense_units": ["0", "8"],
        "phase1.epochs": ["1"],
        "phase1.batch_size": ["16"],
        "phase2.epochs": [" 1 "],
        "phase2.batch_size": ["16"],
    }
    assert tuple(answers) == ASKED
    typed = "".join(f"{answer}\n" for name in ASKED for answer in answers[name])
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    options = ["--preset", "paper", "--dataset", "strokes", "--set", "architecture.norm_momentum=0.5"]
    options += ["--set", "precision=float32"]
    answer = command("train", *options, "--ask", "--json")
    assert answer.code == 0
    assert answer.values["run"] == tiny_run.fingerprint
    assert "architecture.dense_units [128]: " in answer.err
    assert "architecture.kernel_size: expected an odd whole number from 1 to 7, got 2." in answer.err
    assert "architecture.dense_units: expected a whole number from 1 to 4096, got 0." in answer.err
    assert answer.err.count("architecture.kernel_size [3]: ") == 3


def test_ask_refuses_an_input_that_ends(command: Command, home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("4/8\n"))
    answer = command("train", "--dataset", "strokes", "--ask")
    assert answer.code == 2
    assert "expected an answer for architecture.kernel_size, but the input ended" in answer.err


def test_the_run_that_was_trained_predicts_alike_when_trained_anew(
    command: Command, empty_home: Settings, tiny_settings: Settings, tiny_options: list[str], tiny_run: Run
) -> None:
    options = [word for word in tiny_options if word not in ("--dataset", "strokes")]
    answer = command("train", *options, "--data-dir", tiny_settings.data / "strokes", "--json")
    assert answer.values["run"] == tiny_run.fingerprint
    assert not answer.values["cached"]
    again = Run(empty_home.runs / tiny_run.fingerprint).predictions
    np.testing.assert_array_equal(again.test_probabilities, tiny_run.predictions.test_probabilities)

"""Progress: lines where there is no terminal, bars that fit where there is one, silence while TensorFlow loads."""

import io
import os
import re
import sys

import pytest
from rich.console import Console

from core.cli.loading import _quiet_stderr, networks_loaded
from core.cli.progress import TrainingBars, TrainingLines, downloading, watching
from core.cli.screen import Screen, clock
from core.recipe import Recipe
from core.training.progress import EpochRecord, Observer, Progress

RECIPE = Recipe().changed({"autoencoder.epochs": 2, "phase1.epochs": 3, "phase2.epochs": 0})


def record(stage: str, epoch: int) -> EpochRecord:
    accuracy = None if stage == "autoencoder" else 0.9867
    return EpochRecord(stage, epoch, 0.0903, accuracy, 0.0512, accuracy, 0.001, 61.0)


def pretend_training(observer: Observer) -> None:
    """The autoencoder was trained before; phase 1 goes on after its first epoch; phase 2 is skipped."""
    observer.stage("autoencoder")
    observer.epoch(record("autoencoder", 1))
    observer.epoch(record("autoencoder", 2))
    observer.stage("phase1")
    observer.epoch(record("phase1", 1))
    observer.stage("codes")
    for step in (1, 2):
        observer.step(Progress("codes", 0, 0, step, 2))
    observer.stage("phase1")
    for epoch in (2, 3):
        for step in (1, 2):
            observer.step(Progress("phase1", epoch, 3, step, 2, {"loss": 0.1, "accuracy": 0.5}, 192.0))
        observer.epoch(record("phase1", epoch))
    observer.step(Progress("codes", 0, 0, 1, 1))
    observer.stage("phase2")
    observer.stage("evaluation")
    observer.step(Progress("codes", 0, 0, 1, 1))


def terminal(width: int) -> tuple[Screen, io.StringIO]:
    screen, written = Screen(), io.StringIO()
    screen.progress = Console(file=written, force_terminal=True, width=width, color_system=None, legacy_windows=False)
    return screen, written


def test_lines_tell_new_epochs_and_those_that_were_kept(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(Screen(), RECIPE) as observer:
        assert isinstance(observer, TrainingLines)
        pretend_training(observer)
    figures = "loss 0.0903, accuracy 98.67%, validation loss 0.0512, validation accuracy 98.67%, 1 min 1 s"
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "Autoencoder 2 epochs trained before",
        "Phase 1     1 epoch trained before",
        "Codes       computed",
        f"Phase 1     epoch 2/3: {figures}",
        f"Phase 1     epoch 3/3: {figures}",
        "Phase 2     skipped, as it has no epochs",
        "Evaluation  running",
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_bars_leave_room_at_the_end_of_each_line(width: int) -> None:
    screen, written = terminal(width)
    with watching(screen, RECIPE) as observer:
        pretend_training(observer)
    lines = [re.sub(r"\x1b\[\??\d*[A-Za-z]", "", line).rstrip() for line in written.getvalue().splitlines()]
    autoencoder, phase1, phase2, evaluation = [line for line in lines if line][-4:]
    assert "2/2 loss 0.0903  val 0.0512" in autoencoder
    assert autoencoder.endswith("kept")
    assert "3/3 accuracy 98.67%  val 98.67%" in phase1
    assert "skipped" in phase2
    assert evaluation.startswith("Evaluation")
    assert "codes" not in phase1 + evaluation
    assert max(map(len, (autoencoder, phase1, phase2, evaluation))) <= width - 4


def test_bars_show_the_time_left() -> None:
    screen, written = terminal(80)
    with watching(screen, RECIPE) as observer:
        observer.stage("phase1")
        observer.step(Progress("phase1", 1, 3, 1, 1, {"loss": 0.1, "accuracy": 0.5}, 192.0))
        assert isinstance(observer, TrainingBars)
        observer.bars.refresh()
    assert re.search(r"1/3 accuracy 50\.00% +3:12 left", written.getvalue())


def test_a_download_is_told_once_a_file_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with downloading(Screen()) as progress:
        for done in (1, 2, 3):
            progress("images.gz", done, 3000)
    assert capsys.readouterr().err == "Downloading images.gz (3,000 bytes)\n"


def test_a_download_has_a_bar_on_a_terminal() -> None:
    screen, written = terminal(80)
    with downloading(screen) as progress:
        progress("images.gz", 1000, 3000)
        progress("images.gz", 3000, 3000)
    assert "images.gz" in written.getvalue()
    assert "3.0/3.0 kB" in written.getvalue()


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0:00"), (61, "1:01"), (3599.6, "1:00:00"), (36061, "10:01:01")])
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_what_c_libraries_write_is_kept_away(capfd: pytest.CaptureFixture[str]) -> None:
    with _quiet_stderr():
        os.write(2, b"cuInit failed\n")
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "afterwards\n"


def test_what_c_libraries_write_is_shown_if_loading_fails(capfd: pytest.CaptureFixture[str]) -> None:
    def load() -> None:
        with _quiet_stderr():
            os.write(2, b"the reason\n")
            raise ImportError("no such library")

    with pytest.raises(ImportError, match="no such library"):
        load()
    assert capfd.readouterr().err == "the reason\n"


def test_what_is_loaded_already_is_not_announced(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keras", object())
    screen, written = terminal(80)
    with networks_loaded(screen):
        os.write(2, b"seen\n")
    assert (capfd.readouterr().err, written.getvalue()) == ("seen\n", "")

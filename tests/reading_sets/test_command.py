"""`python -m benchmarks.reading` with a stand-in network that calls everything a 7."""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.reading import __main__ as command
from benchmarks.reading import runs, tables
from benchmarks.reading.sets import HANDWRITING_VARIABLE, MNIST_VARIABLE
from core.prediction import Predictor


def calls_it_seven(inputs: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.repeat(np.eye(10, dtype=np.float32)[7:8], len(inputs), axis=0)


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the project's own page, in place of docs."""
    page = tmp_path / "reading.md"
    page.write_text(command.PAGE.read_text())
    monkeypatch.setattr(command, "PAGE", page)
    monkeypatch.setattr(command, "KEPT", tmp_path / "reading.json")
    monkeypatch.setattr(command, "described", lambda run: f"run {run}")
    monkeypatch.setattr(runs, "_opened", lambda run: Predictor(calls_it_seven, tuple("0123456789"), (28, 28)))
    monkeypatch.delenv(HANDWRITING_VARIABLE, raising=False)
    monkeypatch.delenv(MNIST_VARIABLE, raising=False)
    runs._sets.cache_clear()
    return tmp_path


def measure(docs: Path, *words: str) -> None:
    command.main(["--run", "abc", "--sets", "7 barred", "things", "--n", "2", "--processes", "1", *words])


def test_it_measures_and_writes_what_can_be_rebuilt(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    measure(docs, "--write")
    assert "| 7 barred | 2 | 100.0% |" in capsys.readouterr().out
    kept = json.loads((docs / "reading.json").read_text())
    assert kept["sets"]["7 barred"]["counts"][runs.WHOLE]["right"] == 2
    assert kept["sets"]["things"]["counts"][runs.WHOLE]["pictures"] == 2
    written = (docs / "reading.md").read_text()
    assert "| 7 barred | 2 | 100.0% |" in written
    assert "with run abc; digits: the embedded MNIST images" in written
    (docs / "reading.md").write_text(written.replace("| 7 barred | 2 |", "| 7 barred | many |"))
    command.main(["--rebuild"])
    assert (docs / "reading.md").read_text() == written


def test_without_write_nothing_is_written(docs: Path) -> None:
    before = (docs / "reading.md").read_text()
    measure(docs)
    assert (docs / "reading.md").read_text() == before
    assert not (docs / "reading.json").exists()


def test_it_goes_on_where_it_was_stopped(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    measure(docs, "--write")
    kept = json.loads((docs / "reading.json").read_text())
    kept["latency"] = {"machine": "a machine", "opened": 0.3, "first": 0.5, "later": 0.004, "files": 9.0}
    kept["sets"]["7 barred"]["description"] = "measured before"
    kept["sets"]["things"]["description"] = "measured before"
    (docs / "reading.json").write_text(json.dumps(kept))
    command.main(["--run", "abc", "--sets", "things", "--n", "2", "--processes", "1", "--write", "--keep"])
    again = json.loads((docs / "reading.json").read_text())
    assert again["sets"]["7 barred"]["description"] == "measured before"
    assert again["sets"]["things"]["description"] != "measured before"
    assert "| 0.50 s | 1 s |" in (docs / "reading.md").read_text()


def test_figures_of_two_runs_are_not_mixed(docs: Path) -> None:
    measure(docs, "--write")
    with pytest.raises(SystemExit, match=r"--keep: expected figures of run other .* found those of run abc"):
        command.main(["--run", "other", "--sets", "things", "--keep"])
    with pytest.raises(SystemExit, match=r"--keep: expected figures of 9 in .* found those of \d"):
        command.main(["--run", "abc", "--seed", "9", "--sets", "things", "--keep"])


def test_each_step_is_left_out_once(docs: Path) -> None:
    task = runs.Task("28x28", "abc", 1, 0, tuple(runs.preparations()), None)
    [(name, counts)] = runs.measured([task], 1)
    assert name == "28x28"
    assert counts.keys() == runs.preparations().keys()
    assert all(isinstance(count, runs.Counts) and count.digits == 1 for count in counts.values())


def test_misread_pictures_are_shown(docs: Path) -> None:
    task = runs.Task("1 a bar", "abc", 2, 0, (runs.WHOLE,), docs / "sheets")
    list(runs.measured([task], 1))
    assert (docs / "sheets" / "1_a_bar.png").stat().st_size > 1_000


def test_an_unknown_set_is_refused(docs: Path) -> None:
    with pytest.raises(SystemExit, match="--sets: expected names or groups among"):
        command.main(["--sets", "papyrus"])


def test_the_page_has_a_place_for_every_table() -> None:
    page = command.PAGE.read_text()
    groups = ("photographed", "other hands", "styles", "the same digits", "sheets")
    for name in ("run", *groups, "kinds of sheets", "ablation", "gate", "latency"):
        assert tables.BEGIN.format(name) in page
        assert tables.END.format(name) in page

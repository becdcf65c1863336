from pathlib import Path

import pytest

from core.data.dataset import Dataset
from core.recipe import Recipe
from core.store import RunRequest, RunStore, WorkingRun
from core.training.progress import EpochRecord, Progress


@pytest.fixture
def working(tmp_path: Path) -> WorkingRun:
    return RunStore(tmp_path / "runs").working_run("0123456789abcdef")


def test_a_folder_that_is_not_there_reads_as_nothing(working: WorkingRun) -> None:
    assert working.request() is None
    assert working.history() == []
    assert working.progress() is None
    assert working.failure() is None
    assert working.traceback() == ""
    assert working.asked is None
    assert working.ticket is None
    assert working.last_beat is None
    assert not working.stop_asked


def test_what_is_written_is_read_again(working: WorkingRun, tiny_recipe: Recipe, tiny_dataset: Dataset) -> None:
    working.ask()
    request = RunRequest.of(tiny_recipe, tiny_dataset, "express")
    working.write_request(request)
    assert working.request() == request
    epochs = [EpochRecord("autoencoder", 1, 0.5, None, 0.25, None, 0.001, 1.5)]
    working.write_history(epochs)
    assert working.history() == epochs
    progress = Progress("phase1", 2, 5, 3, 9, {"loss": 0.5}, 12.0)
    working.write_progress(progress)
    assert working.progress() == progress
    working.write_failure("It broke.", "Traceback ...")
    assert working.failure() == "It broke."
    assert working.traceback() == "Traceback ..."


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"stage": 1, "epok": 2}', "null"])
def test_what_is_half_written_or_strange_reads_as_nothing(working: WorkingRun, text: str) -> None:
    working.ask()
    for name in ("recipe.json", "progress.json"):
        (working.path / name).write_text(text)
    assert working.request() is None
    assert working.progress() is None


def test_asking_again_forgets_stops_and_failures_and_gives_a_new_ticket(working: WorkingRun) -> None:
    first = working.ask()
    assert working.ticket == first
    working.ask_to_stop()
    working.write_failure("It broke.", "Traceback ...")
    working.write_progress(Progress("phase1", 1, 1, 1, 1))
    working.beat()
    second = working.ask()
    assert second != first
    assert working.ticket == second
    assert not working.stop_asked
    assert working.failure() is None
    assert working.traceback() == ""
    assert working.progress() is None
    assert working.last_beat is None


def test_signs_of_life_come_and_go_beside_the_folder(working: WorkingRun) -> None:
    working.ask()
    working.beat()
    assert working.last_beat is not None
    assert all("alive" not in path.name for path in working.path.iterdir())
    working.fall_silent()
    working.fall_silent()
    assert working.last_beat is None


def test_a_discarded_run_leaves_nothing(working: WorkingRun) -> None:
    working.ask()
    working.beat()
    working.discard()
    assert not working.path.exists()
    assert working.last_beat is None


def test_the_store_lists_what_is_in_the_making(working: WorkingRun, tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    assert store.unfinished() == []
    working.ask()
    assert [one.fingerprint for one in store.unfinished()] == [working.fingerprint]
    assert store.runs() == []

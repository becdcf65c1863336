import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from core.errors import RunDamagedError, RunLockedError, RunNotFoundError
from core.store import Run, RunStore
from core.store.run import FILES, OPTIONAL

ROOT = Path(__file__).parents[2]
NAME = "0123456789abcdef"


def fill(folder: Path, run: Run) -> None:
    """The files of a finished run, as a training would write them."""
    for path in run.path.iterdir():
        shutil.copy(path, folder / path.name)


def set_finished(run: Run, when: str) -> None:
    path = run.path / "environment.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "finished": when}))


def test_a_store_that_is_not_there_is_empty(store: RunStore) -> None:
    assert (store.runs(), store.damaged(), store.unfinished()) == ([], [], [])
    assert store.get(NAME) is None
    assert not store.is_held(NAME)
    with pytest.raises(RunNotFoundError, match=r"There is no run yet; train one with `python -m core train"):
        store.find("latest")
    assert not store.folder.exists()


def test_a_run_appears_when_it_is_whole(store: RunStore, tiny_run: Run) -> None:
    with store.writing(NAME) as working:
        assert working.path == store.working / NAME
        assert store.is_held(NAME)
        fill(working.path, tiny_run)
        assert (store.runs(), store.damaged(), store.get(NAME)) == ([], [], None)
    assert not store.is_held(NAME)
    assert not working.path.exists()
    assert [run.fingerprint for run in store.runs()] == [NAME]
    found = store.get(NAME)
    assert found is not None
    assert sorted(path.name for path in found.path.iterdir()) == sorted(path.name for path in tiny_run.path.iterdir())


def test_what_does_not_belong_to_a_run_is_left_behind(store: RunStore, tiny_run: Run) -> None:
    with store.writing(NAME) as working:
        fill(working.path, tiny_run)
        (working.path / "progress.json").write_text("{}")
        (working.path / ".history.csv.0123abcd.part").write_text("half")
        (working.path / "scratch").mkdir()
        (working.path / "scratch" / "file").write_text("?")
    assert {path.name for path in (store.folder / NAME).iterdir()} <= {*FILES, *OPTIONAL}


@pytest.mark.parametrize("name", FILES)
def test_a_run_that_lacks_a_file_does_not_appear(store: RunStore, tiny_run: Run, name: str) -> None:

    def write() -> None:
        with store.writing(NAME) as working:
            fill(working.path, tiny_run)
            (working.path / name).unlink()

    with pytest.raises(RunDamagedError, match=f"not written whole: {name} is missing"):
        write()
    assert store.get(NAME) is None
    assert (store.working / NAME).is_dir()


def test_after_an_error_the_work_stays_to_go_on_with(store: RunStore, tiny_run: Run) -> None:

    def fail() -> None:
        with store.writing(NAME) as working:
            (working.path / "recipe.json").write_text("mine")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.get(NAME) is None
    assert not store.is_held(NAME)
    with store.writing(NAME) as working:
        assert (working.path / "recipe.json").read_text() == "mine"
        fill(working.path, tiny_run)
    assert store.get(NAME) is not None


def test_a_run_has_one_writer(store: RunStore) -> None:
    with contextlib.suppress(RunDamagedError), store.writing(NAME):  # nothing is written here: neither will be whole
        with pytest.raises(RunLockedError, match=f"Run {NAME} is being trained by another process"):
            store.writing(NAME).__enter__()
        with contextlib.suppress(RunDamagedError), store.writing("another") as working:
            assert working.path.is_dir()


def test_a_look_at_the_lock_keeps_no_writer_out(store: RunStore, tiny_run: Run) -> None:
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            store.is_held(NAME)

    watcher = threading.Thread(target=look)
    (store.working / NAME).mkdir(parents=True)
    watcher.start()
    try:
        for _ in range(20):
            with pytest.raises(ZeroDivisionError), store.writing(NAME):
                raise ZeroDivisionError
    finally:
        stop.set()
        watcher.join()


SCRIPT = """
import sys
from pathlib import Path
from core.store import RunStore
with RunStore(Path(sys.argv[1])).writing(sys.argv[2]) as working:
    (working.path / "history.csv").write_text("kept")
    print("holding", flush=True)
    sys.stdin.readline()
"""


def test_the_lock_dies_with_its_process(store: RunStore, tiny_run: Run) -> None:
    command = [sys.executable, "-c", SCRIPT, str(store.folder), NAME]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "holding\n"
            assert store.is_held(NAME)
            with pytest.raises(RunLockedError):
                store.writing(NAME).__enter__()
        finally:
            holder.kill()
    assert not store.is_held(NAME)
    with store.writing(NAME) as working:
        assert (working.path / "history.csv").read_text() == "kept"
        fill(working.path, tiny_run)
    assert store.get(NAME) is not None


def test_a_run_that_another_process_finished_meanwhile_stays_as_it_is(store: RunStore, tiny_run: Run) -> None:
    with store.writing(NAME):
        shutil.copytree(tiny_run.path, store.folder / NAME)
    assert store.get(NAME) is not None
    assert store.unfinished() == []


def test_no_reader_ever_sees_half_a_run(store: RunStore, tiny_run: Run) -> None:
    seen, stop = set(), threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.update(str(error) for error in store.damaged())
            seen.update(run.fingerprint for run in store.runs())

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(10):
            with store.writing(f"{number:016x}") as working:
                fill(working.path, tiny_run)
    finally:
        stop.set()
        reader.join()
    assert seen <= {f"{number:016x}" for number in range(10)}


def test_runs_come_newest_first_whatever_the_time_zone(store: RunStore, tiny_run: Run) -> None:
    times = {
        "a": "2024-05-01T12:00:00+00:00",
        "b": "2024-05-01T12:30:00+02:00",
        "c": "2024-05-01T12:00:00.000001+00:00",
        "d": "2023-12-31T23:59:59Z",
    }
    for name, when in times.items():
        shutil.copytree(tiny_run.path, store.folder / name)
        set_finished(Run(store.folder / name), when)
        os.utime(store.folder / name, (0, 0))
    assert [run.fingerprint for run in store.runs()] == ["c", "a", "b", "d"]
    assert store.find("latest").fingerprint == "c"


def test_a_run_is_found_by_its_first_letters(store: RunStore, tiny_run: Run) -> None:
    for name in ("abc1", "abc2", "b"):
        shutil.copytree(tiny_run.path, store.folder / name)
    assert store.find("abc1").fingerprint == "abc1"
    assert store.find("b").fingerprint == "b"
    for vague in ("a", "abc"):
        with pytest.raises(RunNotFoundError, match=rf"'{vague}' may mean 2 runs: .*; give more of its letters"):
            store.find(vague)
    for unknown in ("c", "abc11", "", "..", "/", ".working"):
        with pytest.raises(RunNotFoundError, match="There is no run"):
            store.find(unknown)


def test_a_whole_name_is_that_run_even_beside_a_copy(store: RunStore, run: Run) -> None:
    shutil.copytree(run.path, run.path.with_name(run.fingerprint + " copy"))
    assert store.find(run.fingerprint).path == run.path


def test_finding_a_damaged_run_says_what_is_wrong(store: RunStore, run: Run) -> None:
    (run.path / "metrics.json").unlink()
    with pytest.raises(RunDamagedError, match=r"metrics\.json is missing"):
        store.find(run.fingerprint)
    with pytest.raises(RunNotFoundError, match="There is no run yet"):
        store.find("latest")


def test_other_things_in_the_folder_are_no_runs(store: RunStore, run: Run) -> None:
    (store.folder / "notes.txt").write_text("?")
    (store.folder / ".hidden").mkdir()
    assert [found.path for found in store.runs()] == [run.path]
    assert store.damaged() == []

import threading
from pathlib import Path

import pytest

from core.errors import RunLockedError, RunNotFoundError, StoreError
from core.store import Run, RunStore, Trash, labels


@pytest.fixture
def trash(store: RunStore) -> Trash:
    return Trash(store)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_deleted_run_is_gone_from_the_store_and_whole_in_the_trash(store: RunStore, run: Run, trash: Trash) -> None:
    before, asked_for = contents(run.path), run.request

    trashed = trash.put(run.fingerprint)

    assert (store.runs(), store.damaged(), store.unfinished()) == ([], [], [])
    assert trash.all() == [trashed]
    assert trashed.fingerprint == run.fingerprint
    assert contents(trashed.path) == before
    assert trashed.bytes == sum(len(data) for data in before.values())
    assert trashed.run.request == asked_for


def test_a_restored_run_is_as_it_was_with_its_name_and_star(store: RunStore, run: Run, trash: Trash) -> None:
    before = contents(run.path)
    labels.star(store.folder, run.fingerprint)
    labels.rename(store.folder, run.fingerprint, "the good one")

    assert trash.restore(trash.put(run.fingerprint).name) == run.fingerprint

    assert trash.all() == []
    assert [found.fingerprint for found in store.runs()] == [run.fingerprint]
    assert contents(run.path) == before
    kept = labels.read(store.folder)
    assert (kept.starred, kept.names) == (run.fingerprint, {run.fingerprint: "the good one"})


def test_exports_go_and_come_with_their_run(store: RunStore, run: Run, trash: Trash) -> None:
    export = store.exports / run.fingerprint / "classifier.tflite"
    export.parent.mkdir(parents=True)
    export.write_bytes(b"...")

    trashed = trash.put(run.fingerprint)
    assert not export.parent.exists()
    trash.restore(trashed.name)

    assert export.read_bytes() == b"..."
    assert all(path.is_file() for path in run.path.iterdir())


def test_a_damaged_run_can_be_deleted_too(store: RunStore, run: Run, trash: Trash) -> None:
    (run.path / "metrics.json").unlink()
    trash.put(run.fingerprint)
    assert store.damaged() == []


def test_a_run_that_is_being_written_is_left_alone(store: RunStore, run: Run, trash: Trash) -> None:
    held, done = threading.Event(), threading.Event()

    def write() -> None:
        with store.holding(run.fingerprint):
            held.set()
            done.wait(30)

    writer = threading.Thread(target=write)
    writer.start()
    held.wait(30)
    try:
        with pytest.raises(RunLockedError, match="is being trained by another process"):
            trash.put(run.fingerprint)
    finally:
        done.set()
        writer.join()
    assert [found.fingerprint for found in store.runs()] == [run.fingerprint]
    assert trash.all() == []


def test_a_run_in_the_making_is_no_finished_run(store: RunStore, trash: Trash) -> None:
    (store.working / "0123456789abcdef").mkdir(parents=True)
    with pytest.raises(RunNotFoundError, match="There is no finished run '0123456789abcdef'"):
        trash.put("0123456789abcdef")
    assert (store.working / "0123456789abcdef").is_dir()


@pytest.mark.parametrize("name", ["", ".", "..", ".working", "../data", "a/b", "/tmp"])
def test_a_name_that_leads_elsewhere_is_refused(store: RunStore, run: Run, trash: Trash, name: str) -> None:
    with pytest.raises(RunNotFoundError, match="is not the name of a run"):
        trash.put(name)
    assert run.path.is_dir()


def test_a_run_that_was_trained_again_is_not_overwritten(run: Run, trash: Trash) -> None:
    trashed = trash.put(run.fingerprint)
    run.path.mkdir()
    (run.path / "new").touch()
    with pytest.raises(StoreError, match="was trained again since it was deleted; delete the new one first"):
        trash.restore(trashed.name)
    assert contents(run.path) == {"new": b""}
    again = trash.put(run.fingerprint)
    assert trash.all() == [again, trashed]
    assert trash.restore(trashed.name) == run.fingerprint
    assert trash.all() == [again]


def test_what_is_deleted_for_good_takes_its_name_and_star_along(store: RunStore, run: Run, trash: Trash) -> None:
    labels.star(store.folder, run.fingerprint)
    labels.rename(store.folder, run.fingerprint, "the good one")
    labels.rename(store.folder, "another", "stays")
    trashed = trash.put(run.fingerprint)

    trash.purge([trashed.name, "gone before"])

    assert trash.all() == []
    assert not trashed.path.exists()
    left = labels.read(store.folder)
    assert (left.starred, left.names) == (None, {"another": "stays"})
    with pytest.raises(RunNotFoundError, match="is not in the trash any more"):
        trash.restore(trashed.name)


def test_the_name_stays_while_another_run_of_the_fingerprint_is_left(store: RunStore, run: Run, trash: Trash) -> None:
    labels.rename(store.folder, run.fingerprint, "the good one")
    first = trash.put(run.fingerprint)
    run.path.mkdir()
    trash.purge([first.name])
    assert labels.read(store.folder).names == {run.fingerprint: "the good one"}


def test_what_nobody_deleted_is_not_in_the_trash(store: RunStore, trash: Trash) -> None:
    assert trash.all() == []
    (store.trash / "notes").mkdir(parents=True)
    (store.trash / "20260101T000000000000Z-file").touch()
    (store.trash / "20260101T000000000000Z-").mkdir()
    assert trash.all() == []
    trash.purge(["notes"])
    assert (store.trash / "notes").is_dir()

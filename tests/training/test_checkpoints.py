import random
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import filelock
import numpy as np
import pytest

from core.errors import TrainingCancelled
from core.training import checkpoints
from core.training.checkpoints import Checkpoint, CheckpointFolder
from core.training.progress import EpochRecord, Observer

RECORD = EpochRecord("phase1", 1, 0.1 + 0.2, 1 / 3, float("nan"), None, 1e-7, 12.5)


def checkpoint(epochs: int, best: bool = False) -> Checkpoint:
    return Checkpoint(
        model=[np.full((2, 3), epochs, np.float32), np.array([7, epochs], np.uint32), np.zeros((0, 2), np.float32)],
        optimizer=[np.array(epochs, np.int64), np.array(0.5, np.float32)],
        best=[np.full((2, 3), -epochs, np.float32)] if best else None,
        history=[replace(RECORD, epoch=epoch, val_loss=0.5) for epoch in range(1, epochs + 1)],
    )


@pytest.fixture
def folder(tmp_path: Path) -> CheckpointFolder:
    return CheckpointFolder(tmp_path / "stages" / "stage")


@pytest.mark.parametrize("best", [False, True])
def test_a_checkpoint_is_read_as_it_was_written(folder: CheckpointFolder, same: Any, best: bool) -> None:
    folder.save(checkpoint(3, best), 5)
    found = folder.latest(5)
    assert found is not None
    expected = checkpoint(3, best)
    same(found.model, expected.model)
    same(found.optimizer, expected.optimizer)
    same(found.best or [], expected.best or [])
    assert (found.best is None) == (not best)
    assert found.history == expected.history
    assert found.epoch == 3


def test_many_variables_keep_their_order(folder: CheckpointFolder) -> None:
    many = Checkpoint([np.array(n) for n in range(150)], [], None, [RECORD])
    folder.save(many, 1)
    found = folder.latest(1)
    assert found is not None
    assert [int(value) for value in found.model] == list(range(150))


def test_a_loss_that_is_no_number_survives(folder: CheckpointFolder) -> None:
    folder.save(Checkpoint([], [], None, [RECORD]), 1)
    found = folder.latest(1)
    assert found is not None
    assert np.isnan(found.history[0].val_loss)


def test_an_empty_folder_has_none(folder: CheckpointFolder) -> None:
    assert folder.latest(5) is None
    folder.finish(5)
    folder.path.mkdir(parents=True)
    assert folder.latest(5) is None


def test_the_latest_that_is_not_too_late_is_taken(folder: CheckpointFolder) -> None:
    for epochs in (2, 5, 9):
        folder.save(checkpoint(epochs), epochs)
        folder.finish(epochs)
    folder.save(checkpoint(6), 20)
    found = {epochs: folder.latest(epochs) for epochs in (1, 2, 4, 5, 6, 8, 9, 99)}
    assert {epochs: c.epoch if c else None for epochs, c in found.items()} == {
        1: None, 2: 2, 4: 2, 5: 5, 6: 6, 8: 6, 9: 9, 99: 9
    }  # fmt: skip


def test_a_training_on_its_way_keeps_one_file(folder: CheckpointFolder) -> None:
    for epochs in (1, 2, 3):
        folder.save(checkpoint(epochs), 3)
    assert [path.name for path in folder.path.iterdir()] == ["toward-0003.npz"]
    folder.finish(3)
    assert [path.name for path in folder.path.iterdir()] == ["epoch-0003.npz"]


def test_the_ends_that_were_reached_are_known_by_name(folder: CheckpointFolder) -> None:
    assert folder.numbers() == set()
    folder.save(checkpoint(2), epochs=5)
    assert folder.numbers() == set()
    folder.save(checkpoint(2), epochs=2)
    folder.finish(2)
    assert folder.numbers() == {2}


def test_other_files_are_none_of_its_business(folder: CheckpointFolder) -> None:
    folder.save(checkpoint(1), 3)
    for name in ("notes.txt", "copy of epoch-0002.npz", ".epoch-0002.npz.12345678.part", "epoch-two.npz"):
        (folder.path / name).write_text("?")
    (folder.path / "epoch-0002.npz").mkdir()
    found = folder.latest(3)
    assert found is not None
    assert found.epoch == 1


def test_no_damage_does_worse_than_losing_the_checkpoint(folder: CheckpointFolder) -> None:
    folder.save(checkpoint(2), 3)
    path, chance = folder.path / "toward-0003.npz", random.Random(0)
    whole = path.read_bytes()
    for length in chance.sample(range(len(whole)), 60):
        path.write_bytes(whole[:length])
        assert folder.latest(3) is None
    # The last 22 bytes say where the table of contents is, and how long.
    for position in [*chance.sample(range(len(whole) - 22), 200), *range(len(whole) - 22, len(whole))]:
        damaged = bytearray(whole)
        damaged[position] ^= chance.randrange(1, 256)
        path.write_bytes(damaged)
        found = folder.latest(3)  # most are noticed; the rest hit a date or the like
        assert found is None or [v.tolist() for v in found.model] == [v.tolist() for v in checkpoint(2).model]


@pytest.mark.parametrize("state", ["", "{", "[1]", '{"history": [{"epoch": 1}]}', '{"history": [1]}', "null"])
def test_a_state_of_another_shape_is_damage(folder: CheckpointFolder, state: str) -> None:
    folder.path.mkdir(parents=True)
    np.savez(folder.path / "epoch-0001.npz", state=np.array(state))
    assert folder.latest(1) is None


def test_nothing_is_unpickled(folder: CheckpointFolder) -> None:
    folder.path.mkdir(parents=True)
    state = np.array('{"history": [], "counts": {"model": 1, "optimizer": 0, "best": 0}}')
    np.savez(folder.path / "epoch-0001.npz", state=state, **{"model/0000": np.array([object()])})
    assert folder.latest(1) is None


def test_a_stage_is_trained_by_one_at_a_time(folder: CheckpointFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "_POLL_SECONDS", 0.01)
    entered, leave, order = threading.Event(), threading.Event(), []

    class Waiting(Observer):
        asked = 0

        def cancelled(self) -> bool:
            self.asked += 1
            if self.asked == 3:  # the lock was tried twice in vain
                leave.set()
            return False

    def first() -> None:
        with CheckpointFolder(folder.path).locked(Observer()):
            entered.set()
            leave.wait(10)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    assert entered.wait(10)
    with folder.locked(Waiting()):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_who_waits_for_a_stage_can_be_cancelled(folder: CheckpointFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "_POLL_SECONDS", 0.01)

    class Impatient(Observer):
        asked = 0

        def cancelled(self) -> bool:
            self.asked += 1
            return self.asked > 1

    folder.path.mkdir(parents=True)
    with filelock.FileLock(folder.path / "lock"), pytest.raises(TrainingCancelled):  # noqa: SIM117
        with folder.locked(Impatient()):
            pytest.fail("held by two")


def test_what_a_killed_writer_left_is_removed(folder: CheckpointFolder) -> None:
    folder.path.mkdir(parents=True)
    left = folder.path / ".toward-0003.npz.0123abcd.part"
    left.write_bytes(b"half a check")
    with folder.locked(Observer()):
        assert not left.exists()


def test_a_failed_write_leaves_the_earlier_checkpoint(
    folder: CheckpointFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.save(checkpoint(1), 3)

    def savez(file: Any, **_: Any) -> None:
        file.write(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(np, "savez", savez)
    with pytest.raises(OSError, match="No space left"):
        folder.save(checkpoint(2), 3)
    assert [path.name for path in folder.path.iterdir()] == ["toward-0003.npz"]
    found = folder.latest(3)
    assert found is not None
    assert found.epoch == 1

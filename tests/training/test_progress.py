import dataclasses

import pytest

from core.errors import TrainingCancelled
from core.training.progress import STAGES, EpochRecord, Observer, Progress


def test_the_plain_observer_watches_nothing_and_never_stops() -> None:
    observer = Observer()
    for stage in STAGES:
        observer.stage(stage)
    observer.step(Progress("phase1", 1, 2, 3, 4))
    observer.epoch(EpochRecord("phase1", 1, 0.5, None, None, None, 0.1, 2.0))
    observer.check()
    assert not observer.cancelled()


def test_an_observer_that_wants_to_stop_says_what_is_kept() -> None:
    class Impatient(Observer):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(TrainingCancelled, match="last checkpoint is kept"):
        Impatient().check()


def test_what_is_told_cannot_be_changed() -> None:
    for told in (Progress("codes", 0, 0, 1, 2), EpochRecord("phase1", 1, 0.5, None, None, None, 0.1, 2.0)):
        with pytest.raises(dataclasses.FrozenInstanceError):
            told.epoch = 9  # type: ignore[misc]

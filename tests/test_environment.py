import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core import environment as module
from core.environment import environment, processor
from core.training.progress import EpochRecord


def record(stage: str, seconds: float) -> EpochRecord:
    return EpochRecord(stage, 1, 0.5, None, None, None, 0.1, seconds)


HISTORY = [record("autoencoder", 1.5), record("autoencoder", 2.5), record("phase1", 0.25), record("phase2", 8)]


def test_it_says_where_when_and_how_long() -> None:
    import keras
    import numpy as np

    started = datetime.now(UTC) - timedelta(seconds=3)
    found = environment(started, HISTORY)
    assert found["seconds_of_epochs"] == {"autoencoder": 4.0, "phase1": 0.25, "phase2": 8.0}
    assert found["started"] == started.isoformat()
    assert started < datetime.fromisoformat(found["finished"]) <= datetime.now(UTC)
    assert 3 <= found["seconds_in_this_process"] < 60
    assert found["backend"] == "tensorflow"
    assert found["packages"]["keras"] == keras.__version__
    assert found["packages"]["numpy"] == np.__version__
    assert {"tensorflow", "scikit-learn"} <= set(found["packages"])
    assert found["cores"] >= 1
    for name in ("python", "system", "processor"):
        assert found[name]
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_packages_that_are_not_installed_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PACKAGES", ("numpy", "no-such-package"))
    assert list(environment(datetime.now(UTC), [])["packages"]) == ["numpy"]


@pytest.mark.parametrize(("dirty", "mark"), [("", ""), (" M core/errors.py", "+")])
def test_the_commit_is_marked_where_files_were_changed(monkeypatch: pytest.MonkeyPatch, dirty: str, mark: str) -> None:
    answers = {"rev-parse": "c0ffee", "status": dirty}
    monkeypatch.setattr(module, "_git", lambda folder, word, *rest: answers[word])
    assert environment(datetime.now(UTC), [])["commit"] == "c0ffee" + mark


@pytest.mark.parametrize(
    "error", [FileNotFoundError("git"), subprocess.CalledProcessError(128, "git"), subprocess.TimeoutExpired("git", 10)]
)
def test_outside_a_checkout_there_is_no_commit(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def run(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(subprocess, "run", run)
    assert environment(datetime.now(UTC), [])["commit"] is None


def test_the_processor_has_a_name_on_any_system(monkeypatch: pytest.MonkeyPatch) -> None:
    assert processor()

    def unreadable(*_: Any) -> str:
        raise OSError

    monkeypatch.setattr(Path, "read_text", unreadable)
    assert processor()

import shutil
from pathlib import Path

import pytest

from core.store import Run, RunStore


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store without runs."""
    return RunStore(tmp_path / "runs")


@pytest.fixture
def run(store: RunStore, tiny_run: Run) -> Run:
    """A copy of the tiny run, alone in `store`, to be damaged."""
    path = store.folder / tiny_run.fingerprint
    shutil.copytree(tiny_run.path, path)
    return Run(path)

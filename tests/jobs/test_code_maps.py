import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import filelock
import numpy as np
import pytest

from core.jobs import code_maps
from core.jobs.code_maps import CodeMaps, lay_out
from core.store import Run
from tests.jobs.conftest import Until


@pytest.fixture
def stages(tmp_path: Path) -> Path:
    folder = tmp_path / "stages"
    folder.mkdir()
    return folder


@pytest.fixture
def maps(stages: Path) -> Iterator[CodeMaps]:
    made = CodeMaps(stages)
    yield made
    made.close()


@pytest.fixture
def run_without_codes(tiny_run: Run, tmp_path: Path) -> Run:
    run = Run(Path(shutil.copytree(tiny_run.path, tmp_path / tiny_run.fingerprint)))
    (run.path / "codes.npz").unlink()
    return run


def test_a_map_is_laid_out_by_a_process_and_kept(maps: CodeMaps, tiny_run: Run, stages: Path, until: Until) -> None:
    assert maps.points(tiny_run) is None
    assert not maps.is_working(tiny_run)
    maps.begin(tiny_run)
    assert maps.is_working(tiny_run)
    maps.begin(tiny_run)  # joins the first
    until(lambda: maps.points(tiny_run) is not None)
    points = maps.points(tiny_run)
    assert points is not None
    assert points.shape == (50, 2)
    assert points.dtype == np.float32
    assert np.isfinite(points).all()
    assert maps.failure(tiny_run) is None
    again = CodeMaps(stages)  # another start of the program
    found = again.points(tiny_run)
    assert found is not None
    assert np.array_equal(found, points)
    again.begin(tiny_run)
    assert not again.is_working(tiny_run)


def test_what_cannot_be_laid_out_says_why_until_it_is_tried_again(
    maps: CodeMaps, run_without_codes: Run, stages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(stages, run_without_codes)
    assert maps.failure(run_without_codes) == "The map could not be laid out: this run keeps no codes."
    assert maps.points(run_without_codes) is None
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: _Ended(0))
    maps.begin(run_without_codes)
    assert maps.failure(run_without_codes) is None


def test_a_process_that_dies_is_told(maps: CodeMaps, tiny_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: _Ended(-9))
    maps.begin(tiny_run)
    assert not maps.is_working(tiny_run)
    assert "ended early (exit code -9)" in (maps.failure(tiny_run) or "")


def test_a_map_that_another_process_lays_out_is_not_laid_out_twice(
    maps: CodeMaps, tiny_run: Run, stages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_maps, "_PATIENCE", 0.0)
    monkeypatch.setattr(code_maps, "tsne_map", lambda *_: pytest.fail("laid out twice"))
    with filelock.FileLock(stages / f"map-{tiny_run.fingerprint}.lock"):
        assert maps.is_working(tiny_run)
        maps.begin(tiny_run)
        lay_out(stages, tiny_run)
    assert maps.points(tiny_run) is None
    assert maps.failure(tiny_run) is None


def test_a_map_that_is_not_whole_or_of_other_images_is_laid_out_anew(
    maps: CodeMaps, tiny_run: Run, stages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = stages / f"map-{tiny_run.fingerprint}.npy"
    np.save(file, np.zeros((7, 2), np.float32))
    assert maps.points(tiny_run) is None
    file.write_bytes(b"half")
    assert maps.points(tiny_run) is None
    monkeypatch.setattr(code_maps, "tsne_map", lambda codes: np.ones((len(codes), 2), np.float32))
    lay_out(stages, tiny_run)
    lay_out(stages, tiny_run)
    points = maps.points(tiny_run)
    assert points is not None
    assert points.shape == (50, 2)


def test_closing_ends_what_is_on_its_way(stages: Path, tiny_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    start, started = subprocess.Popen, []

    def sleeping(*_: object, **__: object) -> subprocess.Popen:
        started.append(start([sys.executable, "-c", "import time; time.sleep(600)"]))
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", sleeping)
    maps = CodeMaps(stages)
    maps.begin(tiny_run)
    assert maps.is_working(tiny_run)
    maps.close()
    assert started[0].returncode is not None
    assert not maps.is_working(tiny_run)


class _Ended:
    """A process that has ended already."""

    def __init__(self, returncode: int) -> None:
        self.returncode = returncode

    def poll(self) -> int:
        return self.returncode

    def terminate(self) -> None:
        pass

    def wait(self) -> int:
        return self.returncode

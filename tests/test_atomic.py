import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core import atomic

PROJECT = Path(__file__).parents[1]

# Begins a file and a folder, says so, and waits to be killed.
WRITER = """
import sys
from pathlib import Path
from core import atomic
with atomic.new_file(Path("digits.gz")) as file, atomic.new_folder(Path("dataset")) as folder:
    file.write(b"half")
    (folder / "half").write_bytes(b"half")
    print("begun", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "digits"
    target.write_bytes(b"old")
    with atomic.new_file(target) as file:
        file.write(b"new")
        file.flush()
        assert target.read_bytes() == b"old"
        assert len(names(tmp_path)) == 2
    assert names(tmp_path) == ["digits"]
    assert target.read_bytes() == b"new"


def test_a_new_file_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "ordinary").touch()
    with atomic.new_file(tmp_path / "digits"):
        pass
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in names(tmp_path)}
    assert len(modes) == 1


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_no_file(error: type[BaseException], tmp_path: Path) -> None:
    def fail() -> None:
        with atomic.new_file(tmp_path / "digits") as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert names(tmp_path) == []


def test_a_folder_appears_when_it_is_complete(tmp_path: Path) -> None:
    with atomic.new_folder(tmp_path / "dataset") as folder:
        (folder / "file").write_bytes(b"new")
        assert not (tmp_path / "dataset").exists()
    assert names(tmp_path) == ["dataset"]
    assert (tmp_path / "dataset" / "file").read_bytes() == b"new"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_no_folder(error: type[BaseException], tmp_path: Path) -> None:
    def fail() -> None:
        with atomic.new_folder(tmp_path / "dataset") as folder:
            (folder / "file").write_bytes(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert names(tmp_path) == []


def test_a_folder_with_something_in_it_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / "mine").touch()
    with pytest.raises(OSError, match="not empty"), atomic.new_folder(tmp_path / "dataset") as folder:
        (folder / "theirs").touch()
    assert names(tmp_path) == ["dataset"]
    assert names(tmp_path / "dataset") == ["mine"]


def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    before = len(names(Path("/dev/fd")))
    with atomic.new_folder(tmp_path / "dataset"), atomic.new_file(tmp_path / "digits"):
        pass
    atomic.sweep(tmp_path)
    assert len(names(Path("/dev/fd"))) == before


def test_a_sweep_removes_what_the_dead_left_and_nothing_else(tmp_path: Path) -> None:
    others = [".digits.part", "digits.0123abcd.part", ".digits.0123abcd.part.txt"]
    for name in others:
        (tmp_path / name).touch()
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(
        [sys.executable, "-c", WRITER],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"begun\n"
            begun = names(tmp_path)
            assert len(begun) == len(others) + 2

            atomic.sweep(tmp_path)
            assert names(tmp_path) == begun, "the writer lives: nothing of its may go"
        finally:
            writer.kill()
    assert names(tmp_path) == begun, "a killed writer cannot clean up"

    atomic.sweep(tmp_path)
    assert names(tmp_path) == sorted(others)


def test_a_sweep_of_no_folder_does_nothing(tmp_path: Path) -> None:
    atomic.sweep(tmp_path / "absent")
    assert names(tmp_path) == []

import contextlib
import os
import subprocess
import sys
from pathlib import Path

from core.standard_error import DESCRIPTOR, standard_error_to

ROOT = Path(__file__).parents[1]


def test_words_of_every_kind_go_to_the_file_and_only_within_the_block(tmp_path: Path) -> None:
    script = f"""
import os, subprocess, sys
from core.standard_error import standard_error_to
print("before", file=sys.stderr)
with open({str(tmp_path / "caught")!r}, "wb") as file, standard_error_to(file):
    print("from Python", file=sys.stderr)
    os.write(2, b"from the system\\n")
    subprocess.run(["sh", "-c", "echo from a child >&2"], check=True)
print("after", file=sys.stderr)
"""
    shown = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stderr.splitlines() == ["before", "after"]
    assert sorted((tmp_path / "caught").read_text().splitlines()) == ["from Python", "from a child", "from the system"]


def test_standard_error_is_back_after_an_exception(tmp_path: Path) -> None:
    before = os.fstat(DESCRIPTOR)
    with (tmp_path / "caught").open("wb") as file, contextlib.suppress(ValueError), standard_error_to(file):
        assert os.path.samestat(os.fstat(DESCRIPTOR), os.fstat(file.fileno()))
        raise ValueError
    assert os.path.samestat(os.fstat(DESCRIPTOR), before)

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from core.archive import packed
from core.errors import ExportError, RunDamagedError
from core.export import export_run
from core.store import Run


@pytest.fixture
def bare_run(tiny_run: Run, tmp_path: Path) -> Run:
    """A copy of the tiny run that holds no ONNX file."""
    path = tmp_path / "runs" / tiny_run.fingerprint
    shutil.copytree(tiny_run.path, path)
    (path / tiny_run.onnx_path.name).unlink()
    return Run(path)


def test_a_run_with_onnx_is_packed_into_the_zip_that_is_exported(tiny_run: Run, tmp_path: Path) -> None:
    exported = export_run(tiny_run, "zip", tmp_path).path
    with zipfile.ZipFile(io.BytesIO(packed(tiny_run))) as ours, zipfile.ZipFile(exported) as theirs:
        assert ours.namelist() == theirs.namelist()
        for name in ours.namelist():
            assert ours.read(name) == theirs.read(name), name
    assert packed(tiny_run) == packed(tiny_run)


def test_a_run_without_onnx_is_packed_with_an_export_of_it(bare_run: Run, tiny_run: Run) -> None:
    with pytest.raises(ExportError, match="holds no ONNX file; export it as zip"):
        packed(bare_run)
    assert packed(bare_run, tiny_run.onnx_path) == packed(tiny_run)


def test_a_run_that_lacks_a_file_is_not_packed(bare_run: Run, tiny_run: Run) -> None:
    _ = bare_run.request, bare_run.metrics
    (bare_run.path / "history.csv").unlink()
    with pytest.raises(RunDamagedError, match=r"history\.csv: No such file or directory; restore the file"):
        packed(bare_run, tiny_run.onnx_path)

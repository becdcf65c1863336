"""The zip of a run: its classifier as Keras and ONNX files, its settings and results, and a card that explains them.

The same run gives the same bytes. Refused: runs that hold no ONNX file, with `ExportError`, and damaged ones.
"""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from core.errors import ExportError, RunDamagedError
from core.inference import onnx_bytes
from core.model_card import model_card
from core.store import Run
from core.store.run import ENVIRONMENT, HISTORY, METRICS, RECIPE

_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that the format knows: the same whenever the zip is made."""


def packed(run: Run, onnx: Path | None = None) -> bytes:
    """The zip of a run whose ONNX file is there, which was checked when it was made; no network is loaded.

    onnx: an export of its classifier, for a run that holds none.
    Raises ExportError if there is none, RunDamagedError if the run cannot be read.
    """
    path = run.onnx_path if run.onnx_path.is_file() else onnx
    if path is None:
        raise ExportError(f"Run {run.name} holds no ONNX file; export it as zip, which makes one.")
    file = io.BytesIO()
    try:
        write(run, file, (run.classifier_path, path))
    except OSError as error:
        raise RunDamagedError(f"Run {run.name}: {error.filename}: {error.strerror}; restore the file.") from error
    except ValueError as error:
        raise RunDamagedError(f"Run {run.name}: {error}; restore the file.") from error
    return file.getvalue()


def write(run: Run, file: BinaryIO, networks: Iterable[Path]) -> None:
    """Write the zip of a run into a file. networks: become `model` with their endings.

    Raises OSError if a file cannot be read or written, ValueError if an ONNX file is none, RunDamagedError if the run
    makes no sense.
    """
    with zipfile.ZipFile(file, "w") as archive:
        _add(archive, "README.md", model_card(run).encode())
        for network in networks:
            is_onnx = network.suffix == ".onnx"
            _add(archive, f"model{network.suffix}", onnx_bytes(network) if is_onnx else network.read_bytes())
        for name in (RECIPE, METRICS, HISTORY, ENVIRONMENT):
            _add(archive, name, (run.path / name).read_bytes())


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, on every system, so that the permissions below count
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)

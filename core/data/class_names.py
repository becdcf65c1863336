"""Class names in a text file beside a dataset's IDX files: UTF-8, a name a line, in label order."""

from collections.abc import Sequence
from pathlib import Path

from core import atomic
from core.errors import DatasetError

FILE_NAME = "class_names.txt"

# Enough for 256 names of 100 characters, whatever the script.
_MAX_BYTES = 2**17


def read(path: Path) -> tuple[str, ...]:
    """The names in the file, without surrounding spaces and without blank lines at the end.

    Raises DatasetError if the file is no UTF-8 text or too large, and OSError if it cannot be opened.
    """
    with path.open("rb") as file:
        data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise DatasetError(f"{path}: expected at most {_MAX_BYTES:,} bytes of class names, one a line, found more")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DatasetError(
            f"{path}: expected UTF-8 text with a class name a line, found the byte {data[error.start]:02x} "
            f"at position {error.start}"
        ) from error
    return tuple(line.strip() for line in text.rstrip().splitlines())


def write(path: Path, names: Sequence[str]) -> None:
    """Write names as `read` reads them. Raises OSError if the file cannot be written."""
    with atomic.new_file(path) as file:
        file.write("".join(f"{name}\n" for name in names).encode())

"""The pictures in a zip file, within limits that are checked before anything is unpacked, and unpacked one by one.

Folders, hidden files and what operating systems add of their own are passed over; whether a file is a picture is for
`core.images.decode` to say. Refused with `ImageError`: what is no zip file, one with too many files, and damaged ones.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from core.errors import ImageError
from core.images.decode import MAX_BYTES
from core.wording import size

MAX_FILES = 20_000
MAX_UNPACKED = 4 * 2**30
"""Bytes of all files together, unpacked: what a small file unpacks to says how long somebody meant it to take."""

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    struct.error,
)


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin as a zip file does, whatever it is called."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


class Zipped:
    """A zip file that is open. names: the paths of its files, in alphabetical order."""

    def __init__(
        self, data: bytes | Path, name: str, *, max_files: int = MAX_FILES, max_unpacked: int = MAX_UNPACKED
    ) -> None:
        """data: its bytes, or where it lies. name: what error messages call it.

        Raises ImageError if it is no zip file, or holds more files or bytes than that.
        """
        self._name = name
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data)
        except _DAMAGE as error:
            raise ImageError(f"{name} is damaged or incomplete; pack or send it again.") from error
        self._entries = {entry.filename: entry for entry in self._archive.infolist() if _is_wanted(entry)}
        if len(self._entries) > max_files:
            raise ImageError(
                f"{name}: expected at most {max_files:,} files, found {len(self._entries):,}; make several."
            )
        if sum(entry.file_size for entry in self._entries.values()) > max_unpacked:
            raise ImageError(
                f"{name}: expected at most {size(max_unpacked)} in all files together, found more; make several zips "
                "of them."
            )
        self.names = tuple(sorted(self._entries))

    def __enter__(self) -> "Zipped":
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of each file, one unpacked at a time; raises what `read` does."""
        return ((path, self.read(path)) for path in self.names)

    def read(self, path: str) -> bytes:
        """The bytes of one file, cut where it is larger than a picture may be, which `decode` then refuses.

        Raises ImageError if the file is damaged or encrypted, KeyError if there is none of that path.
        """
        try:
            with self._archive.open(self._entries[path]) as file:
                return file.read(MAX_BYTES + 1)
        except _DAMAGE as error:
            raise ImageError(f"{path} in {self._name}: cannot be unpacked ({error}); pack it again.") from error


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    # A damaged entry may have no name, which `is_dir` does not expect.
    return (
        bool(entry.filename)
        and not entry.is_dir()
        and not any(part.startswith((".", "__MACOSX")) for part in path.parts)
    )

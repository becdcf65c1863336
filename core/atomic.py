"""Files and folders that appear whole or not at all.

What is being written lives under a hidden, unique name beside its target and is renamed when it is complete.
Any exception, Ctrl-C included, removes it. A process that is killed outright cannot clean up: `sweep` does
that for it later, and tells the abandoned from the busy by a lock that the operating system drops when the
writer dies.
"""

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_UNFINISHED = re.compile(r"\..+\.[0-9a-f]{8}\.part")


@contextmanager
def new_file(target: Path) -> Iterator[BinaryIO]:
    """A binary file, open to write and read, that becomes `target` when the block ends without an exception.

    An existing `target` is replaced. The folder must exist. Raises OSError if the folder cannot be written.
    """
    unfinished, descriptor = _claim(target, folder=False)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """An empty folder that becomes `target` when the block ends without an exception.

    The parent folder must exist. Raises OSError if `target` exists already with something in it.
    """
    unfinished, descriptor = _claim(target, folder=True)
    try:
        yield unfinished
        unfinished.rename(target)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove what killed processes left unfinished in `folder`; what a living process still writes stays."""
    with suppress(OSError):  # no such folder, or none that may be listed
        for path in folder.iterdir():
            if _UNFINISHED.fullmatch(path.name):
                with suppress(OSError):  # busy, already gone, or not ours to remove
                    _remove_abandoned(path)


def _claim(target: Path, *, folder: bool) -> tuple[Path, int]:
    """Make and lock an unfinished file or folder; returns its path and the descriptor that holds the lock."""
    while True:
        unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
        if folder:
            unfinished.mkdir()
            try:
                descriptor = os.open(unfinished, os.O_RDONLY)
            except FileNotFoundError:  # swept already
                continue
        else:
            descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
        # A file system without locks is fine: a sweep cannot take the lock there either, and removes nothing.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if unfinished.exists():
            return unfinished, descriptor
        os.close(descriptor)  # a sweep came between making and locking: start over


def _remove_abandoned(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    finally:
        os.close(descriptor)

"""What a process writes to standard error, led elsewhere for a while: from C++ too, as libraries for networks do."""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import IO

DESCRIPTOR = 2


@contextlib.contextmanager
def standard_error_to(file: IO[bytes]) -> Iterator[None]:
    """While the block runs, whatever this process writes to file descriptor 2 goes to an open file."""
    sys.stderr.flush()
    shown = os.dup(DESCRIPTOR)
    os.dup2(file.fileno(), DESCRIPTOR)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(shown, DESCRIPTOR)
        os.close(shown)

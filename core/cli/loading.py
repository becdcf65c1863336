"""Loading TensorFlow: seconds of waiting that are announced, and its log lines, which are shown only if it fails."""

import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Iterator

from core.cli.screen import Screen
from core.standard_error import DESCRIPTOR, standard_error_to


@contextlib.contextmanager
def networks_loaded(screen: Screen) -> Iterator[None]:
    """Keras and its backend are loaded, and their devices found, before the block begins.

    The block is for imports that stand on them. What libraries write to file descriptor 2 meanwhile, from C++ too, is
    thrown away, or written there after all if the loading fails.
    """
    if "keras" in sys.modules:
        yield
        return
    # What goes wrong later is raised as an exception too; the log would only tear the progress bars.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    with _waiting(screen, "Loading the networks' library ..."), _quiet_stderr():
        import keras

        keras.ops.zeros(())  # the first operation looks for devices, and tells of each that it does not find
        yield


@contextlib.contextmanager
def _waiting(screen: Screen, text: str) -> Iterator[None]:
    """A line that goes away; no spinner, as stderr leads nowhere meanwhile."""
    if not screen.moves:
        yield
        return
    from rich.control import Control
    from rich.segment import ControlType

    screen.progress.print(text, end="\r", style="dim")
    try:
        yield
    finally:
        screen.progress.control(Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2)))


@contextlib.contextmanager
def _quiet_stderr() -> Iterator[None]:
    with tempfile.TemporaryFile() as caught:
        try:
            with standard_error_to(caught):
                yield
        except Exception:
            caught.seek(0)
            os.write(DESCRIPTOR, caught.read())
            raise

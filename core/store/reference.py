"""Reference runs: results that came with the project, to read beside the user's own and never to change.

    reference/<name>/        a compacted run (`core.reference.ship` makes it), with
        compaction.json      what was left out of it, and how exact the rest is
        images.npz           the test images that it read wrongly, and a few others
        training_images.npz  where it reads pictures, some training images; their codes are in codes.npz

Their fingerprints are of their names and results, and no training gives them: whoever trains the same recipe gets a run
of his own. A folder that lacks a file or holds an unreadable one is reported as damaged, and left alone.
"""

import contextlib
import hashlib
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from core.store.run import AUTOENCODER, COMPACTION, FILES, METRICS, Run

PREFIX = "reference/"
"""What the command line puts before their names."""

SHOWN_FIRST = ("best", "paper", "express", "robust")
"""The one that is shown where the user has no run yet; the first of these that is there."""

READS_FIRST = ("robust", "best", "express", "paper")
"""The one that reads the user's own pictures then."""

READERS = READS_FIRST[:2]
"""Those that keep what only reading needs, which takes room: the gate, the components, codes of training images."""

NOT_RUNS = ("tables",)
"""Folders of the reference results that are no runs."""


class ReferenceRun(Run):
    """A run that came with the project."""

    files: ClassVar[tuple[str, ...]] = (*(name for name in FILES if name != AUTOENCODER), COMPACTION)
    is_reference: ClassVar[bool] = True
    _remedy: ClassVar[str] = "restore the file from the project's repository"

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits of SHA-256 over its name and its results."""
        digest = hashlib.sha256(self.name.encode())
        with contextlib.suppress(OSError):
            digest.update((self.path / METRICS).read_bytes())
        return digest.hexdigest()[:16]

    @property
    def name(self) -> str:
        """What the command line calls the run: reference/best."""
        return f"{PREFIX}{self.path.name}"


def reference_runs(folder: Path) -> list[ReferenceRun]:
    """All reference runs in the folder, also damaged ones; those that are shown first come first."""
    try:
        paths = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))]
    except OSError:
        return []
    ranks = {name: rank for rank, name in enumerate(SHOWN_FIRST)}
    found = [ReferenceRun(path) for path in paths if path.name not in NOT_RUNS]
    return sorted(found, key=lambda run: (ranks.get(run.path.name, len(ranks)), run.path.name))

"""What people call their runs, and the one they starred: the few things about a run that may change.

Kept beside the runs, in `runs/labels.json`, as a finished run is never changed.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from core.store.records import write_json

FILE_NAME = "labels.json"
MAX_NAME_LENGTH = 80


@dataclass(frozen=True)
class Labels:
    """starred: fingerprint of the run that is shown and predicts by default, or None. names: fingerprint -> name."""

    starred: str | None = None
    names: dict[str, str] = field(default_factory=dict)


def read(runs: Path) -> Labels:
    """The labels in the folder of runs; none if they were never written or cannot be read."""
    try:
        values = json.loads((runs / FILE_NAME).read_text("utf-8"))
        starred, names = values["starred"], values["names"]
        return Labels(str(starred) if starred else None, {str(key): str(name) for key, name in names.items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Labels()


def star(runs: Path, fingerprint: str | None) -> None:
    """Let this run be the one that is shown and predicts by default; None: let the newest be it again."""
    _write(runs, replace(read(runs), starred=fingerprint))


def rename(runs: Path, fingerprint: str, name: str) -> None:
    """Call a run by this name, cut to 80 characters; an empty one takes the name away."""
    labels = read(runs)
    names = {key: value for key, value in labels.names.items() if key != fingerprint}
    if words := " ".join(name.split())[:MAX_NAME_LENGTH]:
        names[fingerprint] = words
    _write(runs, replace(labels, names=names))


def forget(runs: Path, fingerprint: str) -> None:
    """Take a run's name away, and the star if it has it: it is gone for good."""
    labels = read(runs)
    names = {key: value for key, value in labels.names.items() if key != fingerprint}
    starred = None if labels.starred == fingerprint else labels.starred
    if (starred, names) != (labels.starred, labels.names):
        _write(runs, Labels(starred, names))


def _write(runs: Path, labels: Labels) -> None:
    runs.mkdir(parents=True, exist_ok=True)
    write_json(runs / FILE_NAME, asdict(labels))

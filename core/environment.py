"""What a result was obtained with: versions, processor, commit, seconds."""

import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.training.progress import EpochRecord

_PACKAGES = ("keras", "tensorflow", "jax", "numpy", "scikit-learn")


def environment(started: datetime, history: Sequence[EpochRecord]) -> dict[str, Any]:
    """The content of environment.json: plain values.

    started: when this process began the run; epochs that an earlier process trained count in the stages' seconds, but
    not in `seconds_in_this_process`.
    """
    import keras

    finished = datetime.now(UTC)
    seconds: dict[str, float] = {}
    for record in history:
        seconds[record.stage] = seconds.get(record.stage, 0.0) + record.seconds
    return {
        "started": started.isoformat(),
        "finished": finished.isoformat(),
        "seconds_in_this_process": (finished - started).total_seconds(),
        "seconds_of_epochs": seconds,
        "backend": keras.backend.backend(),
        "python": platform.python_version(),
        "packages": _versions(),
        "system": platform.platform(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "commit": _commit(),
    }


def processor() -> str:
    """The processor's name as the system gives it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _commit() -> str | None:
    """The commit of the project's checkout, with "+" after it if files were changed; None outside a checkout."""
    folder = Path(__file__).parent
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        return commit + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return None


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, text=True, check=True, timeout=10
    ).stdout.strip()

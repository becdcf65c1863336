"""Exports made in the background: a run's classifier in a format that takes TensorFlow to write or to check.

They lie beside the runs, in `runs/.exports/<fingerprint>/`, and go when their run is deleted.
"""

from pathlib import Path

from core.errors import RunNotFoundError
from core.export import SUFFIXES, export_run
from core.jobs.files import FileJob, FileJobs
from core.store import RunStore


def path_of(store: RunStore, fingerprint: str, format: str) -> Path:
    """Where the export of a run lies, or will. format: a key of `core.export.SUFFIXES`."""
    return store.exports / fingerprint / f"classifier-{fingerprint}{SUFFIXES[format]}"


def look(files: FileJobs, store: RunStore, fingerprint: str, format: str) -> FileJob:
    """The export of a run as it is now."""
    return files.look(path_of(store, fingerprint, format))


def make(files: FileJobs, store: RunStore, fingerprint: str, format: str) -> None:
    """Have a run exported by a worker, unless that is done or in hand. Returns at once."""
    folders = str(store.folder), str(store.reference or "")
    files.make(path_of(store, fingerprint, format), export, *folders, fingerprint, format)


def export(target: Path, runs: str, reference: str, fingerprint: str, format: str) -> None:
    """Export a run, in a worker. runs: the folder of all runs. reference: of those that came with the project, or "".

    Raises RunNotFoundError if there is no such run any more, and what `export_run` raises.
    """
    store = RunStore(Path(runs), Path(reference) if reference else None)
    try:
        run = store.find(fingerprint)
    except RunNotFoundError as error:
        raise RunNotFoundError(f"Run {fingerprint} was deleted.") from error
    export_run(run, format, target, data=store.folder.parent / "data")

"""What pages read, read once: caches of runs, datasets and jobs, shared by all visits of this server.

Runs never change once they are finished, so that they are cached by folder and time; what hangs on a run is cached by
its fingerprint. Everything returned is shared: read it, never change it.
"""

import contextlib
import threading
from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from core import evaluation
from core.data import sources
from core.data.dataset import Dataset
from core.data.sources import DatasetInfo
from core.errors import DataError, DatasetError, DatasetNotFoundError, RunDamagedError
from core.evaluation import Outcomes
from core.insight import Autoencoder
from core.jobs import Jobs, exports
from core.jobs.code_maps import CodeMaps
from core.prediction import Predictor
from core.reference import trials
from core.reference.trials import TrialTable
from core.saved_sweeps import SavedSweep
from core.settings import Settings, from_environment
from core.store import Run, RunStore, default_run, labels
from core.store import reference as store_reference
from core.store.labels import Labels
from core.sweep_choices import FIGURES

_KEPT_RUNS = 200
_KEPT_DATASETS = 3
_KEPT_NETWORKS = 4


def settings() -> Settings:
    """Where this server's files are."""
    return from_environment()


def store() -> RunStore:
    """The runs of this home; to change them. To read them take `runs` and `run`."""
    return RunStore.of(settings())


def runs() -> list[Run]:
    """The sound finished runs: the user's own, the newest first, then those that came with the project."""
    return [*own_runs(), *reference_runs()]


def own_runs() -> list[Run]:
    """The sound finished runs of this home, the newest first."""
    return sorted(_sound(map(Run, _folders())), key=lambda run: run.finished, reverse=True)


def reference_runs() -> list[Run]:
    """The sound runs that came with the project, in the order in which they are shown."""
    return _sound(store_reference.reference_runs(settings().reference))


def reference_sweeps() -> dict[SavedSweep, TrialTable]:
    """The sweeps that came with the project, with the figures of their runs."""
    folder = settings().reference
    return _reference_sweeps(str(folder), _stamp_of(folder / trials.FOLDER))


def damaged() -> dict[str, RunDamagedError]:
    """Fingerprint of each finished run that is not sound -> what is wrong with it."""
    problems = {}
    for found in (*map(Run, _folders()), *store_reference.reference_runs(settings().reference)):
        try:
            _checked(found)
        except RunDamagedError as error:
            problems[found.fingerprint] = error
        except OSError:
            continue
    return problems


def run(name: str) -> Run | None:
    """The finished run of exactly this fingerprint, or of a name like reference/best; None if there is none.

    Raises RunDamagedError if it is not sound.
    """
    for reference in store_reference.reference_runs(settings().reference):
        if name in (reference.name, reference.fingerprint):
            return _checked(reference)
    own = Run(settings().runs / name)
    with contextlib.suppress(OSError):
        return _checked(own) if own.path.parent == settings().runs else None
    return None


def run_labels() -> Labels:
    """Names of runs, and the starred one."""
    return labels.read(settings().runs)


def datasets() -> list[DatasetInfo]:
    """The datasets at hand, with what is wrong with those that cannot be used."""
    return sources.available(settings().data)


def dataset(name: str) -> Dataset:
    """The dataset of that name, from the disk; never downloads. Raises a DataError."""
    home = settings().data
    return _dataset(name, str(home), _stamp_of(home / name))


def dataset_of(finished: Run) -> Dataset:
    """The dataset that a run was trained on, found by its name.

    Raises a DataError, with what to do, if it is not at hand or has other images or labels by now.
    """
    facts = finished.request.dataset
    try:
        found = dataset(facts.name)
    except DatasetNotFoundError as error:
        raise DatasetNotFoundError(
            f"The images of this run are not at hand: its dataset {facts.name} ({facts.source}) is not in "
            f"{settings().data}; put its four files there to see them."
        ) from error
    if found.digest != facts.digest:
        raise DatasetError(
            f"The images of this run are not at hand: {facts.name} has other images or labels now than those it was "
            "trained on."
        )
    return found


def outcomes(finished: Run) -> Outcomes:
    """What a run says of each test image. Raises RunDamagedError if its predictions cannot be read."""
    return _outcomes(finished.fingerprint, finished)


def predictor(finished: Run) -> Predictor | None:
    """The classifier of a run, ready to answer; None if there is none yet that opens without TensorFlow.

    Raises RunDamagedError if the file cannot be opened.
    """
    exported = exports.path_of(store(), finished.fingerprint, "onnx")
    if not finished.onnx_path.is_file() and not exported.is_file():
        return None
    return _predictor(finished.fingerprint, finished, exported)


def autoencoder(finished: Run) -> Autoencoder | None:
    """The autoencoder of a run, ready to answer; None if it holds none that opens without TensorFlow.

    Raises RunDamagedError if the file cannot be opened.
    """
    return _autoencoder(finished.fingerprint, finished)


def jobs() -> Jobs:
    """The background jobs of this home."""
    return _jobs(str(settings().home))


def code_maps() -> CodeMaps:
    """The maps of codes that are laid out in the background."""
    return _code_maps(str(settings().stages))


def warm() -> None:
    """Begin to load, in the background, what the first visit will need."""
    threading.Thread(target=_warm, daemon=True).start()


def close() -> None:
    """End the background jobs of this server."""
    _jobs.clear()
    _code_maps.clear()


def _warm() -> None:
    from ui import sidebar

    _ = sidebar  # and with it everything that is drawn on every page
    found = runs()
    with contextlib.suppress(DataError):
        dataset(sources.default_name(settings().data))
    from ui import desk

    _ = desk  # the libraries that a picture is read with
    reader = default_run(found, run_labels().starred, to_read=True)
    with contextlib.suppress(RunDamagedError):
        if reader is not None:
            predictor(reader)


def _sound(found: Iterable[Run]) -> list[Run]:
    sound = []
    for one in found:
        with contextlib.suppress(RunDamagedError, OSError):
            sound.append(_checked(one))
    return sound


def _checked(found: Run) -> Run:
    """The run out of the cache, where it was checked. Raises RunDamagedError, and OSError if it is not there."""
    return _run(str(found.path), found.path.stat().st_mtime_ns, found)


def _folders() -> list[Path]:
    try:
        return [path for path in settings().runs.iterdir() if path.is_dir() and not path.name.startswith(".")]
    except OSError:
        return []


def _stamp_of(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes whenever a file of a dataset does."""
    try:
        found = [(item.name, item.stat()) for item in sorted(path.iterdir()) if item.is_file()]
    except OSError:
        return ()
    return tuple((name, status.st_size, status.st_mtime_ns) for name, status in found)


@st.cache_resource(max_entries=_KEPT_RUNS, show_spinner=False)
def _run(path: str, stamp: int, _found: Run) -> Run:
    _found.check()
    return _found


@st.cache_resource(max_entries=_KEPT_DATASETS, show_spinner=False)
def _dataset(name: str, home: str, stamp: tuple[tuple[str, int, int], ...]) -> Dataset:
    return sources.load(name, home=Path(home), download=False)


@st.cache_resource(max_entries=2, show_spinner=False)
def _reference_sweeps(folder: str, stamp: tuple[tuple[str, int, int], ...]) -> dict[SavedSweep, TrialTable]:
    order = list(FIGURES)
    found = trials.tables(Path(folder)).values()
    ranked = sorted(found, key=lambda table: order.index(table.axis) if table.axis in order else len(order))
    return {saved: table for table in ranked if (saved := trials.saved_sweep(table)) is not None}


@st.cache_resource(max_entries=_KEPT_RUNS, show_spinner=False)
def _outcomes(fingerprint: str, _finished: Run) -> Outcomes:
    kept = _finished.predictions
    return evaluation.outcomes(kept.test_probabilities, kept.test_labels)


@st.cache_resource(max_entries=_KEPT_NETWORKS, show_spinner=False)
def _predictor(fingerprint: str, _finished: Run, _exported: Path) -> Predictor:
    return Predictor.open(_finished, _exported)


@st.cache_resource(max_entries=_KEPT_NETWORKS, show_spinner=False)
def _autoencoder(fingerprint: str, _finished: Run) -> Autoencoder | None:
    return Autoencoder.open(_finished)


@st.cache_resource(show_spinner=False, on_release=Jobs.close)
def _jobs(home: str) -> Jobs:
    return Jobs(Settings(Path(home)))


@st.cache_resource(show_spinner=False, on_release=CodeMaps.close)
def _code_maps(stages: str) -> CodeMaps:
    return CodeMaps(Path(stages))

"""What pages read, read once: caches of runs, datasets and jobs, shared by all visits of this server.

Runs never change once they are finished, so that they are cached by folder and time; what hangs on a run is cached by
its fingerprint. Everything returned is shared: read it, never change it.
"""

import contextlib
import threading
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
from core.settings import Settings, from_environment
from core.store import Run, RunStore, labels
from core.store.labels import Labels

_KEPT_RUNS = 200
_KEPT_DATASETS = 3
_KEPT_NETWORKS = 4


def settings() -> Settings:
    """Where this server's files are."""
    return from_environment()


def store() -> RunStore:
    """The runs of this home; to change them. To read them take `runs` and `run`."""
    return RunStore(settings().runs)


def runs() -> list[Run]:
    """The sound finished runs, the newest first."""
    found = []
    for path in _folders():
        try:
            found.append(_run(str(path), path.stat().st_mtime_ns))
        except (RunDamagedError, OSError):
            continue
    return sorted(found, key=lambda run: run.finished, reverse=True)


def damaged() -> dict[str, RunDamagedError]:
    """Fingerprint of each finished run that is not sound -> what is wrong with it."""
    problems = {}
    for path in _folders():
        try:
            _run(str(path), path.stat().st_mtime_ns)
        except RunDamagedError as error:
            problems[path.name] = error
        except OSError:
            continue
    return problems


def run(fingerprint: str) -> Run | None:
    """The finished run of exactly this fingerprint, or None. Raises RunDamagedError if it is not sound."""
    path = settings().runs / fingerprint
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        return None
    return _run(str(path), stamp)


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
    runs()
    with contextlib.suppress(DataError):
        dataset(sources.default_name(settings().data))


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
def _run(path: str, stamp: int) -> Run:
    found = Run(Path(path))
    found.check()
    return found


@st.cache_resource(max_entries=_KEPT_DATASETS, show_spinner=False)
def _dataset(name: str, home: str, stamp: tuple[tuple[str, int, int], ...]) -> Dataset:
    return sources.load(name, home=Path(home), download=False)


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

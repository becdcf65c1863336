"""What can be downloaded of a finished run: its network in four formats, its results as tables.

Files that lie in the run's folder are offered at once. A format that takes TensorFlow to write or to check is made by
a worker, on request, and offered as soon as it is there.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from core import archive, tables
from core.export import SUFFIXES
from core.inference import onnx_bytes
from core.jobs import FileJob, FileState, State, exports
from core.store import Run
from core.store.run import HISTORY
from ui import loading
from ui.tables import csv_of

_FORMATS = {
    "keras": ("Keras", "For Keras 3, on TensorFlow, JAX or PyTorch."),
    "onnx": ("ONNX", "For ONNX Runtime and everything else that reads ONNX."),
    "litert": ("LiteRT", "For phones and small devices (TensorFlow Lite)."),
    "zip": ("Zip", "Keras and ONNX with settings, results, epochs and a card that explains them."),
}
_TABLES = {
    "answers": ("Answers", "What was read on each test image, with every probability"),
    "scores": ("Scores", "Precision, recall and F1 of each class (table 2)"),
    "confusion": ("Confusion", "How often each class was taken for each"),
    "epochs": ("Epochs", "Loss and accuracy of every epoch"),
    "settings": ("Settings", "Every setting of the run beside the paper's"),
}
_SECONDS = 1.0


def show(run: Run) -> None:
    """The downloads of a run."""
    ready = {format: _ready(run, format) for format in _FORMATS}
    missing = [format for format, content in ready.items() if content is None]
    _failures(run, missing)
    with st.container(horizontal=True):
        for format, content in ready.items():
            if content is not None:
                _download(run, format, content)
        _make_buttons(run, missing)
    _progress(run, missing)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("As CSV:", width="content")
        for name, (label, help) in _TABLES.items():
            st.download_button(
                label,
                data=_table(run, name),
                file_name=f"{name}-{run.fingerprint[:8]}.csv",
                mime="text/csv",
                key=f"download-{name}",
                icon=":material/table:",
                type="tertiary",
                on_click="ignore",
                help=help,
            )


def conversion(run: Run, format: str) -> None:
    """The button that has a worker make a format, and how that goes. format: a key of `core.export.SUFFIXES`."""
    _failures(run, [format])
    _make_buttons(run, [format])
    _progress(run, [format])


def _failures(run: Run, formats: Sequence[str]) -> None:
    for format in formats:
        job = _job(run, format)
        if job.state is FileState.FAILED:
            st.error(job.failure or "It left no message.", title=f"No {_FORMATS[format][0]} file could be made")


def _make_buttons(run: Run, formats: Sequence[str]) -> None:
    for format in formats:
        state, (name, purpose) = _job(run, format).state, _FORMATS[format]
        if state in (FileState.ABSENT, FileState.FAILED):
            st.button(
                f"Make {name}" + (" again" if state is FileState.FAILED else ""),
                icon=":material/sync:",
                key=f"make-{format}",
                on_click=exports.make,
                args=(loading.jobs().files, loading.store(), run.fingerprint, format),
                help=f"{purpose} Made in the background, and checked against the network itself.",
            )


def _progress(run: Run, formats: Sequence[str]) -> None:
    making = [format for format in formats if _job(run, format).state is FileState.MAKING]
    if making:
        st.fragment(_wait, run_every=_SECONDS)(run, making)


def _wait(run: Run, formats: Sequence[str]) -> None:
    if any(_job(run, format).state is not FileState.MAKING for format in formats):
        st.rerun()
    names = " and ".join(_FORMATS[format][0] for format in formats)
    busy = any(job.asked and job.state in (State.RUNNING, State.STOPPING) for job in loading.jobs().all())
    st.markdown(
        f":material/hourglass_top: {names}: waiting for the training that runs now"
        if busy
        else f":material/sync: {names}: being made and checked, which takes a minute or two"
    )


def _job(run: Run, format: str) -> FileJob:
    return exports.look(loading.jobs().files, loading.store(), run.fingerprint, format)


def _ready(run: Run, format: str) -> Callable[[], bytes] | None:
    """What gives the bytes of a format once somebody asks for them; None if it has to be made first."""
    exported = {name: exports.path_of(loading.store(), run.fingerprint, name) for name in SUFFIXES}
    onnx = run.onnx_path if run.onnx_path.is_file() else exported["onnx"]
    if format == "keras":
        return run.classifier_path.read_bytes
    if format == "zip" and onnx.is_file():
        return lambda: archive.packed(run, onnx)
    if format == "onnx" and onnx.is_file():
        return lambda: onnx_bytes(onnx)
    return exported[format].read_bytes if exported[format].is_file() else None


def _download(run: Run, format: str, content: Callable[[], bytes]) -> None:
    name, purpose = _FORMATS[format]
    st.download_button(
        name,
        data=content,
        file_name=f"classifier-{run.fingerprint[:8]}{SUFFIXES[format]}",
        mime="application/zip" if format == "zip" else "application/octet-stream",
        key=f"download-{format}",
        icon=":material/download:",
        on_click="ignore",
        help=purpose,
    )


def _table(run: Run, name: str) -> Callable[[], bytes]:
    report = run.metrics.test
    make: dict[str, Callable[[], bytes]] = {
        "answers": lambda: csv_of(tables.answers(run)),
        "scores": lambda: csv_of(tables.class_scores(report)),
        "confusion": lambda: csv_of(tables.confusion(report)),
        "epochs": (run.path / HISTORY).read_bytes,
        "settings": lambda: csv_of(tables.settings(run.request.recipe)),
    }
    return make[name]

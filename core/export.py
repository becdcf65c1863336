"""Export: a run's classifier as a file for other programs, checked against the stored one before it is handed over.

    keras    the stored network itself, of stock Keras layers
    onnx     for ONNX Runtime and everything else that reads ONNX
    litert   for phones and small devices (TensorFlow Lite)
    zip      Keras and ONNX with the run's recipe, metrics, history and environment, and a card that explains them

Every network among them has to give the stored network's probabilities to 1e-5 on the test images; one that does not,
or that cannot be converted, is refused with an `ExportError`, and the target stays as it was.
"""

import contextlib
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core import archive
from core.atomic import new_file
from core.data import sources
from core.data.dataset import Dataset
from core.data.scaling import to_inputs
from core.errors import DataError, ExportError, RunDamagedError
from core.inference import keras_network, load_keras, open_network, open_outputs, probabilities_of
from core.settings import Settings
from core.store import Run

SUFFIXES = {"keras": ".keras", "onnx": ".onnx", "litert": ".tflite", "zip": ".zip"}
"""Format -> how its files end."""

TOLERANCE = 1e-5
"""Largest difference between a probability of the stored network and of an exported one."""

MADE_IMAGES = 256


@dataclass(frozen=True)
class Export:
    """An exported file and what it was checked on.

    largest_difference: between any probability of the stored network and of the exported ones, at most TOLERANCE.
    n_images: how many images were compared. images: which ones, in words.
    """

    path: Path
    format: str
    largest_difference: float
    n_images: int
    images: str


def export_run(
    run: Run, format: str, target: Path | None = None, *, dataset: Dataset | None = None, data: Path | None = None
) -> Export:
    """Write a run's classifier as `target`, whole or not at all; an existing file is replaced.

    format: keras, onnx, litert or zip. target: a file with the format's ending, or a folder that is there; None means
    the current folder. dataset: the run's own, whose test images are compared; None looks for it among the datasets
    in the folder data (None: of the home that holds the run), without the network, and else compares seeded made
    images.
    Raises ExportError if the format is unknown, the dataset is another, the file cannot be written, or the network
    cannot be converted or gives other answers then; RunDamagedError if the run cannot be read.
    """
    if format not in SUFFIXES:
        raise ExportError(f"format: expected one of {', '.join(SUFFIXES)}, got {format!r}.")
    path = _target(run, format, target)
    images, words = _images(run, dataset, data or Settings(run.path.resolve().parents[1]).data)
    try:
        model = load_keras(run.classifier_path)
    except ValueError as error:
        raise RunDamagedError(f"Run {run.name}: {error}; restore the file.") from error
    check = _Check(probabilities_of(keras_network(model), images), images)
    with tempfile.TemporaryDirectory(prefix="digit-lab-") as scratch:
        draft = Path(scratch) / f"model{SUFFIXES[format]}"
        if format == "zip":
            difference = _write_zip(run, model, draft, check)
        else:
            difference = _write_network(run, model, format, draft, check)
        _copy(draft, path)
    return Export(path, format, difference, len(images), words)


def write_onnx(model: Any, path: Path, images: npt.NDArray[np.uint8]) -> float:
    """Write a `keras.Model` as ONNX, whole or not at all; a file that is there already does not outlive a failure.

    images: (n, h, w) uint8, n >= 1, on which both have to give the same probabilities.
    Returns their largest difference. Raises ExportError if the network cannot be converted or gives other answers.
    """
    check = _Check(probabilities_of(keras_network(model), images), images)
    return _write_checked_onnx(model, path, check.difference)


def write_autoencoder_onnx(model: Any, path: Path, images: npt.NDArray[np.uint8]) -> float:
    """Write an autoencoder with its code (see `core.models.networks.with_code`) as ONNX, as `write_onnx` does.

    images: (n, h, w) uint8, n >= 1, on which both have to give the same reconstructions to 1e-5, pixels in [0, 1].
    Returns their largest difference. Raises ExportError if the network cannot be converted or gives other answers.
    """
    inputs = to_inputs(images)
    expected = np.asarray(model(inputs, training=False)["reconstruction"])

    def difference(draft: Path) -> float:
        return _accepted(expected, lambda: open_outputs(draft)(inputs)["reconstruction"], "reconstructions", draft)

    return _write_checked_onnx(model, path, difference)


def _write_checked_onnx(model: Any, path: Path, difference: Callable[[Path], float]) -> float:
    path.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="digit-lab-") as scratch:
        draft = Path(scratch) / path.name
        _convert_to_onnx(model, draft)
        found = difference(draft)
        _copy(draft, path)
    return found


@dataclass(frozen=True)
class _Check:
    """The stored network's probabilities (n, n_classes) for images (n, h, w) uint8, against which others are held."""

    expected: npt.NDArray[np.float32]
    images: npt.NDArray[np.uint8]

    def difference(self, path: Path) -> float:
        """Largest difference of the probabilities of the network in a file. Raises ExportError beyond TOLERANCE."""
        return _accepted(
            self.expected, lambda: probabilities_of(open_network(path), self.images), "probabilities", path
        )


def _accepted(
    expected: npt.NDArray[np.float32], answer: Callable[[], npt.NDArray[np.float32]], what: str, path: Path
) -> float:
    """Largest difference of a network's answers from the expected ones, which begin with the number of images."""
    try:
        found = answer()
    except Exception as error:  # each format's runtime has its own
        raise ExportError(f"The converted network cannot be run: {error}") from error
    difference = float(np.abs(found - expected).max())
    if not difference <= TOLERANCE:  # so that NaN is caught too
        raise ExportError(
            f"{path.name}: expected the stored network's {what} to {TOLERANCE:g} on {len(expected)} "
            f"images, found a difference of {difference:.2g}; the file was not kept."
        )
    return difference


def _target(run: Run, format: str, target: Path | None) -> Path:
    path = Path() if target is None else target
    if path.is_dir():
        path = path / f"classifier-{run.path.name}{SUFFIXES[format]}"
    if path.suffix != SUFFIXES[format]:
        raise ExportError(f"{path}: expected a file name that ends in {SUFFIXES[format]}, as {format} files do.")
    if not path.parent.is_dir():
        raise ExportError(f"{path}: expected a folder to write to, found none; make {path.parent} first.")
    return path


def _images(run: Run, dataset: Dataset | None, data: Path) -> tuple[npt.NDArray[np.uint8], str]:
    """Images to compare networks on, and what they are."""
    facts = run.request.dataset
    if dataset is not None and dataset.digest != facts.digest:
        raise ExportError(
            f"dataset: expected the one that run {run.fingerprint} was trained on, {facts.name} with the digest "
            f"{facts.digest[:12]}, got {dataset.name} with the digest {dataset.digest[:12]}."
        )
    if dataset is None:
        with contextlib.suppress(DataError):
            dataset = sources.load(facts.name, home=data, download=False)
    if dataset is not None and dataset.digest == facts.digest:
        return dataset.test_images, f"all {len(dataset.test_images):,} test images of {facts.name}"
    return _made_images(facts.image_shape), f"{MADE_IMAGES} made images, as the dataset {facts.name} is not at hand"


def _made_images(shape: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Always the same images: coarse blots, which stir a network more than fine noise does, of all sizes."""
    random = np.random.default_rng(0)
    images = np.zeros((MADE_IMAGES, *shape), np.uint8)
    for image in images:
        grain = int(random.integers(1, 8))
        blots = random.integers(-255, 256, [side // grain + 1 for side in shape]).clip(0).astype(np.uint8)
        image[:] = blots.repeat(grain, axis=0).repeat(grain, axis=1)[: shape[0], : shape[1]]
    return images


def _write_network(run: Run, model: Any, format: str, path: Path, check: _Check) -> float:
    if format == "keras":
        path.write_bytes(run.classifier_path.read_bytes())
    elif format == "onnx":
        _convert_to_onnx(model, path)
    else:
        with _conversion("LiteRT"):
            model.export(path, format="litert", verbose=False)
    return check.difference(path)


def _convert_to_onnx(model: Any, path: Path) -> None:
    with _conversion("ONNX"):
        import onnx

        model.export(path, format="onnx", verbose=False)
        network = onnx.load(path)
        _name_parts(network, model.name)
        onnx.checker.check_model(network)
        onnx.save(network, path)


def _name_parts(network: Any, network_name: str) -> None:
    """Speaking names for what goes in and out, and numbers for the rest in their order.

    The converter numbers on from what it converted before, so that the same network would give other bytes.
    """
    graph = network.graph
    names = {graph.input[0].name: "image"} | {output.name: output.name for output in graph.output}
    if len(graph.output) == 1:  # several bear the names that the network gives them
        names[graph.output[0].name] = "probabilities"
    for number, node in enumerate(graph.node):
        node.name = f"{node.op_type}_{number}"
        for name in (*node.input, *node.output):
            if name:
                names.setdefault(name, f"value_{len(names)}")
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    for part in (*graph.input, *graph.output, *graph.initializer):
        part.name = names[part.name]
    for part in (*graph.input, *graph.output):
        part.type.tensor_type.shape.dim[0].dim_param = "n_images"
    graph.initializer.sort(key=lambda constant: constant.name)
    del graph.value_info[:]
    graph.doc_string = ""
    graph.name = network_name


@contextlib.contextmanager
def _conversion(name: str) -> Iterator[None]:
    """Turns whatever a converter raises into an ExportError."""
    try:
        with warnings.catch_warnings():
            # Keras looks for `np.object` to patch tf2onnx for old NumPy releases, and NumPy comments on the look.
            warnings.filterwarnings("ignore", "In the future `np.object` will be defined", FutureWarning)
            # TensorFlow's variables do not know NumPy's `copy` when Keras turns them into arrays, and are copied.
            warnings.filterwarnings("ignore", "__array__ implementation doesn't accept a copy", DeprecationWarning)
            yield
    except Exception as error:  # converters raise anything
        reason = next(iter(str(error).strip().splitlines()), "")
        raise ExportError(
            f"The network could not be converted to {name} ({type(error).__name__}: {reason})."
        ) from error


def _write_zip(run: Run, model: Any, path: Path, check: _Check) -> float:
    drafts = {path.with_name(f"model{SUFFIXES[format]}"): format for format in ("keras", "onnx")}
    differences = [_write_network(run, model, format, draft, check) for draft, format in drafts.items()]
    with path.open("wb") as file:
        archive.write(run, file, drafts)
    return max(differences)


def _copy(draft: Path, path: Path) -> None:
    try:
        with new_file(path) as file:
            file.write(draft.read_bytes())
    except OSError as error:
        raise ExportError(f"{path}: expected a file that can be written, found: {error.strerror or error}.") from error

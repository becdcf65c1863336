"""A run's gate at work: images and what the classifier says of them in, novelty out.

A run that was trained before there were gates, or whose networks could not be converted to ONNX, has none: then the
softmax alone decides, and `Gate.caution` says so. Refused, with `RunDamagedError`: files that hold no gate.
"""

import zipfile
import zlib
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from core.errors import RunDamagedError
from core.gate.evidence import OWN, Autoencoder, CodeSpace, Images, Numbers, evidence
from core.inference import open_outputs
from core.store import Run

FALSE_ALARMS = 0.01
"""Share of digits that a gate may take for something else.

A digit that is refused is missing from what was read; a letter that passes is read as a digit. With 0.5% the preset
robust (one run) let 25% of 40 letters and 50% of 40 pictures of things pass, with 1% 15% and 20% of 60.
"""

LIMIT = 8.0
"""Standard deviations beyond which evidence is cut, so that no single number decides by going to extremes."""

STEEPNESS = 16.0
"""What a standard deviation beyond what is seen of digits adds to the score."""

Novelty = npt.NDArray[np.float64]
"""(n,) in [0, 1], from like the training images to nothing like them; above 1/2 an image is none of the classes."""


class Gate(Protocol):
    """Says how unlike the training images something is.

    caution: a sentence on what to bear in mind, empty if there is nothing.
    """

    caution: str

    def novelty(self, images: Images, probabilities: Numbers) -> Novelty:
        """images: (n, h, w) uint8. probabilities: (n, n_classes) float32, what the classifier says of them."""
        ...


class SoftmaxGate:
    """Doubts what the classifier doubts, as Hendrycks and Gimpel (2017) do.

    most: doubt, 1 less the largest probability, up to which an image is taken for one of the classes, in (0, 1).
    """

    caution = "This run keeps no gate: what is no digit is told from the softmax alone, which often is too sure."

    def __init__(self, most: float = 0.5) -> None:
        self.most = most

    def novelty(self, images: Images, probabilities: Numbers) -> Novelty:
        """Doubt, bent so that the largest that is accepted comes to 1/2."""
        doubt = 1 - probabilities.max(axis=1).astype(np.float64)
        return np.asarray((doubt / (doubt + self.most)).clip(0, 1))


@dataclass(frozen=True, eq=False)
class Weighing:
    """Evidence to one number: a small network that tells digits from made non-digits, and limits for what is extreme.

    centre, spread: (n_features,) of the evidence on digits. hidden: (n_features, n_hidden). hidden_bias: (n_hidden,).
    out: (n_hidden,). least, most: (7,), between which the first numbers of the evidence lie for all but few digits.
    All float32. usual: the network's score of a usual digit. threshold: the score above which an image is none of the
    classes.
    """

    centre: Numbers
    spread: Numbers
    hidden: Numbers
    hidden_bias: Numbers
    out: Numbers
    least: Numbers
    most: Numbers
    usual: float
    threshold: float

    def scaled(self, found: Numbers) -> Numbers:
        """Evidence (n, n_features) in standard deviations from what is usual of digits, cut at LIMIT."""
        return ((found - self.centre) / self.spread).clip(-LIMIT, LIMIT)

    def scores(self, found: Numbers) -> Novelty:
        """Evidence (n, n_features) float32 -> (n,) float64; above `threshold` an image is none of the classes.

        A network says nothing reliable about what is unlike all that it was trained on. Whatever goes to an extreme is
        therefore given at least the score of a usual digit and more, the further beyond the limit it is.
        """
        activations = np.maximum(self.scaled(found) @ self.hidden + self.hidden_bias, 0)
        own = found[:, :OWN]
        beyond = np.maximum(own - self.most, self.least - own) / self.spread[:OWN]
        at_least = np.where((beyond > 0).any(axis=1), self.usual + STEEPNESS * beyond.max(axis=1), -np.inf)
        return np.maximum((activations @ self.out).astype(np.float64), at_least)


class NetworkGate:
    """Hears softmax, reconstruction and code together, and weighs them as it was fitted to."""

    caution = ""

    def __init__(self, autoencoder: Autoencoder, space: CodeSpace, weighing: Weighing) -> None:
        self._autoencoder, self._space, self._weighing = autoencoder, space, weighing

    def novelty(self, images: Images, probabilities: Numbers) -> Novelty:
        """The score as a probability; 1/2 lies where the stated share of validation images is refused."""
        if not len(images):
            return np.empty(0)
        scores = self._weighing.scores(evidence(images, probabilities, self._autoencoder, self._space))
        return np.asarray(1 / (1 + np.exp((self._weighing.threshold - scores).clip(-500, 500))))


class _WhenAsked:
    """An autoencoder that is opened when it is first needed, so that opening a run stays quick."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @cached_property
    def _network(self) -> Autoencoder:
        try:
            return open_outputs(self._run.autoencoder_onnx_path)
        except ValueError as error:
            raise RunDamagedError(
                f"Run {self._run.name}: {error}; delete that file, and the softmax alone says what is no digit."
            ) from error

    def __call__(self, inputs: Numbers) -> dict[str, Numbers]:
        return self._network(inputs)


def open_gate(run: Run) -> Gate:
    """The gate of a run; one of the softmax alone where it keeps none. Raises RunDamagedError if it is no gate."""
    if not (run.gate_path.is_file() and run.autoencoder_onnx_path.is_file()):
        return SoftmaxGate(_most_doubt(run))
    try:
        space, weighing = read_gate(run.gate_path)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise RunDamagedError(
            f"Run {run.name}: {run.gate_path.name} in {run.path} cannot be read ({type(error).__name__}: {error}); "
            "delete that file, and the softmax alone says what is no digit."
        ) from error
    return NetworkGate(_WhenAsked(run), space, weighing)


def read_gate(path: Path) -> tuple[CodeSpace, Weighing]:
    """The arrays that `arrays_of` named. Raises ValueError or KeyError if they are not those, or do not fit."""
    # NumPy leaves a file open that it cannot make sense of, so it gets one that is closed for it.
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        space = CodeSpace(**{item.name: file[item.name] for item in fields(CodeSpace)})
        weights = {item.name: file[item.name] for item in fields(Weighing)}
    weighing = Weighing(**weights | {name: float(weights[name]) for name in ("usual", "threshold")})
    n_classes, k = space.centres.shape
    n_hidden = len(weighing.out)
    expected = {
        "components": (k, len(space.mean)),
        "whitening": (n_classes, k, k),
        "centre": (OWN + n_classes,),
        "spread": (OWN + n_classes,),
        "hidden": (OWN + n_classes, n_hidden),
        "hidden_bias": (n_hidden,),
        "least": (OWN,),
        "most": (OWN,),
    }
    for name, shape in expected.items():
        found = getattr(space if hasattr(space, name) else weighing, name)
        if found.shape != shape or np.isnan(found).any():
            raise ValueError(f"{name}: expected numbers of the shape {shape}, found {found.shape}")
    return space, weighing


def arrays_of(space: CodeSpace, weighing: Weighing) -> dict[str, Any]:
    """Both as named arrays, to be saved."""
    parts = ((part, item.name) for part in (space, weighing) for item in fields(part))
    return {name: np.asarray(getattr(part, name)) for part, name in parts}


def _most_doubt(run: Run) -> float:
    """The doubt that all but the stated share of the validation images stay below; 1/2 where there are none."""
    probabilities = run.predictions.validation_probabilities
    if not len(probabilities):
        return 0.5
    return float(np.quantile(1 - probabilities.max(axis=1), 1 - FALSE_ALARMS).clip(1e-6, 1))

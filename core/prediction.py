"""Prediction: a finished run's classifier, opened once, reads the digits on pictures.

A run that holds its classifier as ONNX is answered by ONNX Runtime, without TensorFlow, in milliseconds; any other by
Keras, after the seconds that TensorFlow needs to load. Classes are chosen by `core.evaluation.predicted_classes` and
inputs scaled by `core.data.scaling.to_inputs`, as in training. Whether what was found is one of the digits at all,
the run's gate says (`core.gate`).

A network whose classes are the digits reads several of them in a row, and several lines. For any other (clothes,
letters) a picture holds one object, which is not taken apart. Refused with `ImageError`: what is no picture, and a
picture with nothing on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.errors import RunDamagedError
from core.evaluation import predicted_classes
from core.gate import Gate, SoftmaxGate, open_gate
from core.images.decode import read
from core.images.digits import Box, FoundDigits, find_digits
from core.images.preparation import Preparation
from core.images.single import find_object
from core.images.steps import Step
from core.inference import Network, open_network, probabilities_of
from core.store import Run

UNREAD = "?"
"""Stands for what is no digit where a text should show that there was something."""

MOST_NOVELTY = 0.5
"""What is less like the training images than this is none of the classes."""

_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, eq=False)
class ReadDigit:
    """One digit, or whatever else was found in its place.

    label: the class of the largest probability, in [0, n_classes). class_name: its name. confidence: that probability.
    probabilities: (n_classes,) float32, in the order of the labels. image: (h, w) uint8, what the network saw.
    box: where it lies, in pixels of the picture. line: 0-based number of its line of writing.
    is_digit: whether it is one of the classes at all. novelty: in [0, 1], from like the training images to nothing like
    them; above 1/2 it is none of the classes. steps: from its place in the picture to the image.
    """

    label: int
    class_name: str
    confidence: float
    probabilities: npt.NDArray[np.float32]
    image: npt.NDArray[np.uint8]
    box: Box
    line: int
    is_digit: bool
    novelty: float
    steps: tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class Reading:
    """What a picture says. digits: all that was found, in reading order. steps: those that all of it has in common."""

    digits: tuple[ReadDigit, ...]
    steps: tuple[Step, ...]

    @property
    def text(self) -> str:
        """The digits, lines joined by newlines; what is no digit is left out, and so are lines without any."""
        return _text([digit for digit in self.digits if digit.is_digit])

    @property
    def marked_text(self) -> str:
        """The same with a question mark in the place of each thing that is no digit."""
        return _text(self.digits)


class Predictor:
    """The classifier of one run, ready to answer; make it with `Predictor.open` and keep it.

    class_names: one a class, in the order of the labels. image_shape: (h, w) in pixels. gate: says what is no digit.
    """

    def __init__(
        self, network: Network, class_names: tuple[str, ...], image_shape: tuple[int, int], gate: Gate | None = None
    ) -> None:
        self.class_names = class_names
        self.image_shape = image_shape
        self.gate = gate or SoftmaxGate()
        self._network = network

    @classmethod
    def open(cls, run: Run, onnx: Path | None = None) -> "Predictor":
        """The predictor of a finished run. onnx: an ONNX export of its classifier, for a run that holds none.

        Raises RunDamagedError if the network's file, or one of its gate, cannot be read.
        """
        path = run.onnx_path if run.onnx_path.is_file() else onnx or run.classifier_path
        facts = run.request.dataset
        try:
            return cls(open_network(path), facts.class_names, facts.image_shape, open_gate(run))
        except ValueError as error:
            remedy = (
                "restore the file" if path == run.classifier_path else "delete that file, and Keras answers instead"
            )
            raise RunDamagedError(f"Run {run.name}: {error}; {remedy}.") from error

    @property
    def reads_digits(self) -> bool:
        """Whether the classes are digits, so that a picture may hold a number."""
        return set(self.class_names) <= _DIGITS

    def predict(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Probabilities (n, n_classes) float32, each row summing to 1, for images (n, h, w) uint8, strokes light.

        Raises ValueError for images of another type or size.
        """
        if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != self.image_shape:
            raise ValueError(
                f"images: expected the shape (n, {self.image_shape[0]}, {self.image_shape[1]}) and the type uint8, "
                f"found {images.shape} and {images.dtype}."
            )
        if not len(images):
            return np.empty((0, len(self.class_names)), np.float32)
        return probabilities_of(self._network, images)

    def classify(self, images: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """For images (n, h, w) uint8, strokes light: their labels (n,), and whether each is a digit at all (n,).

        Raises ValueError as `predict` does, RunDamagedError if the gate cannot be read.
        """
        probabilities = self.predict(images)
        return predicted_classes(probabilities), self.gate.novelty(images, probabilities) <= MOST_NOVELTY

    def read_file(self, path: Path) -> Reading:
        """What is written in a picture file. Raises ImageError if it is no picture, too large, damaged or blank."""
        return self.read(read(path), str(path))

    def read(
        self,
        picture: npt.NDArray[np.uint8],
        name: str = "the picture",
        preparation: Preparation = Preparation(),
    ) -> Reading:
        """What is written on a picture (h, w, 3) RGB or (h, w) grey uint8.

        name: what error messages call the picture. preparation: which steps are taken on the way.
        Raises ImageError if there is nothing on it.
        """
        answers = _Answers(self)
        found = self._find(picture, name, preparation, answers)
        probabilities, novelty = answers.of([digit.image for digit in found.digits])
        labels = predicted_classes(probabilities)
        digits = tuple(
            ReadDigit(
                label=int(labels[number]),
                class_name=self.class_names[labels[number]],
                confidence=float(probabilities[number, labels[number]]),
                probabilities=probabilities[number],
                image=digit.image,
                box=digit.box,
                line=digit.line,
                is_digit=bool(novelty[number] <= MOST_NOVELTY),
                novelty=float(novelty[number]),
                steps=digit.steps,
            )
            for number, digit in enumerate(found.digits)
        )
        return Reading(digits, found.steps)

    def _find(
        self, picture: npt.NDArray[np.uint8], name: str, preparation: Preparation, answers: "_Answers"
    ) -> FoundDigits:
        if self.reads_digits:
            return find_digits(picture, self.image_shape, preparation, answers.sureness, name)
        return find_object(picture, self.image_shape, preparation, name)


class _Answers:
    """What classifier and gate say of one picture's images, each asked about once: what is judged is mostly read."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor
        self._known: dict[bytes, tuple[npt.NDArray[np.float32], float]] = {}

    def of(
        self, images: Sequence[npt.NDArray[np.uint8]] | npt.NDArray[np.uint8]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float64]]:
        """Probabilities (n, n_classes) and novelty (n,) of images (n, h, w) uint8, n >= 1."""
        keys = [image.tobytes() for image in images]
        unknown = {key: image for key, image in zip(keys, images, strict=True) if key not in self._known}
        if unknown:
            asked = np.stack(list(unknown.values()))
            probabilities = self._predictor.predict(asked)
            novelty = self._predictor.gate.novelty(asked, probabilities)
            self._known.update(zip(unknown, zip(probabilities, novelty.tolist(), strict=True), strict=True))
        found = [self._known[key] for key in keys]
        return np.stack([one for one, _ in found]), np.array([novelty for _, novelty in found])

    def sureness(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """How sure classifier and gate together are that each of (n, h, w) is one of the classes, (n,) in [0, 1]."""
        probabilities, novelty = self.of(images)
        return np.asarray(probabilities.max(axis=1) * (1 - novelty), np.float32)


def _text(digits: Sequence[ReadDigit]) -> str:
    lines = groupby(digits, key=lambda digit: digit.line)
    return "\n".join("".join(digit.class_name if digit.is_digit else UNREAD for digit in line) for _, line in lines)

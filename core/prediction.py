"""Prediction: a finished run's classifier, opened once, answers images and picture files.

A run that holds its classifier as ONNX is answered by ONNX Runtime, without TensorFlow, in milliseconds; any other by
Keras, after the seconds that TensorFlow needs to load. Classes are chosen by `core.evaluation.predicted_classes` and
inputs scaled by `core.data.scaling.to_inputs`, as in training.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.errors import RunDamagedError
from core.evaluation import predicted_classes
from core.images.decode import read
from core.images.normalise import normalise
from core.inference import Network, open_network, probabilities_of
from core.store import Run


@dataclass(frozen=True, eq=False)
class Prediction:
    """The answer to one picture.

    label: the class of the largest probability, in [0, n_classes). class_name: its name. confidence: that probability.
    probabilities: (n_classes,) float32, in the order of the labels. image: (h, w) uint8, what the network saw.
    """

    label: int
    class_name: str
    confidence: float
    probabilities: npt.NDArray[np.float32]
    image: npt.NDArray[np.uint8]


class Predictor:
    """The classifier of one run, ready to answer; make it with `Predictor.open` and keep it.

    class_names: one a class, in the order of the labels. image_shape: (h, w) in pixels.
    """

    def __init__(self, network: Network, class_names: tuple[str, ...], image_shape: tuple[int, int]) -> None:
        self.class_names = class_names
        self.image_shape = image_shape
        self._network = network

    @classmethod
    def open(cls, run: Run, onnx: Path | None = None) -> "Predictor":
        """The predictor of a finished run. onnx: an ONNX export of its classifier, for a run that holds none.

        Raises RunDamagedError if the network's file cannot be read.
        """
        path = run.onnx_path if run.onnx_path.is_file() else onnx or run.classifier_path
        facts = run.request.dataset
        try:
            return cls(open_network(path), facts.class_names, facts.image_shape)
        except ValueError as error:
            remedy = (
                "restore the file" if path == run.classifier_path else "delete that file, and Keras answers instead"
            )
            raise RunDamagedError(f"Run {run.fingerprint}: {error}; {remedy}.") from error

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

    def predict_file(self, path: Path) -> Prediction:
        """The answer to one digit in a picture file of any size, either way round.

        Raises ImageError if the file is no picture, too large, damaged or blank.
        """
        return self.predict_picture(read(path), str(path))

    def predict_picture(self, picture: npt.NDArray[np.uint8], name: str = "the picture") -> Prediction:
        """The answer to one digit in a picture (h, w) uint8 of any size, either way round.

        name: what error messages call the picture. Raises ImageError if it is blank.
        """
        image = normalise(picture, self.image_shape, name)
        probabilities = self.predict(image[np.newaxis])
        label = int(predicted_classes(probabilities)[0])
        return Prediction(
            label=label,
            class_name=self.class_names[label],
            confidence=float(probabilities[0, label]),
            probabilities=probabilities[0],
            image=image,
        )

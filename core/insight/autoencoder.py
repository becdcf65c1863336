"""The autoencoder of a finished run, opened once, answers with reconstructions and codes of any image.

ONNX Runtime answers, in milliseconds an image. A run without `autoencoder.onnx` has no such autoencoder: TensorFlow
would take seconds and hundreds of megabytes of a process that only shows results.
"""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from core.data.scaling import to_images, to_inputs
from core.errors import RunDamagedError
from core.inference import open_outputs
from core.insight.components import project
from core.store import Codes, Run

_BATCH = 100

Outputs = dict[str, npt.NDArray[np.float32]]


class Autoencoder:
    """Make it with `Autoencoder.open` and keep it. image_shape: (h, w) in pixels."""

    def __init__(
        self, network: Callable[[npt.NDArray[np.float32]], Outputs], codes: Codes | None, image_shape: tuple[int, int]
    ) -> None:
        self.image_shape = image_shape
        self._network = network
        self._codes = codes

    @classmethod
    def open(cls, run: Run) -> "Autoencoder | None":
        """The autoencoder of a finished run, or None where it was not converted to ONNX.

        Raises RunDamagedError if the run's files cannot be read.
        """
        if not run.autoencoder_onnx_path.is_file():
            return None
        try:
            network = open_outputs(run.autoencoder_onnx_path)
        except ValueError as error:
            raise RunDamagedError(f"Run {run.fingerprint}: {error}; delete that file to go on without it.") from error
        return cls(network, run.codes, run.request.dataset.image_shape)

    def reconstruct(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """What the decoder makes of the codes of images (n, h, w) uint8: (n, h, w) uint8.

        Raises ValueError for images of another type or size.
        """
        parts = [to_images(outputs["reconstruction"]) for outputs in self._answers(images)]
        return np.concatenate(parts) if parts else np.empty((0, *self.image_shape), np.uint8)

    def encode(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float16] | None:
        """Codes of images (n, h, w) uint8 in the run's principal components, (n, n_components) float16.

        None where the run holds no components. Raises ValueError for images of another type or size.
        """
        if self._codes is None or not len(self._codes.components):
            return None
        return project(self._codes.mean, self._codes.components, (outputs["code"] for outputs in self._answers(images)))

    def _answers(self, images: npt.NDArray[np.uint8]) -> Iterable[Outputs]:
        if images.dtype != np.uint8 or images.shape[1:] != self.image_shape:
            raise ValueError(
                f"images: expected the shape (n, {self.image_shape[0]}, {self.image_shape[1]}) and the type uint8, "
                f"found {images.shape} and {images.dtype}."
            )
        return (self._network(to_inputs(images[i : i + _BATCH])) for i in range(0, len(images), _BATCH))

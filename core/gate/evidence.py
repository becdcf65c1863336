"""Evidence: what the softmax, the reconstruction and the code of an image say about whether it is one of the classes.

All numbers are logarithms, as their ratios matter. Nothing is refused: the same arrays give the same numbers, wherever
the networks ran.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.data.scaling import to_inputs

Images = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.float32]
Autoencoder = Callable[[Numbers], dict[str, Numbers]]
"""Inputs (n, h, w, 1) float32 in [0, 1] -> "reconstruction", alike, and "code", (n, code size) float32."""

BATCH = 100

WORST_SHARE = 0.05
"""Share of the pixels over which the worst errors are averaged: a stroke that cannot be drawn is a few pixels."""

INK = 3
"""Which of the numbers is of the ink: the only one that may be too small as well as too large."""

OWN = 7
"""How many numbers there are besides those of the classes; the larger they are, the less usual an image is."""

_SMALLEST = 1e-7
_INK = 1e-3


@dataclass(frozen=True, eq=False)
class CodeSpace:
    """Where the codes of training images lie: principal components, and a normal distribution for each class in them.

    mean: (code size,) float32. components: orthonormal rows (k, code size) float16. centres: (n_classes, k) float32.
    whitening: (n_classes, k, k) float32, turns differences from a centre into ones of unit variance.
    """

    mean: npt.NDArray[np.float32]
    components: npt.NDArray[np.float16]
    centres: npt.NDArray[np.float32]
    whitening: npt.NDArray[np.float32]

    @cached_property
    def _axes(self) -> Numbers:
        """The components as columns in the precision to calculate with: turning them into it takes milliseconds."""
        return np.ascontiguousarray(self.components.astype(np.float32).T)

    def place(self, codes: Numbers) -> tuple[Numbers, Numbers]:
        """Codes (n, code size) in the components, (n, k), and how far they lie from what those span, (n,)."""
        centred = np.subtract(codes, self.mean, dtype=np.float32)
        # Not a product of BLAS: on busy cores its threads wait for each other a hundred times as long as they multiply.
        placed: Numbers = np.einsum("ij,jk->ik", centred, self._axes)
        rest = np.square(centred).sum(axis=1) - np.square(placed).sum(axis=1)
        return placed, np.asarray(np.sqrt(rest.clip(0)), np.float32)

    def distances(self, placed: Numbers) -> Numbers:
        """Mahalanobis distance of (n, k) to each class, (n, n_classes)."""
        pairs = zip(self.centres, self.whitening, strict=True)
        return np.stack([np.linalg.norm((placed - centre) @ root, axis=1) for centre, root in pairs], axis=1)


def evidence(images: Images, probabilities: Numbers, autoencoder: Autoencoder, space: CodeSpace) -> Numbers:
    """The evidence on images (n, h, w) uint8, n >= 1: (n, 7 + n_classes) float32.

    probabilities: (n, n_classes), the classifier's. In this order, the logarithms of: the doubt of the softmax, the
    mean and the worst squared error of the reconstruction, the ink, the distance to the nearest class and to the one
    that was read, the distance from the space of codes; and of the probabilities.
    """
    parts = []
    for start in range(0, len(images), BATCH):
        inputs = to_inputs(images[start : start + BATCH])
        answer = autoencoder(inputs)
        errors = np.square(answer["reconstruction"] - inputs).reshape(len(inputs), -1)
        n_worst = max(1, round(WORST_SHARE * errors.shape[1]))
        worst = np.partition(errors, -n_worst, axis=1)[:, -n_worst:]
        placed, rest = space.place(answer["code"])
        distances, given = space.distances(placed), probabilities[start : start + BATCH].astype(np.float32)
        read = given.argmax(axis=1)[:, np.newaxis]
        own = [
            1 - given.max(axis=1),
            errors.mean(axis=1),
            worst.mean(axis=1),
            np.square(inputs).mean(axis=(1, 2, 3)) + _INK,
            distances.min(axis=1),
            np.take_along_axis(distances, read, axis=1)[:, 0],
            rest,
        ]
        parts.append(np.log(np.maximum(np.concatenate([np.stack(own, axis=1), given], axis=1), _SMALLEST)))
    return np.concatenate(parts).astype(np.float32)

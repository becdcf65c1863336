"""The images behind a run's results, as far as they are at hand: those of its dataset, or the few that it keeps."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.store.records import TrainingImages
from core.store.run import Run

Positions = Sequence[int] | npt.NDArray[np.int64]
"""Positions of images in the test set, or in the training set where that is said."""


class RunImages:
    """The images of a run that can be shown: test images, and training images with their labels.

    dataset: the one it was trained on; None if that is not at hand, and then only the images are there that the run
    keeps itself, which most runs do not.
    """

    def __init__(self, run: Run, dataset: Dataset | None) -> None:
        self.dataset = dataset
        self._run = run
        self._kept = run.images if dataset is None else None

    @property
    def rows(self) -> npt.NDArray[np.int64] | None:
        """Positions of the test images at hand, ascending; None for all of them."""
        if self.dataset is not None:
            return None
        return np.empty(0, np.int64) if self._kept is None else self._kept.rows

    def among(self, positions: Positions) -> npt.NDArray[np.int64]:
        """Those of the positions whose images are at hand, in their order."""
        asked = np.asarray(positions, np.int64)
        return asked if self.rows is None else asked[np.isin(asked, self.rows)]

    def has(self, positions: Positions) -> bool:
        """Whether all of these test images are at hand."""
        return len(self.among(positions)) == len(positions)

    def test(self, positions: Positions) -> npt.NDArray[np.uint8]:
        """These test images, (n, h, w) uint8. Raises KeyError if one of them is not at hand."""
        asked = np.asarray(positions, np.int64)
        if self.dataset is not None:
            return self.dataset.test_images[asked]
        if self._kept is None or not self.has(asked):
            raise KeyError(f"positions: expected test images that are at hand, got {asked.tolist()}")
        images: npt.NDArray[np.uint8] = self._kept.images[np.searchsorted(self._kept.rows, asked)]
        return images

    def training(self, positions: Positions) -> TrainingImages | None:
        """The training images at these positions in the training set, in their order; None if one is not at hand.

        Raises RunDamagedError if those that the run keeps cannot be read.
        """
        asked = np.asarray(positions, np.int64)
        if self.dataset is not None:
            return TrainingImages(asked, self.dataset.train_images[asked], self.dataset.train_labels[asked])
        kept = self._run.training_images
        if kept is None or not np.isin(asked, kept.rows).all():
            return None
        at = np.searchsorted(kept.rows, asked)
        return TrainingImages(asked, kept.images[at], kept.labels[at])

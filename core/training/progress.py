"""What a training tells of itself while it runs, and how it is asked to stop. Knows nothing of screens."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.errors import TrainingCancelled

STAGES = ("autoencoder", "codes", "phase1", "phase2", "evaluation")
"""The parts of a run in their order."""


@dataclass(frozen=True)
class Progress:
    """Where a run is.

    stage: one of STAGES. epoch: from 1; 0 where a stage has none. epochs: at most this many. step, steps: within the
    epoch. metrics: running means over the epoch (loss, accuracy). seconds_left: estimate for the epochs of this stage.
    """

    stage: str
    epoch: int
    epochs: int
    step: int
    steps: int
    metrics: Mapping[str, float] = field(default_factory=dict)
    seconds_left: float | None = None


@dataclass(frozen=True)
class EpochRecord:
    """One finished epoch, a row of history.csv.

    epoch: from 1. loss: mean training loss over the epoch, as optimised. accuracy: on the training images as they
    passed, in [0, 1]; None for the autoencoder. val_loss, val_accuracy: after the epoch, None without a validation
    part; the loss is the plain one, without label smoothing. learning_rate: as it is after the last step. seconds:
    validation included.
    """

    stage: str
    epoch: int
    loss: float
    accuracy: float | None
    val_loss: float | None
    val_accuracy: float | None
    learning_rate: float
    seconds: float


class Observer:
    """Watches a run; the base class watches nothing and never asks it to stop."""

    def stage(self, name: str) -> None:
        """A stage begins."""

    def step(self, progress: Progress) -> None:
        """A step was made; called often, so it must be quick."""

    def epoch(self, record: EpochRecord) -> None:
        """An epoch ended and its checkpoint is on disk; told of resumed epochs too."""

    def cancelled(self) -> bool:
        """Whether the run should stop; asked at every step."""
        return False

    def check(self) -> None:
        """Raises TrainingCancelled if the run should stop."""
        if self.cancelled():
            raise TrainingCancelled("The training was cancelled; its last checkpoint is kept and it can be resumed.")

"""An observer that remembers, for tests of what is trained and what is not."""

from collections.abc import Callable

from core.training.progress import EpochRecord, Observer, Progress


class Log(Observer):
    """Keeps what it is told, and asks to stop when `until` says so."""

    def __init__(self, until: Callable[["Log"], bool] = lambda log: False) -> None:
        self.until = until
        self.stages: list[str] = []
        self.steps: list[Progress] = []
        self.epochs: list[EpochRecord] = []

    def stage(self, name: str) -> None:
        self.stages.append(name)

    def step(self, progress: Progress) -> None:
        self.steps.append(progress)

    def epoch(self, record: EpochRecord) -> None:
        self.epochs.append(record)

    def cancelled(self) -> bool:
        return self.until(self)

    def trained(self) -> dict[str, list[int]]:
        """Stage -> epochs of which at least one step was made here; the codes have no epochs."""
        found: dict[str, set[int]] = {}
        for progress in self.steps:
            found.setdefault(progress.stage, set()).add(progress.epoch)
        return {stage: sorted(epochs) for stage, epochs in found.items()}

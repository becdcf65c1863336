"""Progress of a training or a download: moving bars on a terminal, a line an epoch anywhere else.

Both go to stderr. Epochs that an earlier, interrupted training finished are told as such and not as new ones.
"""

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn
from rich.progress import Progress as Bars

from core.cli.screen import Screen, clock
from core.data.download import Progress as DownloadProgress
from core.recipe import Recipe
from core.training.progress import EpochRecord, Observer, Progress
from core.wording import STAGE_NAMES, duration, loss, percent

_SECONDS_BETWEEN_UPDATES = 0.1


@contextlib.contextmanager
def watching(screen: Screen, recipe: Recipe, *, transient: bool = False) -> Iterator[Observer]:
    """An observer that shows a training of this recipe. transient: moving bars go away at the end."""
    if not screen.moves:
        yield TrainingLines(screen, recipe)
        return
    columns = (
        TextColumn("{task.description:<11}"),
        BarColumn(max(10, min(40, screen.progress.width - 64)), "bright_black", "cyan", "cyan"),
        TextColumn("{task.fields[epochs]:>7}"),
        TextColumn("{task.fields[figures]:<28}", style="dim"),
        TextColumn("{task.fields[clock]:>10}"),
    )
    # Narrower than the terminal: what it prints at Ctrl-C must not begin a new line and tear the bars.
    with Bars(
        *columns,
        console=screen.progress,
        transient=transient,
        refresh_per_second=4,
        redirect_stdout=False,
    ) as bars:
        observer = TrainingBars(bars, recipe)
        yield observer
        observer.finish()


def epochs_of(recipe: Recipe) -> dict[str, int]:
    """Stage -> the epochs it has at most; only the stages that have epochs."""
    return {
        "autoencoder": recipe.autoencoder.epochs,
        "phase1": recipe.phase1.epochs,
        "phase2": recipe.phase2.epochs,
    }


class TrainingLines(Observer):
    """Writes one line for each finished epoch."""

    def __init__(self, screen: Screen, recipe: Recipe) -> None:
        self.screen, self.epochs = screen, epochs_of(recipe)
        self.name = ""
        self.resumed = 0
        self.stepped = False

    def stage(self, name: str) -> None:
        """A stage begins."""
        self._tell_resumed()
        if self.name == "codes":
            self._line("computed")
        self.name, self.stepped = name, False
        if self.epochs.get(name) == 0:
            self._line("skipped, as it has no epochs")
        elif name == "evaluation":
            self._line("running")

    def step(self, progress: Progress) -> None:
        """A step was made."""
        self._tell_resumed()
        self.stepped = progress.epoch > 0

    def epoch(self, record: EpochRecord) -> None:
        """An epoch ended, now or before an interruption."""
        if not self.stepped:
            self.resumed += 1
            return
        self.stepped = False
        figures = [f"loss {loss(record.loss)}"]
        if record.accuracy is not None:
            figures.append(f"accuracy {percent(record.accuracy)}")
        if record.val_loss is not None:
            figures.append(f"validation loss {loss(record.val_loss)}")
        if record.val_accuracy is not None:
            figures.append(f"validation accuracy {percent(record.val_accuracy)}")
        figures.append(duration(record.seconds))
        self._line(f"epoch {record.epoch}/{self.epochs[record.stage]}: {', '.join(figures)}")

    def _tell_resumed(self) -> None:
        if self.resumed:
            self._line(f"{self.resumed} epoch{'s' if self.resumed > 1 else ''} trained before")
        self.resumed = 0

    def _line(self, text: str) -> None:
        self.screen.note(f"{STAGE_NAMES[self.name]:<11} {text}")


class TrainingBars(Observer):
    """Moves one bar a stage; the codes are a part of phase 1's."""

    def __init__(self, bars: Bars, recipe: Recipe) -> None:
        self.bars, self.epochs = bars, epochs_of(recipe)
        self.row: TaskID | None = None
        self.name = ""
        self.began = self.updated = 0.0
        self.trained = False
        self.last: EpochRecord | None = None

    def stage(self, name: str) -> None:
        """A stage begins: its bar appears."""
        name = "phase1" if name == "codes" else name
        if name == self.name:
            return
        self.finish()
        self.name, self.last, self.trained, self.began = name, None, False, time.monotonic()
        total = self.epochs.get(name)
        self.row = self.bars.add_task(STAGE_NAMES[name], total=total, epochs="", figures="", clock="")

    def step(self, progress: Progress) -> None:
        """A step was made."""
        now, is_last = time.monotonic(), progress.step == progress.steps
        if now - self.updated < _SECONDS_BETWEEN_UPDATES and not is_last:
            return
        self.updated = now
        share = progress.step / progress.steps
        if progress.stage == "codes":
            self._update(figures=f"codes of the images {share:.0%}")
            return
        self.trained = True
        self._update(
            completed=progress.epoch - 1 + share,
            epochs=f"{progress.epoch}/{progress.epochs}",
            figures=_figures(progress.metrics.get("loss"), progress.metrics.get("accuracy"), self.last),
            clock="" if progress.seconds_left is None else f"{clock(progress.seconds_left)} left",
        )

    def epoch(self, record: EpochRecord) -> None:
        """An epoch ended, now or before an interruption."""
        self.last = record
        self._update(
            completed=record.epoch,
            epochs=f"{record.epoch}/{self.epochs[record.stage]}",
            figures=_figures(record.loss, record.accuracy, record),
        )

    def finish(self) -> None:
        """The stage has ended, perhaps before its last epoch: its bar is full and says how long it took."""
        taken = clock(time.monotonic() - self.began)
        if self.last:
            figures, done = _figures(self.last.loss, self.last.accuracy, self.last), self.last.epoch
            self._update(total=done, completed=done, figures=figures, clock=taken if self.trained else "kept")
        elif self.epochs.get(self.name) == 0:
            self._update(total=1, completed=1, figures="skipped")
        else:
            self._update(total=1, completed=1, figures="", clock=taken)

    def _update(self, **values: Any) -> None:
        if self.row is not None:
            self.bars.update(self.row, **values)


def _figures(train_loss: float | None, accuracy: float | None, last: EpochRecord | None) -> str:
    """What fits beside a bar: accuracies where there are any, else losses, and those of the last validation."""
    if accuracy is not None:
        validated = "" if last is None or last.val_accuracy is None else f"  val {percent(last.val_accuracy)}"
        return f"accuracy {percent(accuracy)}{validated}"
    validated = "" if last is None or last.val_loss is None else f"  val {loss(last.val_loss)}"
    return f"loss {loss(train_loss)}{validated}"


@contextlib.contextmanager
def downloading(screen: Screen) -> Iterator[DownloadProgress]:
    """A function that shows a download of files, for `core.data.sources.load`; nothing shows if none comes."""
    if not screen.moves:
        told: set[str] = set()

        def tell(name: str, done: int, total: int | None) -> None:
            if name not in told:
                told.add(name)
                screen.note(f"Downloading {name}" + (f" ({total:,} bytes)" if total else ""))

        yield tell
        return
    with Bars(
        TextColumn("{task.description}"), BarColumn(bar_width=None), DownloadColumn(), console=screen.progress
    ) as bars:
        rows: dict[str, TaskID] = {}

        def move(name: str, done: int, total: int | None) -> None:
            if name not in rows:
                rows[name] = bars.add_task(name, total=total)
            bars.update(rows[name], completed=done, total=total)

        yield move

"""Trainings in processes of their own, which may be killed. Keras is loaded once; each training is a fork of that.

Reads a JSON object a line: home and data (folders), recipe, dataset (its name, unless it is the tiny one), `eager` (no
graphs, whose tracing takes longer than a tiny training), and at which moment the training kills itself with SIGKILL,
if at all: `stage` and `question` (the n-th time since the stage began that the observer is asked whether to stop), or
`rename` (before the n-th file or folder is renamed into place), or `seconds`. Answers each line with the exit status:
0 for a finished run, -9 for a killed one.
"""

import json
import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

import tensorflow as tf

from core import pipeline
from core.data import sources
from core.recipe import Recipe
from core.settings import Settings
from core.training.progress import Observer


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Assassin(Observer):
    """Kills its own process at the n-th question since a stage began."""

    def __init__(self, stage: str | None, question: int) -> None:
        self.target, self.question = stage, question
        self.current: str | None = None
        self.asked = 0

    def stage(self, name: str) -> None:
        self.current, self.asked = name, 0

    def cancelled(self) -> bool:
        self.asked += 1
        if self.current == self.target and self.asked == self.question:
            die()
        return False


def kill_before_rename(number: int) -> None:
    calls = 0

    def counted(original: Any) -> Any:
        def rename(*arguments: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == number:
                die()
            return original(*arguments)

        return rename

    Path.replace = counted(Path.replace)  # type: ignore[method-assign]
    Path.rename = counted(Path.rename)  # type: ignore[method-assign]


def train(job: dict[str, Any]) -> None:
    if rename := job.get("rename"):
        kill_before_rename(rename)
    if seconds := job.get("seconds"):
        threading.Timer(seconds, die).start()
    tf.config.run_functions_eagerly(job.get("eager", False))
    # Conversions take longer than these trainings, and come after them.
    pipeline._save_onnx = lambda *_: {}
    dataset = sources.load(job.get("dataset", "strokes"), home=Path(job["data"]))
    assassin = Assassin(job.get("stage"), job.get("question", 0))
    pipeline.get_or_train(Recipe.from_json(job["recipe"]), dataset, Settings(Path(job["home"])), assassin)


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                train(json.loads(line))
                os._exit(0)
            except BaseException:  # noqa: BLE001 - a child must not go on with the loop of its parent
                traceback.print_exc()
                os._exit(1)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""`runs`: every run in the store, those in the making and those that are damaged."""

import argparse
from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from core.cli.arguments import Commands, Parser, add_command
from core.cli.results import SHORT, requested
from core.cli.screen import Screen, table
from core.settings import Settings
from core.store import Run, RunStore, WorkingRun
from core.wording import STAGE_NAMES, moment, percent


def add_to(commands: Commands) -> Parser:
    """The command `runs`."""
    return add_command(
        commands,
        "runs",
        _runs,
        "list the runs, the newest first, and those that are interrupted or damaged",
        description="Commands that take a RUN take its first letters, `latest`, or the name of one that came with the "
        "project, like reference/best.",
    )


def _runs(options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    store = RunStore.of(settings)
    finished, references, damaged = store.runs(), store.references(), store.damaged()
    others = [(working, store.is_held(working.fingerprint)) for working in store.unfinished()]
    if not (finished or damaged or others):
        screen.say(f"There is no run in {settings.runs} yet. Train one: python -m core train")
    if finished:
        screen.show(_listing(finished))
    if references:
        if finished:
            screen.heading("Reference results, which came with the project")
        screen.show(_listing(references))
    if others:
        screen.heading("Not finished")
        for working, is_held in others:
            screen.say(f"{working.fingerprint[:SHORT]}  {_state(working, is_held=is_held)}")
    if damaged:
        screen.heading("Damaged, and left as they are")
        for error in damaged:
            screen.say(str(error))
    screen.json(
        {
            "folder": str(settings.runs),
            "runs": [_to_json(run) for run in finished],
            "references": [_to_json(run) for run in references],
            "unfinished": [_unfinished_to_json(working, is_held=is_held) for working, is_held in others],
            "damaged": [str(error) for error in damaged],
        }
    )
    return 0


def _listing(runs: Sequence[Run]) -> Table:
    listing = table("Run", "Trained", "Dataset", "Accuracy", "Wrong", "Recipe", numbers=("Accuracy", "Wrong"))
    for run in runs:
        test = run.metrics.test
        listing.add_row(
            Text(run.name if run.is_reference else run.fingerprint[:SHORT], "cyan"),
            moment(run.finished),
            run.request.dataset.name,
            percent(test.accuracy),
            f"{test.incorrect:,}",
            Text(requested(run.request), no_wrap=True, overflow="ellipsis"),
        )
    return listing


def _state(working: WorkingRun, *, is_held: bool) -> str:
    """training: phase 2, epoch 4 (express, on mnist-5k)."""
    request, history, failure = working.request(), working.history(), working.failure()
    what = f" ({requested(request)}, on {request.dataset.name})" if request else ""
    where = f"{STAGE_NAMES[history[-1].stage].lower()}, epoch {history[-1].epoch}" if history else "no epoch yet"
    state = "training" if is_held else "failed" if failure else "interrupted"
    return f"{state}: {where}{what}" + (f". {failure}" if state == "failed" else "")


def _to_json(run: Run) -> dict[str, Any]:
    request, test = run.request, run.metrics.test
    return {
        "run": run.name,
        "folder": str(run.path),
        "preset": request.preset,
        "recipe": request.recipe.to_json(),
        "dataset": request.dataset.name,
        "finished": run.finished.isoformat(),
        "test_loss": test.loss,
        "test_accuracy": test.accuracy,
        "incorrect": test.incorrect,
    }


def _unfinished_to_json(working: WorkingRun, *, is_held: bool) -> dict[str, Any]:
    request, history = working.request(), working.history()
    return {
        "run": working.fingerprint,
        "preset": request.preset if request else None,
        "recipe": request.recipe.to_json() if request else None,
        "dataset": request.dataset.name if request else None,
        "stage": history[-1].stage if history else None,
        "epochs": history[-1].epoch if history else 0,
        "training": is_held,
        "failure": working.failure(),
    }

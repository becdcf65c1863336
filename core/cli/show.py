"""`show`: one run in full: results, stages, settings, what each phase changed, where it was trained."""

import argparse
from dataclasses import asdict
from typing import Any

from rich.table import Table

from core.cli.arguments import Commands, Parser, add_command
from core.cli.progress import epochs_of
from core.cli.results import requested, seconds_of, show_report
from core.cli.screen import Screen, facts, table
from core.recipe import Recipe, format_value
from core.settings import Settings
from core.store import Compaction, Run, RunStore
from core.wording import STAGE_NAMES, duration, loss, moment, percent

PHASES = ("phase1", "phase2")


def add_to(commands: Commands) -> Parser:
    """The command `show`."""
    parser = add_command(commands, "show", _show, "show one run in full")
    parser.add_argument("run_name", metavar="RUN", nargs="?", default="latest", help="first letters (default: latest)")
    return parser


def _show(options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    run = RunStore.of(settings).find(options.run_name)
    _show_origin(screen, run)
    screen.say()
    show_report(screen, run.metrics.test)
    screen.heading("Stages")
    screen.show(_stages(run))
    screen.say()
    after = run.metrics.phase1_test.accuracy
    screen.say(f"Test accuracy after phase 1: {percent(after)}; after phase 2: {percent(run.metrics.test.accuracy)}.")
    _show_differences(screen, run.request.recipe)
    _show_changes(screen, run)
    _show_environment(screen, run)
    screen.json(_to_json(run))
    return 0


def _show_origin(screen: Screen, run: Run) -> None:
    data = run.request.dataset
    height, width = data.image_shape
    screen.show(
        facts(
            ("Run", run.name),
            ("Recipe", requested(run.request)),
            (
                "Dataset",
                f"{data.name}: {data.n_train:,} training, {data.n_validation:,} validation and {data.n_test:,} test "
                f"images of {height}x{width} pixels, {len(data.class_names)} classes",
            ),
            ("Trained", moment(run.finished)),
            ("Folder", str(run.path)),
            *(_compacted(run.compaction) if run.compaction else ()),
        )
    )


def _compacted(made: Compaction) -> list[tuple[str, str]]:
    """What a compacted run lacks, and what the run it was made of gave."""
    kept = "; ".join(made.exactness)
    return [
        ("Compacted", f"{kept[:1].upper()}{kept[1:]}. Left out: {', '.join(made.left_out) or 'nothing'}."),
        ("Made of", f"{made.run}: {made.incorrect:,} incorrect, test loss {made.loss:.4f}"),
    ]


def _stages(run: Run) -> Table:
    columns = ("Epochs", "Training\nloss", "Training\naccuracy", "Validation\nloss", "Validation\naccuracy", "Time")
    listing = table("", *columns, numbers=columns)
    planned = epochs_of(run.request.recipe)
    for name, done in run.metrics.stages.items():
        epochs = [record for record in run.history if record.stage == name]
        if not epochs:
            listing.add_row(STAGE_NAMES[name], "none")
            continue
        last = epochs[(done.best_epoch or len(epochs)) - 1]
        listing.add_row(
            STAGE_NAMES[name],
            f"{done.epochs}/{planned[name]}" + (f"\nbest {done.best_epoch}" if done.best_epoch else ""),
            loss(last.loss),
            percent(last.accuracy),
            loss(last.val_loss),
            percent(last.val_accuracy),
            duration(seconds_of(run, name)),
        )
    return listing


def _show_differences(screen: Screen, recipe: Recipe) -> None:
    differences = recipe.differences(Recipe())
    if not differences:
        screen.heading("Settings: the paper's, all of them")
        return
    screen.heading("Settings that differ from the paper's")
    listing = table("Setting", "Here", "Paper")
    for name, (here, paper) in differences.items():
        listing.add_row(name, format_value(here), format_value(paper))
    screen.show(listing)


def _show_changes(screen: Screen, run: Run) -> None:
    changes = {phase: run.metrics.stages[phase].largest_change for phase in PHASES}
    layers = list(dict.fromkeys(layer for phase in PHASES for layer in changes[phase]))
    if not layers:
        return
    screen.heading("Largest change of any weight or statistic")
    listing = table("Layer", "Phase 1", "Phase 2", numbers=("Phase 1", "Phase 2"))
    for layer in layers:
        cells = (changes[phase].get(layer) for phase in PHASES)
        listing.add_row(layer, *("" if cell is None else "0" if cell == 0 else loss(cell) for cell in cells))
    screen.show(listing)
    frozen = [change for layer, change in changes["phase1"].items() if layer.startswith("encoder_")]
    if run.metrics.stages["phase1"].epochs and not any(frozen):
        screen.say("Phase 1 left the encoder exactly as it was.", "dim")


def _show_environment(screen: Screen, run: Run) -> None:
    where = run.environment
    packages = "".join(f", {name} {version}" for name, version in where.get("packages", {}).items())
    screen.heading("Trained with")
    screen.show(
        facts(
            ("Processor", f"{where.get('processor', 'unknown')}, {where.get('cores', '?')} cores"),
            ("Software", f"Python {where.get('python', '?')}{packages}"),
            ("Commit", str(where.get("commit") or "unknown")),
        )
    )


def _to_json(run: Run) -> dict[str, Any]:
    return {
        "run": run.name,
        "folder": str(run.path),
        **run.request.to_json(),
        "differences_from_paper": {
            name: {"here": here, "paper": paper}
            for name, (here, paper) in run.request.recipe.differences(Recipe()).items()
        },
        "metrics": run.metrics.to_json(),
        "environment": run.environment,
        "compaction": asdict(run.compaction) if run.compaction else None,
        "history": [vars(record) for record in run.history],
    }

"""`sweep`: one setting through several values and seeds, as in the paper's figures 10 to 15."""

import argparse
from dataclasses import asdict
from typing import Any

from rich.text import Text

from core import saved_sweeps
from core.cli.arguments import (
    Commands,
    Parser,
    add_command,
    add_dataset_options,
    add_recipe_options,
    presets_text,
    recipe_of,
    whole_numbers,
)
from core.cli.datasets import choose
from core.cli.results import recipe_text
from core.cli.screen import Screen, table
from core.cli.train import find_or_train, show_plan
from core.presets import MNIST_IMAGES
from core.recipe import format_value
from core.settings import Settings
from core.store import DatasetFacts, Run
from core.sweeps import ALIASES, Point, Row, Spread, Summary, Sweep, parse_values, point, summarise, timed_stage
from core.wording import STAGE_NAMES, duration, loss, percent

_ALIASES_TEXT = "\n".join(
    ["short names:", *(f"  {alias:<14}{' and '.join(names)}" for alias, names in ALIASES.items())]
)


def add_to(commands: Commands) -> Parser:
    """The command `sweep`."""
    parser = add_command(
        commands,
        "sweep",
        _sweep,
        "train one setting through several values and compare them on validation images",
        description="Trains every value with every seed, one after the other. What was trained before is taken from "
        "the store, so a sweep that was stopped resumes where it was. The best value is the one with the lowest mean "
        "validation loss; test images have no say.",
        epilog=f"{_ALIASES_TEXT}\n\n{presets_text()}\n\n`python -m core train --help` lists all settings.",
        resumable=True,
    )
    parser.add_argument("--axis", metavar="NAME", required=True, help="any setting that is a number, or a short name")
    parser.add_argument("--values", metavar="V,V,...", required=True, help="its values, like 16,32,64")
    parser.add_argument("--seeds", metavar="N,N,...", help="seeds, like 0,1,2 (default: the recipe's own, one)")
    add_recipe_options(parser)
    add_dataset_options(parser, "mnist where its files are there, else the built-in mnist-5k")
    return parser


def _sweep(options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    # Before a dataset is downloaded, so that a wrong setting is refused at once: values do not depend on its size.
    values = parse_values(recipe_of(options, MNIST_IMAGES), options.axis, options.values.split(","))
    chosen = choose(options.dataset, options.data_dir, settings, screen)
    n_images = len(chosen.dataset.train_labels)
    base = recipe_of(options, n_images)
    sweep = Sweep(base, options.axis, values, whole_numbers("--seeds", options.seeds) if options.seeds else ())
    stage, planned = timed_stage(sweep), sweep.recipes()
    seeds = ", ".join(str(seed) for seed in dict.fromkeys(seed for _, seed, _ in planned))
    show_plan(
        screen,
        chosen,
        ("Recipe", recipe_text(base, options.preset, n_images)),
        ("Sweep", f"{options.axis} = {', '.join(map(format_value, values))}"),
        ("Seeds", f"{seeds} ({'of the classifier' if sweep.seed_setting == 'classifier_seed' else 'of everything'})"),
    )
    screen.say()
    # The dashboard lists it from now on, with what is trained of it so far.
    saved_sweeps.save(settings.sweeps, sweep, DatasetFacts.of(chosen.dataset, base.validation_fraction))

    points: list[tuple[Point, Run, bool]] = []
    for number, (value, seed, recipe) in enumerate(planned, start=1):
        title = f"{number}/{len(planned)}  {options.axis} {format_value(value)}, seed {seed}"
        if not screen.moves:
            screen.note(title)
        run, is_cached = find_or_train(recipe, chosen.dataset, options.preset, settings, screen, transient=True)
        found = point(value, seed, run, stage)
        points.append((found, run, is_cached))
        screen.note(f"{title}: {_outcome(found, run, is_cached)}")
    summary = summarise([found for found, _, _ in points])
    _show(screen, options.axis, stage, summary)
    screen.json(_to_json(sweep, summary, points))
    return 0


def _outcome(found: Point, run: Run, is_cached: bool) -> str:
    took = "cached" if is_cached else duration(run.environment["seconds_in_this_process"])
    if found.validation_loss is None:
        return took
    return f"validation loss {loss(found.validation_loss)}, accuracy {percent(found.validation_accuracy)} ({took})"


def _show(screen: Screen, axis: str, stage: str, summary: Summary) -> None:
    epoch = f"{STAGE_NAMES[stage]}\ns/epoch"
    columns = ("Training\nloss", "Training\naccuracy", "Validation\nloss", "Validation\naccuracy", epoch)
    listing = table(axis, *columns, numbers=(axis, *columns))
    best = summary.choice.best if summary.choice else None
    for row in summary.rows:
        listing.add_row(
            format_value(row.value),
            _cell(row.train_loss, loss),
            _cell(row.train_accuracy, percent),
            _cell(row.validation_loss, loss),
            _cell(row.validation_accuracy, percent),
            _cell(row.seconds_per_epoch, lambda seconds: f"{seconds:.1f}"),
            style="bold" if row is best else "",
        )
    screen.say()
    screen.show(listing)
    screen.say()
    screen.say(_verdict(axis, summary))


def _cell(spread: Spread | None, written: Any) -> Text:
    """The mean and, below it, the range where there is one."""
    if spread is None:
        return Text("none", "dim")
    if spread.low == spread.high:
        return Text(written(spread.mean))
    low = written(spread.low).removesuffix("%")
    return Text.assemble(written(spread.mean), (f"\n{low}–{written(spread.high)}", "dim not bold"))


def _verdict(axis: str, summary: Summary) -> str:
    """What the validation images say, in a sentence or two."""
    choice = summary.choice
    if choice is None:
        return "No value can be called the best: there are no validation images."

    def named(row: Row) -> str:
        mean = row.validation_loss.mean if row.validation_loss else None
        return f"{axis} {format_value(row.value)} (validation loss {loss(mean)})"

    best = f"Best on validation: {named(choice.best)}."
    if choice.runner_up is None:
        return best
    if choice.within_noise is None:
        return (
            f"{best} Next: {named(choice.runner_up)}. One seed does not tell whether that is chance; try --seeds 0,1,2."
        )
    if choice.within_noise:
        return f"{best} Next: {named(choice.runner_up)}; the ranges over the seeds overlap, so this may be chance."
    return f"{best} Next: {named(choice.runner_up)}; the ranges over the seeds do not overlap."


def _to_json(sweep: Sweep, summary: Summary, points: list[tuple[Point, Run, bool]]) -> dict[str, Any]:
    choice = summary.choice
    return {
        "axis": sweep.axis,
        "settings": list(sweep.names),
        "seed_setting": sweep.seed_setting,
        "points": [asdict(found) | {"run": run.fingerprint, "cached": cached} for found, run, cached in points],
        "rows": [asdict(row) for row in summary.rows],
        "best": choice.best.value if choice else None,
        "runner_up": choice.runner_up.value if choice and choice.runner_up else None,
        "within_noise": choice.within_noise if choice else None,
    }

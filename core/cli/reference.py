"""`reference`: the results that come with the project: made, shipped from runs, checked, set beside the paper's."""

import argparse
import re
from pathlib import Path

from core.cli.arguments import Commands, Parser, UsageError, add_command, add_dataset_options, whole_numbers
from core.cli.datasets import choose, dataset_of, describe
from core.cli.loading import networks_loaded
from core.cli.screen import Screen, facts, table
from core.cli.train import find_or_train, finished
from core.data import mnist
from core.recipe import Recipe
from core.settings import REFERENCE, Settings
from core.store import Run, RunStore
from core.store.reference import PREFIX
from core.wording import count, percent

FAILED = 1
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
ACTIONS = ("make", "ship", "gate", "check", "report")

_ACTIONS_TEXT = """\
actions:
  make [PART ...]   train whatever is missing of the plan and ship it; hours. Stopped, it resumes
  ship RUN NAME     make a finished run small enough to come with the project, as reference/NAME; then report
  gate NAME         fit anew what tells digits from other things, to the networks of reference/NAME
  check             are the figures those of the answers, do the networks give them, is it small enough?
  report            write docs/reproduction.md: the paper's figures and tables beside these results"""


def add_to(commands: Commands) -> Parser:
    """The command `reference`."""
    parser = add_command(
        commands,
        "reference",
        _reference,
        "make, ship and check the results that come with the project",
        description="The results lie in the folder reference/ and are read by every command as reference/NAME. "
        "`make reference` does all of it.",
        epilog=_ACTIONS_TEXT,
        resumable=True,
    )
    parser.add_argument("action", metavar="ACTION", choices=ACTIONS, help=", ".join(ACTIONS))
    parser.add_argument("names", metavar="NAME", nargs="*", help="parts to make; or the run to ship and its new name")
    parser.add_argument("--seeds", metavar="N,N,...", help="make: seeds of tables (default: 0,1,2)")
    add_dataset_options(parser, "mnist, downloaded if need be")
    return parser


def _reference(options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    actions = {"make": _make, "ship": _ship, "gate": _gate, "check": _check, "report": _report}
    return actions[options.action](options, screen, settings)


def _make(options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    with networks_loaded(screen):
        from core.reference import making, plan
    seeds = whole_numbers("--seeds", options.seeds) if options.seeds else plan.SEEDS
    parts = making.chosen(plan.plan(seeds), options.names)
    name = options.dataset or (None if options.data_dir else mnist.NAME)
    chosen = choose(name, options.data_dir, settings, screen)
    n_runs = len({run.recipe for part in parts for run in part.runs})
    screen.show(facts(("Dataset", describe(chosen.dataset)), ("Runs", f"{n_runs:,}, in {count(len(parts), 'part')}")))

    def train(recipe: Recipe, preset: str) -> Run:
        return find_or_train(recipe, chosen.dataset, preset, settings, screen, transient=True)[0]

    def is_trained(recipe: Recipe) -> bool:
        return finished(recipe, chosen.dataset, settings) is not None

    making.make(parts, settings.reference, chosen.dataset, train, is_trained, screen.note)
    return _report(options, screen, settings)


def _ship(options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    if len(options.names) != 2 or not _NAME.fullmatch(options.names[1]):
        raise UsageError("ship: expected a run and the name it is to have, like `reference ship latest best`.")
    run = RunStore.of(settings).find(options.names[0])
    dataset = dataset_of(run, options.dataset, options.data_dir, settings, screen)
    with networks_loaded(screen):
        from core.reference.shipping import ship
    with screen.busy("Rounding, answering every image again, checking ..."):
        made = ship(run, settings.reference / options.names[1], dataset)
    _write_report(settings)
    compaction, test = made.compaction, made.metrics.test
    assert compaction is not None
    size = sum(path.stat().st_size for path in made.path.iterdir())
    screen.show(
        facts(
            ("Run", f"{made.name} ({size / 1e6:.1f} MB)"),
            ("Kept", "; ".join(compaction.exactness)),
            ("Test", f"{percent(test.accuracy)}, {test.incorrect:,} incorrect (whole: {compaction.incorrect:,})"),
            ("Differs by", f"{compaction.largest_difference:.1g} at most, in a probability"),
        )
    )
    screen.json(
        {
            "run": made.name,
            "folder": str(made.path),
            "bytes": size,
            "incorrect": test.incorrect,
            "whole_incorrect": compaction.incorrect,
            "largest_difference": compaction.largest_difference,
        }
    )
    return 0


def _gate(options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    if len(options.names) != 1:
        raise UsageError("gate: expected the name of one reference run, like `reference gate robust`.")
    run = RunStore.of(settings).find(PREFIX + options.names[0].removeprefix(PREFIX))
    dataset = dataset_of(run, options.dataset, options.data_dir, settings, screen)
    with networks_loaded(screen):
        from core.reference.shipping import fit_gate
    with screen.busy("Fitting ..."):
        fit_gate(run, run.path, dataset)
    screen.say(f"Fitted: {run.gate_path}")
    screen.json({"run": run.name, "gate": str(run.gate_path)})
    return 0


def _check(_options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    with networks_loaded(screen):
        from core.reference import checking, making
    store = RunStore.of(settings)
    runs, listing = store.references(), table("Run", "Accuracy", "Wrong", "MB", "", numbers=("Accuracy", "Wrong", "MB"))
    problems = [str(error) for error in store.damaged() if PREFIX in str(error)]
    for run in runs:
        found = checking.problems_of(run)
        size = sum(path.stat().st_size for path in run.path.iterdir())
        test = run.metrics.test
        verdict = "as it should be" if not found else "see below"
        listing.add_row(run.name, percent(test.accuracy), f"{test.incorrect:,}", f"{size / 1e6:.1f}", verdict)
        problems += found
    size_of_all = making.size_of(settings.reference)
    if size_of_all.bytes > size_of_all.limit:
        problems.append(f"{settings.reference}: expected {size_of_all.limit:,} bytes at most, found more.")
    screen.show(listing)
    screen.say(f"{size_of_all.bytes / 1e6:.1f} of {size_of_all.limit / 1e6:.0f} MB")
    for problem in problems:
        screen.problem(problem)
    screen.json(
        {"runs": [run.name for run in runs], "bytes": size_of_all.bytes, "problems": problems, "sound": not problems}
    )
    return FAILED if problems else 0


def _report(_options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    path = _write_report(settings)
    screen.say(f"Written: {path}")
    screen.json({"report": str(path)})
    return 0


def _write_report(settings: Settings) -> Path:
    """The project's document, or beside the results where these are not the project's."""
    from core.reproduction import REPORT, write_report

    is_own = settings.reference == REFERENCE
    return write_report(settings.reference, REPORT if is_own else settings.reference / REPORT.name)

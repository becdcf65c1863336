"""`export`: a run's classifier as a file for other programs."""

import argparse
from pathlib import Path

from core.cli.arguments import Commands, Parser, add_command, add_dataset_options
from core.cli.datasets import dataset_of
from core.cli.loading import networks_loaded
from core.cli.screen import Screen, facts
from core.settings import Settings
from core.store import RunStore

FORMATS = ("keras", "onnx", "litert", "zip")


def add_to(commands: Commands) -> Parser:
    """The command `export`."""
    parser = add_command(
        commands,
        "export",
        _export,
        "write a classifier as Keras, ONNX or LiteRT file, or as zip with its recipe and results",
        description="The exported model is run on the test images and must give the run's probabilities.",
    )
    parser.add_argument("run_name", metavar="RUN", help="first letters of a run, or latest")
    parser.add_argument("--format", choices=FORMATS, required=True, help="kind of file")
    parser.add_argument("--output", metavar="PATH", type=Path, help="where to (default: in the current folder)")
    add_dataset_options(parser, "the run's own")
    return parser


def _export(options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    run = RunStore.of(settings).find(options.run_name)
    dataset = None
    if options.dataset or options.data_dir:
        dataset = dataset_of(run, options.dataset, options.data_dir, settings, screen)
    with networks_loaded(screen):
        from core.export import export_run
    with screen.busy("Converting and checking ..."):
        made = export_run(run, options.format, options.output, dataset=dataset, data=settings.data)
    size = made.path.stat().st_size
    screen.show(
        facts(
            ("Run", run.name),
            ("File", f"{made.path} ({size / 1e6:.1f} MB)"),
            ("Checked", f"on {made.images}: probabilities differ by {made.largest_difference:.0e} at most"),
        )
    )
    screen.json(
        {
            "run": run.name,
            "format": made.format,
            "path": str(made.path),
            "bytes": size,
            "largest_difference": made.largest_difference,
            "n_images": made.n_images,
            "images": made.images,
        }
    )
    return 0

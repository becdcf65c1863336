"""`predict`: what is written on pictures, given as files, folders and zip files."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from core.cli.arguments import Commands, Parser, add_command
from core.cli.loading import networks_loaded
from core.cli.screen import Screen, table
from core.errors import ImageError
from core.settings import Settings
from core.store import Run, RunStore, default_run, labels
from core.store.store import LATEST
from core.wording import percent

if TYPE_CHECKING:
    from core.prediction import ReadDigit

FAILED_IN_PART, ALL_FAILED = 1, 2


def add_to(commands: Commands) -> Parser:
    """The command `predict`."""
    parser = add_command(
        commands,
        "predict",
        _predict,
        "read the digits in pictures",
        description="Photos, scans, screenshots and drawings, each with one digit, a number or several lines of them. "
        "Of a folder all pictures in it and below are read, of a zip file all pictures in it. What was found but is "
        "no digit is shown as ?, and left out of the text in JSON, where it has is_digit false. A file that cannot be "
        "read, or has nothing on it, does not stop the others: the exit code is then 1, or 2 if none could be read. "
        "--json prints one JSON object a file, one a line.",
    )
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a picture, a folder or a zip file")
    parser.add_argument(
        "--run",
        metavar="RUN",
        dest="run_name",
        help="whose classifier (default: the starred run, else the newest, else one that comes with the project)",
    )
    return parser


def _predict(options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    run = _run(options.run_name, settings)
    if not run.onnx_path.is_file():
        with networks_loaded(screen):
            pass
    from core.images.collection import pictures
    from core.prediction import Predictor

    predictor = Predictor.open(run)
    if predictor.gate.caution:
        screen.note(predictor.gate.caution)
    listing = table("File", "Read", "Confidence", numbers=("Confidence",))
    read = failed = 0
    for source in pictures(options.paths, screen.note):
        try:
            reading = predictor.read(source.load(), source.name)
        except ImageError as error:
            failed += 1
            screen.problem(str(error))
            screen.json_line({"file": source.name, "text": "", "digits": [], "error": str(error)})
            continue
        read += 1
        # The number is as sure as its least sure digit.
        sure = min((digit.confidence for digit in reading.digits if digit.is_digit), default=None)
        listing.add_row(Text(source.name), Text(reading.marked_text), percent(sure))
        screen.json_line(
            {"file": source.name, "text": reading.text, "digits": list(map(_to_json, reading.digits)), "error": None}
        )
    if listing.row_count:
        screen.show(listing)
    if read + failed > 1 and not screen.as_json:
        screen.note(f"{read:,} read, {failed:,} failed")
    if not failed:
        return 0
    return FAILED_IN_PART if read else ALL_FAILED


def _run(name: str | None, settings: Settings) -> Run:
    """The run of this name; for None the one that reads by default. Raises RunNotFoundError if there is none."""
    store = RunStore.of(settings)
    if name is None:
        starred = labels.read(store.folder).starred
        if run := default_run([*store.runs(), *store.references()], starred, to_read=True):
            return run
    return store.find(name or LATEST, to_read=True)


def _to_json(digit: "ReadDigit") -> dict[str, Any]:
    box = digit.box
    return {
        "label": digit.label,
        "class_name": digit.class_name,
        "confidence": digit.confidence,
        "probabilities": [float(one) for one in digit.probabilities],
        "box": [box.x, box.y, box.width, box.height],
        "line": digit.line,
        "is_digit": digit.is_digit,
        "novelty": digit.novelty,
    }

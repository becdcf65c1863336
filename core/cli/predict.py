"""`predict`: what a run's classifier reads in image files."""

import argparse
from pathlib import Path
from typing import Any

from core.cli.arguments import Commands, Parser, add_command
from core.cli.loading import networks_loaded
from core.cli.screen import Screen, table
from core.errors import ImageError
from core.settings import Settings
from core.store import RunStore
from core.wording import percent

FAILED_IN_PART, ALL_FAILED = 1, 2


def add_to(commands: Commands) -> Parser:
    """The command `predict`."""
    parser = add_command(
        commands,
        "predict",
        _predict,
        "read the digits in image files",
        description="One digit a file, white on black, filling the image as in the training data; other sizes are "
        "scaled. A file that cannot be read does not stop the others: the exit code is then 1, or 2 if none could be "
        "read.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="an image: PNG, JPEG, ...")
    parser.add_argument(
        "--run", metavar="RUN", dest="run_name", default="latest", help="whose classifier (default: latest)"
    )
    return parser


def _predict(options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    run = RunStore(settings.runs).find(options.run_name)
    if not run.onnx_path.is_file():
        with networks_loaded(screen):
            pass
    from core.prediction import Predictor

    predictor = Predictor.open(run)
    names = run.request.dataset.class_names
    listing = table("File", "Class", "Confidence", "Next", numbers=("Confidence",))
    answers: list[dict[str, Any]] = []
    failures = 0
    for file in options.files:
        try:
            found = predictor.predict_file(file)
        except ImageError as error:
            failures += 1
            screen.problem(str(error))
            answers.append({"file": str(file), "error": str(error)})
            continue
        ranked = sorted(range(len(names)), key=lambda label: -found.probabilities[label])
        second = f"{names[ranked[1]]} ({percent(found.probabilities[ranked[1]])})"
        listing.add_row(str(file), found.class_name, percent(found.confidence), second)
        answers.append(
            {
                "file": str(file),
                "label": found.label,
                "class_name": found.class_name,
                "confidence": found.confidence,
                "probabilities": [float(one) for one in found.probabilities],
            }
        )
    if listing.row_count:
        screen.show(listing)
    screen.json({"run": run.fingerprint, "class_names": list(names), "predictions": answers})
    if not failures:
        return 0
    return ALL_FAILED if failures == len(options.files) else FAILED_IN_PART

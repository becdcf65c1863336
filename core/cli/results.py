"""What a classifier achieved, as the paper prints it: table 1, correct and incorrect labels, table 2."""

from core.cli.progress import epochs_of
from core.cli.screen import Screen, facts, table
from core.evaluation import Report, classification_report_text, summary_lines
from core.presets import PRESETS
from core.recipe import Recipe, format_value
from core.store import Run, RunRequest
from core.wording import STAGE_NAMES, duration, percent

SHORT = 8
"""Letters of a fingerprint that tables show; commands take as many as are unambiguous."""


def show_report(screen: Screen, report: Report) -> None:
    """Table 1 (loss and accuracy), the two counts, table 2 (scores of each class)."""
    results = table("Test loss", "Test accuracy")
    results.add_row(f"{report.loss:.4f}", percent(report.accuracy), style="bold")
    screen.show(results)
    screen.say()
    for line in summary_lines(report):
        screen.say(line)
    screen.say()
    for line in classification_report_text(report).splitlines():
        screen.say(line)


def show_place(screen: Screen, run: Run) -> None:
    """Where a run lies, what it took, and how to see more of it."""
    stages = dict.fromkeys(record.stage for record in run.history)
    spent = ", ".join(f"{STAGE_NAMES[stage].lower()} {duration(seconds_of(run, stage))}" for stage in stages)
    screen.say()
    screen.show(facts(("Run", run.fingerprint), ("Folder", str(run.path)), ("Epochs", spent or "none")))
    screen.say()
    screen.say(f"`python -m core show {run.fingerprint[:SHORT]}` shows all of it.", "dim")


def seconds_of(run: Run, stage: str) -> float:
    """What the epochs of a stage took, whenever they were trained."""
    return sum(record.seconds for record in run.history if record.stage == stage)


def epochs_text(recipe: Recipe) -> str:
    """The most epochs of each stage: "autoencoder 40, phase 1 100, phase 2 100"."""
    return ", ".join(f"{STAGE_NAMES[stage].lower()} {epochs}" for stage, epochs in epochs_of(recipe).items())


def requested(request: RunRequest) -> str:
    """The recipe of a run, as `recipe_text` gives it."""
    return recipe_text(request.recipe, request.preset, request.dataset.n_images)


def recipe_text(recipe: Recipe, preset: str | None, n_images: int) -> str:
    """A recipe by its preset and what differs from it: "express, phase1.epochs=5".

    n_images: of the training data, for which presets choose their epochs.
    """
    base = PRESETS.get(preset or "", PRESETS["paper"])
    changes = recipe.differences(base.recipe_for(n_images))
    return ", ".join([base.name, *(f"{name}={format_value(value)}" for name, (value, _) in changes.items())])

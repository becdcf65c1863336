"""Beyond the paper: what the same architecture gives when it is trained well, and what each step of it is worth."""

import math

import numpy as np

from core import paper
from core.evaluation import predicted_classes
from core.reference.plan import CONTROLS
from core.reference.trials import TrialTable
from core.reproduction.parts import Grid, Section, Shipped, seeds_in_words, spread
from core.store import Run
from core.wording import duration, loss, percent

PRESETS = ("paper", "express", "best", "robust")

_WHOLE = "the paper's recipe"
STEPS = {
    "Phase 2": ("phase 1 only", _WHOLE),
    "Autoencoder, frozen": ("random encoder, frozen", "phase 1 only"),
    "Autoencoder, fine-tuned": ("random encoder, both phases", _WHOLE),
    "All before phase 2": ("from scratch, phase 2 only", _WHOLE),
}
"""What a step is called -> the controls without it and with it."""


def presets(shipped: Shipped) -> Section:
    """Every preset that is shipped, its seeds, and the ensembles of those."""
    rows = [_paper_row()]
    lacks = []
    for name in PRESETS:
        run, table = shipped.runs.get(name), shipped.tables.get(f"{name}-seeds")
        if run is None:
            lacks.append(name)
            rows.append((f"`{name}`", *["not run yet"] + ["–"] * 5))
            continue
        rows.append(_run_row(name, run))
        if table is not None and len(table.trials) > 1:
            rows.append(_seeds_row(name, table))
            if len(table.probabilities) > 1:
                rows.append(_ensemble_row(name, table, run))
    columns = ("", "Seeds", "Test accuracy", "Incorrect", "Test loss", "Time of all epochs", "Machine")
    grid = Grid("Results on MNIST's 10,000 test images", columns, tuple(rows))
    basis = (
        "The same architecture in all of them. Settings were chosen on validation images; test images were looked at "
        "once, afterwards. `robust` is made to read real handwriting and is not meant to be first here. Times are as "
        "measured, on machines that may have had other work too."
    )
    return Section("Presets beside the paper", basis, grids=(grid,), lacks=tuple(lacks))


def controls(shipped: Shipped) -> Section:
    """What the autoencoder and each phase are worth: trainings that leave one of them out."""
    title, table = "What the autoencoder and each phase are worth", shipped.tables.get("controls")
    columns = ("", "Seeds", "Test accuracy", "Incorrect", "Validation loss", "Epochs")
    if table is None or not table.trials:
        tried = "; ".join(label for label, changes in CONTROLS.items() if changes)
        return Section(
            title,
            f"Controls that the paper lacks: its recipe without one of its steps ({tried}). None has been run to its "
            "end yet.",
            lacks=("controls",),
        )
    seeds = sorted({trial.seed for trial in table.trials})
    return Section(
        title,
        "Controls that the paper lacks: its recipe without one of its steps; "
        f"{seeds_in_words(seeds)} of the classifier.",
        grids=(
            Grid("Controls", columns, tuple(_control_row(label, table) for label in CONTROLS)),
            Grid(
                "What a step is worth, in misread test images",
                ("", "Without it", "With it", "It helps"),
                tuple(_step_row(step, *pair, table) for step, pair in STEPS.items()),
            ),
        ),
        lacks=() if set(CONTROLS) <= set(table.labels) else ("controls",),
    )


def _step_row(step: str, without: str, whole: str, table: TrialTable) -> tuple[str, ...]:
    """A difference of less than two standard deviations of both counts may be chance."""
    found = [[trial.incorrect for trial in table.of(label)] for label in (without, whole)]
    if not all(found):
        return (step, *["–"] * 3)
    before, after = (sum(counts) / len(counts) for counts in found)
    chance = 2 * math.sqrt(sum(sum(counts) / len(counts) ** 2 for counts in found))
    verdict = "may be chance" if abs(before - after) <= chance else "yes" if after < before else "no, it harms"
    return (step, f"{before:.0f}", f"{after:.0f}", verdict)


def ensemble_incorrect(table: TrialTable, labels: np.ndarray) -> int:
    """Test images that the mean of the probabilities of several networks misreads. labels: (n_test,)."""
    mean = np.mean([one.astype(np.float64) for one in table.probabilities.values()], axis=0)
    return int((predicted_classes(mean) != labels).sum())


def _paper_row() -> tuple[str, ...]:
    accuracy, incorrect = percent(paper.TEST_ACCURACY), f"{paper.INCORRECT:,}"
    return ("the paper's report", "–", accuracy, incorrect, loss(paper.TEST_LOSS), "–", "Google Colab, a GPU")


def _run_row(name: str, run: Run) -> tuple[str, ...]:
    test, where = run.metrics.test, run.environment
    return (
        f"`{name}`",
        str(run.request.recipe.seed),
        percent(test.accuracy),
        f"{test.incorrect:,}",
        loss(test.loss),
        duration(sum(record.seconds for record in run.history)),
        f"{where['processor']}, {where['cores']} cores",
    )


def _seeds_row(name: str, table: TrialTable) -> tuple[str, ...]:
    trials = table.trials
    return (
        f"`{name}`, mean and range",
        ", ".join(str(trial.seed) for trial in trials),
        spread([trial.accuracy for trial in trials]),
        spread([float(trial.incorrect) for trial in trials], "{:.1f}"),
        spread([trial.loss for trial in trials], "{:.4f}"),
        "–",
        " and ".join(sorted({trial.machine for trial in trials})),
    )


def _ensemble_row(name: str, table: TrialTable, run: Run) -> tuple[str, ...]:
    labels = run.predictions.test_labels
    incorrect = ensemble_incorrect(table, labels)
    seeds = ", ".join(str(trial.seed) for trial in table.trials if trial.run in table.probabilities)
    return (
        f"`{name}`, {len(table.probabilities)} networks averaged",
        seeds,
        percent(1 - incorrect / len(labels)),
        f"{incorrect:,}",
        "–",
        "–",
        "–",
    )


def _control_row(label: str, table: TrialTable) -> tuple[str, ...]:
    trials = table.of(label)
    if not trials:
        return (label, "not run yet", *["–"] * 4)
    losses = [trial.point.validation_loss for trial in trials if trial.point.validation_loss is not None]
    epochs = [f"{'+'.join(str(stage.epochs) for stage in trial.stages.values())}" for trial in trials]
    return (
        label,
        ", ".join(str(trial.seed) for trial in trials),
        spread([trial.accuracy for trial in trials]),
        spread([float(trial.incorrect) for trial in trials], "{:.0f}"),
        spread(losses, "{:.4f}") if losses else "–",
        ", ".join(dict.fromkeys(epochs)),
    )

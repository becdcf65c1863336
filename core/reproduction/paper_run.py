"""The paper's own run beside ours: its tables, its training curves, and its first images."""

from core import paper
from core.evaluation import ClassScores, predicted_classes
from core.paper import PaperScores
from core.reference.trials import Trial
from core.reproduction.parts import (
    Finding,
    Grid,
    Section,
    Shipped,
    holds,
    missing,
    seeds_in_words,
    spread,
)
from core.store import Run
from core.wording import loss, percent

NAME = "paper"
_CLOSE = 0.05
"""A loss that is this near to its last value, in shares of it, counts as converged."""


def tables(shipped: Shipped) -> Section:
    """Tables 1 and 2, and the labels found (sections 4.2 and 4.3)."""
    title = "Results on the test set"
    claims = (
        ("Table 1", "Test accuracy", percent(paper.TEST_ACCURACY)),
        ("Table 1", "Test loss", loss(paper.TEST_LOSS)),
        ("Section 4.3", "Labels found incorrect", f"{paper.INCORRECT:,}"),
        ("Table 2", "Figures of the ten classes", "30, to two decimals"),
    )
    run = shipped.runs.get(NAME)
    if run is None:
        return Section(title, _LACKING, tuple(missing(*claim) for claim in claims), (_table2(None),), (NAME,))
    repeated = _repeated(shipped, run)
    accuracies = [one[0] for one in repeated.values()]
    losses = [one[1] for one in repeated.values()]
    wrong = [float(one[2]) for one in repeated.values()]
    inside = min(accuracies) <= paper.TEST_ACCURACY <= max(accuracies)
    mean = sum(accuracies) / len(accuracies)
    accuracy_why = (
        "The paper's figure lies within the range over our seeds."
        if inside
        else f"The mean differs by {100 * (mean - paper.TEST_ACCURACY):+.2f} points. The paper is one training without "
        "a named seed, optimiser, learning rate or patience; with 10,000 images, 0.2 points may be chance."
    )
    above = sum(losses) / len(losses) > paper.TEST_LOSS
    loss_why = (
        f"Ours is {'higher' if above else 'lower'}. After many epochs a network is almost certain of each image, and "
        "its loss is that of the few that it misreads with certainty."
    )
    same, near = _agreement(run)
    findings = (
        Finding(*claims[0], spread(accuracies), holds(inside or abs(mean - paper.TEST_ACCURACY) < 0.002), accuracy_why),
        Finding(*claims[1], spread(losses, "{:.4f}"), holds(abs(losses[0] / paper.TEST_LOSS - 1) < 0.25), loss_why),
        Finding(*claims[2], spread(wrong, "{:.0f}"), holds(min(wrong) <= paper.INCORRECT <= max(wrong) or inside)),
        Finding(
            *claims[3],
            f"{same} of 30 the same, {near} within 0.01",
            holds(near == 30),
            "Rounded to two decimals, as the paper prints them.",
        ),
    )
    basis = f"The preset `paper` on full MNIST, {seeds_in_words(sorted(repeated))}; {_machine(run)}."
    return Section(title, basis, findings, (_table2(run),))


def curves(shipped: Shipped) -> Section:
    """Figures 4, 7 and 8: how the autoencoder and both phases of the classifier were trained."""
    title = "Training"
    low, high = paper.VALIDATION_ACCURACY
    claims = (
        ("Figure 4", "Epochs until the autoencoder converges", f"almost {paper.AUTOENCODER_EPOCHS}"),
        ("Figures 7 and 8", "Epochs of phase 1 + phase 2", f"{paper.PHASE1_EPOCHS} + {paper.PHASE2_EPOCHS}"),
        ("Figure 8", "Training accuracy at the end", percent(paper.TRAINING_ACCURACY)),
        ("Figure 8", "Validation accuracy", f"{low:.0%} to {high:.0%}"),
    )
    run = shipped.runs.get(NAME)
    if run is None:
        return Section(title, _LACKING, tuple(missing(*claim) for claim in claims), lacks=(NAME,))
    history, stages = run.history, run.metrics.stages
    errors = [record.loss for record in history if record.stage == "autoencoder"]
    settled = next(i for i, error in enumerate(errors, 1) if error <= (1 + _CLOSE) * errors[-1])
    phases = [record for record in history if record.stage in ("phase1", "phase2")]
    best_training = max(record.accuracy or 0.0 for record in phases)
    validation = [record.val_accuracy for record in phases if record.val_accuracy is not None]
    after = [record.val_accuracy for record in phases if record.val_accuracy is not None and record.stage == "phase2"]
    phase2 = stages["phase2"]
    stop = f"stopped early, weights of epoch {phase2.best_epoch} kept" if phase2.stopped_early else "not stopped early"
    findings = (
        Finding(
            *claims[0],
            f"loss within {_CLOSE:.0%} of its last from epoch {settled} on",
            holds(settled <= paper.AUTOENCODER_EPOCHS),
            f"Trained for {len(errors)} epochs; the loss fell from {loss(errors[0])} to {loss(errors[-1])}.",
        ),
        Finding(
            *claims[1],
            f"{stages['phase1'].epochs} + {phase2.epochs}",
            holds(phase2.stopped_early and abs(phase2.epochs - paper.PHASE2_EPOCHS) <= 10),
            f"Phase 2: {stop}. The paper does not give its patience; ours is "
            f"{run.request.recipe.phase2.patience} epochs.",
        ),
        Finding(*claims[2], percent(best_training), holds(best_training >= paper.PERFECT)),
        Finding(
            *claims[3],
            f"{percent(min(validation))} to {percent(max(validation))}"
            + (f"; in phase 2 {percent(min(after))} to {percent(max(after))}" if after else ""),
            holds(max(validation) >= low and max(validation) < high + 0.005),
            "Over all epochs of both phases.",
        ),
    )
    basis = f"The preset `paper` on full MNIST, seed {run.request.recipe.seed}; {_machine(run)}."
    return Section(title, basis, findings)


def first_images(shipped: Shipped) -> Section:
    """Figures 16 and 17: the first nine images that were read rightly and wrongly."""
    title = "First images"
    claims = (
        ("Figure 16", "The first nine read rightly", "nine pictures"),
        ("Figure 17", "The first nine read wrongly", "nine pictures"),
    )
    run = shipped.runs.get(NAME)
    if run is None:
        return Section(title, _LACKING, tuple(missing(*claim) for claim in claims), lacks=(NAME,))
    report, labels = run.metrics.test, run.predictions.test_labels
    read = predicted_classes(run.predictions.test_probabilities)
    right = ", ".join(f"{row} ({labels[row]})" for row in report.first_correct)
    wrong = ", ".join(f"{row} ({labels[row]} as {read[row]})" for row in report.first_incorrect)
    basis = (
        f"The preset `paper` on full MNIST, seed {run.request.recipe.seed}: positions in the test set, and what the "
        "digit is. The paper shows pictures without positions, so that they do not compare. The Mistakes page shows "
        "ours."
    )
    rows = (("Figure 16: read rightly", right), ("Figure 17: read wrongly", wrong))
    return Section(title, basis, grids=(Grid("The first nine of each", ("", "Ours"), rows),))


_LACKING = "The preset `paper` has not been run to its end yet."


def _repeated(shipped: Shipped, run: Run) -> dict[int, tuple[float, float, int]]:
    """Seed -> test accuracy, loss and incorrect labels, of the shipped run and of those that only left figures."""
    test = run.metrics.test
    found = {run.request.recipe.seed_of_classifier: (test.accuracy, test.loss, test.incorrect)}
    table = shipped.tables.get(f"{NAME}-seeds")
    others: tuple[Trial, ...] = table.trials if table else ()
    for one in others:
        found.setdefault(one.seed, (one.accuracy, one.loss, one.incorrect))
    return found


def _table2(run: Run | None) -> Grid:
    names = [f"Class {number}" for number in range(10)] + ["Macro avg", "Weighted avg"]
    theirs = [*paper.CLASSES, paper.MACRO_AVERAGE, paper.WEIGHTED_AVERAGE]
    ours: list[ClassScores | None] = [None] * len(names)
    if run is not None:
        report = run.metrics.test
        ours = [*report.classes, report.macro_average, report.weighted_average]
    rows = tuple(_row(name, *pair) for name, pair in zip(names, zip(theirs, ours, strict=True), strict=True))
    columns = ("", "Precision, paper", "ours", "Recall, paper", "ours ", "F1, paper", "ours  ", "Support")
    return Grid("Table 2", columns, rows)


def _row(name: str, theirs: PaperScores, ours: ClassScores | None) -> tuple[str, ...]:
    figures = [(theirs.precision, ours and ours.precision), (theirs.recall, ours and ours.recall)]
    figures.append((theirs.f1, ours and ours.f1))
    cells = [cell for paper_, our in figures for cell in (f"{paper_:.2f}", "–" if our is None else f"{our:.4f}")]
    return (name, *cells, f"{theirs.support:,}")


def _agreement(run: Run) -> tuple[int, int]:
    """How many of the thirty figures of the classes are the paper's to two decimals, and how many within 0.01."""
    differences = [
        abs(round(100 * our) - round(100 * their))
        for theirs, ours in zip(paper.CLASSES, run.metrics.test.classes, strict=True)
        for their, our in ((theirs.precision, ours.precision), (theirs.recall, ours.recall), (theirs.f1, ours.f1))
    ]
    return sum(one == 0 for one in differences), sum(one <= 1 for one in differences)


def _machine(run: Run) -> str:
    where = run.environment
    backend = where.get("backend", "tensorflow")
    return f"{where['processor']}, {where['cores']} cores, Keras on {backend}"

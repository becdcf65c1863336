"""The paper's sweeps beside ours: figures 10 to 15, what they say of dense units, epochs and batch sizes."""

import itertools
from collections.abc import Sequence

from core import paper
from core.reference.plan import SWEEPS
from core.reference.trials import Trial, TrialTable
from core.reproduction.parts import Finding, Grid, Section, Shipped, Verdict, holds, missing, seeds_in_words, spread
from core.sweeps import Row, Value, summarise
from core.wording import loss, percent

_TITLES = {
    "dense_units": "Size of the dense layer (figures 10 and 11)",
    "epochs": "Epochs (figures 12 and 13)",
    "batch_size": "Batch size (figures 14 and 15)",
}
_UNITS = {"dense_units": "units", "epochs": "+ as many epochs", "batch_size": "images a batch"}

_ONE_VALUE = "Only one value has been run."

Claim = tuple[str, str, str]
"""Where, what, the paper's value."""


def sections(shipped: Shipped) -> list[Section]:
    """One section for each of the three."""
    return [_section(axis, shipped.tables.get(axis)) for axis in ("dense_units", "epochs", "batch_size")]


def _section(axis: str, table: TrialTable | None) -> Section:
    claims = _CLAIMS[axis]
    if table is None or not table.trials:
        values = ", ".join(map(str, SWEEPS[axis]))
        basis = f"The sweep over {values} has not been run to its end yet."
        return Section(_TITLES[axis], basis, tuple(missing(*claim) for claim in claims), lacks=(axis,))
    rows = summarise([trial.point for trial in table.trials]).rows
    judged = {"dense_units": _dense_units, "epochs": _epochs, "batch_size": _batch_size}[axis](claims, rows, table)
    seeds = sorted({trial.seed for trial in table.trials})
    known = {trial.value for trial in table.trials}
    absent = [str(value) for value in SWEEPS[axis] if value not in known]
    machines = " and ".join(sorted({f"{trial.machine}, Keras on {trial.backend}" for trial in table.trials}))
    basis = (
        f"The paper's recipe but for this setting, {seeds_in_words(seeds)} of the classifier on one autoencoder; "
        f"{machines}." + (f" Not run yet: {', '.join(absent)}." if absent else "")
    )
    return Section(_TITLES[axis], basis, tuple(judged), (_grid(axis, rows, table),), (axis,) if absent else ())


def _dense_units(claims: Sequence[Claim], rows: Sequence[Row], table: TrialTable) -> list[Finding]:
    return [
        _best(claims[0], rows, paper.DENSE_UNITS_OF_LEAST_LOSS, "validation_loss"),
        _best(claims[1], rows, paper.DENSE_UNITS_OF_MOST_ACCURACY, "validation_accuracy"),
        _training_is_uninformative(claims[2], rows),
    ]


def _batch_size(claims: Sequence[Claim], rows: Sequence[Row], table: TrialTable) -> list[Finding]:
    ordered = sorted(rows, key=lambda row: row.value or 0)
    seconds = [row.seconds_per_epoch.mean for row in ordered if row.seconds_per_epoch]
    losses = [row.train_loss.mean for row in ordered if row.train_loss]
    return [
        _best(claims[0], rows, paper.BATCH_SIZES_OF_LEAST_LOSS, "validation_loss"),
        _best(claims[1], rows, paper.BATCH_SIZES_OF_MOST_ACCURACY, "validation_accuracy"),
        _trend(
            claims[2],
            " → ".join(f"{number:.1f} s" for number in seconds),
            seconds,
            _falls(seconds),
            "Median seconds of an epoch of phase 2, from the smallest batch to the largest. Small batches take more "
            "steps, and each step has its price; from which size on larger ones gain nothing more depends on the "
            "machine. It may have had other work too; times measured without any are in docs/experiments.md.",
        ),
        _trend(
            claims[3],
            " → ".join(map(loss, losses)),
            losses,
            _falls(losses[::-1]),
            "Training loss of the epoch whose weights were kept, from the smallest batch to the largest.",
        ),
    ]


def _epochs(claims: Sequence[Claim], rows: Sequence[Row], table: TrialTable) -> list[Finding]:
    ordered = sorted(rows, key=lambda row: row.value or 0)
    longest = ordered[-1].value
    stages = [trial.stages["phase2"] for trial in table.trials if trial.value == longest]
    stops = [float(stage.epochs) for stage in stages]
    early = all(stage.stopped_early for stage in stages)
    as_theirs = holds(early and abs(_mean(stops) - paper.PHASE2_EPOCHS) <= 10)
    wrong = [_mean([float(trial.incorrect) for trial in table.trials if trial.value == row.value]) for row in ordered]
    losses = [(row.train_loss.mean, row.value) for row in ordered if row.train_loss]
    lowest = min(losses, default=None)
    return [
        _trend(
            claims[0],
            f"lowest with {lowest[1]}: {' → '.join(loss(mean) for mean, _ in losses)}" if lowest else "–",
            losses,
            lowest is not None and losses.index(lowest) < len(losses) / 2,
            "Training loss of the epoch whose weights were kept, from the fewest epochs to the most.",
        ),
        Finding(
            *claims[1],
            f"in epoch {spread(stops, '{:.0f}')}" if early else "not stopped early",
            as_theirs if longest == SWEEPS["epochs"][-1] else Verdict.OPEN,
            f"With {longest} + {longest} epochs planned. The paper does not give its patience; ours "
            f"is {table.base.phase2.patience}.",
        ),
        _trend(
            claims[2],
            " → ".join(f"{number:.0f}" for number in wrong),
            wrong,
            wrong[-1] < wrong[0],
            "Incorrect labels of the test set, from the fewest epochs to the most.",
        ),
    ]


_CLAIMS: dict[str, tuple[Claim, ...]] = {
    "dense_units": (
        ("Figure 10", "Size with the lowest validation loss", "128"),
        ("Figure 11", "Size with the highest validation accuracy", "64 or 128"),
        ("Figures 10 and 11", "Training loss and accuracy tell the sizes apart", "no: almost perfect for every size"),
    ),
    "epochs": (
        ("Figure 12", "Epochs with the lowest training loss", "a small number"),
        ("Figures 12 and 13", "Phase 2 of 100 + 100 epochs is stopped", "in epoch 21"),
        ("Section 4.1", "More epochs: fewer incorrect labels", "yes, to an extent"),
    ),
    "batch_size": (
        ("Figure 14", "Batch size with the lowest validation loss", "256"),
        ("Figure 15", "Batch size with the highest validation accuracy", "256"),
        ("Section 4.1", "Epochs become shorter as batches grow", "yes"),
        ("Figure 14", "Training loss grows with the batch size", "yes"),
    ),
}


def _best(claim: Claim, rows: Sequence[Row], theirs: Sequence[Value], figure: str) -> Finding:
    """Which value is best on validation, and whether that could be chance."""
    sign = 1 if figure.endswith("loss") else -1
    known = [(getattr(row, figure), row) for row in rows if getattr(row, figure) is not None]
    ranked = sorted(known, key=lambda pair: sign * pair[0].mean)
    (best, row), others = ranked[0], ranked[1:]
    written = loss if sign == 1 else percent
    ours = f"{row.value} ({written(best.mean)})"
    if not others:
        return Finding(*claim, ours, Verdict.OPEN, _ONE_VALUE)
    second, runner_up = others[0]
    ours += f", then {runner_up.value} ({written(second.mean)})"
    several = row.n_seeds > 1 and runner_up.n_seeds > 1
    apart = several and (best.high < second.low if sign == 1 else best.low > second.high)
    if apart:
        return Finding(*claim, ours, holds(row.value in theirs), "The ranges over the seeds do not overlap.")
    why = (
        "The ranges of these two over the seeds overlap, so that their order may be chance."
        if several
        else "One seed does not tell whether their order is chance."
    )
    agreed = row.value in theirs
    return Finding(*claim, ours, Verdict.HOLDS if agreed and several else Verdict.OPEN, why)


def _training_is_uninformative(claim: Claim, rows: Sequence[Row]) -> Finding:
    accuracies = [row.train_accuracy.mean for row in rows if row.train_accuracy]
    losses = [row.train_loss.mean for row in rows if row.train_loss]
    ours = f"accuracy {percent(min(accuracies))} to {percent(max(accuracies))}, loss {loss(min(losses))} to "
    return _trend(
        claim,
        ours + loss(max(losses)),
        accuracies,
        min(accuracies) >= paper.PERFECT,
        "Means over the sizes, of the epoch whose weights were kept.",
    )


def _grid(axis: str, rows: Sequence[Row], table: TrialTable) -> Grid:
    columns = (
        *("Value", "Seeds", "Validation loss", "Validation accuracy", "Training loss", "Training accuracy"),
        *("Test: incorrect", "Seconds an epoch"),
    )
    cells = []
    for row in rows:
        own: list[Trial] = [trial for trial in table.trials if trial.value == row.value]
        cells.append(
            (
                f"{row.value} {_UNITS[axis]}",
                str(row.n_seeds),
                _cell([trial.point.validation_loss for trial in own], "{:.4f}"),
                _cell([trial.point.validation_accuracy for trial in own], "{:.2%}"),
                _cell([trial.point.train_loss for trial in own], "{:.2g}"),
                _cell([trial.point.train_accuracy for trial in own], "{:.2%}"),
                _cell([float(trial.incorrect) for trial in own], "{:.0f}"),
                _cell([trial.point.seconds_per_epoch for trial in own], "{:.1f}"),
            )
        )
    return Grid("Every value: mean, and the range over the seeds", columns, tuple(cells))


def _cell(values: Sequence[float | None], written: str) -> str:
    known = [value for value in values if value is not None]
    return spread(known, written) if known else "–"


def _trend(claim: Claim, ours: str, numbers: Sequence[object], as_theirs: bool, why: str) -> Finding:
    """A claim over the values of a sweep, open while there is only one. numbers: one for each value."""
    if len(numbers) < 2:
        return Finding(*claim, ours, Verdict.OPEN, _ONE_VALUE)
    return Finding(*claim, ours, holds(as_theirs), why)


def _falls(numbers: Sequence[float]) -> bool:
    """Whether each number is smaller than the one before."""
    return all(later < earlier for earlier, later in itertools.pairwise(numbers))


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)

"""Curves of a training, finished or on its way: the paper's figures 4, 7 and 8, and those of several runs together."""

from collections.abc import Mapping, Sequence
from typing import Literal

import plotly.graph_objects as go

from core.figures.chart import ACCENT, DASHES, MUTED, SERIES, Chart, chart, digits, note, plain
from core.store import StageFacts
from core.training.progress import EpochRecord
from core.wording import STAGE_NAMES, count, percent

Measure = Literal["loss", "accuracy", "val_loss", "val_accuracy"]

CLASSIFIER = ("phase1", "phase2")
_EPOCH = "Epoch"
_CROSS_ENTROPY = "Loss (cross-entropy, nats)"
_ACCURACY = "Accuracy"
_PERCENT = ".4~%"
_LOSS_UNITS = {"mean_squared_error": "mean squared error", "binary_crossentropy": "binary cross-entropy, nats"}
_FEW = 40
"""Up to this many epochs each has a dot of its own."""


def autoencoder_loss(history: Sequence[EpochRecord], loss: str = "mean_squared_error", log: bool = False) -> Chart:
    """Loss of the autoencoder in each epoch (figure 4). history: epochs of any stages, in order; may be none.

    loss: the recipe's. log: a logarithmic axis.
    """
    records = [record for record in history if record.stage == "autoencoder"]
    return _training_curve(
        records,
        stages=None,
        of="loss",
        subject="Reconstruction loss",
        y_title=f"Loss ({_LOSS_UNITS.get(loss, loss)})",
        log=log,
    )


def classifier_loss(
    history: Sequence[EpochRecord], stages: Mapping[str, StageFacts] | None = None, log: bool = False
) -> Chart:
    """Loss of the classifier in each epoch of both phases (figure 7), with their boundary.

    history: epochs of any stages, in order; may be none. stages: facts of a finished run, from which the kept epoch
    and an early stop are marked; None while it runs. log: a logarithmic axis.
    """
    records = [record for record in history if record.stage in CLASSIFIER]
    return _training_curve(records, stages, "loss", "Loss of the classifier", _CROSS_ENTROPY, log)


def classifier_accuracy(history: Sequence[EpochRecord], stages: Mapping[str, StageFacts] | None = None) -> Chart:
    """Accuracy of the classifier in each epoch of both phases (figure 8); takes what `classifier_loss` does."""
    records = [record for record in history if record.stage in CLASSIFIER]
    return _training_curve(records, stages, "accuracy", "Accuracy of the classifier", _ACCURACY)


def overlaid(histories: Mapping[str, Sequence[EpochRecord]], measure: Measure = "val_loss") -> Chart:
    """One measure of the classifiers of several runs over the epochs of both phases.

    histories: name of the run -> its epochs, in order; up to six are easily told apart. A diamond begins phase 2.
    """
    traces, columns = [], _columns("run", "stage", "epoch", measure)
    last: dict[str, float] = {}
    drawn = []
    for number, (name, history) in enumerate(histories.items()):
        records = [record for record in history if record.stage in CLASSIFIER]
        drawn.append(records)
        values = [getattr(record, measure) for record in records]
        first = next((i for i, record in enumerate(records) if record.stage == "phase2"), None)
        sizes = [9 if i == first else 5 if len(records) <= _FEW else 0 for i in range(len(records))]
        traces.append(
            go.Scatter(
                x=list(range(1, len(records) + 1)),
                y=values,
                name=plain(name),
                mode="lines+markers",
                line={"color": SERIES[number % len(SERIES)], "dash": DASHES[number % len(DASHES)], "width": 2},
                marker={"size": sizes, "symbol": ["diamond" if i == first else "circle" for i in range(len(records))]},
                customdata=[_where(record) for record in records],
                hovertemplate=f"%{{customdata}}<br>%{{y:{_hover_format(measure)}}}",
            )
        )
        for record, value in zip(records, values, strict=True):
            _append(columns, name, record.stage, record.epoch, value)
        known = [value for value in values if value is not None]
        if known:
            last[name] = known[-1]
    words = f"{_MEASURE_NAMES[measure]} of {count(len(histories), 'run')}"
    ends = "; ".join(f"{name} ends at {_in_words(value, measure)}" for name, value in last.items())
    result = chart(
        traces,
        title=f"{words}, epoch by epoch",
        x_title="Epoch, both phases (a diamond begins phase 2)",
        y_title=_ACCURACY if "accuracy" in measure else _CROSS_ENTROPY,
        alt=f"{words} over the epochs of both phases. {ends or 'There are no epochs yet'}.",
        table=columns,
        empty="" if last else "No epochs yet",
    )
    _count_epochs(result.figure, max(map(len, drawn), default=0))
    if "accuracy" in measure:
        result.figure.update_yaxes(tickformat=_PERCENT)
    return result


_MEASURE_NAMES: dict[str, str] = {
    "loss": "Training loss",
    "accuracy": "Training accuracy",
    "val_loss": "Validation loss",
    "val_accuracy": "Validation accuracy",
}


def _training_curve(
    records: Sequence[EpochRecord],
    stages: Mapping[str, StageFacts] | None,
    of: Literal["loss", "accuracy"],
    subject: str,
    y_title: str,
    log: bool = False,
) -> Chart:
    measures: tuple[Measure, Measure] = ("loss", "val_loss") if of == "loss" else ("accuracy", "val_accuracy")
    x = list(range(1, len(records) + 1))
    traces = []
    columns = _columns("stage", "epoch", *measures)
    for measure, colour, dash in ((measures[0], MUTED, "dot"), (measures[1], ACCENT, "solid")):
        values = [getattr(record, measure) for record in records]
        columns[measure] = values
        if any(value is not None for value in values):
            traces.append(
                go.Scatter(
                    x=x,
                    y=values,
                    name="Validation" if measure.startswith("val_") else "Training",
                    mode="lines+markers" if len(records) <= _FEW else "lines",
                    line={"color": colour, "dash": dash, "width": 2},
                    marker={"size": 6},
                    customdata=[_where(record) for record in records],
                    hovertemplate=f"%{{customdata}}<br>%{{y:{_hover_format(measure)}}}",
                )
            )
    columns["stage"] = [record.stage for record in records]
    columns["epoch"] = [record.epoch for record in records]
    shown = measures[1] if any(value is not None for value in columns[measures[1]]) else measures[0]
    kept = _kept(records, stages or {})
    traces += [
        go.Scatter(
            x=[at],
            y=[columns[shown][at - 1]],
            name=words,
            mode="markers",
            marker={"symbol": "diamond", "size": 12, "color": SERIES[1]},
            hovertemplate=f"%{{y:{_hover_format(shown)}}}",
        )
        for at, words in kept
    ]
    title, alt = _summary(records, measures, subject)
    result = chart(
        traces,
        title=title,
        x_title=_EPOCH,
        y_title=y_title,
        alt=". ".join([alt, *(words for _, words in kept)]) + ".",
        table=columns,
        empty="" if records else "No epochs yet",
    )
    _draw_boundary(result.figure, records, at_top=of == "loss")
    _count_epochs(result.figure, len(records))
    if of == "accuracy":
        result.figure.update_yaxes(tickformat=_PERCENT)
    if log:
        result.figure.update_yaxes(type="log", dtick=1)
    return result


def _summary(records: Sequence[EpochRecord], measures: tuple[Measure, Measure], subject: str) -> tuple[str, str]:
    """Title and words: the best epoch by validation, else the last by training."""
    training, validation = measures
    if not records:
        return f"{subject}: no epochs yet", f"{subject}: there are no epochs yet"
    measure = validation if any(getattr(record, validation) is not None for record in records) else training
    known = [record for record in records if getattr(record, measure) is not None]
    if not known:
        return subject, f"{subject}: there are no values"
    is_loss = "loss" in measure
    best = (min if is_loss else max)(known, key=lambda record: float(getattr(record, measure)))
    where = f"epoch {best.epoch}" if best.stage == "autoencoder" else f"epoch {best.epoch} of {_stage(best)}"
    extreme = "lowest" if is_loss else "highest"
    value, first, last = (_in_words(getattr(one, measure), measure) for one in (best, known[0], known[-1]))
    name = _MEASURE_NAMES[measure]
    title = f"{name} is {extreme} in {where}: {value}"
    return title, f"{subject} in {count(len(records), 'epoch')}. {name} begins at {first}, ends at {last}, and is " + (
        f"{extreme} in {where} with {value}"
    )


def _kept(records: Sequence[EpochRecord], stages: Mapping[str, StageFacts]) -> list[tuple[int, str]]:
    """The epochs whose weights were kept, on the axis of epochs, in words."""
    found = []
    for stage in dict.fromkeys(record.stage for record in records):
        at = [i for i, record in enumerate(records, start=1) if record.stage == stage]
        best = stages[stage].best_epoch if stage in stages else None
        if best is not None and best <= len(at):
            after = f", stopped early after {len(at)}" if stages[stage].stopped_early else f" of {len(at)}"
            found.append((at[best - 1], f"Kept: epoch {best}{after}"))
    return found


def _draw_boundary(figure: go.Figure, records: Sequence[EpochRecord], at_top: bool) -> None:
    """Between the phases, with their names where the curves are not."""
    n_first = sum(record.stage == "phase1" for record in records)
    if 0 < n_first < len(records):
        figure.add_vline(n_first + 0.5, line={"color": MUTED, "width": 1.5})
        where = {"x": n_first + 0.5, "y": int(at_top), "yref": "paper", "yanchor": "top" if at_top else "bottom"}
        note(figure, f" {STAGE_NAMES['phase1']} ", xanchor="right", **where)
        note(figure, f" {STAGE_NAMES['phase2']} ", xanchor="left", **where)


def _count_epochs(figure: go.Figure, n: int) -> None:
    """Whole epochs on the axis."""
    figure.update_xaxes(range=[0.5 - 0.01 * n, n + 0.5 + 0.01 * n], zeroline=False, showgrid=False, tickformat="d")
    if n <= 12:
        figure.update_xaxes(dtick=1, tick0=1)


def _stage(record: EpochRecord) -> str:
    return STAGE_NAMES[record.stage].lower()


def _where(record: EpochRecord) -> str:
    return f"{STAGE_NAMES[record.stage]}, epoch {record.epoch}"


def _in_words(value: float, measure: str) -> str:
    return percent(value) if "accuracy" in measure else digits(value)


def _hover_format(measure: str) -> str:
    return ".2%" if "accuracy" in measure else ".4g"


def _columns(*names: str) -> dict[str, list[object]]:
    return {name: [] for name in names}


def _append(columns: dict[str, list[object]], *values: object) -> None:
    for column, value in zip(columns.values(), values, strict=True):
        column.append(value)

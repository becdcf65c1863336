"""Sweeps: loss, accuracy and time over the values of one setting (the paper's figures 10 to 15)."""

from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from core.figures.chart import ACCENT, MUTED, Chart, chart, digits, rgba
from core.sweeps import ALIASES, Point, Row, Spread, Value, summarise
from core.wording import STAGE_NAMES, count, percent

_Series = tuple[str, str, str, str, float]
"""Name, field of `Point` and `Row`, colour, dash, and how far beside its value a mark stands."""


def sweep_loss(points: Sequence[Point], axis: str, values: Sequence[Value] | None = None) -> Chart:
    """Training and validation loss over the values of a setting (figures 10, 12 and 14).

    points: finished runs, in any order; may be none. axis: the setting's dotted name or alias. values: all that the
    sweep will have, in order, so that points which come later find their place; None: those of the points.
    Each seed is a ring; the line joins the means, and bars span the range of several seeds.
    """
    return _sweep(points, axis, values, "loss", "Loss (cross-entropy, nats)", digits)


def sweep_accuracy(points: Sequence[Point], axis: str, values: Sequence[Value] | None = None) -> Chart:
    """Training and validation accuracy over the values (figures 11, 13 and 15); takes what `sweep_loss` does."""
    result = _sweep(points, axis, values, "accuracy", "Accuracy", percent)
    result.figure.update_yaxes(tickformat=".4~%")
    return result


def sweep_seconds(points: Sequence[Point], axis: str, values: Sequence[Value] | None = None) -> Chart:
    """Seconds of an epoch over the values (the remarks to figures 12 and 14); takes what `sweep_loss` does."""
    series = [("Seconds per epoch", "seconds_per_epoch", ACCENT, "solid", 0.0)]
    name, shown = axis_words(axis), _values(points, values)
    means = [_mean(row.seconds_per_epoch) for row in summarise(points).rows if row.seconds_per_epoch]
    title = f"{name}: seconds of an epoch"
    if len(means) > 1:
        # No value is named the fastest: what else the machine had to do is in these times too.
        title = f"{name}: an epoch takes {min(means):.1f} to {max(means):.1f} s"
    alt = f"{title}. " + _spoken(points, series, digits)
    return _chart(points, shown, series, title, name, "Time per epoch (s)", alt, ".3~g")


def axis_words(axis: str) -> str:
    """A setting as words: "phase2.learning_rate" is "Phase 2 learning rate", an alias names what it stands for."""
    if axis in ALIASES:
        stages = [name.partition(".")[0] for name in ALIASES[axis]]
        both = " of each phase" if len(stages) > 1 else ""
        return axis.replace("_", " ").capitalize() + both
    section, _, leaf = axis.rpartition(".")
    words = leaf.replace("_", " ")
    return f"{STAGE_NAMES[section]} {words}" if section in STAGE_NAMES else words.capitalize()


def value_words(value: Value) -> str:
    """A value of the axis as it stands below the plot: 1,024, 0.001, none."""
    if value is None:
        return "none"
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def _sweep(
    points: Sequence[Point],
    axis: str,
    values: Sequence[Value] | None,
    measure: str,
    y_title: str,
    words: Callable[[float], str],
) -> Chart:
    series: list[_Series] = [
        ("Training", f"train_{measure}", MUTED, "dot", -0.06),
        ("Validation", f"validation_{measure}", ACCENT, "solid", 0.06),
    ]
    name, shown = axis_words(axis), _values(points, values)
    title = _finding(points, name, measure)
    alt = f"{title}. " + _spoken(points, series, words)
    return _chart(points, shown, series, title, name, y_title, alt, ".2%" if measure == "accuracy" else ".4g")


def _finding(points: Sequence[Point], name: str, measure: str) -> str:
    """What the sweep says: the best value by validation, and whether that may be chance."""
    summary = summarise(points)
    if measure == "loss":
        choice = summary.choice
        if choice is None or choice.runner_up is None:
            return f"{name}: loss"
        finding = f"{name}: validation loss is lowest at {value_words(choice.best.value)}"
        if choice.within_noise:
            return f"{finding}, but within the noise of {value_words(choice.runner_up.value)}"
        return finding if choice.within_noise is False else f"{finding} (one seed)"
    rows = [row for row in summary.rows if row.validation_accuracy]
    if len(rows) < 2:
        return f"{name}: accuracy"
    first, second = sorted(rows, key=lambda row: -_mean(row.validation_accuracy))[:2]
    finding = f"{name}: validation accuracy is highest at {value_words(first.value)}"
    if min(first.n_seeds, second.n_seeds) < 2:
        return f"{finding} (one seed)"
    best, rival = first.validation_accuracy, second.validation_accuracy
    near = best is not None and rival is not None and best.low <= rival.high
    return f"{finding}, but within the noise of {value_words(second.value)}" if near else finding


def _chart(
    points: Sequence[Point],
    shown: Sequence[Value],
    series: Sequence[_Series],
    title: str,
    name: str,
    y_title: str,
    alt: str,
    hover: str,
) -> Chart:
    at = {value: float(i) for i, value in enumerate(shown)}
    traces = [trace for one in series for trace in _traces(points, at, one, hover)]
    columns = ("value", "seed", *(field for _, field, *_ in series))
    table = {name: [getattr(point, name) for point in points] for name in columns}
    result = chart(
        traces,
        title=title,
        x_title=name,
        y_title=y_title,
        alt=alt,
        table=table,
        empty="" if any(trace.y for trace in traces) else "No finished run yet",
    )
    result.figure.update_xaxes(
        tickvals=list(at.values()),
        ticktext=[value_words(value) for value in shown],
        range=[-0.5, max(len(shown), 1) - 0.5],
        showgrid=False,
        zeroline=False,
    )
    return result


def _traces(points: Sequence[Point], at: dict[Value, float], series: _Series, hover: str) -> list[go.Scatter]:
    name, field, colour, dash, aside = series
    known = [point for point in points if getattr(point, field) is not None and point.value in at]
    rows = [(row, spread) for row, spread in ((row, _spread(row, field)) for row in summarise(known).rows) if spread]
    rows.sort(key=lambda pair: at[pair[0].value])
    seeds = go.Scatter(
        x=[at[point.value] + aside for point in known],
        y=[getattr(point, field) for point in known],
        name=f"{name}, each seed",
        showlegend=False,
        mode="markers",
        marker={"size": 8, "color": rgba(colour, 0.25), "line": {"color": colour, "width": 1.5}},
        customdata=[f"{value_words(point.value)}, seed {point.seed}" for point in known],
        hovertemplate=f"%{{customdata}}<br>%{{y:{hover}}}<extra>{name}</extra>",
    )
    means = go.Scatter(
        x=[at[row.value] + aside for row, _ in rows],
        y=[spread.mean for _, spread in rows],
        name=name,
        mode="lines",
        line={"color": colour, "dash": dash, "width": 2},
        error_y={
            "array": [spread.high - spread.mean for _, spread in rows],
            "arrayminus": [spread.mean - spread.low for _, spread in rows],
            "symmetric": False,
            "visible": any(row.n_seeds > 1 for row, _ in rows),
            **{"color": colour, "thickness": 1.5, "width": 5},
        },
        customdata=[f"{value_words(row.value)}, mean of {count(row.n_seeds, 'seed')}" for row, _ in rows],
        hovertemplate=f"%{{customdata}}<br>%{{y:{hover}}}<extra>{name}</extra>",
    )
    return [means, seeds]


def _values(points: Sequence[Point], values: Sequence[Value] | None) -> list[Value]:
    return list(dict.fromkeys(values if values is not None else [point.value for point in points]))


def _spoken(points: Sequence[Point], series: Sequence[_Series], words: Callable[[float], str]) -> str:
    rows = summarise(points).rows
    if not rows:
        return "There is no finished run yet."
    return " ".join(
        f"{name}, mean: " + "; ".join(f"{value_words(row.value)}: {words(spread.mean)}" for row, spread in found) + "."
        for name, field, *_ in series
        if (found := [(row, spread) for row in rows if (spread := _spread(row, field))])
    )


def _spread(row: Row, field: str) -> Spread | None:
    spread: Spread | None = getattr(row, field)
    return spread


def _mean(spread: Spread | None) -> float:
    return spread.mean if spread else float("nan")

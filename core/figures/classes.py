"""Figures of a dataset: how many images each class has."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.figures.chart import SERIES, Chart, chart, plain
from core.wording import count


def class_counts(counts: Mapping[str, Sequence[int]], class_names: Sequence[str]) -> Chart:
    """Images of each class in each part of a dataset.

    counts: part ("Training", "Test") -> images of each class, in the order of class_names.
    """
    traces = [
        go.Bar(
            x=list(range(len(class_names))),
            y=list(numbers),
            name=plain(part),
            marker={"color": SERIES[i % len(SERIES)]},
            customdata=[plain(name) for name in class_names],
            hovertemplate="%{customdata}: %{y:,}",
        )
        for i, (part, numbers) in enumerate(counts.items())
    ]
    first = next(iter(counts), None)
    title, alt = "Images of each class", "There are no images"
    if first is not None and len(counts[first]):
        numbers = list(counts[first])
        low, high = min(numbers), max(numbers)
        rarest, commonest = class_names[numbers.index(low)], class_names[numbers.index(high)]
        if low == high:
            title = f"Every class has {count(low, 'image')} ({first.lower()})"
        else:
            title = f"{first} images a class: {low:,} (of {rarest}) to {high:,} (of {commonest})"
        alt = ". ".join(
            f"{part} images of each class: "
            + ", ".join(f"{name}: {number:,}" for name, number in zip(class_names, numbers, strict=True))
            for part, numbers in counts.items()
        )
    result = chart(
        traces,
        title=title,
        x_title="Class",
        y_title="Images",
        alt=f"{alt}.",
        table={"class": list(class_names)} | {part: list(numbers) for part, numbers in counts.items()},
        height=320,
        empty="" if first is not None and len(class_names) else "No images",
    )
    result.figure.update_xaxes(
        tickvals=list(range(len(class_names))), ticktext=[plain(name) for name in class_names], showgrid=False
    )
    result.figure.update_yaxes(tickformat=",")
    result.figure.update_layout(barmode="group", bargap=0.25, bargroupgap=0.05)
    return result

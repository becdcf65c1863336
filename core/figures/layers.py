"""The proof of freezing and fine-tuning: how far each layer moved in each of the classifier's phases."""

import math
from collections.abc import Mapping

import plotly.graph_objects as go

from core.figures.chart import ACCENT, MUTED, SERIES, Chart, chart, digits, plain
from core.store import StageFacts
from core.wording import STAGE_NAMES

_PHASES = (("phase1", SERIES[1], "diamond"), ("phase2", ACCENT, "circle"))


def largest_changes(stages: Mapping[str, StageFacts]) -> Chart:
    """Largest change of any weight or statistic of each layer, by phase, on a logarithmic axis.

    stages: `Metrics.stages`. A logarithmic axis has no zero: layers that did not move stand at its left end, on a line
    of their own that says 0.
    """
    facts = {stage: stages[stage].largest_change for stage, *_ in _PHASES if stage in stages}
    layers = list(dict.fromkeys(layer for change in facts.values() for layer in change))
    moved = [value for change in facts.values() for value in change.values() if value > 0]
    low = math.floor(math.log10(min(moved))) if moved else -3
    high = math.ceil(math.log10(max(moved))) if moved else 0
    high += high == low
    zero = 10.0 ** (low - 1)
    traces = [
        go.Scatter(
            x=[facts[stage][layer] or zero for layer in layers if layer in facts[stage]],
            y=[layers.index(layer) for layer in layers if layer in facts[stage]],
            name=STAGE_NAMES[stage],
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 11, "opacity": 0.9},
            customdata=[
                [plain(layer), digits(facts[stage][layer]) if facts[stage][layer] else "0, not moved"]
                for layer in layers
                if layer in facts[stage]
            ],
            hovertemplate="%{customdata[0]}: %{customdata[1]}",
        )
        for stage, colour, symbol in _PHASES
        if stage in facts
    ]
    title, alt = _words(facts, layers)
    result = chart(
        traces,
        title=title,
        x_title="Largest change of a weight or statistic",
        y_title="Layer",
        alt=alt,
        table={"layer": layers}
        | {STAGE_NAMES[stage]: [change.get(layer) for layer in layers] for stage, change in facts.items()},
        height=150 + 26 * len(layers),
        empty="" if layers else "No layers recorded",
    )
    every = max(1, math.ceil((high - low) / 5))
    powers = list(range(low, high + 1, every))
    result.figure.update_xaxes(
        type="log",
        range=[low - 1.3, high + 0.2],
        tickvals=[zero, *(10.0**power for power in powers)],
        ticktext=["0", *(f"{10.0**power:g}" for power in powers)],
    )
    result.figure.update_yaxes(
        tickvals=list(range(len(layers))),
        ticktext=[plain(layer.replace("_", " ")) for layer in layers],
        range=[len(layers) - 0.5, -0.5],
        zeroline=False,
    )
    if layers:
        result.figure.add_vline(zero, line={"color": MUTED, "width": 1, "dash": "dot"})
    return result


def _words(facts: Mapping[str, Mapping[str, float]], layers: list[str]) -> tuple[str, str]:
    if not layers:
        return "Change of each layer", "No changes of layers are recorded."
    still = {stage: [layer for layer in layers if change.get(layer) == 0] for stage, change in facts.items()}
    spoken = "; ".join(
        f"{STAGE_NAMES[stage]}: {len(change) - len(still[stage])} of {len(change)} layers moved"
        + (f", {', '.join(still[stage])} did not" if still[stage] else "")
        for stage, change in facts.items()
    )
    first, second = still.get("phase1"), still.get("phase2")
    encoder = [layer for layer in layers if layer.startswith("encoder")]
    title = f"Layers moved in {' and '.join(STAGE_NAMES[stage].lower() for stage in facts)}"
    if encoder and first == encoder and second == []:
        title = "Phase 1 left the encoder as it was; phase 2 moved every layer"
    return title, f"{title}. Largest change of each layer. {spoken}."

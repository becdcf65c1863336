"""What was measured as JSON, and from it the Markdown tables of docs/reading.md, which can be rebuilt at any time."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.reading.measure import Counted, Refusals, auroc, interval
from benchmarks.reading.runs import NOTHING, WHOLE
from benchmarks.reading.sets import DevelopmentSet

BEGIN, END = "<!-- tables: {} -->", "<!-- end of tables: {} -->"

Result = dict[str, Any]


def result(chosen: DevelopmentSet, counts: Mapping[str, Counted]) -> Result:
    """What is kept of a set: its group, what it is, and the counts by preparation; novelties with all steps only."""
    kept = {}
    for name, count in counts.items():
        values = asdict(count)
        if name != WHOLE:
            values.pop("novelties")
        else:
            values["novelties"] = [round(value, 3) for value in values["novelties"]]
        kept[name] = values
    return {"group": chosen.group, "description": chosen.description, "digits": chosen.digits, "counts": kept}


def as_json(kept: Mapping[str, Any]) -> str:
    """What was measured as text, lists of numbers on one line each."""
    text = json.dumps(kept, indent=1, ensure_ascii=False)
    return re.sub(r"\[[-\d.,\s]+\]", lambda numbers: " ".join(numbers[0].split()), text) + "\n"


def measured_with(kept: Mapping[str, Any]) -> list[str]:
    """The line that says with what the tables were measured."""
    return [f"Measured on {kept['date']} with {kept['run_is']}; digits: {kept['mnist']}; seed {kept['seed']}."]


def accuracy(results: Mapping[str, Result], group: str) -> list[str]:
    """The sets of a group: digits right, boxes found, counts and texts right, with 95% intervals of the first."""
    lines = [
        "| set | digits | right | 95% interval | box found | pictures | count right | text right | stopped by gate |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    chosen = {name: one["counts"][WHOLE] for name, one in results.items() if one["group"] == group}
    rows = list(chosen.items())
    if len(rows) > 1:
        rows.append(("**all of these**", _summed(list(chosen.values()))))
    for name, counts in rows:
        digits, pictures = counts["digits"], counts["pictures"]
        low, high = interval(counts["right"], digits)
        lines.append(
            f"| {name} | {digits:,} | {_percent(counts['right'], digits)} | {100 * low:.1f} to {100 * high:.1f} "
            f"| {_percent(counts['found'], digits)} | {pictures:,} | {_percent(counts['count_right'], pictures)} "
            f"| {_percent(counts['text_right'], pictures)} | {_percent(counts['flagged'], digits)} |"
        )
    return lines


def descriptions(results: Mapping[str, Result], group: str) -> list[str]:
    """What the sets of a group are."""
    return ["| set | what it is |", "|---|---|"] + [
        f"| {name} | {one['description']} |" for name, one in results.items() if one["group"] == group
    ]


def ablation(results: Mapping[str, Result]) -> list[str]:
    """Per set: digits right with all steps, and by how many points that changes when one is left out."""
    measured = {name: one for name, one in results.items() if one["digits"] and NOTHING in one["counts"]}
    if not measured:
        return ["Not measured."]
    steps = [step for step in next(iter(measured.values()))["counts"] if step not in (WHOLE, NOTHING)]
    lines = [
        f"| set | digits | {WHOLE} | {' | '.join(f'without {step}' for step in steps)} | {NOTHING} |",
        "|---" * (4 + len(steps)) + "|",
    ]
    rows = [(name, one["counts"]) for name, one in measured.items()]
    names = list(rows[0][1])
    rows.append(("**all**", {step: _summed([counts[step] for _, counts in rows]) for step in names}))
    for name, counts in rows:
        digits = counts[WHOLE]["digits"]
        changes = [_change(counts[step]["right"] - counts[WHOLE]["right"], digits) for step in steps]
        lines.append(
            f"| {name} | {digits:,} | {_percent(counts[WHOLE]['right'], digits)} | {' | '.join(changes)} "
            f"| {_percent(counts[NOTHING]['right'], digits)} |"
        )
    return lines


def gate(results: Mapping[str, Result]) -> list[str]:
    """Per set without digits: AUROC of the novelty against all digits of all sets, and what passed as a digit."""
    digits = [value for one in results.values() if one["digits"] for value in one["counts"][WHOLE]["novelties"]]
    lines = ["| set | pictures | AUROC | something passed as a digit | 95% interval | nothing found at all |",
             "|---|---|---|---|---|---|"]  # fmt: skip
    everything = Refusals()
    for name, one in results.items():
        if one["digits"]:
            continue
        counts = one["counts"][WHOLE]
        everything.pictures += counts["pictures"]
        everything.accepted += counts["accepted"]
        everything.empty += counts["empty"]
        everything.novelties += counts["novelties"]
        lines.append(_gate_row(name, counts, digits))
    if everything.pictures:
        lines.append(_gate_row("**all of these**", asdict(everything), digits))
    return lines


def speed(measured: Mapping[str, Any]) -> list[str]:
    """The table of what took how long."""
    return [
        "| what | measured | goal |",
        "|---|---|---|",
        f"| first answer of a fresh process: imports, opening, reading a file | {measured['first']:.2f} s | 1 s |",
        f"| of it imports and opening | {measured['opened']:.2f} s | |",
        f"| each digit after it, median | {1000 * measured['later']:.0f} ms | 50 ms |",
        f"| 1,000 files of 28x28 through `python -m core predict` | {measured['files']:.1f} s | 60 s |",
        "",
        f"On {measured['machine']}.",
    ]


def replaced(page: str, tables: Mapping[str, Sequence[str]]) -> str:
    """The page with the lines between its marks of each name replaced. Raises ValueError if a mark is missing."""
    for name, lines in tables.items():
        begin, end = BEGIN.format(name), END.format(name)
        if begin not in page or end not in page:
            raise ValueError(f"page: expected the marks {begin} and {end}, found none")
        before, rest = page.split(begin, 1)
        page = before + begin + "\n" + "\n".join(lines) + "\n" + end + rest.split(end, 1)[1]
    return page


def _gate_row(name: str, counts: Mapping[str, Any], digits: Sequence[float]) -> str:
    low, high = interval(counts["accepted"], counts["pictures"])
    value = auroc(digits, counts["novelties"])
    shown = "" if math.isnan(value) else f"{value:.3f}"
    return (
        f"| {name} | {counts['pictures']:,} | {shown} | {_percent(counts['accepted'], counts['pictures'])} "
        f"| {100 * low:.1f} to {100 * high:.1f} | {_percent(counts['empty'], counts['pictures'])} |"
    )


def _summed(counts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = [name for name in counts[0] if name != "novelties"]
    return {name: sum(one[name] for one in counts) for name in names}


def _percent(part: int, n: int) -> str:
    return f"{100 * part / n:.1f}%" if n else ""


def _change(difference: int, n: int) -> str:
    return "" if difference == 0 else f"{100 * difference / n:+.1f}"

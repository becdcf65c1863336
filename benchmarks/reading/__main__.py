"""Measure how well a run reads, print the tables and, with --write, put them into docs/reading.md.

    python -m benchmarks.reading --run RUN [--sets NAME ...] [--n 50] [--ablate] [--misread FOLDER] [--write]
    python -m benchmarks.reading --rebuild

The digits are MNIST's test images ($DIGITLAB_TEST_MNIST) and those of $DIGITLAB_TEST_HANDWRITING. What was measured
is kept in docs/reading.json, set by set, so that --keep goes on where it was stopped; --rebuild makes the tables.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.reading import tables
from benchmarks.reading.latency import latency
from benchmarks.reading.measure import Counted
from benchmarks.reading.reader import described
from benchmarks.reading.runs import WHOLE, Task, measured, preparations
from benchmarks.reading.sets import DevelopmentSet, development_sets, mnist_name

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, KEPT = DOCS / "reading.md", DOCS / "reading.json"
ABLATED = 20
"""Digits of each set on which every step is left out once."""


def main(words: Sequence[str] | None = None) -> None:
    """Measure what is asked for, print it and, if asked, write it."""
    options = _options(words)
    kept: dict[str, Any] = json.loads(KEPT.read_text()) if options.rebuild or (options.keep and KEPT.is_file()) else {}
    if not options.rebuild:
        _measure(options, kept)
    made = _tables(kept)
    for name, lines in made.items():
        print(f"\n## {name}\n\n" + "\n".join(lines))
    if options.write or options.rebuild:
        PAGE.write_text(tables.replaced(PAGE.read_text(), made))


def _measure(options: argparse.Namespace, kept: dict[str, Any]) -> None:
    sets = {one.name: one for one in development_sets()}
    chosen = [one for one in sets.values() if not options.sets or {one.name, one.group} & set(options.sets)]
    if not chosen:
        sys.exit(f"--sets: expected names or groups among {', '.join(sets)}.")
    run = described(options.run)
    basis = {"run_is": run, "mnist": mnist_name(), "seed": options.seed}
    for name, value in basis.items():
        if kept.get(name, value) != value:
            sys.exit(f"--keep: expected figures of {value} in {KEPT.name}, found those of {kept[name]}; leave it out.")
    kept.update(date=f"{datetime.now(UTC):%Y-%m-%d}", **basis)

    def measure(part: str, of: Sequence[DevelopmentSet], n: int | None, steps: tuple[str, ...]) -> None:
        results = kept.setdefault(part, {})
        # Named sets are measured again; of all sets, only those that are missing.
        tasks = [
            Task(one.name, options.run, n, options.seed, steps, options.misread if steps == (WHOLE,) else None)
            for one in of
            if options.sets or one.name not in results
        ]
        for name, counts in _run(tasks, options.processes):
            results[name] = tables.result(sets[name], counts)
            # In the order of the sets, whichever is finished first; kept at once, as all of them take long.
            kept[part] = results = {name: results[name] for name in [*sets, *results] if name in results}
            if options.write:
                KEPT.write_text(tables.as_json(kept))

    measure("sets", chosen, options.n, (WHOLE,))
    if options.ablate:
        shown = [one for one in chosen if one.digits and one.group != "styles" and one.name != "phone"]
        measure("ablation", shown, min(ABLATED, options.n or ABLATED), tuple(preparations()))
    if options.latency:
        kept["latency"] = latency(options.run)
    if options.write:
        KEPT.write_text(tables.as_json(kept))


def _run(tasks: Sequence[Task], processes: int) -> Iterator[tuple[str, dict[str, Counted]]]:
    start = time.perf_counter()
    for number, (name, counts) in enumerate(measured(tasks, processes), 1):
        seconds = time.perf_counter() - start
        print(f"{seconds:6.0f} s  {number} of {len(tasks)}  {name}", file=sys.stderr, flush=True)
        yield name, counts


def _tables(kept: Mapping[str, Any]) -> dict[str, list[str]]:
    results = kept.get("sets", {})
    made = {"run": tables.measured_with(kept)} if "run_is" in kept else {}
    for group in dict.fromkeys(one["group"] for one in results.values() if one["digits"]):
        made[group] = tables.accuracy(results, group)
    if "sheets" in made:
        made["kinds of sheets"] = tables.descriptions(results, "sheets")
    if any(not one["digits"] for one in results.values()):
        made["gate"] = tables.gate(results)
    if "ablation" in kept:
        made["ablation"] = tables.ablation(kept["ablation"])
    if "latency" in kept:
        made["latency"] = tables.speed(kept["latency"])
    return made


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.reading", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", default="latest", help="whose networks read (default: latest)")
    parser.add_argument("--sets", nargs="+", metavar="NAME", help="sets or groups of sets (default: all)")
    parser.add_argument("--n", type=int, help="digits, or pictures without digits, of each set at most")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--ablate", action="store_true", help=f"leave each step out once ({ABLATED} digits a set)")
    parser.add_argument("--latency", action="store_true", help="measure how long reading takes")
    parser.add_argument("--misread", type=Path, metavar="FOLDER", help="write contact sheets of what was misread")
    parser.add_argument(
        "--write", action="store_true", help="write docs/reading.json and the tables of docs/reading.md"
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the same run's figures of docs/reading.json; measure what is missing"
    )
    parser.add_argument("--rebuild", action="store_true", help="only make the tables from docs/reading.json")
    return parser.parse_args(words)


if __name__ == "__main__":
    main()

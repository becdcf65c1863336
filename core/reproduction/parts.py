"""What the comparison with the paper consists of, as plain values that a page and a Markdown file show alike."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from core.data import mnist
from core.reference import trials
from core.reference.trials import TrialTable
from core.store import Run, reference_runs


class Verdict(StrEnum):
    """How our result stands to the paper's."""

    HOLDS = "holds"
    DIFFERS = "differs"
    OPEN = "open"
    NOT_RUN = "not run yet"


@dataclass(frozen=True)
class Finding:
    """One thing that the paper reports.

    where: figure, table or section. what: is reported. paper, ours: in words and numbers. why: what explains the
    difference, or on what the verdict stands.
    """

    where: str
    what: str
    paper: str
    ours: str
    verdict: Verdict
    why: str = ""


@dataclass(frozen=True)
class Grid:
    """A table. columns: its head. rows: as many cells each; numbers are written out."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """One part of the comparison.

    basis: which runs it stands on, in a sentence. lacks: the parts of the plan that would fill it and are not run yet.
    """

    title: str
    basis: str
    findings: tuple[Finding, ...] = ()
    grids: tuple[Grid, ...] = ()
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shipped:
    """The reference results that are on MNIST as published, as the paper is: runs and tables by name."""

    runs: dict[str, Run] = field(default_factory=dict)
    tables: dict[str, TrialTable] = field(default_factory=dict)

    @staticmethod
    def read(folder: Path) -> "Shipped":
        """What lies in the folder; the runs are sound. Raises RunDamagedError for one that is not."""
        runs: dict[str, Run] = {}
        for run in reference_runs(folder):
            run.check()
            if mnist.is_mnist(run.request.dataset.digest):
                runs[run.path.name] = run
        tables = trials.tables(folder).items()
        return Shipped(runs, {name: table for name, table in tables if mnist.is_mnist(table.dataset.digest)})


def missing(where: str, what: str, paper: str) -> Finding:
    """A finding that stands on no run yet."""
    return Finding(where, what, paper, "–", Verdict.NOT_RUN)


def holds(condition: bool) -> Verdict:
    """Whether the paper's claim holds for our run."""
    return Verdict.HOLDS if condition else Verdict.DIFFERS


def seeds_in_words(seeds: list[int]) -> str:
    """In words: seed 0; seeds 0, 1 and 2."""
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    return f"seeds {', '.join(map(str, seeds[:-1]))} and {seeds[-1]}"


def spread(values: list[float], written: str = "{:.2%}") -> str:
    """The mean, and the range where they differ: 98.92% (98.85% to 99.01%)."""
    mean, low, high = (written.format(value) for value in (sum(values) / len(values), min(values), max(values)))
    return mean if low == high else f"{mean} ({low} to {high})"

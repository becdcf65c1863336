"""The comparison as a Markdown document."""

from collections.abc import Sequence

from core.reproduction.parts import Finding, Grid, Section, Verdict

_MARKS = {
    Verdict.HOLDS: "✔ holds",
    Verdict.DIFFERS: "✘ differs",
    Verdict.OPEN: "◌ open",
    Verdict.NOT_RUN: "… not run yet",
}

_HEAD = """\
# Reproduction: the paper's figures and tables beside ours

Written by `python -m core reference report` from the results in `reference/`, which `make reference` rebuilds; the page
Reproduction of the dashboard shows the same. The paper is "Handwritten Digit Classification" (V.-M. Panagakis,
University of Athens, 2021), whose figures 1, 2 and 5 are illustrations and 3, 6 and 9 the architecture, which every
preset here has.

A claim **holds** if our result agrees with it, **differs** if it does not, and is **open** if our runs do not decide
it: one seed, or ranges that overlap. What is **not run yet** says with which command it is run.
"""


def document(sections: Sequence[Section]) -> str:
    """All sections as Markdown, ending with a newline."""
    return "\n".join([_HEAD, *(_section(section) for section in sections)])


def _section(section: Section) -> str:
    parts = [f"## {section.title}", section.basis]
    if section.findings:
        parts.append(_findings(section.findings))
        whys = [
            f"- {finding.where}, {_small(finding.what)}: {finding.why}" for finding in section.findings if finding.why
        ]
        if whys:
            parts.append("\n".join(whys))
    parts += [_grid(grid) for grid in section.grids]
    if section.lacks:
        parts.append(f'Not run yet; to run it: `make reference PARTS="{" ".join(section.lacks)}"`.')
    return "\n\n".join(parts) + "\n"


def _findings(findings: Sequence[Finding]) -> str:
    rows = [(one.where, one.what, one.paper, one.ours, _MARKS[one.verdict]) for one in findings]
    return _rows(("Where", "What", "Paper", "Ours", ""), rows)


def _grid(grid: Grid) -> str:
    return f"**{grid.title}**\n\n{_rows(grid.columns, grid.rows)}"


def _rows(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cell.strip().replace('|', '/') for cell in line)} |" for line in lines)


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]

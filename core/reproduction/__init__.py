"""Reproduction: the paper's every figure and table beside what the reference results show.

    parts      findings, tables and sections as plain values
    paper_run  tables 1 and 2, figures 4, 7, 8, 16 and 17
    sweeps     figures 10 to 15
    rounding   were the probabilities rounded before argmax?
    beyond     presets, seeds, ensembles, controls
    markdown   all of it as a document

Everything is computed from the folder of reference results, and says so where a run is missing. It never trains.
"""

from pathlib import Path

from core.atomic import new_file
from core.reproduction import beyond, paper_run, rounding, sweeps
from core.reproduction.markdown import document
from core.reproduction.parts import Finding, Grid, Section, Shipped, Verdict

REPORT = Path(__file__).resolve().parents[2] / "docs" / "reproduction.md"
"""The document that comes with the project."""

__all__ = ["REPORT", "Finding", "Grid", "Section", "Shipped", "Verdict", "document", "reproduce", "write_report"]


def reproduce(folder: Path) -> tuple[Section, ...]:
    """The comparison, from the reference results in a folder. Raises RunDamagedError if one of the runs is damaged."""
    shipped = Shipped.read(folder)
    return (
        beyond.presets(shipped),
        paper_run.tables(shipped),
        rounding.section(shipped),
        paper_run.curves(shipped),
        *sweeps.sections(shipped),
        paper_run.first_images(shipped),
        beyond.controls(shipped),
    )


def write_report(folder: Path, target: Path) -> Path:
    """Write the comparison as a document, whole or not at all; returns where it is."""
    with new_file(target) as file:
        file.write(document(reproduce(folder)).encode())
    return target

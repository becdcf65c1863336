"""A report as lines of text, in the words and the shape of the paper's results."""

from core.evaluation.report import ClassScores, Report


def summary_lines(report: Report) -> list[str]:
    """The paper's two lines: how many labels were found correct, and how many incorrect."""
    return [f"Found {report.correct} correct labels", f"Found {report.incorrect} incorrect labels"]


def classification_report_text(report: Report, digits: int = 2) -> str:
    """Table 2 of the paper: one line a class, then accuracy, macro and weighted average.

    digits: decimals of the scores, >= 1. A class whose name is a number is called "Class 7", as in the paper.
    """
    rows = [(f"Class {s.name}" if s.name.isdecimal() else s.name, s) for s in report.classes]
    averages = [(s.name, s) for s in (report.macro_average, report.weighted_average)]
    name_width = max(len(name) for name, _ in rows + averages)

    def line(name: str, *cells: str) -> str:
        return f"{name:<{name_width}}" + "".join(f"{cell:>{max(11, digits + 4)}}" for cell in cells)

    def scores_line(name: str, s: ClassScores) -> str:
        return line(name, *(f"{score:.{digits}f}" for score in (s.precision, s.recall, s.f1)), str(s.support))

    return "\n".join(
        [
            line("", "Precision", "Recall", "F1-Score", "Support"),
            *(scores_line(*row) for row in rows),
            line("Accuracy", "", "", f"{report.accuracy:.{digits}f}", str(report.n_images)),
            *(scores_line(*row) for row in averages),
        ]
    )

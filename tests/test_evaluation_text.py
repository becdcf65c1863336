"""A report as text: the paper's two lines and its table 2."""

import numpy as np

from core.evaluation import classification_report_text, evaluate, summary_lines

# Three classes: the first always right, the second half of the time, the third never.
PROBABILITIES = [[0.9, 0.05, 0.05], [0.3, 0.4, 0.3], [0.1, 0.8, 0.1], [0.35, 0.25, 0.4]]
LABELS = [0, 1, 2, 1]


def test_summary_lines_are_the_papers() -> None:
    labels = np.zeros(10_000, dtype=int)
    labels[:133] = 1

    assert summary_lines(evaluate(np.tile([1.0, 0.0], (10_000, 1)), labels)) == [
        "Found 9867 correct labels",
        "Found 133 incorrect labels",
    ]


def test_report_text_has_the_shape_of_table_2() -> None:
    text = classification_report_text(evaluate(PROBABILITIES, LABELS))

    assert text.splitlines() == [
        "              Precision     Recall   F1-Score    Support",
        "Class 0            1.00       1.00       1.00          1",
        "Class 1            0.50       0.50       0.50          2",
        "Class 2            0.00       0.00       0.00          1",
        "Accuracy                                 0.50          4",
        "Macro avg          0.50       0.50       0.50          4",
        "Weighted avg       0.50       0.50       0.50          4",
    ]


def test_report_text_lines_up_for_long_names_and_many_digits() -> None:
    report = evaluate(PROBABILITIES, LABELS, ["a name longer than the averages' names", "7", "coat"])
    lines = classification_report_text(report, digits=10).splitlines()

    assert lines[1].startswith("a name longer than the averages' names")
    assert lines[2].startswith("Class 7 ")
    assert lines[3].startswith("coat ")
    assert len({len(line) for line in lines}) == 1
    assert lines[2].split()[2:] == ["0.5000000000"] * 3 + ["2"]

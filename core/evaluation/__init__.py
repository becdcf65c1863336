"""Evaluation: the probabilities a classifier gave and the true labels become a `Report`, plain named values.

    probabilities   the checks, the one argmax of the project, confidences
    confidence      calibration, and accuracy when unsure images are passed to a person
    report          loss, accuracy, scores of each class, confusion matrix, first images right and wrong
    outcomes        what was said of each image, and the images of a kind, in an order
    text            a report as the paper prints it

It refuses, with a `ValueError`, probabilities that are not finite, are negative or do not sum to one in each
row; labels that name no column; and an empty split, which has no accuracy. It never trains, predicts, draws,
or rounds probabilities before choosing a class.
"""

from core.evaluation.confidence import (
    Calibration,
    CalibrationBin,
    CoverageCurve,
    coverage_curve,
)
from core.evaluation.outcomes import Choice, Handover, Order, Outcomes, chosen, handover, in_order, outcomes
from core.evaluation.probabilities import predicted_classes, rounded_first_classes
from core.evaluation.report import ClassScores, Report, evaluate
from core.evaluation.text import classification_report_text, summary_lines

__all__ = [
    "Calibration",
    "CalibrationBin",
    "Choice",
    "ClassScores",
    "CoverageCurve",
    "Handover",
    "Order",
    "Outcomes",
    "Report",
    "chosen",
    "classification_report_text",
    "coverage_curve",
    "evaluate",
    "handover",
    "in_order",
    "outcomes",
    "predicted_classes",
    "rounded_first_classes",
    "summary_lines",
]

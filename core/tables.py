"""A run's results as tables for other programs: column -> values, all of one length."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.evaluation import Report, outcomes
from core.recipe import Recipe, format_value
from core.store import Run

Table = Mapping[str, Sequence[Any]]


def answers(run: Run) -> Table:
    """One row a test image: its position, its class and the one it was taken for, and every probability.

    Raises RunDamagedError if the run's predictions cannot be read.
    """
    names, predictions = run.request.dataset.class_names, run.predictions
    found = outcomes(predictions.test_probabilities, predictions.test_labels)
    columns: dict[str, Sequence[Any]] = {
        "image": range(len(found.labels)),
        "true class": [names[label] for label in found.labels],
        "read as": [names[label] for label in found.predicted],
        "right": [int(hit) for hit in found.hits],
        "confidence": found.confidences.tolist(),
        "loss": found.losses.tolist(),
    }
    for number, name in enumerate(names):
        columns[f"probability of {name}"] = predictions.test_probabilities[:, number].tolist()
    return columns


def class_scores(report: Report) -> Table:
    """Table 2 of the paper: one row a class, then the two averages."""
    rows = (*report.classes, report.macro_average, report.weighted_average)
    return {
        "class": [row.name for row in rows],
        "precision": [row.precision for row in rows],
        "recall": [row.recall for row in rows],
        "f1": [row.f1 for row in rows],
        "support": [row.support for row in rows],
    }


def confusion(report: Report) -> Table:
    """One row a true class, one column a predicted class."""
    names = [scores.name for scores in report.classes]
    return {"true class": names} | {
        f"read as {name}": [row[number] for row in report.confusion] for number, name in enumerate(names)
    }


def settings(recipe: Recipe) -> Table:
    """One row a setting, with the paper's value beside it."""
    found = recipe.settings()
    return {
        "setting": [setting.name for setting in found],
        "value": [format_value(setting.value) for setting in found],
        "paper": [format_value(setting.value) for setting in Recipe().settings()],
    }

"""Reports: what one classifier did on one split, as plain named values, and `evaluate`, which computes them.

It refuses probabilities and labels that do not fit each other, and stored values that contradict themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.evaluation.confidence import Calibration, CalibrationBin, calibration_of
from core.evaluation.probabilities import checked, confidences_of, losses_of, predicted_classes

FIRST_IMAGES = 9  # as many as figures 16 and 17 of the paper show


@dataclass(frozen=True)
class ClassScores:
    """Scores of one class, or an average over the classes; all in [0, 1] but for the count.

    name: the class, or "Macro avg" or "Weighted avg".
    precision: of the images given this class, the share that belongs to it; 0 if none was given it.
    recall: of the images that belong to this class, the share given it; 0 if none belongs to it.
    f1: harmonic mean of the two; 0 if both are 0.
    support: number of images that belong to this class; of an average, number of all images.
    """

    name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Report:
    """What one classifier did on one split of n_images images and n_classes classes.

    loss: mean cross-entropy of the true class, in nats, with probabilities clipped to [1e-7, 1 - 1e-7] as
        Keras clips them, so that an image adds 16.1 at most. (`keras.Model.evaluate` may use unclipped logits
        instead, and then differs where the true class was given less than 1e-7.)
    accuracy: correct / n_images.
    classes: n_classes scores, in the order of the labels.
    macro_average: plain mean over the classes, those without images included (they score 0).
    weighted_average: mean over the classes, weighted by support.
    confusion: n_classes rows of n_classes counts; row = true class, column = predicted class.
    first_correct, first_incorrect: indices of the first nine images of each kind, fewer if there are fewer.
    """

    n_images: int
    loss: float
    accuracy: float
    correct: int
    incorrect: int
    classes: tuple[ClassScores, ...]
    macro_average: ClassScores
    weighted_average: ClassScores
    confusion: tuple[tuple[int, ...], ...]
    calibration: Calibration
    first_correct: tuple[int, ...]
    first_incorrect: tuple[int, ...]

    def to_json_values(self) -> dict[str, Any]:
        """The report as nested dicts, tuples and numbers that `json.dumps` takes as they are."""
        return asdict(self)

    @classmethod
    def from_json_values(cls, values: Mapping[str, Any]) -> "Report":
        """The report that `to_json_values` was called on, also after a journey through a JSON file.

        Raises ValueError if a field is missing or unknown, or the counts contradict each other.
        """
        try:
            calibration = values["calibration"]
            report = cls(
                **{
                    **values,
                    "classes": tuple(ClassScores(**scores) for scores in values["classes"]),
                    "macro_average": ClassScores(**values["macro_average"]),
                    "weighted_average": ClassScores(**values["weighted_average"]),
                    "confusion": tuple(tuple(row) for row in values["confusion"]),
                    "calibration": Calibration(
                        **{**calibration, "bins": tuple(CalibrationBin(**one) for one in calibration["bins"])}
                    ),
                    "first_correct": tuple(values["first_correct"]),
                    "first_incorrect": tuple(values["first_incorrect"]),
                }
            )
            counted = sum(sum(row) for row in report.confusion)
            agree = report.correct + report.incorrect == report.n_images == counted
        except KeyError as error:
            raise ValueError(f"The values of a report lack the field {error}.") from error
        except TypeError as error:
            raise ValueError(f"These are not the values of a report: {error}.") from error
        if not agree:
            raise ValueError(
                f"The values of a report contradict each other: {report.correct} correct and "
                f"{report.incorrect} incorrect of {report.n_images} images, but the confusion matrix "
                f"counts {counted}."
            )
        return report


def evaluate(probabilities: ArrayLike, labels: ArrayLike, class_names: Sequence[str] | None = None) -> Report:
    """Score probabilities against true labels.

    probabilities: (n_images, n_classes) numbers >= 0, each row summing to 1; n_images >= 1, n_classes >= 2.
    labels: (n_images,) int in [0, n_classes); a class may be absent.
    class_names: n_classes names; "0", "1", ... where none are given.
    Raises ValueError if shapes, types or ranges are others.
    """
    # Loading scikit-learn takes seconds; pages that only show stored reports do without.
    from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

    probabilities, labels = checked(probabilities, labels)
    n_images, n_classes = probabilities.shape
    names = [str(name) for name in (range(n_classes) if class_names is None else class_names)]
    if len(names) != n_classes:
        raise ValueError(f"class_names must hold {n_classes} names, one a column; it holds {len(names)}.")

    predicted = predicted_classes(probabilities)
    hits = predicted == labels
    correct = int(hits.sum())

    def scores(average: str | None) -> tuple[Any, ...]:
        found: tuple[Any, ...] = precision_recall_fscore_support(
            labels, predicted, labels=range(n_classes), average=average, zero_division=0
        )
        return found

    def averaged(name: str, average: str) -> ClassScores:
        precision, recall, f1, _ = scores(average)
        return ClassScores(name, float(precision), float(recall), float(f1), n_images)

    return Report(
        n_images=n_images,
        loss=float(losses_of(probabilities, labels).mean()),
        accuracy=correct / n_images,
        correct=correct,
        incorrect=n_images - correct,
        classes=tuple(map(ClassScores, names, *(column.tolist() for column in scores(None)))),
        macro_average=averaged("Macro avg", "macro"),
        weighted_average=averaged("Weighted avg", "weighted"),
        confusion=tuple(map(tuple, confusion_matrix(labels, predicted, labels=range(n_classes)).tolist())),
        calibration=calibration_of(confidences_of(probabilities), hits),
        first_correct=tuple(np.flatnonzero(hits)[:FIRST_IMAGES].tolist()),
        first_incorrect=tuple(np.flatnonzero(~hits)[:FIRST_IMAGES].tolist()),
    )

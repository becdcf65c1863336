"""The test of a suspicion: did the paper round its probabilities before it took the largest?

`argmax(round(p))` calls every image without a probability above one half a 0, as all its entries round to zero. That
costs class 0 precision, and the paper's table 2 gives class 0 a precision of 0.98. Our runs are scored both ways.
"""

import math
from dataclasses import dataclass

import numpy as np

from core import paper
from core.evaluation import predicted_classes, rounded_first_classes
from core.reproduction.parts import Finding, Grid, Section, Shipped, Verdict, missing
from core.store import Run

_WHERE, _WHAT = "Table 2, class 0", "Images of other digits that were called 0"
_HALF_A_DIGIT = 0.005


@dataclass(frozen=True)
class BothWays:
    """A run's test images scored by `argmax(p)` and by `argmax(round(p))`; each pair in this order.

    unsure: images without a probability above one half. incorrect: of all images. false_zeros: images of other digits
    that were called 0. precision: of class 0.
    """

    unsure: int
    incorrect: tuple[int, int]
    false_zeros: tuple[int, int]
    precision: tuple[float, float]


def both_ways(run: Run) -> BothWays:
    """Score the answers that a run keeps in both ways."""
    kept = run.predictions
    ways = predicted_classes(kept.test_probabilities), rounded_first_classes(kept.test_probabilities)
    labels = kept.test_labels
    incorrect = [int((read != labels).sum()) for read in ways]
    false = [int(((read == 0) & (labels != 0)).sum()) for read in ways]
    precision = [float((labels[read == 0] == 0).mean()) if (read == 0).any() else 0.0 for read in ways]
    unsure = int((np.round(kept.test_probabilities).max(axis=1) == 0).sum())
    return BothWays(unsure, (incorrect[0], incorrect[1]), (false[0], false[1]), (precision[0], precision[1]))


def implied_false_zeros() -> tuple[int, int]:
    """The fewest and the most images wrongly called 0 that the paper's table 2 allows, as it rounds to two digits."""
    scores = paper.CLASSES[0]
    fewest_right = math.ceil((scores.recall - _HALF_A_DIGIT) * scores.support)
    most_right = math.floor(min(scores.recall + _HALF_A_DIGIT, 1.0) * scores.support)
    fewest = math.ceil(fewest_right * (1 / (scores.precision + _HALF_A_DIGIT) - 1))
    most = math.floor(most_right * (1 / (scores.precision - _HALF_A_DIGIT) - 1))
    return fewest, most


def section(shipped: Shipped) -> Section:
    """The paper's run if we have one, and every other that is shipped, scored both ways."""
    low, high = implied_false_zeros()
    claimed = f"{low} to {high}, as a precision of {paper.CLASSES[0].precision:.2f} allows"
    title = "Was it rounded before argmax?"
    basis = (
        "`argmax(round(p))` calls each image without a probability above one half a 0. The shipped answers of our own "
        "runs, scored in both ways:"
    )
    if not shipped.runs:
        return Section(title, basis, (missing(_WHERE, _WHAT, claimed),), lacks=("paper",))
    scored = {name: both_ways(run) for name, run in shipped.runs.items()}
    grid = Grid(
        "Scored both ways",
        ("Run", "No probability above ½", "Incorrect", "rounded first", "Called 0 wrongly", "rounded first ",
         "Precision of 0", "rounded first  "),
        tuple(
            (
                name,
                str(found.unsure),
                *(f"{number:,}" for number in found.incorrect),
                *(str(number) for number in found.false_zeros),
                *(f"{share:.4f}" for share in found.precision),
            )
            for name, found in scored.items()
        ),
    )  # fmt: skip
    lacks = () if "paper" in shipped.runs else ("paper",)
    if lacks:
        return Section(title, basis, (missing(_WHERE, _WHAT, claimed),), (grid,), lacks)
    return Section(title, basis, (_finding(scored["paper"], claimed, low, high),), (grid,))


def _finding(found: BothWays, claimed: str, low: int, high: int) -> Finding:
    plain, rounded = found.false_zeros
    ours = f"{plain}; {rounded} if rounded first"
    fits = [low <= number <= high for number in (plain, rounded)]
    if fits == [False, True]:
        verdict = Verdict.HOLDS
        why = (
            f"Rounding first turns {found.unsure} unsure images into zeros, and only then does our count fit the "
            "paper's table: the rounding explains it."
        )
    elif fits == [True, False]:
        verdict = Verdict.DIFFERS
        why = "Our count fits the paper's table without rounding, and no longer with it: the rounding explains nothing."
    elif all(fits):
        verdict = Verdict.OPEN
        why = "Both counts fit the paper's table: no rounding is needed to explain it, and none is ruled out."
    elif plain < low and rounded > high:
        verdict = Verdict.OPEN
        why = (
            f"Without rounding our count is below what the paper's table allows, and with it, {rounded - plain} more, "
            "above: rounding may be behind the paper's figure, if its network was unsure of fewer images than ours."
        )
    else:
        verdict = Verdict.DIFFERS
        why = f"Rounding first adds {rounded - plain} on our run, and neither count is what the paper's table allows."
    return Finding(_WHERE, _WHAT, claimed, ours, verdict, why)

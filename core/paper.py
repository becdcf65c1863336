"""What the paper reports, to stand beside what a run reports: tables 1 and 2, on the 10,000 test images of MNIST.

One training with one split and no named seed, printed to two decimals; a run on other images does not compare.
"""

from dataclasses import dataclass

TEST_LOSS, TEST_ACCURACY = 0.0903, 0.9867
"""Table 1."""

CORRECT, INCORRECT = 9867, 133
"""Section 4.3: labels found."""


@dataclass(frozen=True)
class PaperScores:
    """A line of table 2, in shares of one."""

    precision: float
    recall: float
    f1: float
    support: int


CLASSES = (
    PaperScores(0.98, 0.99, 0.99, 980),
    PaperScores(1.00, 1.00, 1.00, 1135),
    PaperScores(0.99, 0.98, 0.98, 1032),
    PaperScores(0.98, 0.99, 0.99, 1010),
    PaperScores(0.98, 0.99, 0.99, 982),
    PaperScores(0.99, 0.99, 0.99, 892),
    PaperScores(0.99, 0.99, 0.99, 958),
    PaperScores(0.98, 0.98, 0.98, 1028),
    PaperScores(0.98, 0.98, 0.98, 974),
    PaperScores(0.98, 0.98, 0.98, 1009),
)
"""Table 2: classes 0 to 9."""

ACCURACY = PaperScores(float("nan"), float("nan"), 0.99, 10_000)
MACRO_AVERAGE = WEIGHTED_AVERAGE = PaperScores(0.99, 0.99, 0.99, 10_000)
"""Table 2: its last three lines; the first has no precision and no recall."""

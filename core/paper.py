"""What the paper reports, to stand beside what a run reports: its tables, and what it says of its figures.

All of it is on MNIST: one training with one split and no named seed, printed to two decimals; a run on other images
does not compare. The curves themselves are pictures, of which the text gives a number here and there.
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

AUTOENCODER_EPOCHS = 40
"""Figure 4: "our Autoencoder model converges after almost 40 epochs"."""

PHASE1_EPOCHS, PHASE2_EPOCHS = 100, 21
"""Figures 7 and 8: epochs of both phases; phase 2 was stopped early."""

TRAINING_ACCURACY = 1.0
"""Figure 8: "the training accuracy reaches 100%"."""

VALIDATION_ACCURACY = (0.98, 0.99)
"""Figure 8: "the validation accuracy ranges between 98-99%"."""

DENSE_UNITS_OF_LEAST_LOSS = (128,)
DENSE_UNITS_OF_MOST_ACCURACY = (64, 128)
"""Figures 10 and 11, on validation images."""

BATCH_SIZES_OF_LEAST_LOSS = BATCH_SIZES_OF_MOST_ACCURACY = (256,)
"""Figures 14 and 15, on validation images."""

PERFECT = 0.995
"""Training accuracy from which on we call a result "almost perfect", as the paper does without a number."""

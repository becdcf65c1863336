"""Test labels of MNIST that most human annotators did not confirm.

From Northcutt, Athalye and Mueller, "Pervasive Label Errors in Test Sets Destabilize Machine Learning Benchmarks"
(NeurIPS 2021, labelerrors.com): a model proposed another label for 100 of the 10,000 test images, and five people were
asked about each. These are the 15 for which fewer than three of the five chose the given label. The labels stay as
they are: every result counts with the published ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.data import mnist

SOURCE = "Northcutt, Athalye and Mueller, “Pervasive Label Errors in Test Sets”, NeurIPS 2021 (labelerrors.com)"


@dataclass(frozen=True)
class DoubtedLabel:
    """Votes of five annotators on one test image.

    label: the published one. proposed: the model's. for_label, for_proposed, for_neither: votes, five in all.
    """

    label: int
    proposed: int
    for_label: int
    for_proposed: int
    for_neither: int


DOUBTED_LABELS: Mapping[int, DoubtedLabel] = {
    947: DoubtedLabel(8, 9, 0, 5, 0),
    1621: DoubtedLabel(0, 6, 2, 3, 0),
    1901: DoubtedLabel(9, 4, 2, 3, 0),
    2130: DoubtedLabel(4, 9, 2, 2, 1),
    2462: DoubtedLabel(2, 0, 0, 4, 1),
    2597: DoubtedLabel(5, 3, 0, 4, 1),
    2654: DoubtedLabel(6, 1, 0, 2, 3),
    3520: DoubtedLabel(6, 4, 2, 0, 3),
    3558: DoubtedLabel(5, 0, 1, 4, 0),
    5937: DoubtedLabel(5, 3, 1, 3, 1),
    6651: DoubtedLabel(0, 6, 0, 5, 0),
    6783: DoubtedLabel(1, 6, 2, 3, 0),
    8527: DoubtedLabel(4, 9, 2, 2, 1),
    9679: DoubtedLabel(6, 3, 2, 0, 3),
    9729: DoubtedLabel(5, 6, 2, 3, 0),
}
"""Position in MNIST's test set -> what the annotators said."""


def doubted_labels(data_digest: str) -> Mapping[int, DoubtedLabel]:
    """The doubted labels of the dataset of this digest: `DOUBTED_LABELS` for MNIST, none for any other."""
    return DOUBTED_LABELS if mnist.is_mnist(data_digest) else {}

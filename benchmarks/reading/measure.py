"""Readings beside the truth: what was found, what was right, and what follows from the counts.

A digit is found if a read digit's box has an intersection over union of at least 0.5 with its own. It is right if the
read digit that overlaps it most, one to one, at least by 0.2, bears its label, whether or not the gate let it pass. A
picture's count is right if as many digits passed the gate as there are, its text if every line is. A picture that is
refused with an ImageError counts as wrong.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from benchmarks.reading.sheets import Box, Truth
from core.errors import ImageError

FOUND, OVERLAPS = 0.5, 0.2


@dataclass(frozen=True, eq=False)
class ReadDigit:
    """One digit as it was read.

    novelty: 0 like the training digits to 1. is_digit: whether the gate let it pass. image: what the network saw.
    """

    label: int
    box: Box
    novelty: float = 0.0
    is_digit: bool = True
    image: npt.NDArray[np.uint8] | None = None


@dataclass(frozen=True, eq=False)
class Reading:
    """One picture as it was read. error: the sentence of the ImageError, if it was refused."""

    digits: tuple[ReadDigit, ...]
    text: str
    error: str | None = None


Reader = Callable[[npt.NDArray[np.uint8]], Reading]
"""A picture (h, w, 3) uint8 -> what is read on it. Raises ImageError where there is nothing to read."""


@dataclass
class Counts:
    """What was counted on a set of pictures with digits.

    novelties: of the read digit that belongs to each digit, where there is one. flagged: how many of those the gate
    stopped. seconds: of reading alone.
    """

    pictures: int = 0
    digits: int = 0
    right: int = 0
    found: int = 0
    count_right: int = 0
    text_right: int = 0
    flagged: int = 0
    refused: int = 0
    seconds: float = 0.0
    novelties: list[float] = field(default_factory=list)

    def add(self, reading: Reading, truth: Truth, seconds: float) -> bool:
        """Count one picture. Returns whether its text was right."""
        partners = matched(truth.boxes, [digit.box for digit in reading.digits])
        self.pictures += 1
        self.digits += len(truth.labels)
        self.seconds += seconds
        self.refused += reading.error is not None
        for label, (number, overlap) in zip(truth.labels, partners, strict=True):
            if number is None:
                continue
            digit = reading.digits[number]
            self.found += overlap >= FOUND
            self.right += digit.label == label
            self.flagged += not digit.is_digit
            self.novelties.append(digit.novelty)
        self.count_right += sum(digit.is_digit for digit in reading.digits) == len(truth.labels)
        self.text_right += reading.text == truth.text
        return reading.text == truth.text


@dataclass
class Refusals:
    """What was counted on a set of pictures without digits.

    novelties: of the most digit-like thing read in each picture, 1 where nothing was read. accepted: in how many
    pictures something passed as a digit. empty: in how many nothing was found at all.
    """

    pictures: int = 0
    accepted: int = 0
    empty: int = 0
    novelties: list[float] = field(default_factory=list)

    def add(self, reading: Reading) -> bool:
        """Count one picture. Returns whether nothing on it passed as a digit."""
        passed = any(digit.is_digit for digit in reading.digits)
        self.pictures += 1
        self.accepted += passed
        self.empty += not reading.digits
        self.novelties.append(min((digit.novelty for digit in reading.digits), default=1.0))
        return not passed


Counted = Counts | Refusals


def attempt(reader: Reader, picture: npt.NDArray[np.uint8]) -> tuple[Reading, float]:
    """What the reader reads, a refusal included, and the seconds it took."""
    start = time.perf_counter()
    try:
        reading = reader(picture)
    except ImageError as error:
        reading = Reading((), "", str(error))
    return reading, time.perf_counter() - start


def matched(truth: Sequence[Box], read: Sequence[Box]) -> list[tuple[int | None, float]]:
    """For each true box the number of the read box that belongs to it, or None, and their overlap."""
    partners: list[tuple[int | None, float]] = [(None, 0.0)] * len(truth)
    overlaps = [(overlap(one, other), i, j) for i, one in enumerate(truth) for j, other in enumerate(read)]
    taken: set[int] = set()
    for value, i, j in sorted(overlaps, key=lambda triple: -triple[0]):
        if value >= OVERLAPS and partners[i][0] is None and j not in taken:
            partners[i] = j, value
            taken.add(j)
    return partners


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes (x, y, width, height)."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    return common / (one[2] * one[3] + other[2] * other[3] - common)


def interval(right: int, n: int) -> tuple[float, float]:
    """The share right / n with 95% confidence: lower and upper bound (Wilson, 1927); 0 to 1 without observations."""
    if n == 0:
        return 0.0, 1.0
    z, share = 1.959964, right / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - reach), min(1.0, centre + reach)


def auroc(digits: Sequence[float], others: Sequence[float]) -> float:
    """Chance that what is no digit gets a higher novelty than a digit, ties as half; nan if either is empty."""
    if not digits or not others:
        return math.nan
    ranked = np.sort(np.asarray(digits))
    below = np.searchsorted(ranked, others, side="left")
    upto = np.searchsorted(ranked, others, side="right")
    return float((below + upto).mean() / 2 / len(ranked))

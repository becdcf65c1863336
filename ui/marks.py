"""Marks: for each digit that was read, its box, what it was read as, and whether it should be looked at.

The answer and the canvas lay them over their pictures, both in the same way (marks.js, marks.css).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from core.prediction import ReadDigit
from core.wording import probability

SURE = 0.9
"""Less confidence than this is doubtful."""

State = Literal["sure", "doubtful", "other"]
"""other: not a digit."""


@dataclass(frozen=True)
class Mark:
    """One digit for the eye. name: what it was read as. label: what stands at its box, and percent beside it.

    alt: all of it in words.

    box: left, top, width and height in pixels of the picture. line: number of its line of writing.
    """

    name: str
    label: str
    percent: str
    alt: str
    state: State
    box: tuple[int, int, int, int]
    line: int


def state_of(digit: ReadDigit) -> State:
    """How far a reading is to be trusted."""
    if not digit.is_digit:
        return "other"
    return "sure" if digit.confidence >= SURE else "doubtful"


def marks_of(digits: Sequence[ReadDigit]) -> list[Mark]:
    """The marks of digits, in reading order."""
    return [_mark(number, digit) for number, digit in enumerate(digits, start=1)]


def first_unsure(marks: Sequence[Mark]) -> int:
    """The position of the first that a person should look at; 0 if there is none."""
    return next((position for position, mark in enumerate(marks) if mark.state != "sure"), 0)


def data_of(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """Marks for a component."""
    return [asdict(mark) for mark in marks]


def _mark(number: int, digit: ReadDigit) -> Mark:
    state, sureness = state_of(digit), probability(digit.confidence)
    words = {
        "sure": f"{digit.class_name}, with {sureness}",
        "doubtful": f"{digit.class_name}, doubtful, with {sureness}",
        "other": f"not a digit; {digit.class_name} would be the nearest",
    }[state]
    box = digit.box
    return Mark(
        name=digit.class_name,
        label="no digit" if state == "other" else f"{digit.class_name}?" if state == "doubtful" else digit.class_name,
        percent="" if state == "other" else short(digit.confidence),
        alt=f"{'Part' if state == 'other' else 'Digit'} {number}: {words}",
        state=state,
        box=(box.x, box.y, box.width, box.height),
        line=digit.line,
    )


def short(confidence: float) -> str:
    """In whole percent, never rounded up, and never a certainty."""
    return f"{min(int(100 * confidence), 99)}%"

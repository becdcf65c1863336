"""The answer: what was read, as large as the room allows, and the picture with a box for each digit.

Each digit of the number is a button, also for the keyboard, and so is each box; pointing at one shows the other.
Doubtful digits are underlined and have a question mark, boxes of what is no digit are hatched: colour is never alone.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core import gallery
from core.wording import count
from ui import marks
from ui.component import component
from ui.marks import Mark

TALLEST = 380
"""Pixels of the picture on the screen, at most."""


def show(
    found: Sequence[Mark],
    *,
    key: str,
    chosen: int = 0,
    image: str | None = None,
    size: tuple[int, int] = (1, 1),
    name: str = "The picture",
    comes: bool = False,
) -> int | None:
    """What was read; returns the position of the digit that was just chosen, else None.

    chosen: the one that is marked, if there are several. image: the picture as a data URL, None to leave it away.
    size: width and height in pixels that the boxes are in. name: what the picture is called. comes: whether the answer
    to another picture is scrolled to where it cannot be seen.
    """
    event = component("answer", shared="marks")(
        key=key,
        data={
            "marks": marks.data_of(found),
            "words": words(found),
            "verdict": verdict(found),
            "chosen": chosen,
            "chooses": len(found) > 1,
            "image": image,
            "size": list(size),
            "alt": f"{name}, with a box for each digit. {words(found)}",
            "tallest": TALLEST,
            "comes": comes,
        },
        on_chosen_change=lambda: None,
    )
    picked: int | None = event["chosen"]
    return picked


def words(found: Sequence[Mark]) -> str:
    """All of it for those who cannot see it: Read as 4 0 7. Digit 1: ..."""
    lines: dict[int, list[str]] = {}
    for mark in found:
        if mark.state != "other":
            lines.setdefault(mark.line, []).append(mark.name)
    read = "; ".join(" ".join(line) for line in lines.values()) or "nothing"
    parts = f"{count(len(found), 'part')} found" if len(lines) > 1 or len(found) > 12 else ""
    return ". ".join(part for part in (f"Read as {read}", parts, *(mark.alt for mark in found[:12])) if part) + "."


def verdict(found: Sequence[Mark]) -> str:
    """One line that says how far the number is to be trusted."""
    digits = [mark for mark in found if mark.state != "other"]
    doubtful, others = sum(mark.state == "doubtful" for mark in digits), len(found) - len(digits)
    if not digits:
        said = "There is something on it, but no digit."
    elif doubtful:
        be, them = ("is", "it") if doubtful == 1 else ("are", "them")
        which = "It is doubtful" if len(digits) == 1 else f"{doubtful} of {len(digits)} digits {be} doubtful"
        said = f"{which}: look at {them} yourself."
    else:
        least = min((mark.percent for mark in digits), key=lambda percent: float(percent.rstrip("%")))
        said = f"Sure: {least} confidence" + (
            "." if len(digits) == 1 else f" or more in each of the {len(digits)} digits."
        )
    if digits and others:
        said += " One part is no digit." if others == 1 else f" {others} parts are no digits."
    return said


def data_url(picture: npt.NDArray[np.uint8]) -> str:
    """A picture (h, w) or (h, w, 3) uint8 as a data URL: small ones exactly, photographs a little compressed."""
    return gallery.data_url(picture, exact=picture.shape[0] * picture.shape[1] < 128 * 128)

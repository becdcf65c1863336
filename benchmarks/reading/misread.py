"""Contact sheets of what was misread: the picture with true and read boxes, and the images that the network saw."""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.reading.measure import Reading
from benchmarks.reading.sheets import Truth

SIDE, STRIP, COLUMNS, MOST = 220, 44, 6, 24
TRUE, READ, STOPPED = (0, 150, 0), (210, 0, 0), (230, 140, 0)

Tile = npt.NDArray[np.uint8]


def tile(picture: npt.NDArray[np.uint8], truth: Truth | None, reading: Reading) -> Tile:
    """One misread picture (h, w, 3) uint8: green true boxes, red read ones, orange those that the gate stopped."""
    factor = SIDE / max(picture.shape[:2])
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_NEAREST
    small = np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=way), np.uint8)
    for x, y, width, height in truth.boxes if truth else ():
        _rectangle(small, (x * factor, y * factor, width * factor, height * factor), TRUE)
    for digit in reading.digits:
        x, y, width, height = (side * factor for side in digit.box)
        _rectangle(small, (x, y, width, height), READ if digit.is_digit else STOPPED)
    whole = np.full((SIDE + 20 + STRIP, SIDE + 8, 3), 255, np.uint8)
    whole[20 : 20 + small.shape[0], : small.shape[1]] = small[:SIDE, :SIDE]
    for place, digit in enumerate(reading.digits[: SIDE // STRIP]):
        if digit.image is not None:
            seen = cv2.resize(digit.image, (STRIP - 2, STRIP - 2), interpolation=cv2.INTER_NEAREST)
            left = place * STRIP
            whole[20 + SIDE : 20 + SIDE + STRIP - 2, left : left + STRIP - 2] = seen[..., np.newaxis]
    wanted = truth.text.replace("\n", "|") if truth else "nothing"
    answer = "refused" if reading.error else "".join(str(digit.label) for digit in reading.digits)
    text = reading.text.replace("\n", "|")
    caption = f"{wanted} > {text}" + ("" if answer == text.replace("|", "") else f" ({answer})")
    cv2.putText(whole, caption[:30], (2, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 0, 0), 1, cv2.LINE_AA)
    return whole


def write(path: Path, tiles: list[Tile]) -> None:
    """A PNG of at most MOST tiles."""
    chosen = tiles[:MOST]
    chosen += [np.full_like(chosen[0], 255)] * (-len(chosen) % COLUMNS)
    rows = [np.hstack(chosen[start : start + COLUMNS]) for start in range(0, len(chosen), COLUMNS)]
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.vstack(rows)[..., ::-1])


def _rectangle(picture: Tile, box: tuple[float, float, float, float], colour: tuple[int, int, int]) -> None:
    x, y, width, height = box
    cv2.rectangle(picture, (round(x), round(y)), (round(x + width), round(y + height)), colour, 1)

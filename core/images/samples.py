"""Samples: made pictures of handwriting, for those who have none at hand and want to see what is read in one.

Digits are drawn by a pen along smooth lines through a few points, a little differently each time, on papers and boards
as people photograph them. The same sample is always the same picture. Nothing is measured by them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Points = tuple[tuple[float, float], ...]

_SHIFT = 4
_HEIGHT, _WIDTH = 480, 768


@dataclass(frozen=True)
class Sample:
    """name: in links. title: what it shows, in a few words. shows: the digits on it, lines joined by newline."""

    name: str
    title: str
    shows: str
    draw: Callable[[np.random.Generator], Picture]

    def picture(self) -> Picture:
        """The picture, (h, w, 3) RGB uint8."""
        return self.draw(np.random.default_rng(len(self.name)))


_GLYPHS: dict[str, tuple[Points, ...]] = {
    "0": (((0.55, 0.02), (0.2, 0.12), (0.03, 0.5), (0.2, 0.92), (0.55, 0.98), (0.9, 0.7), (0.9, 0.25), (0.5, 0.03)),),
    "1": (((0.25, 0.28), (0.42, 0.16), (0.58, 0.0), (0.56, 0.5), (0.52, 1.0)),),
    "2": (((0.1, 0.25), (0.3, 0.03), (0.72, 0.06), (0.8, 0.35), (0.45, 0.7), (0.08, 0.96), (0.5, 0.92), (0.95, 0.95)),),
    "3": (
        (
            *((0.12, 0.1), (0.5, 0.0), (0.8, 0.2), (0.65, 0.42), (0.38, 0.47)),
            *((0.7, 0.54), (0.85, 0.78), (0.5, 1.0), (0.08, 0.88)),
        ),
    ),
    "4": (((0.4, 0.0), (0.22, 0.35), (0.05, 0.62), (0.45, 0.6), (0.95, 0.58)), ((0.72, 0.2), (0.68, 0.6), (0.62, 1.0))),
    "5": (
        ((0.88, 0.03), (0.55, 0.04), (0.28, 0.05), (0.2, 0.42), (0.62, 0.4), (0.88, 0.65), (0.6, 0.97), (0.1, 0.93)),
    ),
    "6": (
        (
            *((0.75, 0.02), (0.35, 0.25), (0.1, 0.65), (0.3, 0.97), (0.72, 0.95)),
            *((0.85, 0.7), (0.6, 0.52), (0.25, 0.62), (0.14, 0.78)),
        ),
    ),
    "7": (((0.08, 0.08), (0.5, 0.07), (0.9, 0.04), (0.68, 0.45), (0.42, 1.0)),),
    "8": (
        (
            *((0.78, 0.14), (0.5, 0.0), (0.2, 0.18), (0.45, 0.45), (0.8, 0.72), (0.5, 1.0)),
            *((0.15, 0.76), (0.45, 0.47), (0.78, 0.24), (0.74, 0.1)),
        ),
    ),
    "9": (
        (
            *((0.8, 0.22), (0.5, 0.02), (0.18, 0.22), (0.3, 0.48), (0.65, 0.45), (0.82, 0.16)),
            *((0.8, 0.55), (0.7, 1.0)),
        ),
    ),
    "star": (((0.5, 0.0), (0.5, 1.0)), ((0.05, 0.28), (0.95, 0.75)), ((0.95, 0.26), (0.05, 0.76))),
    "cloud": (
        (
            *((0.05, 0.7), (0.2, 0.4), (0.35, 0.6), (0.45, 0.15), (0.65, 0.5), (0.85, 0.2), (0.8, 0.7)),
            *((0.98, 0.85), (0.6, 0.8), (0.5, 1.0), (0.25, 0.8), (0.06, 0.72)),
        ),
    ),
}
"""Each digit, and what is none, as strokes through points in a box of one by one."""


def _lined(random: np.random.Generator) -> Picture:
    paper = _paper(random, (246, 243, 234))
    for row in range(70, _HEIGHT, 95):
        cv2.line(paper, (0, row), (_WIDTH, row + 3), (176, 196, 226), 2, cv2.LINE_AA)
    cv2.line(paper, (78, 0), (72, _HEIGHT), (232, 170, 170), 2, cv2.LINE_AA)
    ink = _writing(random, "15772", (110, 165), height=180, step=124, pen=8)
    return _grainy(random, _laid(paper, ink, (34, 62, 160)))


def _shadowed(random: np.random.Generator) -> Picture:
    ink = _writing(random, "308", (150, 120), height=240, step=170, pen=16)
    written = _laid(_paper(random, (238, 232, 220)), ink, (38, 36, 40)).astype(np.float32)
    y, x = np.mgrid[0 : 1 : _HEIGHT * 1j, 0 : 1 : _WIDTH * 1j]
    edge = 1 / (1 + np.exp(-(x + 0.45 * y - 0.72) * 14))
    light = (0.95 - 0.2 * y - 0.42 * edge)[:, :, np.newaxis]
    return _grainy(random, np.clip(written * light, 0, 255).astype(np.uint8))


def _chalk(random: np.random.Generator) -> Picture:
    board = _paper(random, (38, 74, 62), roughness=9)
    ink = _writing(random, "946", (140, 110), height=260, step=175, pen=20)
    ink *= 0.72 + 0.28 * (random.random(ink.shape) < 0.85)
    soft = np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.9), np.float32)
    return _grainy(random, _laid(board, soft, (240, 242, 235)))


def _two_lines(random: np.random.Generator) -> Picture:
    ink = np.maximum(
        _writing(random, "1968", (120, 60), height=150, step=138, pen=11),
        _writing(random, "2026", (140, 275), height=150, step=138, pen=11),
    )
    return _grainy(random, _laid(_paper(random, (250, 250, 248)), ink, (30, 30, 34)))


def _squared(random: np.random.Generator) -> Picture:
    paper = _paper(random, (248, 248, 244))
    for at in range(24, max(_HEIGHT, _WIDTH), 48):
        cv2.line(paper, (at, 0), (at - 4, _HEIGHT), (190, 214, 206), 1, cv2.LINE_AA)
        cv2.line(paper, (0, at), (_WIDTH, at + 4), (190, 214, 206), 1, cv2.LINE_AA)
    ink = _writing(random, "53", (230, 110), height=250, step=190, pen=14)
    return _grainy(random, _laid(paper, ink, (176, 40, 52)))


def _no_digit(random: np.random.Generator) -> Picture:
    ink = _writing(random, ("4", "star", "cloud"), (110, 130), height=220, step=205, pen=15)
    return _grainy(random, _laid(_paper(random, (247, 246, 242)), ink, (32, 34, 48)))


SAMPLES = (
    Sample("lined", "Lined paper", "15772", _lined),
    Sample("shadow", "A shadow", "308", _shadowed),
    Sample("chalk", "Chalk on a board", "946", _chalk),
    Sample("lines", "Two lines", "1968\n2026", _two_lines),
    Sample("squared", "Squared paper", "53", _squared),
    Sample("other", "Not only digits", "4", _no_digit),
)


def _writing(
    random: np.random.Generator, names: Sequence[str], at: tuple[int, int], *, height: int, step: int, pen: int
) -> npt.NDArray[np.float32]:
    """Coverage (h, w) float32 in [0, 1] of digits in a row. at: the top left. height, step, pen: in pixels."""
    sheet = np.zeros((_HEIGHT, _WIDTH), np.uint8)
    for number, name in enumerate(names):
        own = height * random.uniform(0.92, 1.06)
        left = at[0] + number * step + random.uniform(-6, 6)
        top = at[1] + random.uniform(-0.04, 0.05) * height
        slant, width = random.uniform(-0.02, 0.14), own * random.uniform(0.56, 0.66)
        for stroke in _GLYPHS[name]:
            points = np.array(stroke) + random.normal(0, 0.012, (len(stroke), 2))
            line = _smooth(points) * (width, own) + (left, top)
            line[:, 0] += slant * (top + own - line[:, 1])
            _draw(sheet, line, pen)
    return (sheet / np.float32(255)).astype(np.float32)


def _smooth(points: npt.NDArray[np.float64], steps: int = 12) -> npt.NDArray[np.float64]:
    """A curve through the points (n, 2): Catmull and Rom's, "A Class of Local Interpolating Splines" (1974)."""
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, np.newaxis]
    parts = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.concatenate([*parts, points[-1:]])


def _draw(sheet: Picture, line: npt.NDArray[np.float64], pen: int) -> None:
    """A pen that presses a little less at both ends."""
    pressure = 0.78 + 0.22 * np.sin(np.linspace(0.15, np.pi - 0.15, len(line) - 1))
    fixed = np.round(line * 2**_SHIFT).astype(np.int32)
    for start, end, width in zip(fixed, fixed[1:], np.maximum(1, np.round(pen * pressure)), strict=False):
        cv2.line(sheet, start.tolist(), end.tolist(), 255, int(width), cv2.LINE_AA, _SHIFT)


def _paper(random: np.random.Generator, colour: tuple[int, int, int], roughness: float = 4) -> Picture:
    """A sheet of one colour with a cloudy grain."""
    coarse = random.normal(0, 1, (_HEIGHT // 24, _WIDTH // 24)).astype(np.float32)
    clouds = cv2.GaussianBlur(cv2.resize(coarse, (_WIDTH, _HEIGHT)), (0, 0), 14)[:, :, np.newaxis]
    return np.clip(np.array(colour) + roughness * clouds, 0, 255).astype(np.uint8)


def _laid(paper: Picture, ink: npt.NDArray[np.float32], colour: tuple[int, int, int]) -> Picture:
    share = ink[:, :, np.newaxis]
    return np.asarray(paper * (1 - share) + np.array(colour, np.float32) * share).astype(np.uint8)


def _grainy(random: np.random.Generator, picture: Picture) -> Picture:
    """As a camera sees it: a little soft, with some noise."""
    soft = cv2.GaussianBlur(picture, (0, 0), 0.8).astype(np.float32)
    return np.clip(soft + random.normal(0, 2.5, picture.shape), 0, 255).astype(np.uint8)

"""Digits as strokes, in ways that people write and MNIST hardly has: barred 7, 1 with flag and base, slashed 0 ...

MNIST was written by Americans around 1990. A style is a list of strokes, drawn with random slant, proportions and
wobble. A stroke is a text of points "x,y" in hundredths of the digit's height, y down, through which a smooth curve
goes; a star marks a corner. "o x,y rx,ry" is an ellipse, and two angles after it the part of it that is drawn: where
it starts (0 right, 90 down) and how far it goes, negative anticlockwise.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.reading.glyphs import Glyph, from_lines

Line = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Style:
    """One way to write a digit."""

    name: str
    label: int
    strokes: tuple[str, ...]


def glyph(style: Style, random: np.random.Generator) -> Glyph:
    """The style as one hand may write it: slant up to 20 degrees, width up to a quarter more or less, wobble."""
    lines = [_curve(stroke, random) for stroke in style.strokes]
    slant = np.tan(np.radians(min(20.0, max(-14.0, float(random.normal(6, 7))))))
    turn = np.radians(float(random.normal(0, 3)))
    stretch = float(random.uniform(0.8, 1.25))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shape = rotation @ np.array([[stretch, -slant], [0, 1]])
    return from_lines([line @ shape.T for line in lines], float(random.uniform(0.06, 0.16)))


def _curve(stroke: str, random: np.random.Generator, wobble: float = 0.012) -> Line:
    """A smooth curve through the points (Catmull and Rom, 1974), each of them moved a little."""
    points = [(point + random.normal(0, wobble, 2), corner) for point, corner in _points(stroke)]
    # A corner is passed twice, so that the curve forgets where it came from.
    passed = [point for point, corner in points for _ in range(1 + corner)]
    passed = [passed[0], *passed, passed[-1]]
    steps = np.linspace(0, 1, 16)[:, np.newaxis]
    parts = []
    for before, start, end, after in zip(passed, passed[1:], passed[2:], passed[3:], strict=False):
        if start is not end:
            bend = (2 * before - 5 * start + 4 * end - after) * steps**2
            twist = (3 * start - before - 3 * end + after) * steps**3
            parts.append((2 * start + (end - before) * steps + bend + twist) / 2)
    return np.concatenate(parts)


def _points(stroke: str) -> list[tuple[Line, bool]]:
    """The points (2,) of a stroke, in shares of the height, and whether each is a corner."""
    if not stroke.startswith("o "):
        return [(_pair(word), word.endswith("*")) for word in stroke.split()]
    centre, radii, *part = stroke.split()[1:]
    start, sweep = (float(angle) for angle in part) if part else (-90.0, -360.0)
    angles = np.radians(np.linspace(start, start + sweep, int(abs(sweep) / 30) + 1))
    around = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return [(_pair(centre) + _pair(radii) * one, False) for one in around]


def _pair(word: str) -> Line:
    x, y = word.rstrip("*").split(",")
    return np.array([float(x), float(y)]) / 100


STYLES: tuple[Style, ...] = (
    Style(
        "0 slashed",
        0,
        (
            "o 30,50 30,50",
            "8,92* 52,8*",
        ),
    ),
    Style(
        "0 slashed beyond",
        0,
        (
            "o 30,50 28,48",
            "-4,102* 64,-2*",
        ),
    ),
    Style("0 with a loop", 0, ("42,8 25,0 0,50 25,100 52,50 36,2 22,12 40,14 56,0",)),
    Style("0 open", 0, ("o 30,50 30,50 -60 -320",)),
    Style("0 narrow", 0, ("o 18,50 17,50",)),
    Style("1 a bar", 1, ("10,0* 10,100*",)),
    Style("1 with flag", 1, ("0,28* 25,0* 25,100*",)),
    Style("1 with long flag", 1, ("-8,50* 28,0* 28,100*",)),
    Style(
        "1 with flag and base",
        1,
        (
            "5,22* 28,0* 28,100*",
            "4,100* 54,100*",
        ),
    ),
    Style(
        "1 with base",
        1,
        (
            "25,0* 25,100*",
            "2,100* 48,100*",
        ),
    ),
    Style("1 with flag and slanting base", 1, ("0,62* 30,0* 22,96*", "4,100* 50,92*")),
    Style("2 with loop", 2, ("5,20 25,0 50,20 35,60 10,95 0,85 14,76 36,95 62,92",)),
    Style("2 like a swan", 2, ("2,24 22,0 48,18 36,56 0,100* 22,92 58,100",)),
    Style("2 like a z", 2, ("0,6* 50,3* 0,100* 55,98*",)),
    Style("2 round", 2, ("3,28 10,5 35,0 52,22 38,56 2,98* 56,98*",)),
    Style("3 with flat top", 3, ("2,2* 50,2* 22,38* 50,52 50,82 25,100 0,88",)),
    Style("3 round", 3, ("4,14 24,0 48,18 38,42 20,46* 46,54 54,78 28,100 0,86",)),
    Style("3 with a curl", 3, ("6,10 26,0 48,16 36,42 20,48 14,42 24,40 50,58 50,84 26,100 0,86",)),
    Style(
        "4 open",
        4,
        (
            "8,0* 2,55* 60,55*",
            "42,8* 40,100*",
        ),
    ),
    Style("4 closed", 4, ("42,100* 42,0* 0,66* 62,66*",)),
    Style("4 in one stroke", 4, ("10,0 2,40 10,54 42,50* 46,6* 40,100*",)),
    Style(
        "4 like a chair",
        4,
        (
            "6,2* 4,50* 46,50*",
            "46,0* 46,100*",
        ),
    ),
    Style(
        "5 in two strokes",
        5,
        (
            "10,2* 6,42* 32,38 52,66 30,98 0,90",
            "10,2* 52,0*",
        ),
    ),
    Style(
        "5 with a bar apart",
        5,
        (
            "10,8* 6,44* 34,40 52,68 30,100 0,90",
            "17,3* 54,0*",
        ),
    ),
    Style("5 in one stroke", 5, ("50,0* 12,2* 8,42* 36,40 52,68 28,100 0,90",)),
    Style("5 like an s", 5, ("52,4 24,2 6,26 28,46 50,70 30,98 0,92",)),
    Style("6 curved", 6, ("44,4 14,24 2,68 24,100 48,76 28,54 4,72",)),
    Style("6 straight", 6, ("34,0 10,50 2,78 24,100 48,80 28,58 4,74",)),
    Style("6 with a small bowl", 6, ("30,0 6,40 0,82 18,100 36,86 22,70 2,82",)),
    Style("7 plain", 7, ("0,4* 55,0* 18,100*",)),
    Style(
        "7 barred",
        7,
        (
            "0,3* 55,0* 20,100*",
            "12,50* 56,47*",
        ),
    ),
    Style("7 with serif", 7, ("0,16* 2,0* 55,0* 22,100*",)),
    Style(
        "7 barred with serif",
        7,
        (
            "0,16* 3,0* 55,0* 20,100*",
            "10,52* 54,46*",
        ),
    ),
    Style("7 curved", 7, ("0,6* 30,8 56,0* 32,46 24,100",)),
    Style("7 wavy and barred", 7, ("0,42 18,4* 28,28 42,26 60,4* 54,100*", "30,56* 72,52*")),
    Style("8 in one stroke", 8, ("50,14 30,0 8,16 28,42 52,72 30,100 5,76 30,46 50,20 44,6",)),
    Style(
        "8 as two circles",
        8,
        (
            "o 30,24 20,24 90 -360",
            "o 30,74 26,26",
        ),
    ),
    Style(
        "8 as two circles apart",
        8,
        (
            "o 30,22 19,21 90 -360",
            "o 30,75 24,25",
        ),
    ),
    Style("8 open at the top", 8, ("50,14 30,0 8,16 28,42 52,72 30,100 5,76 30,46 50,20",)),
    Style("9 straight", 9, ("46,16 26,0 4,22 22,46 46,20* 46,100*",)),
    Style("9 curled", 9, ("46,18 26,0 4,24 24,50 46,22 50,60 38,94 14,98 4,84",)),
    Style("9 with a loop", 9, ("44,4 18,2 3,20 16,40 40,34 52,18 44,4 34,18 42,48 60,78 48,98 8,98",)),
    Style("9 bent", 9, ("46,16 24,0 3,24 22,48 46,20 46,60 30,100",)),
    Style("9 like a g", 9, ("48,10 24,0 3,22 20,46 47,24 48,2* 50,70 34,98 2,90",)),
)
"""Every digit in at least three styles."""

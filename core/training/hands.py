"""Digits drawn as other schools teach them: templates of pen strokes, bent and shifted anew each time.

MNIST's writers were Americans of about 1990. Elsewhere a 1 begins with a long upstroke, a 7 with a wave and has a bar,
a 9 curls into its loop, a 4 stays open, a 2 turns through a loop. Each template is a few curves through control points
in a square, columns to the right and rows down.
"""

import functools

import numpy as np

from core.training.drawing import SIDE, draw, smooth

_BEND = 0.045
"""Standard deviation by which each control point moves, as a share of the digit's height."""

_TEMPLATES: dict[str, tuple[str, ...]] = {
    "0": (
        "50,0 12,30 15,75 50,100 87,72 85,25 50,0",
        "62,2 20,15 10,65 50,100 90,60 75,12 35,6 25,20",
        "50,0 12,30 15,75 50,100 87,70 85,25 50,0 / 85,0 15,100",
    ),
    "1": (
        "10,42 62,0 / 62,0 60,100",
        "5,60 65,0 / 65,0 62,100",
        "20,30 45,18 60,0 / 60,0 58,100",
        "15,40 60,0 / 60,0 55,100 / 20,100 95,97",
        "30,20 55,0 / 55,0 55,100 / 25,100 85,100",
        "0,50 78,0 / 78,0 68,100",
        "12,55 40,30 68,0 / 68,0 45,100",
        "0,22 14,30 40,22 72,0 / 72,0 66,100",
    ),
    "2": (
        "12,25 40,0 80,15 70,50 30,85 10,95 18,80 40,90 70,100 95,90",
        "10,15 50,0 85,20 55,60 8,100 / 8,100 95,98",
        "15,8 85,3 / 85,3 10,97 / 10,97 90,100",
    ),
    "3": (
        "12,2 85,0 / 85,0 42,38 / 42,38 88,62 60,100 8,90",
        "12,12 50,0 82,20 40,46 / 40,46 88,68 55,100 8,88",
        "20,20 50,0 75,20 45,45 35,50 80,60 70,95 20,100 12,80",
    ),
    "4": (
        "25,0 10,55 / 10,55 92,55 / 65,25 60,100",
        "60,0 5,65 / 5,65 95,65 / 62,0 60,100",
        "12,0 10,40 45,52 88,40 / 90,0 85,100",
        "50,0 8,60 / 8,60 95,58 / 60,35 50,100",
        "38,0 14,52 / 14,52 45,56 78,44 / 80,32 66,100",
        "28,0 22,42 50,52 76,36 / 78,14 70,100",
        "45,0 40,48 72,44 / 72,44 66,100",
    ),
    "5": (
        "85,2 25,2 / 25,2 20,45 / 20,45 60,38 88,68 55,100 10,90",
        "85,5 40,2 20,35 70,55 75,88 20,100",
        "30,0 20,42 65,42 82,75 45,100 10,88 / 32,2 95,0",
    ),
    "6": (
        "75,0 30,35 12,75 50,100 85,75 50,55 18,75",
        "80,10 60,0 20,35 12,80 50,100 80,80 55,60 25,70",
        "55,0 20,50 20,90 60,98 80,70 50,55 20,72",
    ),
    "7": (
        "5,22 15,3 45,12 90,3 / 90,3 60,50 48,100 / 28,52 88,48",
        "8,20 10,2 / 10,2 90,2 / 90,2 45,100",
        "8,3 88,0 / 88,0 60,50 50,100 / 30,50 90,50",
        "2,30 20,5 40,25 75,3 / 75,3 60,50 55,100 / 20,62 95,60",
    ),
    "8": (
        "50,48 20,25 50,0 80,25 50,48 12,75 50,100 88,75 50,48",
        "82,12 40,0 25,28 75,65 60,100 20,85 38,50 82,15",
        "30,2 65,30 80,75 45,100 20,75 50,40 75,2",
    ),
    "9": (
        "45,30 60,20 40,4 10,25 35,50 78,32 80,8 85,55 65,95 20,95",
        "85,12 40,0 10,25 40,50 82,20 82,65 55,100 8,88",
        "80,10 35,2 12,30 45,48 80,15 / 80,15 70,100",
        "55,12 35,20 50,32 75,20 50,0 15,20 45,48 80,35 75,80 30,100",
        "25,32 72,26 70,6 42,0 22,20 46,40 82,62 58,100 12,86",
        "72,10 46,0 24,18 46,36 74,12 / 74,12 84,58 62,98 22,92 14,74",
    ),
}
"""Digit -> its templates. A slash parts strokes; points are column,row in hundredths of the square."""


def draw_digit(name: str, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray | None:
    """A digit in the hand of somebody, (h, w) uint8 of `shape`, white on black; None for other classes.

    name: of the class, "0" to "9".
    """
    templates = _TEMPLATES.get(name)
    if templates is None:
        return None
    template = _strokes(templates[generator.integers(len(templates))])
    # A point that two strokes share moves with both, so that ends which meet in the template still meet.
    moves = {point: generator.normal(0, _BEND, 2) for stroke in template for point in stroke}
    width = SIDE * generator.uniform(0.45, 0.85)
    lines = [smooth(np.array([np.add(point, moves[point]) for point in stroke]) * (width, SIDE)) for stroke in template]
    return draw(lines, int(generator.integers(5, 18)), shape)


@functools.cache
def _strokes(template: str) -> tuple[tuple[tuple[float, float], ...], ...]:
    """The control points of each stroke, (column, row) in [0, 1]."""
    return tuple(
        tuple((int(column) / 100, int(row) / 100) for column, row in (point.split(",") for point in stroke.split()))
        for stroke in template.split("/")
    )

"""Pictures of what is no digit: letters, things, doodles, scribbles, empty sheets and noise."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.reading.fonts import character
from benchmarks.reading.glyphs import Glyph, from_lines
from benchmarks.reading.kinds import Kind, kind_named
from benchmarks.reading.sheets import make

Picture = npt.NDArray[np.uint8]
Random = np.random.Generator
Line = npt.NDArray[np.float64]

LETTERS = "AaCcdEeFfHhKkLMmNnPpRrTtUuVvWwXx"
LEFT_OUT = "BbDGgIiJjlOoQqSsYyZz"
"""Letters that somebody may well take for 8, 6, 0, 6, 9, 1, 1, 1, 1, 1, 0, 0, 0, 9, 5, 5, 4, 4, 2 and 2."""

WRITTEN_ON = ("paper", "shadow", "ruled", "app light", "app dark", "chalk", "coloured", "small")
"""Kinds of pictures on which letters and other things are drawn, in turn."""

EMPTY = (
    "paper", "shadow", "ruled", "squared", "dotted", "coloured", "crumpled", "chalk", "whiteboard", "dim", "desk",
)  # fmt: skip
"""Kinds of pictures that are shown with nothing written on them."""


def letters(fonts: Sequence[Path], n_pictures: int, seed: int) -> Iterator[Picture]:
    """One letter of LETTERS in one of the fonts a picture, drawn with the pens and on the papers that digits are."""

    def letter(turn: int, random: Random) -> Glyph:
        return character(LETTERS[turn % len(LETTERS)], fonts[int(random.integers(len(fonts)))])

    return _drawn(letter, n_pictures, seed)


def doodles(n_pictures: int, seed: int) -> Iterator[Picture]:
    """One outline of DOODLES a picture, drawn with the pens and on the papers that digits are."""
    makers = tuple(DOODLES.values())
    return _drawn(lambda turn, random: _hand_drawn(makers[turn % len(makers)], random), n_pictures, seed)


def scribbles(n_pictures: int, seed: int) -> Iterator[Picture]:
    """A tangle of one to four long random curves a picture."""
    return _drawn(lambda _, random: from_lines(_tangle(random), float(random.uniform(0.03, 0.1))), n_pictures, seed)


def things(n_pictures: int, seed: int) -> Iterator[Picture]:
    """Shaded things of THINGS, in the manner of Fashion-MNIST, on white or on black."""
    random = np.random.default_rng([seed, 2])
    makers = tuple(THINGS.values())
    for turn in range(n_pictures):
        side = int(random.choice((28, 56, 200, 400)))
        outline = makers[turn % len(makers)] + random.normal(0, 0.012, makers[turn % len(makers)].shape)
        large = np.zeros((400, 400), np.float32)
        scale = 400 * random.uniform(0.75, 0.95)
        points = (outline - 0.5) * scale * (float(random.uniform(0.85, 1.1)), 1) + 200
        cv2.fillPoly(large, [np.round(points * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
        cloth = _cloth(large.shape, random)
        dark = turn % 2 == 0
        picture = large * cloth if dark else 1 - large * (1 - 0.8 * cloth)
        grey = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
        yield np.repeat(np.round(grey * 255).clip(0, 255).astype(np.uint8)[..., np.newaxis], 3, axis=2)


def blanks(n_pictures: int, seed: int) -> Iterator[Picture]:
    """Pictures with nothing written on them: every kind of surface and light, and even colours."""
    random = np.random.default_rng([seed, 3])
    for turn in range(n_pictures):
        place = turn % (len(EMPTY) + 1)
        if place == len(EMPTY):
            colour = random.integers(0, 256, 3)
            yield np.full((int(random.integers(28, 400)), int(random.integers(28, 400)), 3), colour, np.uint8)
        else:
            yield make(kind_named(EMPTY[place]), [], [], [], random)[0]


def noise(n_pictures: int, seed: int) -> Iterator[Picture]:
    """Noise of several grains: even, normal, salt and pepper, clouds, stripes."""
    random = np.random.default_rng([seed, 4])
    for turn in range(n_pictures):
        side = int(random.choice((28, 64, 200, 320)))
        shape = (side, side, 3 if turn % 2 else 1)
        values = _noise(turn % 5, shape, random)
        yield np.ascontiguousarray(np.broadcast_to(values.clip(0, 255).astype(np.uint8), (side, side, 3)))


def _noise(sort: int, shape: tuple[int, int, int], random: Random) -> npt.NDArray[np.float64]:
    if sort == 0:
        return random.uniform(0, 256, shape)
    if sort == 1:
        return random.normal(128, 40, shape)
    if sort == 2:
        return np.where(random.random(shape) < 0.08, 255.0 * (random.random(shape) < 0.5), 255.0)
    if sort == 3:
        blurred = cv2.GaussianBlur(random.normal(size=shape), (0, 0), shape[0] / 14).reshape(shape)
        return np.asarray(128 + 110 * blurred / np.abs(blurred).max())
    return np.asarray(128 + 100 * np.sign(np.sin(np.arange(shape[0]) * random.uniform(0.1, 1.5)))[:, None, None]
                      + random.normal(0, 10, shape))  # fmt: skip


def _drawn(glyph_of: Callable[[int, Random], Glyph], n_pictures: int, seed: int) -> Iterator[Picture]:
    random = np.random.default_rng([seed, 1])
    for turn in range(n_pictures):
        yield make(_kind(turn), [glyph_of(turn, random)], [0], [1], random)[0]


def _kind(turn: int) -> Kind:
    return kind_named(WRITTEN_ON[turn % len(WRITTEN_ON)])


def _hand_drawn(lines: list[Line], random: Random) -> Glyph:
    turn = float(random.normal(0, 0.1))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    stretch = np.array([float(random.uniform(0.8, 1.2)), 1.0])
    moved = [(line + random.normal(0, 0.01, line.shape)) * stretch @ rotation.T for line in lines]
    return from_lines(moved, float(random.uniform(0.04, 0.1)))


def _tangle(random: Random) -> list[Line]:
    lines = []
    for _ in range(int(random.integers(1, 5))):
        few = random.uniform(0, 1, (int(random.integers(10, 26)), 2))
        # Cubic interpolation through random places: a pen that does not stop.
        lines.append(np.asarray(cv2.resize(few, (2, 24 * len(few)), interpolation=cv2.INTER_CUBIC), np.float64))
    return lines


def _cloth(shape: tuple[int, ...], random: Random) -> npt.NDArray[np.float32]:
    """Grey levels of cloth in [0.35, 1]: folds, sometimes stripes."""
    folds = cv2.resize(random.uniform(0.5, 1, (5, 7)), shape[::-1], interpolation=cv2.INTER_CUBIC)
    if random.random() < 0.4:
        folds = folds * (0.8 + 0.2 * np.sign(np.sin(np.arange(shape[0]) / random.uniform(5, 20))))[:, np.newaxis]
    return np.asarray(folds.clip(0.35, 1), np.float32)


def _ring(x: float, y: float, radius: float, sweep: float = 360, start: float = 0) -> Line:
    angles = np.radians(np.linspace(start, start + sweep, 30))
    return np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], axis=1)


def _drawing(*lines: str) -> list[Line]:
    """Polylines from texts of points "x,y" in hundredths."""
    pairs = [[word.split(",") for word in line.split()] for line in lines]
    return [np.array(line, np.float64) / 100 for line in pairs]


def _doodles() -> dict[str, list[Line]]:
    star = np.radians(np.arange(11) * 36 - 90)
    reach = np.where(np.arange(11) % 2 == 0, 0.5, 0.2)
    around = np.linspace(0, 2 * np.pi, 60)
    winding = np.linspace(0, 6 * np.pi, 120)
    waves = 0.42 * np.cos(around) - 0.16 * np.cos(2 * around) - 0.07 * np.cos(3 * around) - 0.03 * np.cos(4 * around)
    petals = 0.25 * (1 + 0.5 * np.cos(6 * around))
    return {
        "star": [_polar(star, reach)],
        "heart": [np.stack([0.5 + 0.5 * np.sin(around) ** 3, 0.45 - waves], axis=1)],
        "house": _drawing("0,40 50,0 100,40 100,100 0,100 0,40 100,40", "40,100 40,70 60,70 60,100"),
        "arrow": _drawing("0,50 100,50", "70,20 100,50 70,80"),
        "face": [
            _ring(0.5, 0.5, 0.5),
            _ring(0.33, 0.38, 0.06),
            _ring(0.67, 0.38, 0.06),
            _ring(0.5, 0.52, 0.27, 140, 20),
        ],
        "spiral": [_polar(winding, winding / 38)],
        "lightning": _drawing("60,0 20,55 50,50 30,100 80,40 50,42 75,0 60,0"),
        "flower": [_polar(around, petals) - (0, 0.2), *_drawing("50,50 50,100", "50,80 70,65")],
        "tree": _drawing("50,0 15,40 35,40 5,80 95,80 65,40 85,40 50,0", "42,80 42,100 58,100 58,80"),
        "cup": [*_drawing("0,10 10,100 60,100 70,10 0,10"), _ring(0.7, 0.45, 0.22, 200, -100)],
        "fish": [
            *_drawing("100,20 70,50 40,75 10,60 0,50 10,40 40,25 70,50 100,80 100,20"),
            _ring(0.2, 0.46, 0.03),
        ],
        "hash": _drawing("30,0 20,100", "80,0 70,100", "0,33 100,33", "0,67 100,67"),
    }


def _polar(angles: Line, reach: Line) -> Line:
    return np.stack([0.5 + reach * np.cos(angles), 0.5 + reach * np.sin(angles)], axis=1)


DOODLES = _doodles()

THINGS: dict[str, Line] = {
    name: _drawing(outline)[0]
    for name, outline in {
        "shirt": "30,10 42,16 58,16 70,10 98,30 85,45 75,38 75,95 25,95 25,38 15,45 2,30",
        "pullover": "32,6 50,12 68,6 85,18 98,90 84,92 75,45 75,94 25,94 25,45 16,92 2,90 15,18",
        "trousers": "30,3 70,3 76,97 57,97 50,30 43,97 24,97",
        "dress": "40,2 45,15 55,15 60,2 66,6 60,40 80,97 20,97 40,40 34,6",
        "shoe": "3,40 12,36 25,46 40,42 60,60 95,66 98,80 3,80",
        "boot": "20,5 55,5 55,55 95,72 97,92 20,92",
        "bag": "5,40 30,40 34,15 66,15 70,40 95,40 90,95 10,95",
        "sandal": "2,75 20,60 30,40 40,42 38,60 60,66 70,50 80,52 98,76 97,84 30,80 2,84",
    }.items()
}
"""Outlines (n, 2) as x and y in a square of side 1."""

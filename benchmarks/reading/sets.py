"""The development sets by name: pictures of digits with their truth, and pictures of what is no digit.

They are there to show where reading fails. Nothing is chosen by them: no threshold, no setting, no model.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_digits

from benchmarks.reading import shapes
from benchmarks.reading.fonts import character, font_files, printed_fonts
from benchmarks.reading.forms import rows_of_boxes
from benchmarks.reading.glyphs import Glyph
from benchmarks.reading.kinds import KINDS, kind_named
from benchmarks.reading.photographs import trained_on
from benchmarks.reading.sheets import Box, Truth, make, one, pictures
from benchmarks.reading.strokes import STYLES, Style, glyph
from benchmarks.reading.variations import VARIATIONS
from core.data import embedded, idx
from core.images.outlines import occupied

Picture = npt.NDArray[np.uint8]
Example = tuple[Picture, Truth | None]
Source = Callable[[int, int], Iterator[Example]]

HANDWRITING_VARIABLE, MNIST_VARIABLE = "DIGITLAB_TEST_HANDWRITING", "DIGITLAB_TEST_MNIST"
FONTS_VARIABLE = "DIGITLAB_TEST_FONTS"
SIZES = {"phone": 24}
"""Digits of kinds of sheets that have not 200: pictures of 8 megapixels take seconds to make."""

STYLE_KINDS = ("paper", "natural", "blue ink", "ruled", "app light", "app dark", "small", "chalk")
PRINTED_KINDS = ("paper", "app light", "app dark", "coloured")
HAND_KINDS = ("natural", "paper", "blue ink", "thin", "app dark", "small")


@dataclass(frozen=True)
class DevelopmentSet:
    """A set of pictures. group: heading of its table. n: its usual number of digits, or of pictures without digits.

    digits: whether its pictures show digits; then every example has a truth. source: (n, seed) -> examples.
    """

    group: str
    name: str
    description: str
    digits: bool
    source: Source
    n: int = 200

    def examples(self, n: int | None = None, seed: int = 0) -> Iterator[Example]:
        """Pictures (h, w, 3) uint8 with their truth, or with None where there are no digits.

        n: about how many digits, or pictures without digits; at most the usual number, which None stands for.
        """
        return self.source(self.n if n is None else min(n, self.n), seed)


def development_sets(
    mnist: Path | None = None, handwriting: Path | None = None, fonts: Path | None = None
) -> list[DevelopmentSet]:
    """All sets that can be made here; what is missing is said on the screen.

    mnist: folder with MNIST's two test files, else $DIGITLAB_TEST_MNIST, else the 5,000 embedded images stand in for
    them. handwriting: folder with digits.npz and symbols.npz, else $DIGITLAB_TEST_HANDWRITING. fonts: folder with the
    files of fonts made from people's hands, else $DIGITLAB_TEST_FONTS.
    """
    images, labels = mnist_test(mnist)
    folder = handwriting or _named(HANDWRITING_VARIABLE)
    if folder is None:
        print(f"Left out: photographed digits and symbols; set {HANDWRITING_VARIABLE} to their folder.")
    fonts = fonts or _named(FONTS_VARIABLE)
    if fonts is None:
        print(f"Left out: digits and letters of handwriting fonts; set {FONTS_VARIABLE} to a folder of font files.")
    found = _photographed(folder) if folder else []
    printed, by_hand = printed_fonts(), font_files(fonts) if fonts else []
    hands = partial(DevelopmentSet, "other hands")
    found += [
        hands("scikit-learn", "its 8x8 digits by Turkish writers, enlarged to 80x80", True, _scikit),
        hands("fonts", f"printed digits of {len(printed)} fonts", True, partial(_fonts, printed, PRINTED_KINDS)),
    ]
    if by_hand:
        what = f"digits of {len(by_hand)} fonts made from people's hands"
        found.append(hands("handwriting fonts", what, True, partial(_fonts, by_hand, HAND_KINDS), 1000))
    for style in STYLES:
        found.append(DevelopmentSet("styles", style.name, "drawn strokes", True, partial(_style, style), 12))
    for kind in KINDS:
        source = partial(_sheets, kind.name, images, labels)
        found.append(DevelopmentSet("sheets", kind.name, kind.description, True, source, SIZES.get(kind.name, 200)))
    for name, what, cut in (
        ("row of boxes", "digits in printed boxes that share a side or stand close to each other", False),
        ("boxes cut out", "the same, the picture ending with the boxes", True),
    ):
        source = partial(rows_of_boxes, images, labels, cut=cut)
        found.append(DevelopmentSet("sheets", name, what, True, source))
    for name, change in VARIATIONS.items():
        source = partial(_varied, name, images, labels)
        found.append(DevelopmentSet("the same digits", name, change.description, True, source))
    return found + _non_digits(folder, printed, by_hand)


def mnist_test(folder: Path | None = None) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """MNIST's test images (n, 28, 28) and labels, or, without its files, the embedded images; says which."""
    folder = folder or _named(MNIST_VARIABLE)
    if folder is not None:
        arrays = []
        for name in ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"):
            path = folder / name
            arrays.append(idx.read(path if path.is_file() else folder / f"{name}.gz"))
        return arrays[0], arrays[1]
    print(
        f"MNIST's test files are not there ({MNIST_VARIABLE}): digits are embedded images, known to trained networks."
    )
    dataset = embedded.load()
    return dataset.test_images, dataset.test_labels.astype(np.uint8)


def mnist_name() -> str:
    """Which images `mnist_test` gives."""
    return "MNIST's test images" if _named(MNIST_VARIABLE) else "the embedded MNIST images"


def _named(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None


def _photographed(folder: Path) -> list[DevelopmentSet]:
    with np.load(folder / "digits.npz") as file:
        images, labels = _held_out(file["images"], file["labels"])
    light = 255 - images
    set_of = partial(DevelopmentSet, "photographed")
    return [
        set_of("photographed", "28x28, cut from sheets, black on white", True, partial(_arrays, images, labels), 1000),
        set_of("photographed, large", "280x280, with a margin", True, partial(_enlarged, images, labels)),
        set_of("photographed, paper", "on synthetic paper", True, partial(_sheets, "natural", light, labels)),
        set_of("photographed, rows", "three to six in a row", True, partial(_sheets, "row", light, labels)),
    ]


def _held_out(images: Picture, labels: npt.NDArray[np.generic]) -> tuple[Picture, npt.NDArray[np.generic]]:
    """The images that no network is trained on, with their labels."""
    left = ~trained_on(labels)
    return images[left], labels[left]


def _non_digits(folder: Path | None, printed: list[Path], by_hand: list[Path]) -> list[DevelopmentSet]:
    made: list[tuple[str, str, Callable[[int, int], Iterator[Picture]]]] = [
        ("letters", f"printed letters but for {shapes.LEFT_OUT}", partial(shapes.letters, printed)),
        ("doodles", "star, heart, house, arrow, face, spiral, ...", shapes.doodles),
        ("things", "shaded clothes, shoes and bags in the manner of Fashion-MNIST", shapes.things),
        ("scribbles", "tangles of long random curves", shapes.scribbles),
        ("blanks", "empty sheets of every kind, even colours", shapes.blanks),
        ("noise", "noise of several grains, stripes", shapes.noise),
    ]
    if by_hand:
        made.append(("letters by hand", "the same letters of handwriting fonts", partial(shapes.letters, by_hand)))
    found = [
        DevelopmentSet("no digits", name, what, False, partial(_without_truth, source)) for name, what, source in made
    ]
    if folder is not None:
        with np.load(folder / "symbols.npz") as file:
            images, names = _held_out(file["images"], file["labels"])
        for name in np.unique(names):
            chosen = images[names == name]
            found.append(
                DevelopmentSet("no digits", f"symbol {name}", "photographed", False, partial(_symbols, chosen), 60)
            )
    return found


def _without_truth(source: Callable[[int, int], Iterator[Picture]], n: int, seed: int) -> Iterator[Example]:
    return ((picture, None) for picture in source(n, seed))


def _symbols(images: npt.NDArray[np.uint8], n: int, seed: int) -> Iterator[Example]:
    order = np.random.default_rng(seed).permutation(len(images))[:n]
    return ((_rgb(images[index]), None) for index in order)


def _sheets(
    kind: str, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8], n: int, seed: int
) -> Iterator[Example]:
    return pictures(kind_named(kind), images, labels, seed, n)


def _arrays(images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8], n: int, seed: int) -> Iterator[Example]:
    for index in np.random.default_rng(seed).permutation(len(images))[:n]:
        yield _rgb(images[index]), one(int(labels[index]), ink_box(images[index]))


def _enlarged(images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8], n: int, seed: int) -> Iterator[Example]:
    for picture, truth in _arrays(images, labels, n, seed):
        large = np.asarray(cv2.resize(picture, (224, 224), interpolation=cv2.INTER_CUBIC), np.uint8)
        padded = np.pad(large, ((28, 28), (28, 28), (0, 0)), constant_values=255)
        if truth is not None:
            yield padded, one(truth.labels[0], ink_box(padded[..., 0]))


def _scikit(n: int, seed: int) -> Iterator[Example]:
    digits = load_digits()
    for index in np.random.default_rng(seed).permutation(len(digits.images))[:n]:
        small = np.pad(digits.images[index] / 16 * 255, 1).astype(np.float32)
        picture = cv2.resize(small, (80, 80), interpolation=cv2.INTER_CUBIC).clip(0, 255).astype(np.uint8)
        yield _rgb(picture), one(int(digits.target[index]), ink_box(255 - picture))


def _style(style: Style, n: int, seed: int) -> Iterator[Example]:
    random = np.random.default_rng([seed, 5, *style.name.encode()])
    for turn in range(n):
        yield _single(glyph(style, random), style.label, STYLE_KINDS[turn % len(STYLE_KINDS)], random)


def _fonts(fonts: list[Path], kinds: tuple[str, ...], n: int, seed: int) -> Iterator[Example]:
    random = np.random.default_rng([seed, 6])
    # One after another of all fonts' digits, drawn without putting back.
    for turn, drawn in enumerate(random.permutation(10 * len(fonts))[:n]):
        font, digit = fonts[drawn // 10], int(drawn % 10)
        yield _single(character(str(digit), font), digit, kinds[turn % len(kinds)], random)


def _single(shape: Glyph, label: int, kind: str, random: np.random.Generator) -> Example:
    return make(kind_named(kind), [shape], [label], [1], random)


def _varied(
    name: str, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8], n: int, seed: int
) -> Iterator[Example]:
    change = VARIATIONS[name].change
    for index in np.random.default_rng(seed).permutation(len(images))[:n]:
        # Every variation starts from the same pictures: dark on white, enlarged to 140x140.
        random = np.random.default_rng([seed, int(index)])
        large = cv2.resize(255 - images[index], (140, 140), interpolation=cv2.INTER_CUBIC)
        picture, ink = change(_rgb(large), random)
        yield picture, one(int(labels[index]), ink_box(ink))


def _rgb(grey: npt.NDArray[np.uint8]) -> Picture:
    return np.repeat(grey[..., np.newaxis], 3, axis=2)


def ink_box(grey: npt.NDArray[np.uint8]) -> Box:
    """The box (x, y, width, height) round what is darker than mid-grey in a clean picture (h, w) uint8."""
    rows, columns = occupied(grey < 128)
    if not len(rows):
        return 0, 0, grey.shape[1], grey.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1)

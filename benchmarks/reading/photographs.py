"""Make core/training/photographs.npz, the photographed digits and symbols that networks may be trained on.

    python -m benchmarks.reading.photographs FOLDER

FOLDER holds digits.npz and symbols.npz, a sample of BHMSDS: images (n, 28, 28) uint8, black ink on white, and labels.
The first half of each kind is taken; the development sets show the second (`trained_on`).
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.atomic import new_file
from core.errors import ImageError
from core.images.digits import find_digits
from core.training.photographs import DIGITS, PATH, SIDE, SYMBOLS

NAMES = {"plus": "+"}
"""What the file calls those of SYMBOLS that are no letters."""


def trained_on(labels: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Of each kind the first half of its images: True for those that training may use. labels: (n,)."""
    chosen = np.zeros(len(labels), np.bool_)
    for name in np.unique(labels):
        rows = np.flatnonzero(labels == name)
        chosen[rows[: len(rows) // 2]] = True
    return chosen


def prepared(
    images: npt.NDArray[np.uint8], labels: npt.NDArray[np.generic]
) -> Iterator[tuple[str, npt.NDArray[np.uint8]]]:
    """Each character to train on that is found to be one glyph, with its name, as the network gets it when read."""
    for image, label in zip(images, labels, strict=True):
        name = NAMES.get(str(label), str(label))
        if name not in DIGITS + SYMBOLS:
            continue
        try:
            found = find_digits(image, (SIDE, SIDE))
        except ImageError:
            continue
        if len(found.digits) == 1:
            yield name, found.digits[0].image


def main(words: Sequence[str] | None = None) -> None:
    """Make the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(words).folder
    names, kept = [], []
    for file_name in ("digits.npz", "symbols.npz"):
        with np.load(folder / file_name) as file:
            images, labels = file["images"], file["labels"]
        chosen = trained_on(labels)
        for name, image in prepared(images[chosen], labels[chosen]):
            names.append(name)
            kept.append(image)
    with new_file(PATH) as file:
        np.savez_compressed(file, characters=np.array(names), images=np.array(kept))
    print(f"{len(kept)} characters, {PATH.stat().st_size} bytes.")


if __name__ == "__main__":
    main()

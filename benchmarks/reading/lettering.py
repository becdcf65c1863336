"""Make core/training/lettering.npz, the characters of handwriting fonts that networks may be trained on.

    python -m benchmarks.reading.lettering FOLDER

FOLDER holds font packages as the npm registry has them (`npm pack @fontsource/caveat`), each with its metadata. Only
fonts under the SIL Open Font License or the Apache License are taken. One in two is left out, by its name, so that
there are fonts to test on whose hands no network has seen; but none of those that show how schools of many countries
teach to write (Playwrite, Edu), as these are alike.
"""

import argparse
import io
import json
import sys
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from core.atomic import new_file
from core.training.lettering import CHARACTERS, PATH, SIDE

LICENCES = ("OFL-1.1", "Apache-2.0")
OF_SCHOOLS = ("playwrite-", "edu-")
CREDITS = PATH.with_suffix(".md")

_DRAWN = 4 * SIDE
"""Size in pixels at which characters are drawn before they are brought to SIDE."""

_ALIKE = 0.06
"""Share of the ink of two masks of one character that may differ for the second to be left out."""


@dataclass(frozen=True)
class Font:
    """One font: its name in the registry, who made it, its licence, and the file."""

    name: str
    made_by: str
    licence: str
    file: bytes


def fonts(folder: Path) -> Iterator[Font]:
    """The fonts of all packages in a folder, by name. Raises OSError, tarfile.TarError or KeyError for damaged ones."""
    for path in sorted(folder.glob("*.tgz")):
        with tarfile.open(path) as package:
            names = package.getnames()
            about = json.load(_content(package, "package/metadata.json"))
            licence = about["license"]
            found = [name for name in names if name.endswith("-latin-400-normal.woff")]
            # Older packages name their licence and not whose it is.
            is_free = isinstance(licence, dict) and licence["type"] in LICENCES
            if found and is_free and about["category"] == "handwriting":
                file = _content(package, found[0]).read()
                yield Font(about["id"], licence["attribution"].strip(), licence["type"], file)


def is_trained_on(name: str) -> bool:
    """Whether the font of that name is among the ones to train on, and not among those to test on."""
    return name.startswith(OF_SCHOOLS) or zlib.crc32(name.encode()) % 2 == 0


def masks_of(font: Font) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Each of CHARACTERS that the font draws: (SIDE, SIDE), the longer of its sides filling it."""
    opened = ImageFont.truetype(io.BytesIO(font.file), _DRAWN)
    for text in CHARACTERS:
        canvas = Image.new("L", (4 * _DRAWN, 4 * _DRAWN))
        ImageDraw.Draw(canvas).text((_DRAWN, _DRAWN), text, fill=255, font=opened)
        ink = np.asarray(canvas)
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        if len(rows) < _DRAWN // 5:
            continue
        tight = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        factor = SIDE / max(tight.shape)
        size = max(1, round(tight.shape[1] * factor)), max(1, round(tight.shape[0] * factor))
        small = cv2.resize(tight, size, interpolation=cv2.INTER_AREA)
        mask = np.zeros((SIDE, SIDE), np.bool_)
        top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
        mask[top : top + size[1], left : left + size[0]] = small > _LEVEL * small.max()
        yield text, mask


_LEVEL = 0.35
"""Share of the strongest ink above which there is ink: hairlines of a formal hand stay whole."""


def main(words: Sequence[str] | None = None) -> None:
    """Make the file and its credits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(words).folder
    chosen = [font for font in fonts(folder) if is_trained_on(font.name)]
    if not chosen:
        sys.exit(f"{folder}: expected packages of handwriting fonts (*.tgz), found none to train on.")
    kept: dict[str, list[npt.NDArray[np.bool_]]] = {text: [] for text in CHARACTERS}
    for font in chosen:
        for text, mask in masks_of(font):
            if not any((mask ^ other).sum() < _ALIKE * (mask.sum() + other.sum()) for other in kept[text]):
                kept[text].append(mask)
    characters = np.array([text for text in CHARACTERS for _ in kept[text]])
    bits = np.packbits([mask.reshape(-1) for text in CHARACTERS for mask in kept[text]], axis=1)
    with new_file(PATH) as file:
        np.savez_compressed(file, characters=characters, bits=bits, fonts=np.array([font.name for font in chosen]))
    CREDITS.write_text(_credits(chosen))
    print(f"{len(bits)} characters of {len(chosen)} fonts, {PATH.stat().st_size} bytes.")


def _credits(chosen: Sequence[Font]) -> str:
    rows = "\n".join(f"| {font.name} | {font.licence} | {font.made_by.replace('|', '/')} |" for font in chosen)
    return f"""# Where the lettering comes from

`{PATH.name}` holds pictures of single characters, {SIDE} pixels high or wide, drawn with these fonts by
`python -m benchmarks.reading.lettering`. No font is in it. Characters that look alike in several fonts are kept once.

| font | licence | copyright |
|---|---|---|
{rows}
"""


def _content(package: tarfile.TarFile, name: str) -> io.BufferedReader:
    content = package.extractfile(name)
    if content is None:
        raise KeyError(f"{name}: expected a file in the package, found a folder")
    return content  # type: ignore[return-value]


if __name__ == "__main__":
    main()

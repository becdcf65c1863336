"""Pictures by the paths that people give: files, folders with all that is below them, and zip files.

Nothing is unpacked to disk, and one picture is in memory at a time. Of folders and zip files only what is called like
a picture is taken, in natural order: `2.png` before `10.png`; how many files were skipped is said. Hidden files are
passed over in silence and links to folders not followed. What cannot be opened does not stop the others: it takes its
place among them, and loading it raises `ImageError`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath, PurePosixPath
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from core.errors import ImageError
from core.images.decode import decode, read
from core.images.zipped import Zipped, is_zip
from core.wording import count

SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".heic", ".heif"}
)
"""How pictures are called, in lower case."""

Image = npt.NDArray[np.uint8]
Say = Callable[[str], object]


@dataclass(frozen=True)
class Source:
    """A picture that can be loaded. name: its path; in a zip file, that of the zip file and its own after it.

    load: gives it as `core.images.decode.decode` does; raises ImageError if it cannot be read or used.
    """

    name: str
    load: Callable[[], Image]


def pictures(paths: Iterable[Path], say: Say = lambda sentence: None) -> Iterator[Source]:
    """The pictures at these paths, in the order of the paths; a file is taken whatever it is called.

    say: is given a sentence for each folder or zip file of which files were skipped.
    """
    for path in paths:
        if path.is_dir():
            yield from _in_folder(path, say)
        elif _holds_zip(path):
            yield from _in_zip(path, say)
        else:
            yield Source(str(path), partial(read, path))


def names_in(zipped: Zipped, name: str, say: Say) -> list[str]:
    """The paths of the pictures in a zip file, in natural order. name: what sentences call it. say: as of `pictures`.

    Raises ImageError if there are none.
    """
    names = sorted((path for path in zipped.names if _is_picture(PurePosixPath(path))), key=natural)
    if not names:
        raise ImageError(f"{name}: expected a zip file with pictures, found none in it.")
    _skipped(name, len(zipped.names) - len(names), say)
    return names


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """A key that sorts texts as people do: numbers by their value, the case of letters last."""
    parts = [(0, int(part)) if part.isdecimal() else (1, part) for part in re.findall(r"\d+|\D+", text.casefold())]
    return (*parts, (1, text))


def _in_folder(folder: Path, say: Say) -> Iterator[Source]:
    files = [path for path in folder.rglob("*") if _is_visible(path.relative_to(folder)) and path.is_file()]
    found = [path for path in files if _is_picture(path.relative_to(folder))]
    if not found:
        yield _refused(str(folder), f"{folder}: expected a folder with pictures, found none in it or below.")
        return
    _skipped(str(folder), len(files) - len(found), say)
    for path in sorted(found, key=lambda path: natural(str(path))):
        yield Source(str(path), partial(read, path))


def _in_zip(path: Path, say: Say) -> Iterator[Source]:
    try:
        with Zipped(path, str(path)) as zipped:
            for name in names_in(zipped, str(path), say):
                yield Source(f"{path}/{name}", partial(_from_zip, zipped, name, f"{path}/{name}"))
    except ImageError as error:
        yield _refused(str(path), str(error))


def _from_zip(zipped: Zipped, name: str, shown: str) -> Image:
    return decode(zipped.read(name), shown)


def _is_picture(path: PurePath) -> bool:
    return path.suffix.lower() in SUFFIXES and _is_visible(path)


def _is_visible(path: PurePath) -> bool:
    return not any(part.startswith(".") for part in path.parts)


def _skipped(name: str, number: int, say: Say) -> None:
    if number:
        say(f"{name}: {count(number, 'file')} in it {'is no picture' if number == 1 else 'are no pictures'}; skipped.")


def _holds_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_zip(file.read(4))
    except OSError:  # reading it as a picture will say what is wrong
        return False


def _refused(name: str, problem: str) -> Source:
    def load() -> NoReturn:
        raise ImageError(problem)

    return Source(name, load)

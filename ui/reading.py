"""What was read in a picture, read once: cached by the run and the picture's content, shared by all visitors.

A picture comes from a file, the camera, the canvas or the samples; whichever it was, it is a `Source` here. What costs
memory (the steps, the picture itself) is kept of the last few only; the rest of what was read, of many.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.errors import ImageError, RunDamagedError
from core.gallery import data_url, enlarged
from core.images.decode import decode
from core.images.preparation import REASONS, Preparation
from core.images.preview import preview
from core.prediction import Predictor, ReadDigit, Reading
from core.store import Run
from ui import answer
from ui.marks import Mark, marks_of, state_of

_SHOWN_SIDE = 1100
_FIELD, _MARGIN = (96, 128), 3
"""Height and width of a thumbnail, of which tables cut off what is wider; its margin."""

Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Source:
    """A picture that may be read. name: for people. key: tells its content from others. picture: (h, w, 3) uint8.

    is_own: whether it is the visitor's own, and no sample.
    """

    name: str
    key: str
    picture: Callable[[], Picture] = field(compare=False)
    is_own: bool = True

    @property
    def digest(self) -> str:
        """Eight letters that tell it from others in links."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:8]

    @staticmethod
    def of_file(name: str, data: bytes) -> "Source":
        """The picture in the bytes of a file."""
        return Source(name, hashlib.sha256(data).hexdigest(), lambda: decode(data, name))


@dataclass(frozen=True, eq=False)
class Brief:
    """What was read in one picture, without what costs memory.

    source: the picture. digits: in reading order, without their steps. text: lines joined by newline. marked_text: the
    same with a question mark for each part that is no digit. thumbnail: the picture as a data URL, or "" where it could
    not be opened. problem: why nothing was read, or "". is_blank: whether that is because there is nothing on it.
    """

    source: Source
    digits: tuple[ReadDigit, ...] = ()
    text: str = ""
    marked_text: str = ""
    thumbnail: str = ""
    problem: str = ""
    is_blank: bool = False

    @property
    def confidence(self) -> float | None:
        """That of the least sure digit; None if there is none."""
        return min((digit.confidence for digit in self.digits if digit.is_digit), default=None)

    @property
    def n_doubtful(self) -> int:
        """Digits that a person should look at."""
        return sum(state_of(digit) == "doubtful" for digit in self.digits)

    @property
    def n_others(self) -> int:
        """Parts that are no digits."""
        return sum(state_of(digit) == "other" for digit in self.digits)


@dataclass(frozen=True, eq=False)
class Whole:
    """Everything about one picture. image: it as a data URL. size: its width and height in pixels."""

    reading: Reading
    marks: list[Mark]
    image: str
    thumbnail: str
    size: tuple[int, int]


@dataclass(frozen=True)
class _Failure:
    """Why nothing was read. is_blank: because there is nothing on the picture, which itself is sound."""

    problem: str
    is_blank: bool


def brief(run: Run, predictor: Predictor, source: Source) -> Brief:
    """What is read in a picture, or why nothing is."""
    return replace(_brief(run.fingerprint, source.key, predictor, source), source=source)


def whole(run: Run, predictor: Predictor, source: Source) -> Whole | None:
    """Everything that is read in a picture; None if nothing is."""
    found = _whole(run.fingerprint, source.key, predictor, source)
    return found if isinstance(found, Whole) else None


def text_without(run: Run, predictor: Predictor, source: Source) -> dict[str, str | None]:
    """Switch of each step of the preparation -> what would be read without it; None if nothing would."""
    return _text_without(run.fingerprint, source.key, predictor, source)


@st.cache_resource(show_spinner=False, max_entries=2000)
def _brief(fingerprint: str, key: str, _predictor: Predictor, _source: Source) -> Brief:
    found = _whole(fingerprint, key, _predictor, _source)
    # The source holds a whole file, which is not to be kept here: the visitor's own takes its place.
    source = Source(_source.name, key, _forgotten)
    if isinstance(found, _Failure):
        return Brief(source, problem=found.problem, is_blank=found.is_blank)
    digits = tuple(replace(digit, steps=()) for digit in found.reading.digits)
    return Brief(source, digits, found.reading.text, found.reading.marked_text, found.thumbnail)


def _forgotten() -> Picture:
    raise LookupError("What was read in a picture is kept longer than the picture.")


@st.cache_resource(show_spinner=False, max_entries=16)
def _whole(fingerprint: str, key: str, _predictor: Predictor, _source: Source) -> Whole | _Failure:
    picture = None
    try:
        picture = _source.picture()
        reading = _predictor.read(picture, _source.name)
    except ImageError as error:
        return _Failure(str(error), is_blank=picture is not None)
    except RunDamagedError as error:
        return _Failure(str(error), is_blank=False)
    except MemoryError:
        sentence = f"{_source.name}: this machine has not enough free memory for this picture; save it smaller."
        return _Failure(sentence, is_blank=False)
    height, width = picture.shape[:2]
    return Whole(
        reading,
        marks_of(reading.digits),
        answer.data_url(preview(picture, _SHOWN_SIDE)),
        _thumbnail(picture),
        (width, height),
    )


def _thumbnail(picture: Picture) -> str:
    """The whole picture in the middle of a field that is transparent elsewhere, as a data URL."""
    height, width = _FIELD
    down, across = picture.shape[:2]
    share = min((height - 2 * _MARGIN) / down, (width - 2 * _MARGIN) / across)
    small = preview(enlarged(picture, height), int(max(down, across) * share))
    field = np.zeros((height, width, 4), np.uint8)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    place = field[top : top + small.shape[0], left : left + small.shape[1]]
    place[..., :3], place[..., 3] = small, 255
    return data_url(field, exact=False)


@st.cache_resource(show_spinner=False, max_entries=64)
def _text_without(fingerprint: str, key: str, _predictor: Predictor, _source: Source) -> dict[str, str | None]:
    picture = _source.picture()
    found: dict[str, str | None] = {}
    for switch in REASONS:
        try:
            found[switch] = _predictor.read(picture, _source.name, Preparation().without(switch)).text
        except ImageError:
            found[switch] = None
    return found

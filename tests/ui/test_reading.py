"""Readings in the cache: by content, not by name, and without the files that they came from."""

import base64
import gc
import io
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from PIL import Image

from core.errors import ImageError
from core.images.digits import Box
from core.images.preparation import REASONS, Preparation
from core.images.steps import Step
from core.prediction import Predictor, ReadDigit, Reading
from core.store import Run
from ui import reading
from ui.reading import Source

RUN = Run(Path("cafe"))
ALL_STEPS = Preparation()
STEP = Step("crop", "because", np.zeros((4, 4), np.uint8))


class Counting(Predictor):
    """Reads a 7 in every picture that is not black, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[Preparation] = []

    def read(self, picture: np.ndarray, name: str = "the picture", preparation: Preparation = ALL_STEPS) -> Reading:
        self.asked.append(preparation)
        if not picture.any():
            raise ImageError(f"{name}: expected a digit, found nothing.")
        image, probabilities = np.zeros((28, 28), np.uint8), np.full(10, 0.1, np.float32)
        digits = () if not preparation.crop else (0.95, 0.6)
        read = tuple(
            ReadDigit(7, "7", confidence, probabilities, image, Box(1, 2, 3, 4), 0, True, 0.1, (STEP,))
            for confidence in digits
        )
        return Reading(read, (STEP,))


@pytest.fixture
def predictor() -> Iterator[Counting]:
    st.cache_resource.clear()
    yield Counting()
    st.cache_resource.clear()


def picture(level: int = 200) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (level, level, level)).save(file, "PNG")
    return file.getvalue()


def test_equal_content_is_read_once_whatever_it_is_called(predictor: Counting) -> None:
    first = reading.brief(RUN, predictor, Source.of_file("a.png", picture()))
    second = reading.brief(RUN, predictor, Source.of_file("b.png", picture()))
    assert len(predictor.asked) == 1
    assert (first.source.name, second.source.name) == ("a.png", "b.png")
    assert (first.text, first.confidence, first.n_doubtful, first.n_others) == ("77", 0.6, 1, 0)
    assert first.marked_text == "77"
    assert first.thumbnail.startswith("data:image/")
    reading.brief(RUN, predictor, Source.of_file("a.png", picture(100)))
    reading.brief(Run(Path("f00d")), predictor, Source.of_file("a.png", picture()))
    assert len(predictor.asked) == 3


def test_what_is_kept_of_many_holds_neither_steps_nor_files(predictor: Counting) -> None:
    source = Source.of_file("a.png", picture())
    file = weakref.ref(source.picture)
    found = reading.brief(RUN, predictor, source)
    assert all(not digit.steps for digit in found.digits)
    del source, found
    gc.collect()
    assert file() is None
    again = reading.brief(RUN, predictor, Source.of_file("a.png", picture()))
    assert len(predictor.asked) == 1
    assert again.source.picture().shape == (30, 40, 3)


def test_the_whole_has_steps_and_the_size_of_the_picture(predictor: Counting) -> None:
    whole = reading.whole(RUN, predictor, Source.of_file("a.png", picture()))
    assert whole is not None
    assert whole.size == (40, 30)
    assert whole.reading.steps == (STEP,)
    assert [mark.state for mark in whole.marks] == ["sure", "doubtful"]


@pytest.mark.parametrize("shape", [(60, 600), (600, 60), (28, 28), (480, 640)])
def test_a_thumbnail_is_the_whole_picture_on_a_field_of_one_size(predictor: Counting, shape: tuple[int, int]) -> None:
    file = io.BytesIO()
    Image.fromarray(np.full((*shape, 3), (200, 40, 40), np.uint8)).save(file, "PNG")
    found = reading.brief(RUN, predictor, Source.of_file("a.png", file.getvalue()))
    thumbnail = Image.open(io.BytesIO(base64.b64decode(found.thumbnail.partition(",")[2])))
    assert thumbnail.size == (128, 96)
    left, top, right, bottom = thumbnail.getchannel("A").getbbox() or (0, 0, 0, 0)
    assert min(left, top, 128 - right, 96 - bottom) >= 2
    assert (bottom - top) / (right - left) == pytest.approx(shape[0] / shape[1], rel=0.1)
    assert max((right - left) / 128, (bottom - top) / 96) > 0.75


def test_pictures_are_told_apart_in_links_by_their_content() -> None:
    one, same, other = (Source.of_file(name, picture(level)) for name, level in (("a", 9), ("b", 9), ("c", 8)))
    assert one.digest == same.digest != other.digest
    assert len(one.digest) == 8


def test_a_blank_picture_and_a_broken_file_are_told_apart(predictor: Counting) -> None:
    blank = reading.brief(RUN, predictor, Source.of_file("blank.png", picture(0)))
    broken = reading.brief(RUN, predictor, Source.of_file("broken.png", b"words"))
    assert (blank.problem, blank.is_blank) == ("blank.png: expected a digit, found nothing.", True)
    assert broken.problem.startswith("broken.png: ")
    assert not broken.is_blank
    assert blank.confidence is None
    assert reading.whole(RUN, predictor, blank.source) is None


def test_the_picture_is_read_without_each_step_once(predictor: Counting) -> None:
    source = Source.of_file("a.png", picture())
    found = reading.text_without(RUN, predictor, source)
    assert reading.text_without(RUN, predictor, source) is found
    assert len(predictor.asked) == len(REASONS)
    assert list(found) == list(REASONS)
    assert found["crop"] == ""
    assert found["level_light"] == "77"

"""Many pictures: what stands in the table and in its files, and which row was clicked."""

from dataclasses import replace

import numpy as np
import pytest

from core.images.digits import Box
from core.prediction import ReadDigit
from ui import many
from ui.reading import Brief, Source

SOURCE = Source("a.png", "a", lambda: np.zeros((9, 9, 3), np.uint8))


def digit(confidence: float = 0.98, *, is_digit: bool = True) -> ReadDigit:
    probabilities, image = np.full(10, 0.1, np.float32), np.zeros((28, 28), np.uint8)
    return ReadDigit(4, "4", confidence, probabilities, image, Box(1, 2, 3, 4), 0, is_digit, 0.1, ())


LETTER = digit(is_digit=False)
SURE = Brief(SOURCE, (digit(), digit()), "44", "44")
DOUBTFUL = Brief(SOURCE, (digit(0.5),), "4", "4")
MIXED = Brief(SOURCE, (digit(0.99), LETTER), "4", "4?")
OTHER = Brief(SOURCE, (LETTER, LETTER), "", "??")
BLANK = Brief(SOURCE, problem="a.png: expected a digit, found nothing.")


def test_what_is_no_digit_is_marked_in_the_file_and_has_no_confidence() -> None:
    columns = many.columns([SURE, MIXED, OTHER, BLANK])
    assert columns["text"] == ["44", "4", None, None]
    assert columns["marked_text"] == ["44", "4?", "??", None]
    assert columns["least_confidence"] == [0.98, 0.99, None, None]
    assert columns["digits"] == [2, 1, 0, 0]
    assert list(columns).index("marked_text") == list(columns).index("text") + 1


def test_pictures_without_a_digit_come_first_and_then_the_least_sure() -> None:
    ordered = sorted([SURE, DOUBTFUL, MIXED, OTHER], key=many.unsureness)
    assert ordered == [OTHER, MIXED, DOUBTFUL, SURE]


@pytest.mark.parametrize(
    ("one", "words"),
    [(SURE, ""), (DOUBTFUL, "1 doubtful"), (MIXED, "1 part is no digit"), (OTHER, "2 parts are no digits")],
)
def test_what_a_person_should_look_at_is_said_in_words(one: Brief, words: str) -> None:
    assert many.looks(one) == words


@pytest.mark.parametrize(("confidence", "shown"), [(None, None), (1.0, 100.0), (0.9999, 99.94), (0.5, 50.0)])
def test_percents_are_never_a_certainty_that_is_none(confidence: float | None, shown: float | None) -> None:
    assert many.percents(confidence) == shown


def test_a_click_on_a_cell_counts_before_the_row_that_is_marked() -> None:
    assert many.row_of({"rows": [0], "cells": [(3, "File")]}) == 3
    assert many.row_of({"rows": [2], "cells": []}) == 2
    assert many.row_of({"rows": [], "cells": []}) is None


def test_pictures_of_the_same_content_have_links_of_their_own() -> None:
    other = replace(SURE, source=Source("b.png", "b", SOURCE.picture))
    first, second, third = many.links_to([SURE, other, SURE])
    assert third == f"{first}-2"
    assert second not in (first, third)

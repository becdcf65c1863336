"""Marks and the words of the answer: what is sure, doubtful and no digit is said in words, not by colour alone."""

from dataclasses import replace

import numpy as np
import pytest

from core.images.digits import Box
from core.prediction import ReadDigit
from ui import answer
from ui.marks import Mark, first_unsure, marks_of, short, state_of


def digit(label: int = 4, confidence: float = 0.98, *, is_digit: bool = True, line: int = 0) -> ReadDigit:
    return ReadDigit(
        label=label,
        class_name=str(label),
        confidence=confidence,
        probabilities=np.full(10, 0.1, np.float32),
        image=np.zeros((28, 28), np.uint8),
        box=Box(10, 20, 30, 40),
        line=line,
        is_digit=is_digit,
        novelty=0.1,
        steps=(),
    )


def found(*digits: ReadDigit) -> list[Mark]:
    return marks_of(digits)


@pytest.mark.parametrize(
    ("given", "state", "label", "percent", "words"),
    [
        (digit(), "sure", "4", "98%", "Digit 1: 4, with 98.00%"),
        (digit(confidence=0.5), "doubtful", "4?", "50%", "Digit 1: 4, doubtful, with 50.00%"),
        (digit(is_digit=False), "other", "no digit", "", "Part 1: not a digit; 4 would be the nearest"),
    ],
)
def test_a_mark_says_how_far_it_is_to_be_trusted(
    given: ReadDigit, state: str, label: str, percent: str, words: str
) -> None:
    [mark] = found(given)
    assert state_of(given) == mark.state == state
    assert (mark.name, mark.label, mark.percent, mark.alt) == ("4", label, percent, words)
    assert mark.box == (10, 20, 30, 40)


@pytest.mark.parametrize(("confidence", "text"), [(0.0, "0%"), (0.899, "89%"), (0.9999, "99%"), (1.0, "99%")])
def test_percents_are_never_rounded_up(confidence: float, text: str) -> None:
    assert short(confidence) == text


def test_the_first_that_is_to_be_looked_at_is_found() -> None:
    assert first_unsure(found(digit(), digit(confidence=0.5), digit(is_digit=False))) == 1
    assert first_unsure(found(digit(), digit(), digit(is_digit=False))) == 2
    assert first_unsure(found(digit(), digit())) == 0


def test_a_verdict_names_the_least_sure() -> None:
    assert answer.verdict(found(digit())) == "Sure: 98% confidence."
    assert answer.verdict(found(digit(), digit(confidence=0.93))) == (
        "Sure: 93% confidence or more in each of the 2 digits."
    )


def test_a_verdict_asks_to_look_at_what_is_doubtful() -> None:
    doubtful = digit(confidence=0.4)
    assert answer.verdict(found(doubtful)) == "It is doubtful: look at it yourself."
    assert answer.verdict(found(digit(), doubtful)) == "1 of 2 digits is doubtful: look at it yourself."
    assert answer.verdict(found(doubtful, digit(), doubtful)) == "2 of 3 digits are doubtful: look at them yourself."


def test_a_verdict_counts_what_is_no_digit() -> None:
    other = digit(is_digit=False)
    assert answer.verdict(found(other)) == "There is something on it, but no digit."
    assert answer.verdict(found(digit(), other)).endswith(" One part is no digit.")
    assert answer.verdict(found(digit(), other, other)).endswith(" 2 parts are no digits.")


def test_the_words_hold_every_digit_line_by_line() -> None:
    words = answer.words(found(digit(1), digit(2, is_digit=False), replace(digit(7), line=1)))
    assert words.startswith("Read as 1; 7. 3 parts found. Digit 1: 1")
    assert "Part 2: not a digit" in words
    assert answer.words(found(digit(1, is_digit=False))).startswith("Read as nothing. ")


def test_small_pictures_are_shown_exactly_and_large_ones_small() -> None:
    assert answer.data_url(np.zeros((28, 28), np.uint8)).startswith("data:image/png;base64,")
    large = answer.data_url(np.zeros((600, 900, 3), np.uint8))
    assert large.startswith("data:image/webp;base64,")
    assert len(large) < 20_000

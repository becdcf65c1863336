"""The button that confirms digits says which ones it means."""

import pytest

from core.prediction import ReadDigit
from tests.ui.test_marks import digit
from ui.corrections import confirmation

DIGIT, OTHER = digit(), digit(is_digit=False)


@pytest.mark.parametrize(
    ("digits", "unanswered", "words"),
    [
        ([DIGIT], [0], "Right"),
        ([DIGIT, DIGIT, DIGIT], [0, 1, 2], "All 3 are right"),
        ([DIGIT, DIGIT, DIGIT], [1], "Digit 2 is right"),
        ([DIGIT, DIGIT, DIGIT, DIGIT], [0, 2, 3], "The other 3 are right"),
        ([OTHER, DIGIT], [1], "Digit 2 is right"),
        ([DIGIT, OTHER, DIGIT], [0, 2], "All 2 digits are right"),
    ],
)
def test_the_button_names_what_it_confirms(digits: list[ReadDigit], unanswered: list[int], words: str) -> None:
    assert confirmation(unanswered, digits) == words

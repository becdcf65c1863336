"""The ways in: what may help where nothing was found on a picture."""

import numpy as np
import pytest

from core.errors import ImageError
from core.images.digits import find_digits
from ui import intake


def blank(*, specks: bool) -> np.ndarray:
    picture = np.full((200, 300), 255, np.uint8)
    if specks:
        picture[::40, ::40] = 0
    return picture


@pytest.mark.parametrize(
    ("picture", "words"),
    [(blank(specks=False), "Is it the right picture?"), (blank(specks=True), "Write larger, or cut the picture down")],
)
def test_advice_is_on_what_was_found_instead_of_a_digit(picture: np.ndarray, words: str) -> None:
    with pytest.raises(ImageError) as refusal:
        find_digits(picture, (28, 28))
    assert intake.advice(str(refusal.value)).startswith(words)


def test_whatever_is_said_there_is_advice() -> None:
    assert intake.advice("a.png: expected a digit, found a horse.").startswith("Press harder, move closer")

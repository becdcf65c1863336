"""The samples: the same pictures every time, all different, all of one size."""

import numpy as np
import pytest

from core.images.digits import find_digits
from core.images.samples import SAMPLES, Sample


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_is_a_picture_and_always_the_same(sample: Sample) -> None:
    picture = sample.picture()
    assert picture.shape == (480, 768, 3)
    assert picture.dtype == np.uint8
    assert (picture == sample.picture()).all()


@pytest.mark.parametrize("sample", SAMPLES[:-1], ids=lambda sample: sample.name)
def test_every_digit_of_a_sample_is_found(sample: Sample) -> None:
    found = find_digits(sample.picture(), (28, 28)).digits
    lines = [sum(digit.line == line for digit in found) for line in sorted({digit.line for digit in found})]
    assert lines == [len(line) for line in sample.shows.split("\n")]


def test_samples_have_names_of_their_own() -> None:
    assert len({sample.name for sample in SAMPLES}) == len({sample.title for sample in SAMPLES}) == len(SAMPLES)

"""The reader that is measured: a run's predictor, with every preparation step or without some."""

import numpy as np
import numpy.typing as npt

from benchmarks.reading.measure import ReadDigit, Reader, Reading
from core.images.preparation import Preparation
from core.prediction import Predictor
from core.settings import from_environment
from core.store import Run, RunStore

WHOLE = Preparation()
"""Every step."""


def predictor(run: str) -> Predictor:
    """The predictor of a run, by its name or the beginning of its fingerprint."""
    return Predictor.open(_found(run))


def described(run: str) -> str:
    """A run in a few words: its fingerprint, preset and accuracy, and where its novelty comes from."""
    found = _found(run)
    preset = f", preset {found.request.preset}" if found.request.preset else ""
    gate = "with a gate" if found.gate_path.is_file() else "without a gate, so that the softmax alone says what is none"
    accuracy = f"{100 * found.metrics.test.accuracy:.2f}% of {found.request.dataset.name}'s test images right"
    return f"run {found.fingerprint}{preset}, {accuracy}, {gate}"


def _found(run: str) -> Run:
    return RunStore.of(from_environment()).find(run, to_read=True)


def reader(opened: Predictor, preparation: Preparation = WHOLE) -> Reader:
    """A reader of pictures (h, w, 3) uint8 by this predictor."""

    def read(picture: npt.NDArray[np.uint8]) -> Reading:
        found = opened.read(picture, preparation=preparation)
        digits = tuple(
            ReadDigit(
                one.label,
                (one.box.x, one.box.y, one.box.width, one.box.height),
                one.novelty,
                one.is_digit,
                one.image,
            )
            for one in found.digits
        )
        return Reading(digits, found.text)

    return read

"""The reader that comes with the project."""

import pytest

from core.prediction import Predictor
from core.settings import REFERENCE
from core.store.reference import ReferenceRun


@pytest.fixture(scope="session")
def reader() -> Predictor:
    """The network and the gate that answer in a fresh clone."""
    return Predictor.open(ReferenceRun(REFERENCE / "robust"))

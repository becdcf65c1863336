"""The results that come with the project: sound, small, consistent, and what the document says."""

import re
from pathlib import Path

import pytest

from core.reference.checking import problems_of
from core.reference.making import size_of
from core.reproduction import REPORT, document, reproduce
from core.settings import REFERENCE
from core.store import RunStore

STORE = RunStore(Path("no runs of one's own"), REFERENCE)
NAMES = [run.path.name for run in STORE.references()]


def test_there_are_some_and_none_is_damaged() -> None:
    assert NAMES
    assert STORE.damaged() == []


def test_they_are_small_enough_to_come_along() -> None:
    size = size_of(REFERENCE)
    assert size.bytes <= size.limit == 40_000_000


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_those_of_the_answers_and_the_networks_give_them(name: str) -> None:
    """Opened by ONNX Runtime and by plain Keras, on the images that came along."""
    assert problems_of(STORE.find(f"reference/{name}")) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_record_names_a_folder_of_the_machine_that_made_it(name: str) -> None:
    for path in (REFERENCE / name).glob("*.json"):
        assert not re.search(r"(?<!\w)/\w+/", path.read_text("utf-8")), path


def test_the_document_says_what_the_results_say() -> None:
    assert REPORT.read_text("utf-8") == document(reproduce(REFERENCE)), (
        "`python -m core reference report` writes it anew"
    )

"""The Reproduction page: what is there beside the paper, and what is not run yet."""

from pathlib import Path

import pytest

from core.reference import trials
from core.settings import REFERENCE_VARIABLE
from tests.pages.conftest import Open, words_of
from tests.reproduction.conftest import make_sweep


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Reference results that are one sweep."""
    trials.write(tmp_path / "reference", make_sweep("dense_units", best=128))
    monkeypatch.setenv(REFERENCE_VARIABLE, str(tmp_path / "reference"))
    return tmp_path / "reference"


def test_findings_and_what_is_not_run_yet(open_page: Open, folder: Path) -> None:
    app = open_page("reproduction")
    words = words_of(app)
    for part in ("Size with the lowest validation loss", "128 (0.0410)", "Holds", "Not run yet", "**98.67%**"):
        assert part in words
    assert {metric.label: metric.value for metric in app.metric}["Holds"] == "3 of 21"


def test_a_sweep_that_came_with_the_project_is_shown(open_page: Open, folder: Path) -> None:
    app = open_page("sweeps")
    words = words_of(app)
    assert "18 of 18" in words
    assert "This sweep came with the project" in words
    assert not [button for button in app.button if button.key == "forget sweep"]
    assert app.selectbox(key="sweep in the URL").options[0].startswith("Reference: ")

"""A fresh clone: no run of one's own, no data, no network; every page shows what came with the project."""

import shutil
from pathlib import Path

import pytest

from core.data.dataset import Dataset
from core.settings import REFERENCE, REFERENCE_VARIABLE, Settings
from core.store import ReferenceRun, Run, labels
from tests.pages.conftest import Open, words_of
from tests.pages.predicting import clean, figures, give, scan

PAGES = ("overview", "autoencoder", "classifier", "evaluation", "mistakes", "runs", "predict", "reproduction", "data")


@pytest.fixture
def reference(home: Settings, tiny_reference: Path, monkeypatch: pytest.MonkeyPatch) -> ReferenceRun:
    """The tiny run as the only thing that came with the project, without its dataset, in a home without runs."""
    monkeypatch.setenv(REFERENCE_VARIABLE, str(tiny_reference))
    (home.data / "strokes").unlink()
    return ReferenceRun(tiny_reference / "best")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_full(open_page: Open, reference: ReferenceRun, name: str) -> None:
    words = words_of(open_page(name))
    assert "Nothing has been trained yet" not in words
    assert "cannot be" not in words
    if name not in ("data", "predict", "reproduction", "runs"):
        assert "best on strokes" in words


def test_misread_images_are_shown_and_opened_without_the_dataset(open_page: Open, reference: ReferenceRun) -> None:
    app = open_page("mistakes")
    assert "came with this run, all that it misread among them" in words_of(app)
    assert not app.warning
    first = reference.metrics.test.first_incorrect[0]
    words = words_of(open_page("mistakes", image=str(first)))
    for part in ("What the network saw", "What its code keeps", "training images with the nearest codes"):
        assert part in words


def test_training_digits_like_a_new_one_are_shown_at_once_without_the_dataset(
    open_page: Open, reference: ReferenceRun, tiny_dataset: Dataset
) -> None:
    app = give(open_page("predict", view="neighbours"), {"0.png": scan(*clean(tiny_dataset, 0))})
    assert "The 9 training images with the nearest codes" in words_of(app)
    assert figures(app)["Search"].endswith(" ms")
    assert reference.training_images is not None
    assert figures(app)["Compared"] == str(len(reference.training_images.rows))
    assert not app.info
    assert [button.label for button in app.main.button] == []


def test_reconstructions_are_shown_without_the_dataset(open_page: Open, reference: ReferenceRun) -> None:
    words = words_of(open_page("autoencoder"))
    assert "right what the decoder makes of its code" in words
    assert "This run keeps no codes" not in words


def test_it_can_be_starred_but_not_renamed_or_deleted(
    open_page: Open, reference: ReferenceRun, home: Settings, tiny_reference: Path
) -> None:
    before = {path: path.stat().st_mtime_ns for path in tiny_reference.rglob("*")}
    app = open_page("runs", chosen=reference.fingerprint[:8])
    names = [button.label for button in app.button]
    assert "Star" in names
    assert "Delete" not in names
    assert "Rename" not in words_of(app)
    assert "This run came with the project, made smaller" in words_of(app)
    app.button(key="star run").click().run()
    assert labels.read(home.runs).starred == reference.fingerprint
    assert {path: path.stat().st_mtime_ns for path in tiny_reference.rglob("*")} == before


def test_a_link_may_name_it(open_page: Open, reference: ReferenceRun) -> None:
    assert "best on strokes" in words_of(open_page("overview", run="reference/best"))


def test_the_users_own_run_comes_first(open_page: Open, reference: ReferenceRun, run: Run) -> None:
    words = words_of(open_page("overview"))
    assert "Custom on strokes" in words
    options = open_page("overview").sidebar.selectbox[0].options
    assert [option.startswith("Reference") for option in options] == [False, True]


def test_the_runs_page_marks_it(open_page: Open, reference: ReferenceRun, run: Run) -> None:
    (table,) = open_page("runs").dataframe
    assert table.value["State"].tolist() == ["Finished", "Reference"]
    assert "1 came with the project" in words_of(open_page("runs"))


def test_a_damaged_one_is_told_and_left(
    open_page: Open, home: Settings, tiny_reference: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(tiny_reference, tmp_path / "reference"))
    (folder / "best" / "recipe.json").unlink()
    monkeypatch.setenv(REFERENCE_VARIABLE, str(folder))
    assert "restore the file from the project's repository" in words_of(open_page("runs")).replace("\\", "")
    assert "Nothing has been trained yet" in words_of(open_page("overview"))


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_the_projects_own_results_fill_every_page(
    open_page: Open, home: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(REFERENCE_VARIABLE, str(REFERENCE))
    app = open_page(name)
    assert "Nothing has been trained yet" not in words_of(app)
    assert not app.error
    assert not app.warning

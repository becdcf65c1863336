import json
from dataclasses import fields

import numpy as np
import pytest

from core.comparison import mcnemar
from core.evaluation import outcomes
from core.settings import Settings
from core.store import Predictions, Run
from tests.pages.conftest import Open, words_of
from ui import repairs


@pytest.fixture
def run_with_changes(run: Run) -> Run:
    """The run with another phase 1: it misread images 0 to 9, and read all others rightly."""
    arrays = {item.name: getattr(run.predictions, item.name).copy() for item in fields(Predictions)}
    first = np.eye(3, dtype=np.float32)[arrays["test_labels"]]
    first[:10] = np.roll(first[:10], 1, axis=1)
    np.savez(run.path / "predictions.npz", **(arrays | {"phase1_test_probabilities": first}))
    return Run(run.path)


def test_a_finished_run_shows_both_phases(open_page: Open, run: Run) -> None:
    app = open_page("classifier")
    values = {metric.label: metric.value for metric in app.metric}
    assert values["After phase 1"] == f"{run.metrics.phase1_test.accuracy:.2%}"
    assert values["After phase 2"] == f"{run.metrics.test.accuracy:.2%}"
    assert len(app.get("plotly_chart")) == 3
    words = words_of(app)
    assert "Phase 1 ended after 1 epoch, as it was set to." in words
    moved, layers, settings = (frame.value for frame in app.dataframe[-3:])
    encoder = moved[moved["Part"] == "Encoder"]
    assert (encoder["Phase 1"] == 0).all()
    assert (encoder["Phase 2"] > 0).all()
    assert (moved[moved["Part"] == "Head"]["Phase 1"] > 0).all()
    assert set(layers["Part"]) == {"Encoder", "Head"}
    assert dict(zip(settings["Setting"], settings["Phase 2"], strict=True))["Epochs"] == "1"


def test_repaired_and_broken_images_are_counted_and_tested(open_page: Open, run_with_changes: Run) -> None:
    kept = run_with_changes.predictions
    first = outcomes(kept.phase1_test_probabilities, kept.test_labels).hits
    second = outcomes(kept.test_probabilities, kept.test_labels).hits
    test = mcnemar(first, second)
    app = open_page("classifier")
    values = {metric.label: metric.value for metric in app.metric}
    assert (values["Repaired"], values["Broken"]) == (str(len(test.fixed)), str(len(test.broken)))
    words = words_of(app)
    assert "McNemar's exact test" in words
    assert "Repaired: phase 1 misread them, phase 2 reads them rightly" in words


def test_an_early_stop_is_told(open_page: Open, run: Run) -> None:
    values = json.loads((run.path / "metrics.json").read_text())
    values["stages"]["phase2"] |= {"best_epoch": 1, "stopped_early": True}
    (run.path / "metrics.json").write_text(json.dumps(values))
    words = words_of(open_page("classifier"))
    assert "Phase 2 stopped early after 1 epoch; the weights of epoch 1" in words
    assert "1 epoch, epoch 1 kept" in words


def test_without_the_images_the_lists_are_tables(open_page: Open, run_with_changes: Run, home: Settings) -> None:
    (home.data / "strokes").unlink()
    app = open_page("classifier")
    assert "The images of this run are not at hand" in words_of(app)
    assert list(app.dataframe[0].value.columns) == ["Test image", "True class", "Phase 1 read", "Phase 2 reads"]


def test_one_image_opens_beside_the_page(open_page: Open, run_with_changes: Run) -> None:
    app = open_page("classifier", image="3")
    assert "Test image 3" in words_of(app)
    app.button(key="inspector back").click().run()
    assert "image" not in app.query_params


def test_pages_of_the_galleries_are_in_the_link(
    open_page: Open, run_with_changes: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repairs, "_PER_PAGE", 1)
    app = open_page("classifier", repaired="2", broken="nonsense")
    pages = app.get("pagination")
    assert [page.proto.default for page in pages][:1] == [2]
    assert app.query_params["repaired"] == "2"

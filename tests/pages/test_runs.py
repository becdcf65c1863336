"""The Runs page: its list, what can be done with one run, the comparison of several, the trash."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.data.dataset import Dataset
from core.evaluation import evaluate
from core.recipe import Recipe
from core.settings import Settings
from core.store import Run, RunRequest, RunStore, Trash, labels
from core.store.records import write_json
from tests.pages.conftest import Open, words_of

OTHER = "feedfacefeedface"


@pytest.fixture
def other_run(known_run: Run, home: Settings, tiny_recipe: Recipe, tiny_dataset: Dataset) -> Run:
    """A run beside `known_run` with other settings, that misreads the first image and repairs all of its mistakes."""
    path = Path(shutil.copytree(known_run.path, home.runs / OTHER))
    labels = known_run.predictions.test_labels
    probabilities = known_run.predictions.test_probabilities.copy()
    probabilities[:] = 0.01
    probabilities[range(len(labels)), labels] = 0.98
    probabilities[0] = (0.1, 0.8, 0.1)
    report = evaluate(probabilities, labels, tiny_dataset.class_names)
    write_json(path / "metrics.json", replace(known_run.metrics, test=report).to_json())
    request = RunRequest.of(tiny_recipe.changed({"phase2.learning_rate": 0.5}), tiny_dataset, "express")
    write_json(path / "recipe.json", request.to_json())
    np.savez(path / "predictions.npz", **(vars(known_run.predictions) | {"test_probabilities": probabilities}))
    return Run(path)


def table_of(app: AppTest, number: int = 0) -> Any:
    return app.dataframe[number].value


def test_without_any_run_the_page_says_how_to_get_one(open_page: Open) -> None:
    app = open_page("runs")
    assert "Nothing has been trained yet" in words_of(app)
    assert any(button.label.startswith("Train express on") for button in app.button)
    assert not app.dataframe


def test_every_run_is_in_the_list_with_its_state(
    open_page: Open, known_run: Run, request_at_rest: RunRequest, home: Settings
) -> None:
    damaged = Path(shutil.copytree(known_run.path, home.runs / OTHER))
    (damaged / "metrics.json").unlink()
    app = open_page("runs")
    table = table_of(app)
    assert list(table["Run"]) == ["Express on strokes", "Custom on strokes", "Damaged run"]
    assert list(table["State"]) == ["Interrupted in Phase 2, epoch 2", "Finished", "Damaged"]
    assert list(table["Misread"].dropna()) == [3]
    assert "metrics\\.json is missing" in app.warning[0].value
    words = words_of(app)
    assert "1 interrupted, 1 damaged" in words
    assert "Choose a run to name, star, download or delete it" in words


def test_a_link_filters_and_sorts(open_page: Open, known_run: Run, other_run: Run, request_at_rest: RunRequest) -> None:
    app = open_page("runs", kind="finished", sort="accuracy")
    assert list(table_of(app)["Fingerprint"]) == [other_run.fingerprint, known_run.fingerprint]
    app = open_page("runs", find="learning rate 0.5")
    assert list(table_of(app)["Fingerprint"]) == [other_run.fingerprint]
    app = open_page("runs", find="nobody called it so", kind="nonsense", sort="nonsense", data="nonsense")
    assert "No run is like that." in words_of(app)
    next(button for button in app.button if button.label == "Take all filters away").click()
    app.run()
    assert len(table_of(app)) == 3


def test_a_chosen_run_can_be_named_and_starred(open_page: Open, known_run: Run, home: Settings) -> None:
    app = open_page("runs", chosen=known_run.fingerprint[:8])
    assert app.header[1].value == "Custom on strokes"
    next(field for field in app.text_input if field.label == "Name").set_value("the *first*")
    next(button for button in app.button if button.label == "Save").click()
    app.run()
    assert app.header[1].value == r"the \*first\*"
    assert table_of(app)["Run"][0] == "the *first*"

    next(button for button in app.button if button.key == "star run").click()
    app.run()
    assert labels.read(home.runs).starred == known_run.fingerprint
    assert app.header[1].value.startswith("★ ")
    next(button for button in app.button if button.key == "star run").click()
    app.run()
    assert labels.read(home.runs).starred is None


def test_what_lies_in_the_run_is_offered_at_once_and_the_rest_can_be_made(open_page: Open, known_run: Run) -> None:
    app = open_page("runs", chosen=known_run.fingerprint[:8])
    offered = [button.label for button in app.get("download_button")]
    assert [label for label in offered if label in ("Keras", "ONNX", "LiteRT", "Zip")] == ["Keras", "ONNX", "Zip"]
    assert {"Answers", "Scores", "Confusion", "Epochs", "Settings"} <= set(offered)
    assert [button.label for button in app.button if button.label.startswith("Make ")] == ["Make LiteRT"]

    store = RunStore(known_run.path.parent)
    export = store.exports / known_run.fingerprint / f"classifier-{known_run.fingerprint}.tflite"
    export.parent.mkdir(parents=True)
    export.with_name(f"{export.name}.failed").write_text("LiteRT says no.")
    app.run()
    assert app.error[0].value == "LiteRT says no."
    assert any(button.label == "Make LiteRT again" for button in app.button)

    export.write_bytes(b"network")
    app.run()
    assert "LiteRT" in [button.label for button in app.get("download_button")]
    assert not app.error


def test_a_deleted_run_comes_back_with_undo_or_from_the_trash(open_page: Open, known_run: Run, home: Settings) -> None:
    app = open_page("runs", chosen=known_run.fingerprint[:8])
    for label in ("Undo", "Restore"):
        next(button for button in app.button if button.key == "delete runs").click()
        app.run()
        assert not known_run.path.exists()
        assert "is in the trash now" in words_of(app)
        assert "Nothing has been trained yet" in words_of(app)
        next(button for button in app.button if button.label == label).click()
        app.run()
        assert known_run.path.is_dir()
        assert table_of(app)["Fingerprint"][0] == known_run.fingerprint
        assert "is in the trash now" not in words_of(app)
        app.query_params["chosen"] = known_run.fingerprint[:8]
        app.run()


def test_a_link_to_what_was_just_deleted_needs_no_other_word(
    open_page: Open, known_run: Run, other_run: Run, home: Settings
) -> None:
    app = open_page("runs", chosen=known_run.fingerprint[:8])
    next(button for button in app.button if button.key == "delete runs").click()
    app.run()
    assert "is in the trash now" in words_of(app)
    assert "runs that are not here" not in words_of(app)
    next(button for button in app.button if button.label == "All right").click()
    app.run()
    assert "runs that are not here" in words_of(app)


def test_the_trash_can_be_emptied(open_page: Open, known_run: Run, home: Settings) -> None:
    trash = Trash(RunStore(home.runs))
    trash.put(known_run.fingerprint)
    app = open_page("runs")
    assert app.expander(key="trash").label.startswith("Trash: 1 run, ")
    next(button for button in app.button if button.key == "empty trash").click()
    app.run()
    assert trash.all() == []


def test_a_run_that_is_being_written_is_not_deleted(open_page: Open, known_run: Run, home: Settings) -> None:
    app = open_page("runs", chosen=known_run.fingerprint[:8])
    with RunStore(home.runs).holding(known_run.fingerprint):
        next(button for button in app.button if button.key == "delete runs").click()
        app.run()
    assert known_run.path.is_dir()
    assert "is being trained by another process" in app.toast[0].value


def test_a_run_in_the_making_and_one_at_rest_show_how_they_are(
    open_page: Open, known_run: Run, request_at_work: RunRequest
) -> None:
    app = open_page("runs", chosen=request_at_work.fingerprint[:8])
    assert table_of(app)["State"][0] == "Phase 2, epoch 2 of 5"
    assert any("Phase 2, epoch 2 of 5" in one.value for one in app.subheader)


def test_a_run_that_failed_says_why(open_page: Open, known_run: Run, request_at_rest: RunRequest) -> None:
    RunStore(known_run.path.parent).working_run(request_at_rest.fingerprint).write_failure(
        "No memory.", "Traceback ..."
    )
    app = open_page("runs", chosen=request_at_rest.fingerprint[:8])
    assert table_of(app)["State"][0] == "Failed in Phase 2, epoch 2"
    assert "No memory." in words_of(app)
    assert any(button.label == "Resume" for button in app.button)


def test_a_damaged_run_can_be_deleted(open_page: Open, run: Run) -> None:
    (run.path / "history.csv").unlink()
    app = open_page("runs", chosen=run.fingerprint[:8])
    assert "history.csv is missing" in app.error[0].value
    next(button for button in app.button if button.key == "delete runs").click()
    app.run()
    assert not run.path.exists()


def test_two_runs_are_compared_in_everything(open_page: Open, known_run: Run, other_run: Run) -> None:
    app = open_page("runs", chosen=f"{known_run.fingerprint[:8]},{other_run.fingerprint[:8]}")
    words = words_of(app)
    assert "Comparison of 2 runs" in words
    metric = next(metric for metric in app.metric if metric.label == "B · Express on strokes")
    assert (metric.value, metric.delta) == ("98.00%", "+4.00 points")
    assert "B reads 3 images rightly that A misreads, and misreads 1 that A reads rightly." in words
    assert "in 62% of all cases (McNemar's exact test): this may well be chance." in words
    settings = app.dataframe[-1].value
    assert settings.to_dict("list") == {
        "Setting": ["Phase 2: learning rate"],
        "A · Custom on strokes": ["0.001"],
        "B · Express on strokes": ["0.5"],
    }
    assert set(table_of(app)["Run"]) == {"A · Custom on strokes", "B · Express on strokes"}
    [curves] = app.get("plotly_chart")
    names = [trace["name"] for trace in json.loads(curves.proto.spec)["data"]]
    assert names == ["A · Custom on strokes", "B · Express on strokes"]


def test_the_pair_the_curve_and_the_image_are_in_the_link(open_page: Open, known_run: Run, other_run: Run) -> None:
    third = Path(shutil.copytree(known_run.path, known_run.path.parent / "0123456789abcdef"))
    chosen = ",".join(run.fingerprint[:8] for run in (known_run, other_run, Run(third)))
    app = open_page("runs", chosen=chosen, curve="val_accuracy", image="4", **{"from": "B", "to": "C"})
    words = words_of(app)
    assert "C reads 1 image rightly that B misreads, and misreads 3 that B reads rightly." in words
    assert "Test image 4: level" in words
    assert [link.label for link in app.get("page_link") if "reads it so" in link.label] == [
        "Why B reads it so",
        "Why C reads it so",
    ]
    assert "Validation accuracy of 3 runs, epoch by epoch" in words
    assert len(app.get("plotly_chart")) == 3
    app = open_page("runs", chosen=chosen, curve="nonsense", image="9999", **{"from": "Z", "to": "A"})
    assert "B reads 3 images rightly that A misreads" in words_of(app)


def test_what_cannot_be_compared_is_said(
    open_page: Open, known_run: Run, other_run: Run, request_at_rest: RunRequest
) -> None:
    values = json.loads((other_run.path / "recipe.json").read_text())
    values["dataset"]["digest"] = "0" * 64
    (other_run.path / "recipe.json").write_text(json.dumps(values))
    chosen = ",".join(one[:8] for one in (known_run.fingerprint, other_run.fingerprint, request_at_rest.fingerprint))
    app = open_page("runs", chosen=f"{chosen},99999999")
    words = words_of(app)
    assert "Comparison of 2 runs" in words
    assert "is left out: interrupted in phase 2, epoch 2." in words
    assert "runs that are not here, or are deleted: `99999999`" in words
    assert "tested on different images" in words
    assert app.dataframe[-1].value["Setting"].to_list() == ["Phase 2: learning rate", "Dataset"]


def test_several_runs_are_deleted_together(open_page: Open, known_run: Run, other_run: Run) -> None:
    app = open_page("runs", chosen=f"{known_run.fingerprint[:8]},{other_run.fingerprint[:8]}")
    next(button for button in app.button if button.label == "Delete 2 runs").click()
    app.run()
    assert not known_run.path.exists()
    assert not other_run.path.exists()
    assert "**2 runs** are in the trash now" in words_of(app)
    next(button for button in app.button if button.label == "Undo").click()
    app.run()
    assert known_run.path.is_dir()
    assert other_run.path.is_dir()


def test_images_that_are_not_at_hand_leave_a_table(open_page: Open, run_without_images: Run) -> None:
    other = Path(shutil.copytree(run_without_images.path, run_without_images.path.parent / OTHER))
    predictions = dict(vars(run_without_images.predictions))
    predictions["test_probabilities"] = predictions["test_probabilities"].copy()
    predictions["test_probabilities"][947] = np.eye(10)[8] * 0.91 + 0.009
    np.savez(other / "predictions.npz", **predictions)
    app = open_page("runs", chosen=f"{run_without_images.fingerprint[:8]},{OTHER[:8]}")
    assert "The images of this run are not at hand" in app.warning[0].value
    assert any(947 in table.value.iloc[:, 0].to_list() for table in app.dataframe)

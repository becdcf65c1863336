"""The Predict page: every way in, one picture, many, what is no picture."""

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.images.drawing import Stroke, parse, picture_of, text_of
from core.store import Run, RunRequest
from tests.pages.conftest import Open, words_of
from tests.pages.predicting import clean, digit_run, figures, give, link, png, scan, shown, uprights
from ui import canvas

_ = digit_run  # a fixture, taken by its name


def test_without_a_run_it_says_how_to_get_one(open_page: Open) -> None:
    app = open_page("predict")
    assert "Nothing has been trained yet" in words_of(app)
    assert "which digits it reads in pictures of yours" in words_of(app)
    assert not app.file_uploader


def test_while_the_first_run_is_in_the_making_it_shows_how_that_goes(
    open_page: Open, request_at_work: RunRequest
) -> None:
    app = open_page("predict")
    assert any("Phase 2, epoch 2 of 5" in one.value for one in app.subheader)
    assert not app.file_uploader


def test_a_first_run_that_was_interrupted_can_be_resumed(open_page: Open, request_at_rest: RunRequest) -> None:
    app = open_page("predict")
    assert any("This training was interrupted" in one.value for one in app.subheader)
    assert any(button.label == "Resume" for button in app.button)


def test_before_there_is_a_picture_it_says_what_to_do_and_offers_samples(open_page: Open, run: Run) -> None:
    app = open_page("predict")
    assert "Nothing to read yet" in words_of(app)
    assert "try a sample" in words_of(app)
    assert [tile[1] for tile in shown(app, "gallery")["tiles"]][:2] == ["Lined paper", "A shadow"]
    assert shown(app, "paste")["field"] == "pictures"
    assert not app.error


def test_one_picture_is_answered_large_with_its_box_and_its_probabilities(
    open_page: Open, run: Run, tiny_dataset: Dataset
) -> None:
    app = give(open_page("predict"), {"my_*stroke*.png": scan(*clean(tiny_dataset, 0))})
    [mark] = shown(app, "answer")["marks"]
    assert mark["name"] in tiny_dataset.class_names
    assert mark["box"][2] > 0
    assert shown(app, "answer")["image"].startswith("data:image/")
    assert shown(app, "answer")["comes"]
    assert "my_*stroke*.png, with a box for each digit. Read as " in shown(app, "answer")["alt"]
    [chart] = app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")
    assert f" {mark['name']}, with " in chart.proto.alt
    assert any("What its code keeps" in one.value for one in app.caption)
    assert not app.error


def test_digits_in_a_row_are_marked_and_each_can_be_opened(open_page: Open, digit_run: Run) -> None:
    app = give(open_page("predict", digit="2"), {"row.png": png(picture_of(parse(uprights(3)) or ()))})
    answer = shown(app, "answer")
    assert len(answer["marks"]) == 3
    assert answer["chosen"] == 1
    assert any(one.value.startswith("Digit 2, read as") for one in app.subheader)
    assert sorted(answer["marks"], key=lambda mark: mark["box"][0]) == answer["marks"]
    app.query_params["digit"] = "17"
    assert shown(app.run(), "answer")["chosen"] == 0


def test_what_is_drawn_is_in_the_link_and_is_read(open_page: Open, digit_run: Run) -> None:
    app = open_page("predict", way="draw", drawing=uprights(3))
    marks = shown(app, "answer")["marks"]
    assert len(marks) == 3
    sheet = shown(app, "canvas")
    assert sheet["answered"] == sheet["drawing"] == uprights(3)
    assert sheet["marks"] == marks
    assert shown(app, "answer")["image"] is None  # it is laid over the sheet
    assert not shown(app, "answer")["comes"]  # the sheet stays where the pen is
    assert shown(app, "answer")["chosen"] == sheet["chosen"] == 2  # the last one that was drawn
    assert link(app, "drawing") == uprights(3)


@pytest.mark.parametrize("drawing", ["", "no drawing", "Y"])
def test_an_empty_sheet_waits(open_page: Open, run: Run, drawing: str) -> None:
    app = open_page("predict", way="draw", drawing=drawing)
    assert shown(app, "canvas")["drawing"] == ""
    assert "Write one digit or several on the sheet" in words_of(app)
    assert ("holds no drawing that can be read" in words_of(app)) == bool(drawing)
    assert "drawing" not in app.query_params


def test_a_dot_with_nothing_to_read_is_answered_by_one_box_not_two(open_page: Open, run: Run) -> None:
    dot = text_of((Stroke(1, np.array([[400, 250]], np.int32)),))
    app = open_page("predict", way="draw", drawing=dot)
    assert shown(app, "canvas")["drawing"] == dot
    assert [one.proto.title for one in app.info] == ["There is nothing to read on it"]
    assert "Nothing to read yet" not in words_of(app)


def test_a_digit_alone_is_not_marked_on_the_sheet(open_page: Open, digit_run: Run) -> None:
    assert shown(open_page("predict", way="draw", drawing=uprights(1)), "canvas")["chosen"] is None


def test_a_drawing_too_long_for_a_link_is_not_put_into_it(
    open_page: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canvas, "LONGEST_LINK", 5)
    app = open_page("predict", way="draw", drawing=uprights(1))
    assert "drawing" not in app.query_params


def test_a_sample_is_read_and_in_the_link(open_page: Open, digit_run: Run) -> None:
    app = open_page("predict", sample="squared")
    assert shown(app, "answer")["marks"]
    assert "A sample. Of your own pictures you can say here" in words_of(app)
    app = open_page("predict", sample="no such sample")
    assert "Nothing to read yet" in words_of(app)
    assert "This link shows the sample 'no such sample', which there is not" in app.warning[0].value


def test_the_camera_asks_before_it_sees(open_page: Open, run: Run) -> None:
    app = open_page("predict", way="camera")
    assert len(app.get("camera_input")) == 1
    assert "The browser asks whether the page may see the camera" in words_of(app)


def test_many_pictures_are_a_table_and_bad_files_a_sentence_each(
    open_page: Open, run: Run, tiny_dataset: Dataset
) -> None:
    good = {f"{number}.png": scan(*clean(tiny_dataset, number)) for number in range(3)}
    blank = scan(np.zeros((12, 12), np.uint8))
    bad = {"notes.txt": b"three", "blank.png": blank, "cut.png": good["0.png"][:90], "broken.zip": b"PK\x03\x04broken"}
    app = give(open_page("predict"), good | bad)
    table = app.dataframe[0].value
    assert sorted(table["File"]) == ["0.png", "1.png", "2.png"]
    sure = table["Confidence"].fillna(0)  # nothing where there is no digit
    assert list(sure) == sorted(sure)
    assert all(cell.startswith("data:image/") for cell in table["Picture"])
    assert figures(app)["Pictures read"] == "3"
    [error] = app.error
    assert error.proto.title == "4 files of 7 could not be read"
    assert [line.partition(r"\.")[0] for line in error.value.split("  \n")] == ["broken", "notes", "blank", "cut"]
    # The least sure one is open.
    assert app.header[0].value == table["File"].iloc[0].replace(".", r"\.")


def test_a_blank_picture_leaves_its_sentence_alone(open_page: Open, run: Run) -> None:
    app = give(open_page("predict"), {"blank.png": scan(np.zeros((12, 12), np.uint8))})
    assert app.info[0].value.startswith(r"blank\.png\:")
    assert app.info[0].value.endswith("take it again, closer and in better light.")
    assert app.info[0].proto.title == "There is nothing to read on it"
    assert not app.error
    assert not app.metric
    assert not app.dataframe

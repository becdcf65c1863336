"""Many pictures on the Predict page: which is open, zips, and what is still there after a visit to another page."""

import numpy as np
import pytest

from core import prediction
from core.data.dataset import Dataset
from core.images.drawing import Stroke, picture_of
from core.store import Run
from tests.pages.conftest import Open, words_of
from tests.pages.predicting import (
    OpenGate,
    clean,
    click,
    digit_run,
    figures,
    give,
    leave_and_come_back,
    link,
    packed,
    png,
    scan,
    shown,
    uprights,
)
from ui import canvas, marks
from ui.reading import Source

_ = digit_run  # a fixture, taken by its name


class Doubting(OpenGate):
    """Takes the third of three images for no digit."""

    def novelty(self, images: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
        return np.arange(len(images)) / 3


@pytest.fixture
def doubting_run(digit_run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(prediction, "open_gate", lambda run: Doubting())
    monkeypatch.setattr(marks, "SURE", 0.0)
    return digit_run


def row_of_three() -> bytes:
    """Three strokes, each of another slant."""
    ends = [(200 * i + 100, 200 * i + 100 + 25 * i) for i in range(3)]
    return png(picture_of(tuple(Stroke(40, np.array([[top, 100], [end, 400]], np.int32)) for top, end in ends)))


def pictures(dataset: Dataset, *positions: int) -> dict[str, bytes]:
    return {f"{position}.png": scan(*clean(dataset, position)) for position in positions}


def test_the_picture_that_is_open_stays_open_in_another_order(open_page: Open, run: Run, tiny_dataset: Dataset) -> None:
    given = pictures(tiny_dataset, 0, 1, 2)
    app = give(open_page("predict"), given)
    opened = app.header[0].value
    assert "picture" not in app.query_params
    next(one for one in app.segmented_control if one.label == "Order").set_value("given")
    assert list(app.run().dataframe[0].value["File"]) == ["0.png", "1.png", "2.png"]
    assert app.header[0].value == opened
    assert link(app, "order") == "given"
    app.query_params["picture"] = Source.of_file("", given["1.png"]).digest
    assert app.run().header[0].value == r"1\.png"
    app.query_params["picture"] = "of another"
    assert app.run().header[0].value == r"0\.png"


def test_parts_that_are_no_digits_are_marked_and_not_counted(
    open_page: Open, doubting_run: Run, tiny_dataset: Dataset
) -> None:
    app = give(open_page("predict"), {"row.png": row_of_three()} | pictures(tiny_dataset, 0))
    table = app.dataframe[0].value
    assert table["Read"].iloc[0].endswith("?")
    assert table["Look at"].iloc[0] == "1 part is no digit"
    assert "with 3 digits" in words_of(app)
    assert figures(app)["To look at"] == "1"


def test_the_first_digit_to_be_looked_at_is_open(open_page: Open, doubting_run: Run) -> None:
    app = give(open_page("predict"), {"row.png": row_of_three()})
    assert shown(app, "answer")["chosen"] == 2
    assert "digit" not in app.query_params
    app.query_params["digit"] = "1"
    assert shown(app.run(), "answer")["chosen"] == 0


def test_a_zip_is_its_pictures(open_page: Open, run: Run, tiny_dataset: Dataset) -> None:
    inside = {f"notes/{name}": picture for name, picture in pictures(tiny_dataset, 9, 10).items()}
    app = give(open_page("predict", order="given"), {"notes.zip": packed(inside | {"a.txt": b"", "notes/.x.png": b""})})
    assert list(app.dataframe[0].value["File"]) == ["notes/9.png", "notes/10.png"]
    assert r"notes\.zip\: 1 file in it is no picture; skipped\." in words_of(app)
    assert not app.error


def test_a_zip_without_a_picture_is_refused(open_page: Open, run: Run) -> None:
    app = give(open_page("predict"), {"notes.zip": packed({"a.txt": b"three"})})
    assert app.error[0].value == r"notes\.zip\: expected a zip file with pictures, found none in it\."


def test_what_was_given_is_still_there_after_another_page(open_page: Open, run: Run, tiny_dataset: Dataset) -> None:
    app = give(open_page("predict"), pictures(tiny_dataset, 0, 1))
    app.query_params["order"] = "given"
    app.query_params["view"] = "occlusion"
    reads = link(app.run(), "reader")
    leave_and_come_back(app)
    assert list(app.dataframe[0].value["File"]) == ["0.png", "1.png"]
    assert (link(app, "order"), link(app, "view"), link(app, "reader")) == ("given", "occlusion", reads)
    assert "2 pictures kept" in words_of(app)
    # Others are added to them, and what is taken out of the field is gone.
    give(app, pictures(tiny_dataset, 2))
    assert list(app.dataframe[0].value["File"]) == ["0.png", "1.png", "2.png"]
    app.file_uploader[0].set_value([]).run()
    assert list(app.dataframe[0].value["File"]) == ["0.png", "1.png"]
    click(app, "Clear")
    assert "Nothing to read yet" in words_of(app)
    leave_and_come_back(app)
    assert "Nothing to read yet" in words_of(app)


def test_a_drawing_is_still_there_after_another_page(open_page: Open, digit_run: Run) -> None:
    app = leave_and_come_back(open_page("predict", way="draw", drawing=uprights(2), digit="1"))
    assert len(shown(app, "answer")["marks"]) == 2
    assert shown(app, "answer")["chosen"] == 0


def test_a_drawing_too_long_for_a_link_is_still_there_too(
    open_page: Open, digit_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canvas, "LONGEST_LINK", 5)
    app = leave_and_come_back(open_page("predict", way="draw", drawing=uprights(2)))
    assert "drawing" not in app.query_params
    assert shown(app, "canvas")["drawing"] == uprights(2)

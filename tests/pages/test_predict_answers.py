"""Answers on the Predict page: one click keeps what a digit is, another takes it back; counted, shown, trained on."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.data import sources
from core.data.dataset import Dataset
from core.feedback import TABLE, Answer, Feedback, now
from core.settings import Settings
from core.store import Run
from tests.pages.conftest import Open, words_of
from tests.pages.predicting import clean, click, digit_run, figures, give, scan, uprights

_ = digit_run  # a fixture, taken by its name


@pytest.fixture
def kept(home: Settings, run: Run) -> Feedback:
    facts = run.request.dataset
    return Feedback(home.feedback, facts.image_shape, facts.class_names)


def pills(app: AppTest) -> Any:
    return next(one for one in app.main.button_group if "really" in one.label)


def answer(number: int, label: int, read_as: int) -> Answer:
    image = np.zeros((12, 12), np.uint8)
    image[number] = 255
    return Answer(image, label, read_as, 0.9, f"{number}.png", "cafe", now())


def test_a_wrong_answer_is_corrected_by_one_click_and_taken_back_by_another(
    open_page: Open, run: Run, kept: Feedback, tiny_dataset: Dataset
) -> None:
    app = give(open_page("predict"), {"note.png": scan(*clean(tiny_dataset, 0))})
    assert "Accuracy on your digits" not in [one.value for one in app.header]
    pills(app).set_value(2).run()
    [one] = kept.answers()
    assert (one.label, one.picture, one.run) == (2, "note.png", run.fingerprint)
    assert one.image.shape == (12, 12)
    assert "**Kept:** it is slanting" in words_of(app)
    assert "Accuracy on your digits" in [one.value for one in app.header]
    pills(app).set_value(None).run()
    assert kept.answers() == ()
    assert "**Kept:**" not in words_of(app)


def test_all_digits_are_confirmed_by_one_click(open_page: Open, digit_run: Run) -> None:
    app = click(open_page("predict", way="draw", drawing=uprights(2)), "All 2 are right")
    facts = digit_run.request.dataset
    kept = Feedback(Settings(digit_run.path.parents[1]).feedback, facts.image_shape, facts.class_names)
    assert all(one.was_right for one in kept.answers())
    assert figures(app)["As they were read"] == "100.00%"
    assert not [button for button in app.main.button if button.key == "confirm"]


def test_answers_are_counted_and_can_be_deleted_and_brought_back(open_page: Open, run: Run, kept: Feedback) -> None:
    kept.put(answer(1, 0, 0), answer(2, 1, 1), answer(3, 2, 2), answer(4, 2, 0))
    app = open_page("predict")
    assert figures(app)["As they were read"] == "75.00%"
    assert figures(app)["Corrected"] == "1"
    assert figures(app)["Read by this run"].endswith("%")
    click(app, "Delete all answers")
    assert kept.answers() == ()
    assert "4 answers deleted." in words_of(app)
    click(app, "Bring back")
    assert len(kept.answers()) == 4
    assert figures(app)["As they were read"] == "75.00%"


def test_answers_become_a_dataset_to_train_on(open_page: Open, run: Run, kept: Feedback, home: Settings) -> None:
    kept.put(answer(1, 0, 0), answer(2, 1, 2))
    app = click(open_page("predict"), "Make the dataset")
    assert "strokes and 2 of mine" in words_of(app)
    made = sources.load("strokes and 2 of mine", home=home.data)
    assert len(made.train_labels) == 202
    assert made.train_labels[-2:].tolist() == [0, 1]
    # Made once more under the same name it is refused, and nothing is lost.
    next(one for one in app.text_input if one.label == "Name of the new dataset").set_value("strokes and 2 of mine")
    click(app, "Make the dataset")
    assert "choose another name" in app.error[0].value


def test_answers_that_cannot_be_read_are_said_and_nothing_else_breaks(
    open_page: Open, run: Run, kept: Feedback, tiny_dataset: Dataset
) -> None:
    kept.put(answer(1, 0, 0))
    (kept.path / TABLE).write_text("image,label\nunknown,upright\n")
    app = give(open_page("predict"), {"note.png": scan(*clean(tiny_dataset, 0))})
    assert "The answers that are kept cannot be read" in [one.proto.title for one in app.error]
    pills(app).set_value(1).run()
    assert "Your answer was not kept" in [one.proto.title for one in app.error]
    assert (kept.path / TABLE).read_text() == "image,label\nunknown,upright\n"

"""Answers on the Predict page: one click keeps what a digit is, another takes it back; counted, shown, trained on."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import prediction
from core.data import sources
from core.data.dataset import Dataset
from core.errors import RunDamagedError
from core.feedback import TABLE, Answer, Feedback, now
from core.settings import Settings
from core.store import Run
from tests.pages.conftest import Open, words_of
from tests.pages.predicting import clean, click, digit_run, figures, give, scan, shown, triggered, uprights
from ui import own_digits

_ = digit_run  # a fixture, taken by its name


@pytest.fixture
def kept(home: Settings, run: Run) -> Feedback:
    facts = run.request.dataset
    return Feedback(home.feedback, facts.image_shape, facts.class_names)


class ShutGate:
    """Takes nothing for a digit."""

    caution = ""

    def novelty(self, images: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
        return np.ones(len(images))


class BrokenGate(ShutGate):
    """Finds its file damaged when it is asked."""

    def novelty(self, images: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
        raise RunDamagedError("autoencoder.onnx cannot be read")


def say(app: AppTest, label: int) -> AppTest:
    """Press the button of a class."""
    return triggered(app, "class_choice", "picked", label)


def kept_of(digit_run: Run) -> Feedback:
    facts = digit_run.request.dataset
    return Feedback(Settings(digit_run.path.parents[1]).feedback, facts.image_shape, facts.class_names)


def answer(number: int, label: int, read_as: int, *, is_digit: bool = True) -> Answer:
    image = np.zeros((12, 12), np.uint8)
    image[number // 12, : number % 12 + 1] = 255
    return Answer(image, label, read_as, 0.9, f"{number}.png", "cafe", now(), is_digit)


def tiles(app: AppTest) -> list[str]:
    """What stands below the answered digits, the last answer first."""
    return [caption for _, caption, _ in shown(app, "gallery", "own digits")["tiles"]]


def delete(app: AppTest, position: int) -> AppTest:
    """Open an answered digit and delete the answer."""
    return click(triggered(app, "gallery", "opened", position, "own digits"), "Delete this answer")


def test_a_wrong_answer_is_corrected_by_one_click_and_taken_back_by_another(
    open_page: Open, run: Run, kept: Feedback, tiny_dataset: Dataset
) -> None:
    app = give(open_page("predict"), {"note.png": scan(*clean(tiny_dataset, 0))})
    assert "Accuracy on your digits" not in [one.value for one in app.header]
    say(app, 2)
    [one] = kept.answers()
    assert (one.label, one.picture, one.run) == (2, "note.png", run.fingerprint)
    assert one.image.shape == (12, 12)
    assert "**Kept:** it is slanting" in words_of(app)
    assert shown(app, "class_choice")["chosen"] == 2
    assert "Accuracy on your digits" in [one.value for one in app.header]
    say(app, 2)
    assert kept.answers() == ()
    assert "**Kept:**" not in words_of(app)
    assert "Your answer is taken back." in words_of(app)
    assert not app.toast  # which a callback must not draw
    assert "Your answer is taken back." not in words_of(app.run())


def test_all_digits_are_confirmed_by_one_click(open_page: Open, digit_run: Run) -> None:
    app = click(open_page("predict", way="draw", drawing=uprights(2)), "All 2 are right")
    answers = kept_of(digit_run).answers()
    assert all(one.was_right for one in answers)
    assert figures(app)["As they were read"] == f"{len(answers)} of {len(answers)}"
    assert "Kept 2 answers." in words_of(app)
    assert not [button for button in app.main.button if button.key == "confirm"]


def test_a_digit_that_was_taken_for_none_was_not_read_rightly(
    open_page: Open, digit_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction, "open_gate", lambda run: ShutGate())
    app = open_page("predict", way="draw", drawing=uprights(1))
    assert "This was taken for no digit" in words_of(app)
    [mark] = shown(app, "answer")["marks"]
    say(app, int(mark["name"]))
    [one] = kept_of(digit_run).answers()
    assert one.label == one.read_as
    assert not one.is_digit
    assert f"**Kept:** it is {mark['name']}, and was taken for no digit." in words_of(app)
    assert figures(app)["As they were read"] == figures(app)["Read by this run"] == "0 of 1"
    assert tiles(app) == [f"{mark['name']} ← no digit"]


def test_answers_are_counted_and_can_be_deleted_and_brought_back(open_page: Open, run: Run, kept: Feedback) -> None:
    kept.put(answer(1, 0, 0), answer(2, 1, 1), answer(3, 2, 2), answer(4, 2, 0))
    app = open_page("predict")
    assert figures(app)["As they were read"] == "3 of 4"
    assert figures(app)["Corrected"] == "1"
    assert figures(app)["Read by this run"].endswith(" of 4")
    click(app, "Delete all answers")
    assert kept.answers() == ()
    assert "4 answers deleted." in words_of(app)
    click(app, "Bring back")
    assert len(kept.answers()) == 4
    assert figures(app)["As they were read"] == "3 of 4"


def test_answers_deleted_one_after_the_other_are_all_brought_back(open_page: Open, run: Run, kept: Feedback) -> None:
    kept.put(answer(1, 0, 0), answer(2, 1, 1), answer(3, 2, 2))
    app = delete(open_page("predict"), 0)
    assert "1 answer deleted." in words_of(app)
    delete(app, 0)
    assert "2 answers deleted." in words_of(app)
    assert [one.key for one in kept.answers()] == [answer(1, 0, 0).key]
    click(app, "Bring back")
    assert {one.label for one in kept.answers()} == {0, 1, 2}
    assert "deleted." not in words_of(app)


def test_what_was_said_anew_is_not_overwritten_by_what_is_brought_back(
    open_page: Open, run: Run, kept: Feedback
) -> None:
    kept.put(answer(1, 0, 0), answer(2, 1, 1))
    app = click(open_page("predict"), "Delete all answers")
    kept.put(answer(1, 2, 0))
    assert "1 answer deleted." in words_of(app.run())
    click(app, "Bring back")
    assert {one.label for one in kept.answers()} == {2, 1}


def test_a_share_is_said_in_percent_only_of_many_answers(open_page: Open, run: Run, kept: Feedback) -> None:
    kept.put(*(answer(number, 0, 0) for number in range(own_digits.FEW)))
    app = open_page("predict")
    assert figures(app)["As they were read"] == "100.00%"
    assert figures(delete(app, 0))["As they were read"] == "19 of 19"


def test_answers_are_counted_although_the_run_cannot_read_them_now(
    open_page: Open, digit_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction, "open_gate", lambda run: BrokenGate())
    kept_of(digit_run).put(answer(1, 0, 0))
    app = open_page("predict")
    assert (figures(app)["As they were read"], figures(app)["Read by this run"]) == ("1 of 1", "–")
    assert "autoencoder\\.onnx cannot be read" in [one.value for one in app.caption]
    assert not app.exception


def test_answers_become_a_dataset_to_train_on(open_page: Open, run: Run, kept: Feedback, home: Settings) -> None:
    kept.put(answer(1, 0, 0), answer(2, 1, 2))
    app = open_page("predict")
    form = [one.proto.id for one in app.get("popover")]
    click(app, "Make the dataset")
    assert "strokes and 2 of mine" in words_of(app)
    assert [one.proto.id for one in app.get("popover")] != form  # another form, which is closed
    made = sources.load("strokes and 2 of mine", home=home.data)
    assert len(made.train_labels) == 202
    assert made.train_labels[-2:].tolist() == [0, 1]
    # Once more, another name is proposed; under the same one it is refused, and nothing is lost.
    name = next(one for one in app.text_input if one.label == "Name of the new dataset")
    assert name.value == "strokes and 2 of mine 2"
    name.set_value("strokes and 2 of mine")
    click(app, "Make the dataset")
    assert "choose another name" in app.error[0].value


def test_answers_that_cannot_be_read_are_said_and_nothing_else_breaks(
    open_page: Open, run: Run, kept: Feedback, tiny_dataset: Dataset
) -> None:
    kept.put(answer(1, 0, 0))
    (kept.path / TABLE).write_text("image,label\nunknown,upright\n")
    app = give(open_page("predict"), {"note.png": scan(*clean(tiny_dataset, 0))})
    assert "The answers that are kept cannot be read" in [one.proto.title for one in app.error]
    say(app, 1)
    assert "Your answer was not kept" in [one.proto.title for one in app.error]
    assert (kept.path / TABLE).read_text() == "image,label\nunknown,upright\n"

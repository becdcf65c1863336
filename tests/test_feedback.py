"""Answers about digits: kept with their images, by several processes at once, whatever happens in between."""

import csv
import io
import multiprocessing
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import feedback
from core.data import idx, sources
from core.data.dataset import Dataset
from core.errors import DatasetError, FeedbackError
from core.feedback import IMAGES, LABELS, TABLE, Answer, Feedback, added_to, key_of
from core.settings import Settings

NAMES = tuple("0123456789")
TIME = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def answer(number: int, label: int = 4, read_as: int = 9, picture: str = "note.jpg") -> Answer:
    image = np.zeros((28, 28), np.uint8)
    image[number // 28 % 28, number % 28] = 255
    return Answer(image, label, read_as, 0.75, picture, "cafe", TIME)


@pytest.fixture
def kept(settings: Settings) -> Feedback:
    return Feedback(settings.feedback, (28, 28), NAMES)


ROW = f"""image,label,read_as,confidence,picture,run,answered,is_digit
{answer(1).key},4,9,0.75,note.jpg,cafe,2026-03-04T05:06:07+00:00,true
""".encode()


def rows_of(kept: Feedback) -> list[dict[str, str]]:
    with (kept.path / TABLE).open(newline="") as file:
        return list(csv.DictReader(file))


def test_nothing_is_written_before_the_first_answer(kept: Feedback) -> None:
    assert kept.answers() == ()
    assert kept.remove({"any"}) == ()
    assert kept.stamp() == 0
    assert zipfile.ZipFile(io.BytesIO(kept.packed())).namelist() == []
    assert not kept.path.exists()


def test_an_answer_is_kept_with_its_image_and_found_again(kept: Feedback) -> None:
    kept.put(answer(1), answer(2, label=9))
    again = Feedback(kept.path.parent, (28, 28), NAMES)
    first, second = again.answers()
    assert (first.image == answer(1).image).all()
    assert (first.label, first.read_as, first.confidence) == (4, 9, 0.75)
    assert (first.picture, first.run, first.answered) == ("note.jpg", "cafe", TIME)
    assert not first.was_right
    assert second.was_right


def test_what_was_taken_for_no_digit_was_not_read_rightly(kept: Feedback) -> None:
    kept.put(replace(answer(1, label=9), is_digit=False), answer(2, label=9))
    assert [row["is_digit"] for row in rows_of(kept)] == ["false", "true"]
    assert [one.is_digit for one in kept.answers()] == [False, True]
    assert [one.was_right for one in kept.answers()] == [False, True]


def test_a_table_from_before_that_was_kept_is_of_digits_and_stays_usable(kept: Feedback) -> None:
    kept.put(answer(1, label=9), answer(2))
    lines = (kept.path / TABLE).read_text().splitlines()
    (kept.path / TABLE).write_text("".join(line.rpartition(",")[0] + "\n" for line in lines))
    assert "is_digit" not in rows_of(kept)[0]
    assert [one.is_digit for one in kept.answers()] == [True, True]
    assert [one.was_right for one in kept.answers()] == [True, False]
    kept.put(replace(answer(3), is_digit=False))
    assert [row["is_digit"] for row in rows_of(kept)] == ["true", "true", "false"]


def test_the_files_are_a_table_and_idx_in_the_same_order(kept: Feedback) -> None:
    kept.put(answer(1, label=4), answer(2, label=0), answer(3, label=7))
    kept.remove({answer(2).key})
    assert [row["label"] for row in rows_of(kept)] == ["4", "7"]
    assert idx.read(kept.path / LABELS).tolist() == [4, 7]
    images = idx.read(kept.path / IMAGES)
    assert [key_of(image) for image in images] == [row["image"] for row in rows_of(kept)]
    assert (kept.path / "class_names.txt").read_text().split() == list(NAMES)


def test_the_last_answer_about_an_image_counts(kept: Feedback) -> None:
    kept.put(answer(1, label=4), answer(2))
    kept.put(answer(1, label=7))
    assert [one.label for one in kept.answers()] == [4, 7]
    assert [one.key for one in kept.answers()] == [answer(2).key, answer(1).key]


def test_what_was_removed_can_be_brought_back(kept: Feedback) -> None:
    kept.put(*(answer(number) for number in range(5)))
    taken = kept.remove({answer(1).key, answer(3).key, "unknown"})
    assert [one.key for one in taken] == [answer(1).key, answer(3).key]
    assert len(kept.answers()) == 3
    kept.put(*taken)
    assert {one.key for one in kept.answers()} == {answer(number).key for number in range(5)}
    kept.remove({one.key for one in kept.answers()})
    assert kept.answers() == ()
    kept.put(answer(9))
    assert len(kept.answers()) == 1


def test_the_stamp_changes_with_every_answer(kept: Feedback) -> None:
    kept.put(answer(1))
    first = kept.stamp()
    kept.put(answer(2))
    assert kept.stamp() != first


def test_sets_of_other_classes_or_sizes_are_apart(settings: Settings, kept: Feedback) -> None:
    letters = Feedback(settings.feedback, (28, 28), tuple("abcdefghij"))
    small = Feedback(settings.feedback, (12, 12), NAMES)
    kept.put(answer(1))
    assert len({kept.path, letters.path, small.path}) == 3
    assert letters.answers() == small.answers() == ()


@given(
    picture=st.text(st.characters(exclude_categories=()), max_size=30),
    confidence=st.floats(0, 1),
)
def test_any_name_of_a_picture_is_kept(
    tmp_path_factory: pytest.TempPathFactory, picture: str, confidence: float
) -> None:
    kept = Feedback(tmp_path_factory.mktemp("home"), (28, 28), NAMES)
    kept.put(replace(answer(1, picture=picture), confidence=confidence))
    [found] = kept.answers()
    expected = picture.encode("utf-8", "replace").decode()
    assert found.picture.replace("\r\n", "\n").replace("\r", "\n") == expected.replace("\r\n", "\n").replace("\r", "\n")
    assert found.confidence == pytest.approx(confidence, abs=1e-6)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (replace(answer(1), image=np.zeros((12, 12), np.uint8)), r"image: expected the shape \(28, 28\)"),
        (replace(answer(1), image=np.zeros((28, 28))), "type uint8, found"),
        (replace(answer(1), label=10), "label: expected 0 to 9, got 10"),
        (replace(answer(1), read_as=-1), "read_as: expected 0 to 9"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(kept: Feedback, given: Answer, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kept.put(given)
    assert not kept.path.exists()


def put_ten(home: Path, first: int) -> None:
    kept = Feedback(home, (28, 28), NAMES)
    for number in range(first, first + 10):
        kept.put(answer(number))


def test_several_processes_lose_nothing(settings: Settings, kept: Feedback) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=put_ten, args=(settings.feedback, 10 * number)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert {one.key for one in kept.answers()} == {answer(number).key for number in range(40)}


@pytest.mark.parametrize("action", ["put", "remove"])
@pytest.mark.parametrize("step", ["_write_table", "_write_images"])
def test_a_writer_that_dies_on_the_way_loses_nothing(
    kept: Feedback, monkeypatch: pytest.MonkeyPatch, action: str, step: str
) -> None:
    kept.put(answer(1), answer(2))

    def die(self: Feedback, answers: object) -> None:
        raise KeyboardInterrupt

    use = (lambda: kept.put(answer(3))) if action == "put" else (lambda: kept.remove({answer(1).key}))
    with monkeypatch.context() as patch:
        patch.setattr(Feedback, step, die)
        with pytest.raises(KeyboardInterrupt):
            use()
    found = {one.key for one in kept.answers()}
    assert found in ({answer(1).key, answer(2).key}, {answer(2).key})
    assert answer(2).key in found
    if action == "put":
        assert len(found) == 2
    kept.put(answer(4))
    assert {one.key for one in kept.answers()} == found | {answer(4).key}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (TABLE, b"\xff\xfe not a table"),
        (TABLE, b"image,label\nunknown,4\n"),
        (TABLE, ROW.replace(b"true", b"perhaps")),
        (IMAGES, b"not images"),
        (IMAGES, None),
    ],
)
def test_a_damaged_folder_is_said_and_left_as_it_is(kept: Feedback, name: str, content: bytes | None) -> None:
    kept.put(answer(1))
    if content is None:
        (kept.path / name).unlink()
    else:
        (kept.path / name).write_bytes(content)
    before = {path.name: path.read_bytes() for path in kept.path.iterdir()}
    for use in (kept.answers, kept.packed, lambda: kept.put(answer(2)), lambda: kept.remove({answer(1).key})):
        with pytest.raises(FeedbackError, match="restore the file, or move the folder elsewhere"):
            use()
    assert {path.name: path.read_bytes() for path in kept.path.iterdir()} == before


def test_a_folder_that_cannot_be_written_is_said(settings: Settings, kept: Feedback) -> None:
    settings.home.mkdir()
    settings.feedback.write_text("a file where the folder should be")
    with pytest.raises(FeedbackError, match="expected a folder that can be written"):
        kept.put(answer(1))


def test_the_zip_holds_every_file(kept: Feedback) -> None:
    kept.put(answer(1))
    with zipfile.ZipFile(io.BytesIO(kept.packed())) as archive:
        assert sorted(archive.namelist()) == sorted([TABLE, IMAGES, LABELS, "class_names.txt"])
        assert idx.parse(archive.read(IMAGES), IMAGES).shape == (1, 28, 28)


def test_answers_become_training_images_of_a_new_dataset(settings: Settings, tiny_dataset: Dataset) -> None:
    own = replace(answer(1), image=np.full((12, 12), 7, np.uint8), label=2, read_as=0)
    made = added_to(tiny_dataset, [own], tiny_dataset.class_names, "strokes and 1 of mine")
    sources.keep(made, home=settings.data)
    found = sources.load("strokes and 1 of mine", home=settings.data)
    assert found.digest == made.digest != tiny_dataset.digest
    assert len(found.train_labels) == 201
    assert found.train_labels[-1] == 2
    assert (found.train_images[-1] == 7).all()
    assert (found.test_images == tiny_dataset.test_images).all()
    assert found.class_names == tiny_dataset.class_names
    with pytest.raises(DatasetError, match="choose another name"):
        sources.keep(made, home=settings.data)


def test_answers_that_fit_no_dataset_are_refused(tiny_dataset: Dataset) -> None:
    own = replace(answer(1), image=np.zeros((12, 12), np.uint8), label=2, read_as=0)
    with pytest.raises(DatasetError, match="expected at least one answered digit"):
        added_to(tiny_dataset, [], tiny_dataset.class_names, "new")
    with pytest.raises(DatasetError, match="expected images of 12x12 pixels"):
        added_to(tiny_dataset, [answer(1)], tiny_dataset.class_names, "new")
    with pytest.raises(DatasetError, match="expected the classes of strokes"):
        added_to(tiny_dataset, [own], ("a", "b", "c"), "new")


def test_now_is_a_time_without_fractions() -> None:
    assert feedback.now().tzinfo is UTC
    assert feedback.now().microsecond == 0

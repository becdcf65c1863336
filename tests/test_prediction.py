import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from core import prediction
from core.data.dataset import Dataset
from core.errors import ImageError, RunDamagedError
from core.evaluation import predicted_classes
from core.prediction import Predictor, ReadDigit, Reading
from core.store import Run

ROOT = Path(__file__).parents[1]


@pytest.fixture
def run_without_onnx(tiny_run: Run, tmp_path: Path) -> Run:
    path = tmp_path / "runs" / tiny_run.fingerprint
    shutil.copytree(tiny_run.path, path)
    (path / "classifier.onnx").unlink()
    return Run(path)


@pytest.fixture
def predictor(tiny_run: Run) -> Predictor:
    return Predictor.open(tiny_run)


def saved(image: np.ndarray, path: Path) -> Path:
    Image.fromarray(image).save(path)
    return path


def read_one(predictor: Predictor, path: Path) -> ReadDigit:
    [digit] = predictor.read_file(path).digits
    return digit


def test_the_stored_probabilities_come_back(predictor: Predictor, tiny_run: Run, tiny_dataset: Dataset) -> None:
    found = predictor.predict(tiny_dataset.test_images)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, tiny_run.predictions.test_probabilities, atol=1e-5)


def test_a_run_without_onnx_is_answered_by_keras(
    run_without_onnx: Run, predictor: Predictor, tiny_dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    open_network = prediction.open_network
    monkeypatch.setattr(prediction, "open_network", lambda path: opened.append(path.name) or open_network(path))
    found = Predictor.open(run_without_onnx).predict(tiny_dataset.test_images)
    assert opened == ["classifier.keras"]
    np.testing.assert_allclose(found, predictor.predict(tiny_dataset.test_images), atol=1e-5)


@pytest.mark.parametrize("name", ["classifier.onnx", "classifier.keras"])
def test_a_damaged_network_is_named_with_what_to_do(run_without_onnx: Run, name: str) -> None:
    (run_without_onnx.path / name).write_bytes(b"damaged")
    remedy = "delete that file, and Keras answers instead" if name.endswith("onnx") else "restore the file"
    with pytest.raises(RunDamagedError, match=rf"Run {run_without_onnx.fingerprint}: .*{name}: .*; {remedy}\."):
        Predictor.open(run_without_onnx)


def test_a_picture_file_becomes_an_answer(predictor: Predictor, tiny_dataset: Dataset, tmp_path: Path) -> None:
    image = tiny_dataset.test_images[7]
    answer = read_one(predictor, saved(image, tmp_path / "stroke.png"))
    expected = predictor.predict(image[np.newaxis])
    np.testing.assert_array_equal(answer.image, image)
    np.testing.assert_array_equal(answer.probabilities, expected[0])
    assert answer.label == predicted_classes(expected)[0]
    assert answer.class_name == ("upright", "level", "slanting")[answer.label]
    assert answer.confidence == expected.max()


def test_ink_on_paper_and_chalk_on_slate_give_the_same_answer(
    predictor: Predictor, tiny_dataset: Dataset, tmp_path: Path
) -> None:
    image = tiny_dataset.test_images[3]
    chalk = read_one(predictor, saved(image, tmp_path / "chalk.png"))
    ink = read_one(predictor, saved(255 - image, tmp_path / "ink.png"))
    np.testing.assert_array_equal(chalk.image, ink.image)
    assert chalk.confidence == ink.confidence


def test_a_large_picture_is_brought_to_the_network_s_size(predictor: Predictor, tmp_path: Path) -> None:
    sheet = np.full((400, 300), 240, np.uint8)
    sheet[60:260, 80:110] = 20
    answer = read_one(predictor, saved(sheet, tmp_path / "sheet.jpg"))
    assert answer.image.shape == (12, 12)
    assert answer.probabilities.shape == (3,)
    assert answer.probabilities.sum() == pytest.approx(1, abs=1e-5)


def test_no_images_have_no_answers(predictor: Predictor) -> None:
    assert predictor.predict(np.empty((0, 12, 12), np.uint8)).shape == (0, 3)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((2, 28, 28), np.uint8),
        np.zeros((12, 12), np.uint8),
        np.zeros((2, 12, 12, 1), np.uint8),
        np.zeros((2, 12, 12), np.float32),
    ],
    ids=["size", "one image", "channels", "scaled"],
)
def test_other_arrays_are_refused(predictor: Predictor, images: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"images: expected the shape \(n, 12, 12\) and the type uint8, found"):
        predictor.predict(images)


def test_what_is_no_digit_is_refused_by_name(predictor: Predictor, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("three")
    with pytest.raises(ImageError, match=r"notes\.txt: expected a picture"):
        read_one(predictor, text)
    with pytest.raises(ImageError, match=r"blank\.png: expected a digit"):
        read_one(predictor, saved(np.full((50, 50), 255, np.uint8), tmp_path / "blank.png"))


def test_several_threads_may_ask_at_once(predictor: Predictor, tiny_dataset: Dataset) -> None:
    expected = predictor.predict(tiny_dataset.test_images)
    answers: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: answers.append(predictor.predict(tiny_dataset.test_images))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    for answer in answers:
        np.testing.assert_array_equal(answer, expected)


def test_an_answer_needs_no_tensorflow_and_no_scikit_learn(
    tiny_run: Run, tiny_dataset: Dataset, tmp_path: Path
) -> None:
    file = saved(tiny_dataset.test_images[0], tmp_path / "stroke.png")
    script = (
        "import sys; from pathlib import Path\n"
        "from core.prediction import Predictor; from core.store import RunStore\n"
        "run = RunStore(Path(sys.argv[1])).find('latest')\n"
        "print(Predictor.open(run).read_file(Path(sys.argv[2])).digits[0].class_name)\n"
        "print(*{'tensorflow', 'keras', 'sklearn', 'streamlit', 'pandas'} & set(sys.modules))\n"
    )
    arguments = [sys.executable, "-c", script, str(tiny_run.path.parent), str(file)]
    answer = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    name, loaded = answer.stdout.split("\n")[:2]
    assert name in tiny_run.request.dataset.class_names
    assert loaded == ""
    assert answer.stderr == ""


def test_a_picture_in_memory_gets_the_answer_of_its_file(
    predictor: Predictor, tiny_dataset: Dataset, tmp_path: Path
) -> None:
    picture = np.pad(255 - tiny_dataset.test_images[0].repeat(9, axis=0).repeat(9, axis=1), 20, constant_values=255)
    from_file = read_one(predictor, saved(picture, tmp_path / "stroke.png"))
    [from_memory] = predictor.read(picture, "stroke.png").digits
    np.testing.assert_array_equal(from_file.probabilities, from_memory.probabilities)
    np.testing.assert_array_equal(from_file.image, from_memory.image)
    with pytest.raises(ImageError, match=r"blank\.png: expected a digit"):
        predictor.read(np.zeros((30, 30), np.uint8), "blank.png")


def test_an_export_answers_for_a_run_that_holds_no_onnx(tiny_run: Run, tiny_dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "runs" / tiny_run.fingerprint
    shutil.copytree(tiny_run.path, path)
    export = tmp_path / "export.onnx"
    (path / tiny_run.onnx_path.name).rename(export)
    answers = Predictor.open(Run(path), export).predict(tiny_dataset.test_images)
    np.testing.assert_array_equal(answers, Predictor.open(tiny_run).predict(tiny_dataset.test_images))
    export.write_bytes(b"broken")
    with pytest.raises(RunDamagedError, match="delete that file, and Keras answers instead"):
        Predictor.open(Run(path), export)


def bars(n: int, lines: int = 1) -> np.ndarray:
    """Ink on paper: n upright bars a line, of which every second is bold."""
    paper = np.full((20 + 60 * lines, 40 + 60 * n), 245, np.uint8)
    for line in range(lines):
        for number in range(n):
            bold = (line * n + number) % 2
            paper[20 + 60 * line : 60 + 60 * line, 40 + 60 * number : 46 + 60 * number + 4 * bold] = 15
    return paper


def calls_it_one(inputs: np.ndarray) -> np.ndarray:
    return np.repeat(np.float32([[0.1, 0.8, 0.1]]), len(inputs), axis=0)


class Refusing:
    """A gate that refuses bold bars."""

    caution = ""

    def novelty(self, images: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
        return np.where(images.sum(axis=(1, 2)) > 80 * 255, 0.9, 0.0)


def test_a_row_of_digits_is_read_in_one_go_and_like_images_once() -> None:
    batches: list[int] = []

    def network(inputs: np.ndarray) -> np.ndarray:
        batches.append(len(inputs))
        return calls_it_one(inputs)

    reading = Predictor(network, ("0", "1", "2"), (28, 28)).read(bars(4))
    assert reading.text == "1111"
    assert batches == [2]
    boxes = [digit.box.x for digit in reading.digits]
    assert boxes == sorted(boxes)
    assert [digit.confidence for digit in reading.digits] == pytest.approx([0.8] * 4)


def test_lines_are_joined_by_newlines_and_what_is_no_digit_is_left_out() -> None:
    reading = Predictor(calls_it_one, ("0", "1", "2"), (28, 28), Refusing()).read(bars(3, lines=2))
    assert [digit.is_digit for digit in reading.digits] == [True, False, True, False, True, False]
    assert reading.text == "11\n1"
    assert reading.marked_text == "1?1\n?1?"


def test_images_are_classified_and_told_from_what_is_no_digit() -> None:
    predictor = Predictor(calls_it_one, ("0", "1", "2"), (28, 28), Refusing())
    reading = predictor.read(bars(2))
    labels, are_digits = predictor.classify(np.stack([digit.image for digit in reading.digits]))
    assert labels.tolist() == [digit.label for digit in reading.digits]
    assert are_digits.tolist() == [digit.is_digit for digit in reading.digits] == [True, False]


def test_a_line_without_any_digit_leaves_no_empty_one() -> None:
    reading = Predictor(calls_it_one, ("0", "1", "2"), (28, 28), Refusing()).read(bars(1, lines=3))
    assert (reading.text, reading.marked_text) == ("1\n1", "1\n?\n1")
    assert Reading((), ()).text == ""


def test_other_classes_than_digits_are_one_object_a_picture() -> None:
    predictor = Predictor(calls_it_one, ("shirt", "bag", "boot"), (28, 28))
    assert [digit.class_name for digit in predictor.read(bars(3)).digits] == ["bag"]
    assert Predictor(calls_it_one, ("0", "1", "2"), (28, 28)).reads_digits
    assert not predictor.reads_digits


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=50)), st.booleans())
def test_any_picture_gives_a_reading_or_a_sentence(picture: np.ndarray, coloured: bool) -> None:
    shown = np.repeat(picture[..., np.newaxis], 3, axis=2) if coloured else picture
    try:
        reading = Predictor(calls_it_one, ("0", "1", "2"), (28, 28)).read(shown)
    except ImageError:
        return
    assert reading.digits
    for digit in reading.digits:
        assert digit.image.shape == (28, 28)
        assert 0 <= digit.novelty <= 1
        assert digit.box.width >= 1
        assert digit.box.height >= 1

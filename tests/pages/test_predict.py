"""The Predict page: who reads, one picture, several, files that are no pictures, runs without ONNX."""

import io
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.data.dataset import Dataset
from core.jobs import exports
from core.prediction import Predictor
from core.settings import Settings
from core.store import Run, RunRequest, RunStore, labels
from tests.pages.conftest import ROOT, Open, words_of
from ui import loading, pictures


def scan(image: np.ndarray) -> bytes:
    """The image as a large PNG, dark on light, with a margin."""
    picture = np.pad(255 - image.repeat(9, axis=0).repeat(9, axis=1), 20, constant_values=255)
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def give(app: AppTest, files: dict[str, bytes]) -> AppTest:
    for name, content in files.items():
        app.file_uploader[0].upload(name, content)
    return app.run()


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: str(metric.value) for metric in app.metric}


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


def test_one_picture_is_read_with_its_probabilities(open_page: Open, run: Run, tiny_dataset: Dataset) -> None:
    app = open_page("predict")
    assert "Read by the newest run: **Custom on strokes**" in words_of(app)
    assert "Drop a photo" in words_of(app)
    file = scan(tiny_dataset.test_images[0])
    give(app, {"my_*stroke*.png": file})

    expected = Predictor.open(run).predict_picture(np.asarray(Image.open(io.BytesIO(file))))
    assert figures(app)["Read as"] == expected.class_name
    assert r"my\_\*stroke\*\.png" in words_of(app)
    assert "What the network saw, 12×12" in words_of(app)
    [chart] = app.get("plotly_chart")
    assert f"Read as {expected.class_name}" in chart.proto.alt
    assert len(app.get("image")) == 2
    assert not app.error


def test_several_pictures_are_a_table_and_bad_files_a_sentence_each(
    open_page: Open, run: Run, tiny_dataset: Dataset
) -> None:
    app = open_page("predict")
    good = {f"{number}.png": scan(tiny_dataset.test_images[number]) for number in range(3)}
    blank = scan(np.zeros((12, 12), np.uint8))
    give(app, good | {"notes.txt": b"three", "blank.png": blank, "cut.png": good["0.png"][:90]})

    table = app.dataframe[0].value
    assert list(table["File"]) == ["0.png", "1.png", "2.png"]
    assert all(cell.startswith("data:image/png;base64,") for cell in table["Seen"])
    assert figures(app)["Pictures read"] == "3"
    [error] = app.error
    lines = error.value.split("  \n")
    assert [line.partition(r"\.")[0] for line in lines] == ["notes", "blank", "cut"]
    assert "expected a picture" in lines[0]
    assert "found a picture of one brightness" in lines[1]
    assert "found a damaged one" in lines[2]
    assert app.header[0].value == r"0\.png"


def test_nothing_but_bad_files_leaves_their_sentences_alone(open_page: Open, run: Run) -> None:
    app = give(open_page("predict"), {"notes.txt": b"three"})
    assert app.error[0].value.startswith(r"notes\.txt\: expected a picture")
    assert not app.metric
    assert not app.dataframe


def test_the_starred_run_reads(open_page: Open, run: Run, home: Settings, tiny_run: Run) -> None:
    newer = Path(shutil.copytree(run.path, home.runs / "feedfacefeedface"))
    environment = (newer / "environment.json").read_text().replace('"finished": "2', '"finished": "3')
    (newer / "environment.json").write_text(environment)
    assert "`feedface`" in words_of(open_page("predict", run=run.fingerprint))
    labels.star(home.runs, run.fingerprint)
    words = words_of(open_page("predict", run="feedfacefeedface"))
    assert "Read by the starred run" in words
    assert f"`{run.fingerprint[:8]}`" in words
    (run.path / "metrics.json").unlink()
    loading._run.clear()
    words = words_of(open_page("predict"))
    assert "The starred run is damaged" in words
    assert "Read by the newest run" in words


def test_a_run_without_onnx_reads_once_it_was_exported(open_page: Open, run: Run, tiny_run: Run) -> None:
    run.onnx_path.unlink()
    app = open_page("predict")
    assert not app.file_uploader
    assert "holds its network for Keras alone" in words_of(app)
    assert any(button.label == "Make ONNX" for button in app.button)
    export = exports.path_of(RunStore(run.path.parent), run.fingerprint, "onnx")
    export.parent.mkdir(parents=True)
    shutil.copy(tiny_run.onnx_path, export)
    app.run()
    assert app.file_uploader


def test_a_network_that_cannot_be_opened_is_said(open_page: Open, run: Run) -> None:
    run.onnx_path.write_bytes(b"broken")
    app = open_page("predict")
    assert "classifier.onnx" in app.error[0].value
    assert not app.file_uploader


def test_the_table_of_answers_has_a_row_for_every_file(run: Run, tiny_dataset: Dataset) -> None:
    predictor = Predictor.open(run)
    files = [("a.png", scan(tiny_dataset.test_images[0])), ("b.txt", b"no picture")]
    found = pictures.read(run, predictor, files)
    columns = pictures.columns(found, predictor.class_names)
    assert columns["file"] == ["a.png", "b.txt"]
    assert columns["read_as"][1] is columns["confidence"][1] is columns["probability_of_level"][1] is None
    assert columns["problem"][0] is None
    assert sum(columns[f"probability_of_{name}"][0] for name in predictor.class_names) == pytest.approx(1, abs=1e-5)


def test_both_pages_open_without_tensorflow(run: Run, home: Settings) -> None:
    script = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('ui/router.py', default_timeout=60).run()\n"
        "for page in ('predict', 'runs'):\n"
        "    app.switch_page(f'../pages/{page}.py')\n"
        "    app.query_params['chosen'] = sys.argv[1]\n"
        "    app.run()\n"
        "    assert not app.exception and app.title[0].value == page.capitalize()\n"
        "print(*sorted({'tensorflow', 'keras', 'sklearn'} & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", script, run.fingerprint[:8]]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []

import threading
from pathlib import Path

import pytest

from core.data import folder, mnist
from core.data.download import Progress
from core.data.mnist_download import MnistDownload
from core.errors import DownloadError
from core.settings import Settings
from core.store import Run
from tests.pages.conftest import Open, words_of
from ui import mnist_download


def strokes(home: Settings) -> dict[str, bytes]:
    """The files of the made dataset, under other names than the usual."""
    return {f"my-{name}": (home.data / "strokes" / name).read_bytes() for name in folder.FILE_NAMES}


def test_a_dataset_stands_with_its_size_its_classes_and_where_it_came_from(open_page: Open, home: Settings) -> None:
    app = open_page("data", dataset="strokes")
    assert [metric.label for metric in app.metric] == ["Training images", "Test images", "Classes", "Imbalance"]
    assert [metric.value for metric in app.metric] == ["200", "50", "3", "1.02"]
    words = words_of(app)
    assert "Four IDX files, from" in words
    assert "12 × 12 pixels" in words
    assert "No run trained on it" in words
    assert len(app.get("plotly_chart")) == 1
    assert "Training images of each class: upright: 67" in app.get("plotly_chart")[0].proto.alt
    assert "1 to 84 of 200 images" in words


def test_without_a_name_it_is_the_one_of_the_shown_run_and_the_url_says_so(open_page: Open, run: Run) -> None:
    app = open_page("data")
    assert app.query_params["dataset"] == "strokes"
    assert "1 run trained on it" in words_of(app)


def test_without_a_run_it_is_the_built_in_one(open_page: Open) -> None:
    app = open_page("data")
    assert app.query_params["dataset"] == "mnist-5k"
    assert app.metric[0].value == "4,000"


def test_a_link_to_a_dataset_that_is_not_here_says_so(open_page: Open) -> None:
    app = open_page("data", dataset="letters")
    assert "there is none of that name here" in app.warning[0].value
    assert app.metric[0].value == "4,000"


def test_the_url_says_which_images_are_seen(open_page: Open) -> None:
    app = open_page("data", dataset="strokes", **{"class": "1"}, part="test", order="unusual", image="1")
    chosen = {box.label: box.value for box in app.main.selectbox}
    assert (chosen["Class"], chosen["Order"]) == (1, "unusual")
    words = words_of(app)
    assert "1 to 17 of 17 images" in words
    assert "Test image 1, labelled level" in words
    assert "by unusualness" in words
    assert "How the run reads it" not in words

    app.button(key="close example").click().run()
    assert "labelled level" not in words_of(app)
    assert "image" not in app.query_params


def test_choosing_a_class_begins_at_its_first_page(open_page: Open) -> None:
    app = open_page("data", dataset="strokes", page="2")
    assert "85 to 168 of 200 images" in words_of(app)
    next(box for box in app.main.selectbox if box.label == "Class").select(2).run()
    assert "1 to 66 of 66 images" in words_of(app)
    assert "page" not in app.query_params


def test_a_dataset_that_cannot_be_used_says_why_and_the_page_goes_on(open_page: Open, home: Settings) -> None:
    (home.data / "broken").mkdir()
    (home.data / "broken" / folder.FILE_NAMES[0]).write_bytes(b"no")
    app = open_page("data", dataset="broken")
    assert any("t10k-images-idx3-ubyte" in error.value and "missing" in error.value for error in app.error)
    assert not app.metric
    assert "Add a dataset" in words_of(app)
    listed = app.dataframe[0].value
    assert listed.set_index("Name")["State"].to_dict() == {
        "mnist-5k": "Ready",
        "mnist": "To be downloaded",
        "broken": "Problem",
        "strokes": "Ready",
    }


class Mirror:
    """A mirror that sends half of everything and waits; it may have a problem."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.sent = threading.Event()
        self.problem: DownloadError | None = None

    def __call__(self, home: Path, *, progress: Progress | None) -> None:
        assert progress is not None
        progress("train-images-idx3-ubyte.gz", 5_800_000, 9_900_000)
        self.sent.set()
        assert self.may_end.wait(10)
        if self.problem:
            raise self.problem


@pytest.fixture
def mirror(home: Settings, monkeypatch: pytest.MonkeyPatch) -> tuple[Mirror, MnistDownload]:
    made = Mirror()
    download = MnistDownload(home.data / mnist.NAME, made)
    monkeypatch.setattr(mnist_download, "_made", lambda _: download)
    return made, download


def test_mnist_can_be_downloaded_in_the_background(open_page: Open, mirror: tuple[Mirror, MnistDownload]) -> None:
    answering, download = mirror
    app = open_page("data", dataset="mnist")
    assert "MNIST is not on this machine yet" in words_of(app)
    app.button(key="download-mnist-page").click().run()
    assert answering.sent.wait(10)
    app.run()
    assert "6 of about 11 MB" in app.progress[0].text
    assert not [button for button in app.button if button.key == "download-mnist-page"]
    answering.may_end.set()
    download.wait()


def test_a_download_that_failed_says_why_and_can_be_tried_again(
    open_page: Open, mirror: tuple[Mirror, MnistDownload]
) -> None:
    failing, download = mirror
    failing.problem = DownloadError("train-images: each of 2 mirrors failed; check the network")
    failing.may_end.set()
    download.start()
    download.wait()
    app = open_page("data", dataset="mnist")
    assert [error.value for error in app.error] == ["train-images: each of 2 mirrors failed; check the network"]
    assert app.button(key="download-mnist-page").label == "Try again"


def test_four_files_become_a_dataset_that_is_shown(open_page: Open, home: Settings) -> None:
    app = open_page("data", dataset="mnist-5k")
    for name, data in strokes(home).items():
        app.file_uploader(key="upload files 0").upload(name, data)
    app.run()
    assert "Training images: `my-train-images-idx3-ubyte`" in words_of(app)
    app.text_input(key="upload name 0").set_value("my strokes")
    app.text_area(key="upload classes 0").set_value("up\nflat\nslope\n")
    app.button(key="add dataset").click().run()
    assert not app.error
    assert app.query_params["dataset"] == "my strokes"
    assert [metric.value for metric in app.metric][:3] == ["200", "50", "3"]
    assert not app.file_uploader[0].value
    assert (home.data / "my strokes" / "class_names.txt").read_text() == "up\nflat\nslope\n"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"my-train-images-idx3-ubyte": b"no IDX file"}, "my-train-images-idx3-ubyte: expected an IDX file"),
        ({"my-train-labels-idx1-ubyte": None}, "files: expected the four files"),
        ({"README.txt": b"hello"}, "files: expected the four files"),
    ],
)
def test_files_that_form_no_dataset_are_named(
    open_page: Open, home: Settings, change: dict[str, bytes | None], message: str
) -> None:
    app = open_page("data", dataset="mnist-5k")
    for name, data in (strokes(home) | change).items():
        if data is not None:
            app.file_uploader(key="upload files 0").upload(name, data)
    app.text_input(key="upload name 0").set_value("mine")
    app.button(key="add dataset").click().run()
    assert app.error[-1].value.startswith(message)
    assert not (home.data / "mine").exists()
    assert app.text_input(key="upload name 0").value == "mine"


def test_a_missing_part_is_named_before_the_click(open_page: Open, home: Settings) -> None:
    app = open_page("data", dataset="mnist-5k")
    app.file_uploader(key="upload files 0").upload("train-images-idx3-ubyte", b"")
    app.file_uploader(key="upload files 0").upload("notes", b"")
    app.run()
    words = words_of(app)
    assert "Test labels: missing, expected a file called like `t10k-labels-idx1-ubyte`" in words
    assert "Not needed: `notes`" in words

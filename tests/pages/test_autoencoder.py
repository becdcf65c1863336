import numpy as np
import pytest

from core.insight import chosen_images, map_rows
from core.jobs.code_maps import CodeMaps
from core.settings import Settings
from core.store import Run
from tests.pages.conftest import Open, words_of

EVERYWHERE = "0_0_1000_0_1000_1000_0_1000"


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Runs whose map was asked for; nothing is laid out."""
    asked: list[str] = []
    monkeypatch.setattr(CodeMaps, "begin", lambda _, run: asked.append(run.fingerprint))
    monkeypatch.setattr(CodeMaps, "is_working", lambda *_: True)
    return asked


def test_a_finished_run_shows_errors_reconstructions_map_curve_and_layers(open_page: Open, run: Run) -> None:
    app = open_page("autoencoder")
    values = {metric.label: metric.value for metric in app.metric}
    assert values["Reconstruction error"] == f"{run.metrics.reconstruction_error:#.3g}"
    assert values["Numbers in a code"] == "288"
    assert values["Epochs"] == "1"
    assert "6×6×8, for 144 pixels" in words_of(app)
    # The gallery, the map and the sketch are components of their own.
    assert len(app.get("bidi_component")) == 3
    assert len(app.get("plotly_chart")) == 1
    errors, layers = (frame.value for frame in app.dataframe)
    assert errors["Class"].tolist() == ["upright", "level", "slanting"]
    assert errors["Images"].sum() == 50
    assert set(layers["Part"]) == {"Encoder", "Decoder"}
    assert layers["Layer"].tolist()[-1] == "reconstruction"


def test_class_and_order_of_the_images_are_in_the_link(open_page: Open, run: Run) -> None:
    app = open_page("autoencoder", **{"class": "1", "order": "worst"})
    class_choice, order = app.main.segmented_control[:2]
    assert (class_choice.value, order.value) == (1, "worst")
    order.set_value("best").run()
    assert app.query_params["order"] == "best"
    class_choice.set_value(-1).run()
    assert "class" not in app.query_params
    nonsense = open_page("autoencoder", **{"class": "12", "order": "sideways"})
    assert [choice.value for choice in nonsense.main.segmented_control[:2]] == [-1, "typical"]


def test_a_region_of_the_map_is_in_the_link(open_page: Open, run: Run) -> None:
    app = open_page("autoencoder", area=EVERYWHERE)
    words = words_of(app)
    selected = next(line for line in words.splitlines() if "selected" in line)
    # The outermost points lie on the border of the square, which belongs to nobody.
    assert 40 <= int(selected.strip("*").split()[0]) <= 50
    assert " of upright" in words
    assert "Look into the map" not in words
    assert "Look into the map" in words_of(open_page("autoencoder", area="nonsense"))
    empty = open_page("autoencoder", area="0_0_1_0_1_1")
    assert "0 images selected, none of them read wrongly" in words_of(empty)


def test_until_tsne_is_laid_out_the_components_are_shown(open_page: Open, run: Run, begun: list[str]) -> None:
    app = open_page("autoencoder", map="tsne", area=EVERYWHERE)
    words = words_of(app)
    assert set(begun) == {run.fingerprint}
    assert "t-SNE lays out 50 images in the background" in words
    assert "selected" not in words  # an outline on a map that is not there yet


def test_tsne_that_is_there_is_shown(open_page: Open, run: Run, home: Settings, begun: list[str]) -> None:
    home.stages.mkdir()
    random = np.random.default_rng(1)
    np.save(home.stages / f"map-{run.fingerprint}.npy", random.normal(size=(len(map_rows(50)), 2)).astype(np.float32))
    app = open_page("autoencoder", map="tsne", area=EVERYWHERE)
    assert begun == []
    assert "images selected" in words_of(app)
    app.main.segmented_control[2].set_value("components").run()
    assert "map" not in app.query_params
    assert "area" not in app.query_params  # it was an outline on the other map


def test_tsne_that_failed_says_why_and_is_tried_again(
    open_page: Open, run: Run, home: Settings, begun: list[str]
) -> None:
    home.stages.mkdir()
    (home.stages / f"map-{run.fingerprint}.txt").write_text("The map could not be laid out: no memory.")
    app = open_page("autoencoder", map="tsne")
    assert begun == []
    assert "no memory. The principal components are shown instead." in words_of(app)
    next(button for button in app.main.button if button.label == "Try again").click().run()
    assert begun == [run.fingerprint]


def test_what_a_run_does_not_hold_is_said(open_page: Open, run: Run) -> None:
    for name in ("codes.npz", "autoencoder.onnx"):
        (run.path / name).unlink()
    words = words_of(open_page("autoencoder"))
    assert "This run keeps no codes" in words
    assert "kept without `autoencoder.onnx`" in words


def test_a_damaged_network_costs_only_the_reconstructions(open_page: Open, run: Run) -> None:
    (run.path / "autoencoder.onnx").write_bytes(b"half")
    app = open_page("autoencoder")
    assert "autoencoder.onnx" in app.main.warning[0].value
    assert "Error of each class" in words_of(app)


def test_without_the_images_everything_else_stands(open_page: Open, run: Run, home: Settings) -> None:
    (home.data / "strokes").unlink()
    app = open_page("autoencoder", area=EVERYWHERE)
    words = words_of(app)
    assert "The images of this run are not at hand" in words
    assert "images selected" in words
    assert len(app.get("bidi_component")) == 2  # the map without pictures, and the sketch
    assert len(app.dataframe) == 2


def test_one_image_opens_beside_the_page_and_leads_to_the_next(open_page: Open, run: Run) -> None:
    worst = chosen_images(run.predictions.reconstruction_errors, run.predictions.test_labels, "worst", 2).tolist()
    app = open_page("autoencoder", image=str(worst[0]), order="worst")
    assert f"Test image {worst[0]}" in words_of(app)
    assert "What it gives back" in words_of(app)
    app.button(key="inspector next").click().run()
    assert app.query_params["image"] == str(worst[1])
    app.button(key="inspector back").click().run()
    assert "image" not in app.query_params
    assert "Test image" not in words_of(app)

import numpy as np
import pytest

from core.data import idx
from core.settings import Settings
from core.store import Run
from tests.pages.conftest import MISREAD, Open, galleries, words_of


def test_it_begins_with_the_figures_and_the_misread_images(open_page: Open, known_run: Run) -> None:
    app = open_page("mistakes")
    assert [(one.label, one.value) for one in app.main.metric] == [
        ("Misread", "3"),
        ("Sure all the same", "1"),
        ("Median confidence", "75.00%"),
    ]
    assert galleries(app) == [[10, 7, 4]]  # the highest loss first


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"sort": "lowest-loss"}, [4, 7, 10]),
        ({"sort": "least-sure"}, [4, 7, 10]),
        ({"sort": "position"}, [4, 7, 10]),
        ({"true": "1"}, [10, 7, 4]),
        ({"predicted": "2"}, [10, 4]),
        ({"confidence_from": "0.7"}, [10, 7]),
        ({"confidence_from": "0.7", "confidence_to": "0.8"}, [7]),
        ({"loss_from": "2"}, [10, 7]),
        ({"sort": "nonsense", "true": "77", "predicted": "", "loss_from": "x", "view": "all", "page": "9"}, [10, 7, 4]),
    ],
)
def test_the_url_chooses_and_sorts(open_page: Open, known_run: Run, query: dict[str, str], found: list[int]) -> None:
    assert galleries(open_page("mistakes", **query)) == [found]


def test_the_widgets_write_the_url(open_page: Open, known_run: Run) -> None:
    app = open_page("mistakes", page="1")
    read_as = next(one for one in app.main.selectbox if one.label == "Read as")
    assert read_as.options == ["Any", "upright", "level", "slanting"]
    read_as.select(2).run()
    assert galleries(app) == [[10, 4]]
    next(one for one in app.main.selectbox if one.label == "Sort").select("lowest-loss").run()
    assert galleries(app) == [[4, 10]]
    assert app.query_params == {"run": known_run.fingerprint, "predicted": "2", "sort": "lowest-loss"}
    next(one for one in app.main.selectbox if one.label == "Read as").select(-1).run()
    assert "predicted" not in app.query_params


def test_all_that_are_read_rightly_and_all_together(open_page: Open, known_run: Run) -> None:
    right = galleries(open_page("mistakes", view="right"))[0]
    assert sorted(right) == sorted(set(range(50)) - set(MISREAD))
    assert sorted(galleries(open_page("mistakes", view="both"))[0]) == list(range(50))


def test_the_first_nine_of_each_kind(open_page: Open, known_run: Run) -> None:
    app = open_page("mistakes", view="first-nine")
    assert galleries(app) == [[0, 1, 2, 3, 5, 6, 8, 9, 11], [4, 7, 10]]
    assert "The first nine that are misread (figure 17)" in words_of(app)


def test_where_nothing_is_left_it_says_so_and_takes_the_filters_away(open_page: Open, known_run: Run) -> None:
    app = open_page("mistakes", true="0")
    assert "No test image is like that." in words_of(app)
    next(button for button in app.main.button if button.label == "Take all filters away").click().run()
    assert galleries(app) == [[10, 7, 4]]


def test_pages(open_page: Open, known_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.readings.PER_PAGE", 2)
    app = open_page("mistakes")
    assert galleries(app) == [[10, 7]]
    app.button(key="Next page").click().run()
    assert (galleries(app), app.query_params["page"]) == ([[4]], "2")
    assert app.button(key="Next page").disabled
    next(one for one in app.main.selectbox if one.label == "Page").select(1).run()
    assert galleries(app) == [[10, 7]]
    assert "page" not in app.query_params
    app = open_page("mistakes", page="2")
    next(one for one in app.main.selectbox if one.label == "Sort").select("position").run()
    assert galleries(app) == [[4, 7]]  # another order begins at its first page


def test_settings_survive_a_visit_to_another_page(open_page: Open, known_run: Run) -> None:
    app = open_page("mistakes", predicted="2", sort="position")
    app.query_params.clear()
    app.switch_page("../pages/overview.py").run()
    app.query_params.clear()
    app.switch_page("../pages/mistakes.py").run()
    assert galleries(app) == [[4, 10]]
    app.switch_page("../pages/overview.py").run()
    app.query_params.clear()
    app.query_params["true"] = "1"
    app.switch_page("../pages/mistakes.py").run()
    assert galleries(app) == [[10, 7, 4]]  # a link is followed as it is


def test_an_image_opens_in_the_inspector(open_page: Open, known_run: Run) -> None:
    app = open_page("mistakes", image="7")
    words = words_of(app)
    assert "Test image 7: level, read as upright" in words
    assert "2 of 3 images" in words
    assert [(one.label, one.value) for one in app.main.metric] == [
        ("Read as", "upright"),
        ("Confidence", "75.00%"),
        ("Loss", "2.08"),
        ("Reconstruction", "0.0114"),
    ]
    assert "The 9 training images with the nearest codes" in words
    assert len(app.get("image")) == 2
    assert len(app.get("plotly_chart")) == 2


def test_the_inspector_steps_through_the_chosen_images_and_back(open_page: Open, known_run: Run) -> None:
    app = open_page("mistakes", image="10", predicted="2")
    assert app.button(key="inspector previous").disabled
    app.button(key="inspector next").click().run()
    assert app.query_params["image"] == "4"
    assert app.button(key="inspector next").disabled
    app.button(key="inspector previous").click().run()
    assert app.query_params["image"] == "10"
    app.button(key="inspector back").click().run()
    assert "image" not in app.query_params
    assert galleries(app) == [[10, 4]]


def test_an_image_that_is_not_among_the_chosen_has_all_for_neighbours(open_page: Open, known_run: Run) -> None:
    app = open_page("mistakes", image="8")
    assert "9 of 50 images" in words_of(app)


def test_what_speaks_for_the_label_of_a_misread_image(open_page: Open, known_run: Run) -> None:
    app = open_page("mistakes", image="7")
    choice = next(one for one in app.main.segmented_control if one.label == "What speaks for")
    assert choice.options == ["upright (as read)", "level (its label)"]
    choice.set_value(1).run()
    assert not app.exception
    right = open_page("mistakes", image="8")
    assert "What speaks for" not in [one.label for one in right.main.segmented_control]


@pytest.mark.parametrize("image", ["50", "-1", "seven"])
def test_an_image_that_there_is_not_leaves_the_gallery(open_page: Open, known_run: Run, image: str) -> None:
    assert galleries(open_page("mistakes", image=image)) == [[10, 7, 4]]


def test_a_run_without_its_optional_files_says_what_it_lacks(open_page: Open, known_run: Run) -> None:
    for path in (known_run.onnx_path, known_run.autoencoder_onnx_path, known_run.path / "codes.npz"):
        path.unlink()
    words = words_of(open_page("mistakes", image="7"))
    assert "Test image 7" in words
    for name in ("classifier.onnx", "autoencoder.onnx", "codes.npz"):
        assert f"without `{name}`" in words


def test_damaged_networks_are_named(open_page: Open, known_run: Run) -> None:
    known_run.onnx_path.write_bytes(b"no network")
    known_run.autoencoder_onnx_path.write_bytes(b"no network")
    app = open_page("mistakes", image="7")
    assert ["classifier.onnx" in one.value or "autoencoder.onnx" in one.value for one in app.main.warning] == [True] * 2


def test_without_its_images_a_run_has_a_table_and_says_why(open_page: Open, run_without_images: Run) -> None:
    app = open_page("mistakes")
    assert app.main.warning[0].value.startswith("The images of this run are not at hand")
    table = app.main.dataframe[0].value
    assert (list(table["Test image"]), list(table["True class"]), list(table["Read as"])) == ([947], ["8"], ["9"])
    assert [one.value for one in app.main.metric][-1] == "1 of 15"


def test_a_doubted_label_is_told_with_the_votes(open_page: Open, run_without_images: Run) -> None:
    app = open_page("mistakes", image="947")
    assert any("0 chose 8, its label, and 5 chose 9" in one.value for one in app.main.warning)
    assert "none of the 15" in words_of(open_page("mistakes", image="946"))
    assert "none of the 15" not in words_of(app)


def test_a_run_whose_images_have_changed_says_so(open_page: Open, known_run: Run, home: Settings) -> None:
    folder = home.data / "strokes"
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    folder.unlink()
    folder.mkdir()
    for name, content in kept.items():
        (folder / name).write_bytes(content)
    name = "t10k-images-idx3-ubyte"
    idx.write(folder / name, 255 - np.asarray(idx.read(folder / name)))
    app = open_page("mistakes", image="7")
    assert "other images or labels now" in app.main.warning[0].value
    assert len(app.get("image")) == 0
    assert "Test image 7: level, read as upright" in words_of(app)


def test_a_run_without_mistakes_has_none_to_show(open_page: Open, faultless_run: Run) -> None:
    app = open_page("mistakes")
    assert [(one.label, one.value) for one in app.main.metric] == [("Misread", "0")]
    assert "No test image is like that." in words_of(app)
    assert galleries(open_page("mistakes", view="first-nine")) == [list(range(9))]

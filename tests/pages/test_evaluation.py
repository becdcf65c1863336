import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.store import Run
from tests.pages.conftest import Open, galleries, words_of

MATRIX = "confusion matrix"


def headers(app: AppTest) -> list[str]:
    return [one.value.replace("\\", "") for one in app.main.header if one.value != "Train"]


def images(app: AppTest) -> list[int]:
    """The test images that are shown, in their order."""
    return [image for gallery in galleries(app) for image in gallery]


def charts(app: AppTest) -> list[Any]:
    return [json.loads(one.proto.spec) for one in app.get("plotly_chart")]


def test_a_finished_run_has_its_figures_matrix_classes_and_confidence(open_page: Open, known_run: Run) -> None:
    app = open_page("evaluation")
    assert [(one.label, one.value) for one in app.main.metric][:4] == [
        ("Test accuracy", "94.00%"),
        ("Test loss", "0.182"),
        ("Correct", "47"),
        ("Incorrect", "3"),
    ]
    assert headers(app) == ["Which classes it mixes up", "Each class", "How sure it is"]
    classes, averages = (one.value for one in app.main.dataframe)
    assert list(classes["Class"]) == ["upright", "level", "slanting"]
    assert list(classes["Misread"]) == [0, 3, 0]
    assert list(classes["Recall"]) == pytest.approx([1, 14 / 17, 1])
    assert list(averages["Class"]) == ["Accuracy", "Macro avg", "Weighted avg"]
    assert averages["F1"][0] == 0.94
    assert not any(name.startswith("Paper") for name in classes)  # strokes are not MNIST
    assert len(charts(app)) == 3


def test_on_mnist_the_papers_tables_stand_beside(open_page: Open, run_without_images: Run) -> None:
    app = open_page("evaluation")
    assert "Paper: 98.67%" in words_of(app)
    classes, averages = (one.value for one in app.main.dataframe)
    assert list(classes["Paper: recall"])[:3] == [0.99, 1.0, 0.98]
    assert list(averages["Paper: F1"]) == [0.99, 0.99, 0.99]


def test_a_click_on_a_cell_puts_it_into_the_url_and_opens_its_images(open_page: Open, known_run: Run) -> None:
    app = open_page("evaluation")
    assert images(app) == []
    app.session_state[MATRIX] = {"selection": {"points": [{"customdata": [1, 2, 2]}]}}
    app.run()
    assert (app.query_params["true"], app.query_params["predicted"]) == ("1", "2")
    assert "Level read as slanting: 2 images" in headers(app)
    assert images(app) == [10, 4]  # the surest first


@pytest.mark.parametrize(
    ("query", "title", "found"),
    [
        ({"true": "1", "predicted": "2"}, "Level read as slanting: 2 images", [10, 4]),
        ({"true": "1"}, "Level read as another: 3 images", [10, 7, 4]),
        ({"predicted": "0"}, "Others read as upright: 1 image", [7]),
        ({"true": "0", "predicted": "1"}, "Upright read as level: 0 images", []),
    ],
)
def test_a_link_opens_a_cell_or_a_class(
    open_page: Open, known_run: Run, query: dict[str, str], title: str, found: list[int]
) -> None:
    app = open_page("evaluation", **query)
    assert headers(app)[1] == title
    assert images(app) == found


def test_what_is_read_rightly_begins_with_the_least_sure(open_page: Open, known_run: Run) -> None:
    app = open_page("evaluation", true="0", predicted="0")
    assert headers(app)[1] == "Upright read rightly: 17 images"
    assert "The least sure first." in words_of(app)


def test_classes_can_be_chosen_without_a_mouse(open_page: Open, known_run: Run) -> None:
    app = open_page("evaluation")
    next(one for one in app.main.selectbox if one.label == "True class").select(1).run()
    next(one for one in app.main.selectbox if one.label == "Read as").select(0).run()
    assert images(app) == [7]
    assert app.button(key="related (0, 1)").disabled  # nothing the other way round
    app.button(key="related (1, None)").click().run()
    assert images(app) == [10, 7, 4]
    assert "predicted" not in app.query_params
    app.button(key="frequent 1 2").click().run()
    assert images(app) == [10, 4]


def test_the_numbers_in_the_cells(open_page: Open, known_run: Run) -> None:
    app = open_page("evaluation", matrix="row")
    assert "% of the row" in json.dumps(charts(app)[0])
    next(one for one in app.main.segmented_control if one.label == "Numbers in the cells").set_value("counts").run()
    assert "matrix" not in app.query_params
    assert "% of the row" not in json.dumps(charts(app)[0])


def test_an_image_of_a_cell_opens_in_place_and_steps_through_the_cell(open_page: Open, known_run: Run) -> None:
    app = open_page("evaluation", true="1", predicted="2", image="10")
    assert "Test image 10: level, read as slanting" in words_of(app)
    assert headers(app)[1] == "Level read as slanting: 2 images"
    app.button(key="inspector next").click().run()
    assert app.query_params["image"] == "4"
    app.button(key="inspector back").click().run()
    assert images(app) == [10, 4]


def test_an_image_of_another_cell_opens_too(open_page: Open, known_run: Run) -> None:
    app = open_page("evaluation", true="1", predicted="2", image="0")
    assert headers(app)[1] == "One image"
    assert "1 of 50 images" in words_of(app)


def test_the_threshold_decides_what_goes_to_a_person(open_page: Open, known_run: Run) -> None:
    app = open_page("evaluation")
    figures = {one.label: one.value for one in app.main.metric}
    assert (figures["To a person"], figures["Mistakes caught"]) == ("2", "2 of 3")
    app.main.select_slider[0].set_value("0.95").run()
    assert app.query_params["threshold"] == "0.95"
    figures = {one.label: one.value for one in app.main.metric}
    assert (figures["To a person"], figures["Mistakes caught"]) == ("3", "3 of 3")


def test_without_its_images_a_cell_has_a_table(open_page: Open, run_without_images: Run) -> None:
    app = open_page("evaluation", true="8", predicted="9")
    assert app.main.warning[0].value.startswith("The images of this run are not at hand")
    assert list(app.main.dataframe[0].value["Test image"]) == [947]


def test_a_run_without_mistakes_has_no_frequent_ones(open_page: Open, faultless_run: Run) -> None:
    app = open_page("evaluation")
    words = words_of(app)
    assert "Most frequent mistakes" not in words
    assert "All 50 images are read rightly" in words
    assert "All misread images" not in words

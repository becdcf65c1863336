"""Why a digit was read as it was: its steps, the parts it rests on, training digits like it, and what is missing."""

import numpy as np

from core.data.dataset import Dataset
from core.settings import Settings
from core.store import Run
from tests.pages.conftest import Open, words_of
from tests.pages.predicting import clean, digit_run, figures, give, scan, uprights

_ = digit_run  # a fixture, taken by its name


def test_each_step_is_shown_with_what_would_be_read_without_it(open_page: Open, digit_run: Run) -> None:
    app = open_page("predict", way="draw", drawing=uprights(2), view="steps")
    assert "The whole picture" in words_of(app)
    assert "Digit 2" in words_of(app)
    assert "12×12: what the network gets" in words_of(app)
    said = words_of(app)
    assert "the same without it" in said or "without it:" in said
    assert len(app.get("image")) >= 3


def test_parts_that_it_rests_on_can_be_seen_for_both_choices(open_page: Open, digit_run: Run) -> None:
    app = open_page("predict", way="draw", drawing=uprights(1), view="occlusion")
    [chart] = app.get("plotly_chart")
    assert "Row" in chart.proto.spec or "pixels" in chart.proto.spec
    choices = next(one for one in app.segmented_control if one.label == "What speaks for")
    assert len(choices.options) == 2


def test_training_images_like_it_are_found_by_counting_bits(open_page: Open, run: Run, tiny_dataset: Dataset) -> None:
    app = give(open_page("predict", view="neighbours"), {"0.png": scan(*clean(tiny_dataset, 0))})
    assert figures(app)["Search"].endswith(" ms")
    assert "training images with the nearest codes" in words_of(app)
    assert "Semantic hashing (Salakhutdinov and Hinton, 2009)" in words_of(app)


def test_without_its_images_it_says_how_to_get_them(
    open_page: Open, run: Run, home: Settings, tiny_dataset: Dataset
) -> None:
    (home.data / "strokes").unlink()
    app = give(open_page("predict", view="neighbours"), {"0.png": scan(*clean(tiny_dataset, 0))})
    assert "put its four files there to see them. They were found, but cannot be shown." in app.info[0].value
    assert figures(app)["Search"].endswith(" ms")


def test_without_its_codes_it_says_what_is_missing(open_page: Open, run: Run, tiny_dataset: Dataset) -> None:
    (run.path / "codes.npz").unlink()
    app = give(open_page("predict", view="neighbours"), {"0.png": scan(*clean(tiny_dataset, 0))})
    assert "Runs that are trained now keep them" in app.info[0].value


def test_without_codes_of_training_images_it_says_so_too(open_page: Open, run: Run, tiny_dataset: Dataset) -> None:
    kept = vars(run.codes)
    n_components = kept["train"].shape[1]
    without = {"train_rows": np.empty(0, np.int64), "train": np.empty((0, n_components), np.float16)}
    np.savez(run.path / "codes.npz", **(kept | without))
    app = give(open_page("predict", view="neighbours"), {"0.png": scan(*clean(tiny_dataset, 0))})
    assert "This run keeps no codes of training images" in app.info[0].value

"""The sidebar, on any page: which run is shown, the runs in the making, the form that starts another."""

import pytest
from streamlit.testing.v1 import AppTest

from core.jobs import Jobs
from core.presets import PRESETS
from core.recipe import Recipe
from core.settings import Settings
from core.store import Run, RunRequest, RunStore
from tests.pages.conftest import Open, words_of


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[RunRequest]:
    """What was put to the workers."""
    found: list[RunRequest] = []
    monkeypatch.setattr(Jobs, "submit", lambda _, request: found.append(request))
    return found


def choose_strokes(app: AppTest) -> AppTest:
    return app.sidebar.selectbox(key="form dataset").set_value("strokes").run()


def shrink(app: AppTest) -> AppTest:
    """Fill in a network that 12x12 pixels go through; the preset's 28x28 need no change."""
    app.sidebar.selectbox(key="form part").set_value("Networks").run()
    return app.sidebar.text_input[0].set_value("4/8").run()


def test_the_form_begins_with_the_quickest_preset_on_the_data_at_hand(open_page: Open) -> None:
    app = open_page()
    assert app.sidebar.selectbox(key="form dataset").value == "mnist-5k"
    assert app.sidebar.selectbox(key="form dataset").options == ["mnist-5k", "mnist", "strokes"]
    assert app.sidebar.pills[0].value == "express"
    assert PRESETS["express"].purpose in words_of(app)
    assert app.sidebar.button(key="train").label == "Train"


def test_it_says_the_price_before_the_click_and_follows_the_settings(open_page: Open) -> None:
    app = open_page()
    before = next(caption.value for caption in app.sidebar.caption if "on this machine" in caption.value)
    app.sidebar.pills[0].set_value("paper").run()
    after = next(caption.value for caption in app.sidebar.caption if "on this machine" in caption.value)
    assert before != after
    assert " h" in after or " min" in after


def test_train_puts_the_run_to_the_workers_and_shows_it(open_page: Open, asked: list[RunRequest]) -> None:
    app = open_page()
    app.sidebar.button(key="train").click().run()
    assert [(one.preset, one.recipe, one.dataset.name) for one in asked] == [
        ("express", PRESETS["express"].recipe_for(4_000), "mnist-5k")
    ]
    assert app.query_params["run"] == asked[0].fingerprint


def test_settings_change_the_recipe_and_are_told(open_page: Open, asked: list[RunRequest]) -> None:
    app = shrink(choose_strokes(open_page()))
    assert "Networks: filters **4/8**" in words_of(app)
    app.sidebar.button(key="train").click().run()
    assert asked[0].preset is None
    assert asked[0].recipe == PRESETS["express"].recipe_for(asked[0].dataset.n_images).changed(
        {"architecture.filters": "4/8"}
    )
    assert asked[0].dataset.name == "strokes"


def test_a_value_that_the_recipe_refuses_is_refused_in_its_words(open_page: Open) -> None:
    app = open_page()
    app.sidebar.selectbox(key="form part").set_value("Phase 1").run()
    app.sidebar.number_input[0].set_value(-5).run()
    assert [error.value for error in app.sidebar.error] == [
        "phase1.epochs: expected a whole number from 0 to 1000, got -5."
    ]
    assert not [button for button in app.sidebar.button if button.key == "train"]


def test_images_that_the_network_cannot_take_are_refused_before_the_click(open_page: Open) -> None:
    app = choose_strokes(open_page())
    assert not app.sidebar.error  # 12 pixels can be halved twice
    app.sidebar.selectbox(key="form part").set_value("Networks").run()
    app.sidebar.text_input[0].set_value("4/8/8/8").run()
    assert "The images are 12x12 pixels, but 3 poolings need sides that 8 divides" in app.sidebar.error[0].value


def test_fields_keep_their_values_behind_other_parts_presets_and_pages(open_page: Open) -> None:
    app = shrink(choose_strokes(open_page()))
    app.sidebar.selectbox(key="form part").set_value("Phase 2").run()
    assert "Networks: filters **4/8**" in words_of(app)
    app.sidebar.pills[0].set_value("best").run()
    assert "**4/8**" not in words_of(app)
    app.sidebar.pills[0].set_value("express").run()
    assert "Networks: filters **4/8**" in words_of(app)
    app.switch_page("../pages/mistakes.py").run()
    assert app.sidebar.selectbox(key="form dataset").value == "strokes"
    assert "Networks: filters **4/8**" in words_of(app)


def test_one_click_brings_the_preset_back(open_page: Open) -> None:
    app = shrink(open_page())
    next(button for button in app.sidebar.button if button.label == "Back to the preset").click().run()
    assert "Changed" not in words_of(app)


def test_a_smaller_dataset_gets_more_epochs_and_they_are_no_change_of_the_preset(open_page: Open) -> None:
    app = open_page()
    app.sidebar.selectbox(key="form part").set_value("Phase 2").run()
    epochs = app.sidebar.number_input[0]
    assert epochs.label == "Epochs"
    assert epochs.value == PRESETS["express"].recipe_for(4_000).phase2.epochs > PRESETS["express"].recipe.phase2.epochs
    app.sidebar.selectbox(key="form dataset").set_value("mnist").run()
    assert app.sidebar.number_input[0].value == PRESETS["express"].recipe.phase2.epochs
    assert "Changed" not in words_of(app)


def test_an_identical_run_is_shown_instead_of_trained(
    open_page: Open, run: Run, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRESETS, "express", _Fixed(run.request.recipe))
    app = choose_strokes(open_page())
    assert app.sidebar.success[0].value == "An identical run is in the cache already."
    assert not [button for button in app.sidebar.button if button.key == "train"]
    app.sidebar.button(key="show identical").click().run()
    assert app.query_params["run"] == run.fingerprint


def test_a_run_that_is_in_the_making_is_joined(
    open_page: Open, request_at_work: RunRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRESETS, "express", _Fixed(request_at_work.recipe))
    app = choose_strokes(open_page())
    assert app.sidebar.info[0].value == "This run is in the making already."


def test_a_dataset_that_is_not_here_offers_its_download(open_page: Open) -> None:
    app = open_page()
    app.sidebar.selectbox(key="form dataset").set_value("mnist").run()
    assert app.sidebar.button(key="download dataset").label == "Download (11 MB)"
    app.sidebar.button(key="download dataset").click().run()  # tests have no internet
    assert "mirror" in app.sidebar.error[0].value or "download" in app.sidebar.error[0].value


def test_a_dataset_that_cannot_be_used_says_why(open_page: Open, home: Settings) -> None:
    (home.data / "half").mkdir()
    app = open_page()
    app.sidebar.selectbox(key="form dataset").set_value("half").run()
    assert "half" in app.sidebar.error[0].value
    assert not [button for button in app.sidebar.button if button.key == "train"]


def test_runs_in_the_making_are_listed_with_what_can_be_done(open_page: Open, request_at_work: RunRequest) -> None:
    app = open_page()
    words = words_of(app)
    assert "**Express on strokes**" in words
    assert "Phase 2, epoch 2 of 5" in words
    assert "loss 0.700 · accuracy 80.00%" in words
    labels = [button.label for button in app.sidebar.button]
    assert labels[:2] == ["Show", "Cancel"]
    next(button for button in app.sidebar.button if button.label == "Show").click().run()
    assert app.query_params["run"] == request_at_work.fingerprint


def test_the_run_that_is_shown_is_chosen_in_the_sidebar(
    open_page: Open, run: Run, request_at_rest: RunRequest, home: Settings
) -> None:
    app = open_page()
    box = app.sidebar.selectbox[0]
    assert box.label == "Run"
    assert len(box.options) == 2
    assert box.value == run.fingerprint
    box.set_value(request_at_rest.fingerprint).run()
    assert app.query_params["run"] == request_at_rest.fingerprint
    assert "This training was interrupted" in words_of(app)
    assert RunStore(home.runs).get(run.fingerprint)


class _Fixed:
    """A preset of exactly this recipe."""

    name, purpose = "express", "As it was."

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe

    def recipe_for(self, n_images: int) -> Recipe:
        return self._recipe

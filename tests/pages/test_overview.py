import pytest

from core.errors import DigitLabError
from core.jobs import Jobs
from core.presets import PRESETS
from core.settings import Settings
from core.store import Run, RunRequest, RunStore, labels
from tests.pages.conftest import Open, words_of


def test_without_a_run_it_says_what_to_do_and_has_the_button(open_page: Open) -> None:
    app = open_page()
    words = words_of(app)
    assert "Nothing has been trained yet" in words
    assert "Train express on mnist-5k" in words
    assert "a guess, as nothing like it was trained here yet" in words


def test_its_button_puts_the_first_run_to_the_workers_and_shows_it(
    open_page: Open, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[RunRequest] = []
    monkeypatch.setattr(Jobs, "submit", lambda _, request: asked.append(request))
    app = open_page()
    app.button(key="first run").click().run()
    assert [(request.preset, request.dataset.name) for request in asked] == [("express", "mnist-5k")]
    assert asked[0].recipe == PRESETS["express"].recipe_for(4_000)
    assert app.query_params["run"] == asked[0].fingerprint


def test_a_finished_run_stands_with_its_figures_network_and_settings(open_page: Open, run: Run) -> None:
    app = open_page()
    report = run.metrics.test
    assert [metric.label for metric in app.metric] == ["Test accuracy", "Test loss", "Correct", "Incorrect"]
    assert app.metric[0].value == f"{report.accuracy:.2%}"
    assert app.metric[2].value == f"{report.correct:,}"
    assert app.query_params["run"] == run.fingerprint
    words = words_of(app)
    assert "do not compare" in words  # strokes are not MNIST
    assert "seed 0" in words
    layers, settings = (frame.value for frame in app.dataframe)
    assert list(layers["Layer"][:3]) == ["encoder_conv_1", "encoder_norm_1", "encoder_pool_1"]
    assert "Networks: filters" in list(settings["Setting"])


def test_the_starred_run_is_shown_rather_than_the_newest(open_page: Open, run: Run, home: Settings) -> None:
    labels.star(home.runs, run.fingerprint)
    labels.rename(home.runs, run.fingerprint, "My favourite")
    app = open_page()
    assert app.query_params["run"] == run.fingerprint
    assert "My favourite" in words_of(app)
    assert "★ My favourite" in app.sidebar.selectbox[0].options[0]


def test_the_first_letters_of_a_run_are_enough(open_page: Open, run: Run) -> None:
    assert open_page(run=run.fingerprint[:5]).metric[0].label == "Test accuracy"


def test_a_link_to_a_run_that_is_not_here_says_so_and_leads_on(open_page: Open, run: Run) -> None:
    app = open_page(run="0000000000000000")
    assert "This run is not here" in words_of(app)
    button = next(button for button in app.button if button.label == "Show the newest run")
    button.click().run()
    assert app.metric[0].label == "Test accuracy"


def test_a_damaged_run_is_named(open_page: Open, run: Run) -> None:
    (run.path / "metrics.json").write_text("{}")
    words = words_of(open_page(run=run.fingerprint))
    assert "metrics.json" in words


def test_a_run_at_work_is_shown_live(open_page: Open, request_at_work: RunRequest) -> None:
    app = open_page(run=request_at_work.fingerprint)
    words = words_of(app)
    assert "Phase 2, epoch 2 of 5" in words
    assert [metric.value for metric in app.metric] == ["4 of 10", "0.700", "80.00%"]
    assert "you will see its accuracy beside the paper's" in words
    assert [button.label for button in app.main.button] == ["Cancel"]
    assert len(app.get("vega_lite_chart")) == 3


def test_its_cancel_button_asks_it_to_stop(open_page: Open, request_at_work: RunRequest, home: Settings) -> None:
    app = open_page(run=request_at_work.fingerprint)
    app.main.button[0].click().run()
    assert RunStore(home.runs).working_run(request_at_work.fingerprint).stop_asked
    assert "Stopping" in words_of(app)
    assert len(app.main.button) == 0


def test_an_interrupted_run_says_what_was_kept_and_resumes(
    open_page: Open, request_at_rest: RunRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    resumed: list[str] = []
    monkeypatch.setattr(Jobs, "resume", lambda _, fingerprint: resumed.append(fingerprint))
    app = open_page(run=request_at_rest.fingerprint)
    words = words_of(app)
    assert "This training was interrupted" in words
    assert "Autoencoder 1 epoch, Phase 1 1 epoch, Phase 2 1 epoch" in words
    next(button for button in app.main.button if button.label == "Resume").click().run()
    assert resumed == [request_at_rest.fingerprint]


def test_a_cancelled_run_says_so_and_is_discarded(open_page: Open, request_at_rest: RunRequest, home: Settings) -> None:
    RunStore(home.runs).working_run(request_at_rest.fingerprint).ask_to_stop()
    app = open_page(run=request_at_rest.fingerprint)
    assert "This training was cancelled" in words_of(app)
    next(button for button in app.main.button if button.label == "Discard").click().run()
    assert RunStore(home.runs).unfinished() == []
    assert "Nothing has been trained yet" in words_of(app)


def test_a_failed_run_says_what_happened_with_pythons_words_to_open(
    open_page: Open, request_at_rest: RunRequest, home: Settings
) -> None:
    working = RunStore(home.runs).working_run(request_at_rest.fingerprint)
    working.write_failure("The disk is full.", "Traceback: OSError")
    app = open_page(run=request_at_rest.fingerprint)
    words = words_of(app)
    assert "This training failed" in words
    assert "The disk is full. Every finished epoch is kept" in words
    assert app.main.code[0].value == "Traceback: OSError"


def test_a_refused_change_is_told_in_passing(
    open_page: Open, request_at_rest: RunRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DigitLabError("It cannot be resumed now.")

    monkeypatch.setattr(Jobs, "resume", refuse)
    app = open_page(run=request_at_rest.fingerprint)
    next(button for button in app.main.button if button.label == "Resume").click().run()
    assert app.toast[0].value == "It cannot be resumed now."


def test_beside_a_finished_run_it_shows_what_is_in_the_making(
    open_page: Open, run: Run, request_at_work: RunRequest
) -> None:
    app = open_page(run=run.fingerprint)
    assert app.metric[0].label == "Test accuracy"
    assert "In the making" in [header.value for header in app.main.header]
    show = next(button for button in app.main.button if button.label == "Show")
    show.click().run()
    assert app.query_params["run"] == request_at_work.fingerprint

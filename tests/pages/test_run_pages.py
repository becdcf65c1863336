"""Pages that show one run say what they would show where there is none, one at work, or one that failed."""

import pytest

from core.settings import Settings
from core.store import RunRequest, RunStore
from tests.pages.conftest import Open, words_of

# Page -> what it promises while there is nothing to show, and words that stand over a finished run alone.
PAGES = {
    "autoencoder": ("you will see what it gives back of each image", "Map of the codes"),
    "classifier": ("you will see both phases of its training", "What each phase moved"),
    "evaluation": ("you will see its scores", "Which classes it mixes up"),
    "mistakes": ("you will see every image that it read wrongly", "Median confidence"),
}


@pytest.mark.parametrize("page", PAGES)
def test_without_a_run_it_says_what_will_be_here(open_page: Open, page: str) -> None:
    words = words_of(open_page(page))
    assert "Nothing has been trained yet" in words
    assert PAGES[page][0] in words
    assert "Train express on mnist-5k" in words


@pytest.mark.parametrize("page", PAGES)
def test_a_run_at_work_is_shown_live(open_page: Open, request_at_work: RunRequest, page: str) -> None:
    words = words_of(open_page(page, run=request_at_work.fingerprint))
    assert "Phase 2, epoch 2 of 5" in words
    assert PAGES[page][0] in words
    assert PAGES[page][1] not in words


@pytest.mark.parametrize("page", PAGES)
def test_a_failed_run_says_what_happened(
    open_page: Open, request_at_rest: RunRequest, home: Settings, page: str
) -> None:
    RunStore(home.runs).working_run(request_at_rest.fingerprint).write_failure("The disk is full.")
    words = words_of(open_page(page, run=request_at_rest.fingerprint))
    assert "This training failed" in words
    assert "The disk is full." in words

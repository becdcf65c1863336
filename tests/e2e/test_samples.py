"""The Predict page on a telephone: what was read in a sample comes into view, and stays where it is then."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.served_app import PATIENCE, serving, settled
from core.settings import REFERENCE, REFERENCE_VARIABLE

HEIGHT = 844
HEADER = 60
"""Pixels at the top of the screen that Streamlit's header covers."""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_the_answer_to_a_sample_comes_into_view_on_a_telephone(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REFERENCE_VARIABLE, str(REFERENCE))
    expect.set_options(timeout=PATIENCE)
    with (
        serving(tmp_path / "home") as url,
        browser.new_context(viewport={"width": 390, "height": HEIGHT}, reduced_motion="reduce") as visit,
    ):
        page = visit.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{url}/predict")
        for title in ("A shadow", "Two lines"):
            page.get_by_role("button", name=f"Read the sample: {title}").click()
            picture = page.get_by_role("img", name=f"{title}, a sample, with a box for each digit")
            expect(picture).to_be_visible()
            settled(page)
            expect_in_view(number(page))
            expect_in_view(picture)
        before = number(page).bounding_box()
        number(page).get_by_role("button").last.click()
        expect(number(page).get_by_role("button").last).to_have_attribute("aria-pressed", "true")
        settled(page)
        assert number(page).bounding_box() == before


def number(page: Page) -> Locator:
    """What was read, large."""
    return page.get_by_role("group", name=re.compile("^Read as"))


def expect_in_view(what: Locator) -> None:
    """All of it is between the header and the bottom of the screen."""
    expect(what).to_be_in_viewport(ratio=0.99)
    box = what.bounding_box()
    assert box is not None
    assert box["y"] >= HEADER

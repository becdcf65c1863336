"""The app on a server of its own, in a home of its own, and a real browser in front of it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.served_app import CHROMIUM, PATIENCE, chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; the tests are skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("needs a browser: there is no chromium on this machine (Debian: apt-get install chromium)")
    with chromium() as one:
        yield one


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """A visitor with a patience that suits two busy cores. A failed test leaves a picture of what was last seen."""
    expect.set_options(timeout=PATIENCE)
    with browser.new_context(viewport={"width": 1440, "height": 1000}, reduced_motion="reduce") as visit:
        visit.set_default_timeout(PATIENCE)
        page = visit.new_page()
        failed = request.session.testsfailed
        yield page
        if request.session.testsfailed > failed:
            page.screenshot(path=tmp_path / "last-seen.png")
            sys.stdout.write(f"What the browser saw last: {tmp_path / 'last-seen.png'}\n")

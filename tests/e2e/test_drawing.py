"""Drawing in a real browser: what is tapped is seen, keys and buttons undo, and digits are answered by name."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.served_app import serving, settled
from core.settings import REFERENCE, REFERENCE_VARIABLE
from tests.e2e.pen import draw

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SEVEN, ONE = [(0.1, 0.2), (0.35, 0.2), (0.2, 0.85)], [(0.7, 0.2), (0.7, 0.85)]


def test_a_drawing_is_seen_undone_and_answered(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REFERENCE_VARIABLE, str(REFERENCE))
    with serving(tmp_path / "home") as url:
        page.goto(f"{url}/predict?way=draw")
        settled(page)
        tap_and_undo_by_key(page)
        undo_clearing(page)
        answer_by_name(page)


def tap_and_undo_by_key(page: Page) -> None:
    """A tap leaves a dot and the focus without a ring; the keys undo it at once."""
    draw(sheet(page), [(0.5, 0.5)])
    expect(main(page).get_by_text("Nothing to read yet")).to_have_count(0)
    assert ink(page) > 0
    assert sheet(page).evaluate("canvas => getComputedStyle(canvas).outlineStyle") == "none"
    page.keyboard.press("Control+z")
    expect(main(page).get_by_text("Nothing to read yet")).to_be_visible()
    assert ink(page) == 0


def undo_clearing(page: Page) -> None:
    """What was cleared comes back, by the keys and by the button."""
    draw(sheet(page), SEVEN)
    draw(sheet(page), ONE)
    expect(main(page).locator(".sheet .box")).to_have_count(2)
    expect(main(page).locator(".sheet .box.chosen")).to_have_count(1)
    [drawing] = parse_qs(urlsplit(page.url).query)["drawing"]
    for undo in (lambda: page.keyboard.press("Control+z"), lambda: button(page, "Undo").click()):
        button(page, "Clear").click()
        expect(page).not_to_have_url(re.compile("drawing="))
        undo()
        expect(page).to_have_url(re.compile(f"drawing={drawing}(&|$)"))
    expect(main(page).locator(".sheet .box")).to_have_count(2)


def answer_by_name(page: Page) -> None:
    """One digit is corrected, the other confirmed by its number; ten classes stand in rows of one length."""
    expect(main(page).get_by_role("group", name="Digit 2 is really")).to_be_visible()
    settled(page)
    tops = main(page).locator(".classes button").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len(tops) == 10
    assert len({tops.count(top) for top in tops}) == 1
    main(page).locator(".classes").get_by_role("button", name="9").click()
    expect(main(page).get_by_text("digit 2 is 9, and was read as")).to_be_visible()
    button(page, "Digit 1 is right").click()
    expect(main(page).get_by_text("1 of 2").first).to_be_visible()
    expect(main(page).get_by_role("button", name="is right")).to_have_count(0)


def ink(page: Page) -> int:
    """Pixels of the sheet that are drawn on, after the frame in which it is drawn."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    count: int = sheet(page).evaluate(
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)"
        ".data.filter((value, i) => i % 4 === 3 && value).length"
    )
    return count


def main(page: Page) -> Locator:
    return page.get_by_test_id("stMain")


def sheet(page: Page) -> Locator:
    return main(page).get_by_role(
        "img", name="A sheet to draw digits on, with a mouse, a finger or a pen; Ctrl+Z undoes."
    )


def button(page: Page, name: str) -> Locator:
    return main(page).get_by_role("button", name=name)

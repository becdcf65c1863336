"""What is written at the boxes of digits covers no other digit, however tight their rows are."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

UI = Path(__file__).resolve().parents[2] / "ui"

pytestmark = pytest.mark.browser

Rectangle = tuple[float, float, float, float]
"""Left, top, right and bottom on the screen, in pixels."""

WIDTH = 400
"""Pixels of the picture, of which the first tests show one in one of the screen."""


def marked(page: Page, boxes: list[tuple[int, int, int, int]], chosen: int, doubtful: int) -> list[Rectangle | None]:
    """The places of the tags that are shown, one a box or None, with marks over a picture of WIDTH by WIDTH pixels."""
    marks = [
        {"label": "7?" if i == doubtful else "7", "percent": "86%", "alt": "", "box": box,
         "state": "doubtful" if i == doubtful else "sure"}
        for i, box in enumerate(boxes)
    ]  # fmt: skip
    style, script = ((UI / f"marks.{kind}").read_text("utf-8") for kind in ("css", "js"))
    page.set_content(
        f"<style>{style} .picture {{ position: relative; width: {WIDTH}px; height: {WIDTH}px; }}</style>"
        '<div class="picture" style="--st-primary-color: navy"><div class="boxes"></div></div>'
        f"<script>{script}</script>"
    )
    found: list[Rectangle | None] = page.evaluate(
        """([marks, width, chosen]) => {
            const layer = document.querySelector(".boxes")
            layMarks(layer, marks, [width, width], { chosen })
            const { left, top } = layer.getBoundingClientRect()
            return [...layer.querySelectorAll(".tag")].map(tag => {
                const place = tag.getBoundingClientRect()
                return place.width ? [place.left - left, place.top - top, place.right - left, place.bottom - top] : null
            })
        }""",
        [marks, WIDTH, chosen],
    )
    return found


def covers(tag: Rectangle, box: tuple[int, int, int, int]) -> bool:
    """Whether a tag lies over more of a digit than a seam of 3 pixels."""
    left, top, width, height = box
    return tag[0] < left + width - 3 and tag[2] > left + 3 and tag[1] < top + height - 3 and tag[3] > top + 3


@pytest.mark.parametrize("gap", [4, 10, 16, 24, 60])
def test_no_tag_covers_another_digit(page: Page, gap: int) -> None:
    boxes = [(30 + x * (26 + gap), 30 + y * (34 + gap), 26, 34) for y in range(4) for x in range(4)]
    tags = marked(page, boxes, chosen=5, doubtful=10)
    for i, tag in enumerate(tags):
        if tag:
            assert not [other for j, other in enumerate(boxes) if j != i and covers(tag, other)]
    assert all(tags) == (gap >= 24)


def test_where_there_is_no_room_above_a_tag_stands_below(page: Page) -> None:
    rows = [(30 + 32 * x, y, 26, 34) for y in (30, 70) for x in range(8)]
    above, below = (marked(page, rows, chosen=chosen, doubtful=chosen)[chosen] for chosen in (3, 11))
    assert above
    assert above[3] <= 30
    assert below
    assert below[1] >= 70 + 34

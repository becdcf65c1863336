"""The pen of the visits in a real browser."""

from collections.abc import Sequence

from playwright.sync_api import Locator


def draw(sheet: Locator, points: Sequence[tuple[float, float]]) -> None:
    """Move the pressed mouse along points, columns and rows in shares of the sheet."""
    box = sheet.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    mouse = sheet.page.mouse
    mouse.move(*places[0])
    mouse.down()
    for place in places[1:]:
        mouse.move(*place, steps=5)
    mouse.up()

"""One visit in a real browser, from the first training to a link that is opened on another day.

It is one test because it is one story: what the visitor trains is what she then looks at. The server is really
started, the worker really trains, and nothing is waited for by the clock.
"""

import io
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, Position, TimeoutError, expect

from benchmarks.served_app import PATIENCE, serving, settled
from core.data import embedded
from core.feedback import Feedback
from core.settings import Settings
from tests.e2e.pen import draw

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

# Seconds of training on an idle machine: long enough to be stopped on the way, the first stage above all.
SETTINGS = {
    "Networks": {"architecture.filters": "4/8", "architecture.dense_units": "16"},
    "Autoencoder": {"autoencoder.epochs": "30", "autoencoder.images": "640"},
    "Phase 1": {"phase1.images": "1280"},
    "Phase 2": {"phase2.images": "1280"},
}


def test_a_visit_from_the_first_training_to_a_link_on_a_fresh_server(page: Page, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home")
    with serving(settings.home) as url:
        open_first_link(page, url)
        train(page)
        reload_in_the_middle(page)
        cancel(page)
        resume_and_finish(page)
        assert len(list(settings.runs.glob("[!.]*"))) == 1
        link = open_a_cell(page)
        open_an_image(page)
        read_a_picture(page)
        correct_it(page, settings)
        draw_a_digit(page)
    with serving(settings.home) as url:
        follow(page, f"{url}{link}")


def open_first_link(page: Page, url: str) -> None:
    watch_for_dialogs(page)
    page.goto(f"{url}/evaluation")
    expect_page(page, "Evaluation")
    expect(page.get_by_text("Nothing has been trained yet")).to_be_visible()
    assert dialogs(page) == []


def train(page: Page) -> None:
    """Fill in the form in the sidebar and start."""
    side = page.get_by_test_id("stSidebar")
    side.get_by_text("More settings").click()
    changed = 0
    for part, values in SETTINGS.items():
        choose(page, side.get_by_role("combobox", name="Part"), part)
        for name, value in values.items():
            # By its key, as fields of the part before bear the same labels until they are gone.
            field = side.locator(f"[class*='st-key-form-setting-express-{name.replace('.', '-')}'] input")
            field.fill(value)
            field.press("Enter")
            changed += 1
            expect(side.get_by_text(f"More settings ({changed} changed)")).to_be_visible()
    expect(side.get_by_text(re.compile("About .* on this machine"))).to_be_visible()
    side.get_by_role("button", name="Train", exact=True).click()
    expect(side.get_by_text("Custom on mnist-5k").first).to_be_visible()
    assert "run" in query(page)


def choose(page: Page, box: Locator, option: str) -> None:
    """Choose from a list. A script that ends just then draws the box anew and closes its list: it is opened again."""
    for _ in range(10):
        settled(page)
        box.click()
        try:
            page.get_by_role("option", name=option, exact=True).click(timeout=PATIENCE / 10)
            return
        except TimeoutError:
            page.keyboard.press("Escape")
    raise AssertionError(f"the list never offered {option!r}")


def reload_in_the_middle(page: Page) -> None:
    expect(main(page).get_by_text(re.compile("Autoencoder, epoch"))).to_be_visible()
    page.reload()
    expect_page(page, "Evaluation")
    expect(main(page).get_by_text(re.compile("Autoencoder, epoch"))).to_be_visible()
    expect(page.get_by_test_id("stSidebar").get_by_text(re.compile("Autoencoder, epoch"))).to_be_visible()


def cancel(page: Page) -> None:
    main(page).get_by_role("button", name="Cancel").click()
    expect(main(page).get_by_text("This training was cancelled")).to_be_visible()
    expect(main(page).get_by_text(re.compile(r"Every finished epoch is kept \(Autoencoder \d"))).to_be_visible()


def resume_and_finish(page: Page) -> None:
    main(page).get_by_role("button", name="Resume").click()
    expect(main(page).get_by_text("Test accuracy")).to_be_visible(timeout=2 * PATIENCE)
    expect(main(page).get_by_role("heading", name="Which classes it mixes up")).to_be_visible()
    expect(page.get_by_test_id("stSidebar").get_by_text("In the making")).to_have_count(0)


def open_a_cell(page: Page) -> str:
    """Click the cell of the most frequent mistake; returns the link to it, without the server."""
    frequent = main(page).get_by_role("button", name=re.compile(r"^\d read as \d: ")).first
    label = frequent.inner_text()
    true, predicted, images = re.findall(r"\d+", label)
    settled(page)
    # The matrix fills what takes the pointer's events, ten cells by ten.
    matrix = main(page).locator(".js-plotly-plot .nsewdrag").first
    box = matrix.bounding_box()
    assert box is not None
    cell: Position = {
        "x": (int(predicted) + 0.5) / 10 * box["width"],
        "y": (int(true) + 0.5) / 10 * box["height"],
    }
    matrix.hover(position=cell)
    matrix.click(position=cell)
    expect(main(page).get_by_role("heading", name=f"{true} read as {predicted}: {images} image")).to_be_visible()
    expect(tiles(page).first).to_be_visible()
    assert tiles(page).count() == int(images)
    assert (query(page)["true"], query(page)["predicted"]) == (true, predicted)
    address = urlsplit(page.url)
    return f"{address.path}?{address.query}"


def open_an_image(page: Page) -> None:
    """Open the first image below the matrix, step on by the keyboard if there is another, and go back."""
    words = tiles(page).first.get_attribute("aria-label") or ""
    position = words.removeprefix("Test image ").partition(":")[0]
    tiles(page).first.click()
    expect(main(page).get_by_role("heading", name=f"Test image {position}:")).to_be_visible()
    assert query(page)["image"] == position
    for alt in (f"Test image {position}, as the network saw it", f"reconstruction of test image {position}"):
        expect(main(page).get_by_role("img", name=alt)).to_be_visible()
    expect(main(page).get_by_text("training images with the nearest codes")).to_be_visible()
    settled(page)
    main(page).get_by_role("button", name="Back").click()
    expect(tiles(page).first).to_be_visible()
    assert "image" not in query(page)


def read_a_picture(page: Page) -> None:
    """Upload a digit, and something that is no picture."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Predict").click()
    expect_page(page, "Predict")
    expect(main(page).get_by_text("Nothing to read yet")).to_be_visible()
    field = main(page).locator('input[type="file"]').first
    field.set_input_files([picture("three.png"), words("notes.png")])
    expect(answer(page)).to_be_visible()
    expect(main(page).get_by_text("1 file of 2 could not be read")).to_be_visible()
    expect(main(page).get_by_role("img", name="three.png, with a box for each digit")).to_be_visible()


def correct_it(page: Page, settings: Settings) -> None:
    """Say what the digit is: it is kept with its image; once more, and it is taken back."""
    main(page).get_by_role("group", name="It is really").get_by_role("button", name="3").click()
    expect(main(page).get_by_text("Kept:")).to_be_visible()
    expect(main(page).get_by_role("heading", name="Accuracy on your digits")).to_be_visible()
    kept = Feedback(settings.feedback, embedded.IMAGE_SHAPE, embedded.load().class_names)
    [one] = kept.answers()
    assert (one.label, one.picture, one.image.shape) == (3, "three.png", (28, 28))
    main(page).get_by_role("group", name="It is really").get_by_role("button", name="3").click()
    expect(main(page).get_by_text("Kept:")).to_have_count(0)
    assert kept.answers() == ()


def draw_a_digit(page: Page) -> None:
    """Draw on the canvas: it is read after the stroke, goes into the link, and survives a reload; undo empties it."""
    main(page).get_by_text("Draw", exact=True).click()
    sheet = main(page).get_by_role("img", name="A sheet to draw digits on")
    expect(main(page).get_by_text("Write a number here")).to_be_visible()
    settled(page)
    before = page.evaluate("history.length")
    draw(sheet, [(0.35, 0.2), (0.6, 0.2), (0.5, 0.5), (0.42, 0.85)])
    expect(answer(page)).to_be_visible()
    expect(main(page).locator(".sheet .box")).to_have_count(1)
    assert "drawing" in query(page)
    assert page.evaluate("history.length") == before
    page.reload()
    expect(answer(page)).to_be_visible()
    expect(main(page).locator(".sheet .box")).to_have_count(1)
    main(page).get_by_role("button", name="Undo").click()
    expect(main(page).get_by_text("Write a number here")).to_be_visible()
    expect(answer(page)).to_have_count(0)
    assert "drawing" not in query(page)


def follow(page: Page, link: str) -> None:
    """Open a link on a server that nobody has visited yet: the same images, and no word of a missing page."""
    watch_for_dialogs(page)
    page.goto(link)
    expect_page(page, "Evaluation")
    true, predicted = query(page)["true"], query(page)["predicted"]
    expect(main(page).get_by_role("heading", name=f"{true} read as {predicted}: ")).to_be_visible()
    expect(tiles(page).first).to_be_visible()
    assert dialogs(page) == []


def expect_page(page: Page, title: str) -> None:
    """The page of that title is there, with its sidebar, and not another before it."""
    expect(main(page).get_by_role("heading", name=title, exact=True, level=1)).to_be_visible()
    side = page.get_by_test_id("stSidebar")
    expect(side.get_by_role("link", name="Overview")).to_be_visible()
    expect(side.get_by_role("heading", name="Train")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def watch_for_dialogs(page: Page) -> None:
    """From the next page on, note every dialog and every title, however short it is there."""
    page.add_init_script(
        """window.dialogsSeen = new Set()
        new MutationObserver(() => document.querySelectorAll('[role="dialog"]').forEach(
            dialog => window.dialogsSeen.add(dialog.textContent)
        )).observe(document, {childList: true, subtree: true})"""
    )


def dialogs(page: Page) -> list[str]:
    seen: list[str] = page.evaluate("[...window.dialogsSeen]")
    return seen


def main(page: Page) -> Locator:
    return page.get_by_test_id("stMain")


def answer(page: Page) -> Locator:
    """What was read on the Predict page, large."""
    return main(page).get_by_role("group", name=re.compile("^Read as"))


def tiles(page: Page) -> Locator:
    return main(page).get_by_role("button", name=re.compile(r"^Test image \d+:"))


def query(page: Page) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(page.url).query).items()}


def picture(name: str) -> FilePayload:
    """A digit as a scanner would bring it: dark on light, larger than the network's images."""
    dataset = embedded.load()
    digit = dataset.test_images[list(dataset.test_labels).index(3)]
    file = io.BytesIO()
    paper = Image.fromarray(np.pad(255 - digit, 8, constant_values=255))
    paper.resize((220, 220), Image.Resampling.BICUBIC).save(file, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": file.getvalue()}


def words(name: str) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": b"these are words"}

"""Pictures of every page, in light and dark, on a desk and on a telephone.

    python -m benchmarks.screenshots [--home FOLDER] [--output FOLDER] [--pages NAME ...] [--run FINGERPRINT]

Starts the app over a home, whose runs or else the reference runs are shown, and trains nothing. Writes
<page>-<theme>-<width>.png.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.served_app import PATIENCE, ROOT, chromium, serving, settled
from core.settings import HOME_VARIABLE, Settings, from_environment
from core.store import RunStore

Theme = Literal["light", "dark"]

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py") if path.stem != "__init__")
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDTHS = {1440: 900, 390: 844}
_SHOWN = {"predict": {"sample": "lined"}}
"""Parameters of pages that show little without any."""
_LONGEST = 12_000
"""Pixels of height at which a picture ends, whatever follows."""


def main(words: Sequence[str] | None = None) -> None:
    """Take the pictures that are asked for, and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--home",
        type=Path,
        help=f"home whose runs, else reference runs, are shown (${HOME_VARIABLE}, else workspace)",
    )
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=PAGES, metavar="NAME", help=", ".join(PAGES))
    parser.add_argument(
        "--run", help="fingerprint of the run to show, or its first letters; else the starred or newest"
    )
    options = parser.parse_args(words)
    settings = Settings(options.home.expanduser().resolve()) if options.home else from_environment()
    store = RunStore.of(settings)
    if not (store.runs() or store.references()):
        sys.exit(f"{settings.home} holds no finished run to take pictures of; name a home with --home.")
    options.output.mkdir(parents=True, exist_ok=True)
    run = {"run": options.run} if options.run else {}
    with serving(settings.home) as url, chromium() as browser:
        for name in options.pages:
            query = urlencode(run | _SHOWN.get(name, {}))
            for theme in THEMES:
                for width in WIDTHS:
                    path = options.output / f"{name}-{theme}-{width}.png"
                    path.write_bytes(picture(browser, f"{url}/{name}?{query}", theme, width))
                    print(f"{os.path.relpath(path)}  {path.stat().st_size / 1000:,.0f} kB", flush=True)


def picture(browser: Browser, url: str, theme: Theme, width: int) -> bytes:
    """The whole page as PNG, from its title to its end."""
    visit = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]}, color_scheme=theme, reduced_motion="reduce"
    )
    visit.set_default_timeout(PATIENCE)
    with visit:
        page = visit.new_page()
        page.goto(url)
        settled(page)
        _unroll(page, width)
        return _optimised(page.screenshot(animations="disabled"))


def _unroll(page: Page, width: int) -> None:
    """Make the window as high as the page. Twice, as what comes into sight is drawn only then, and may be higher."""
    for _ in range(2):
        height = page.evaluate(
            """() => Math.max(...["stMain", "stSidebarContent"].map(id =>
                document.querySelector(`[data-testid="${id}"]`)?.scrollHeight ?? 0))"""
        )
        page.set_viewport_size({"width": width, "height": min(max(height, WIDTHS[width]), _LONGEST)})
        settled(page)
    page.wait_for_load_state("networkidle")
    # Charts fit themselves to their place in the frames that follow.
    page.evaluate("() => new Promise(done => setTimeout(done, 1000))")


def _optimised(png: bytes) -> bytes:
    """The same picture in 256 colours, which cannot be told apart from it, in a third of the bytes."""
    file = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    main()

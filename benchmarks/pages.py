"""How long the script of each page takes with a full run, and how many requests a gallery of 120 images makes.

    python -m benchmarks.pages [--home FOLDER] [--rounds 5] [--pages NAME ...] [--json FILE] [--no-browser]

Each page is visited in a process of its own, after what a server loads when it starts: the first visit is from a cold
server, those after it are reruns; of these the median counts. Times are those of the script alone, once by the clock
and once as work of its thread, which tells the page from what else the machine does. Budget: 1.5 s and 0.5 s.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.served_app import PATIENCE, ROOT, chromium, serving, settled
from core.environment import processor
from core.settings import HOME_VARIABLE, Settings, from_environment

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py") if path.stem != "__init__")
FIRST, AGAIN = 1.5, 0.5
"""Seconds that the script of a page may take: on the first visit to a cold server, and again."""

GALLERY = "mistakes?view=right"
IMAGES, REQUESTS = 120, 10
"""A page of the gallery holds so many images, and asks for less than so many files."""


def main(words: Sequence[str] | None = None) -> None:
    """Measure, print two tables and, if asked, write them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help=f"home with a finished run (${HOME_VARIABLE}, else workspace)")
    parser.add_argument("--rounds", type=int, default=5, help="reruns of each page (5)")
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=PAGES, metavar="NAME", help=", ".join(PAGES))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--no-browser", action="store_true", help="leave out the requests of the gallery")
    parser.add_argument("--one", choices=PAGES, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.one:
        print(json.dumps(visits(options.one, options.rounds)))
        return
    settings = Settings(options.home.expanduser().resolve()) if options.home else from_environment()
    if not any(settings.runs.glob("[!.]*")):
        sys.exit(f"{settings.home} holds no finished run to measure with; name a home with --home.")
    print(f"{processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; seconds of the script\n")
    print("| page | first visit | of it work | again | of it work | |\n|---|---|---|---|---|---|")
    found: dict[str, Any] = {}
    for name in options.pages:
        found[name] = _in_a_process(name, options.rounds, settings)
        print(row(name, found[name]), flush=True)
    if not options.no_browser:
        found["requests"] = requests(settings.home)
        print("\n| gallery | files of the app | other requests | |\n|---|---|---|---|")
        for moment, (files, others) in found["requests"].items():
            print(f"| {moment} | {files} | {others} | {_verdict(others < REQUESTS)} |")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


def visits(name: str, rounds: int) -> list[tuple[float, float]]:
    """Seconds by the clock, and of work, of the first visit to a page in this process and of the reruns after it."""
    from streamlit.testing.v1 import AppTest

    from ui import loading, shell

    show = shell.show
    clocked, worked = [0.0], [0.0]

    def timed() -> None:
        clock, work = time.perf_counter(), time.thread_time()
        try:
            show()
        finally:
            # A script that asks to be run again does so within the same visit.
            clocked[-1] += time.perf_counter() - clock
            worked[-1] += time.thread_time() - work

    # The server loads in the background; a visitor who is no faster than it finds everything there.
    others = set(threading.enumerate())
    loading.warm()
    for thread in set(threading.enumerate()) - others:
        thread.join()
    shell.show = timed
    app = AppTest.from_file(str(ROOT / "ui" / "router.py"), default_timeout=120)
    if name != "overview":
        app.switch_page(f"../pages/{name}.py")
    for _ in range(1 + rounds):
        app.run()
        if app.exception:
            sys.exit(f"{name}: {app.exception[0].message}")
        clocked.append(0.0)
        worked.append(0.0)
    return list(zip(clocked[:-1], worked[:-1], strict=True))


def row(name: str, times: Sequence[tuple[float, float]]) -> str:
    """One line of the table."""
    first, *rest = times
    again = [statistics.median(column) for column in zip(*rest, strict=True)]
    cells = " | ".join(f"{value:.3f}" for value in (*first, *again))
    return f"| {name} | {cells} | {_verdict(first[0] < FIRST and again[0] < AGAIN)} |"


def requests(home: Path) -> dict[str, tuple[int, int]]:
    """What the browser asks the server for: files of the app itself, which it keeps, and all others."""
    found = {}
    with serving(home) as url, chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{url}/{GALLERY}")
        tiles = page.get_by_role("button", name="Test image")
        tiles.nth(IMAGES - 1).wait_for()
        settled(page)
        found["opened by its link"] = _count(asked, url)
        asked.clear()
        before = tiles.first.get_attribute("aria-label")
        page.get_by_role("button", name="Next page").click()
        page.wait_for_function(
            'before => !document.querySelector(`[aria-label="${before}"]`)', arg=before, timeout=PATIENCE
        )
        tiles.nth(IMAGES - 1).wait_for()
        settled(page)
        found[f"the next {IMAGES} images"] = _count(asked, url)
    return found


def _count(asked: Sequence[str], url: str) -> tuple[int, int]:
    # What stands in the page itself (data:, blob:) is no request.
    kinds = Counter(one.startswith(f"{url}/static/") for one in asked if one.startswith(("http", "ws")))
    return kinds[True], kinds[False]


def _in_a_process(name: str, rounds: int, settings: Settings) -> list[tuple[float, float]]:
    command = [sys.executable, "-m", "benchmarks.pages", "--one", name, "--rounds", str(rounds)]
    environment = {**os.environ, HOME_VARIABLE: str(settings.home)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: list[tuple[float, float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def _verdict(good: bool) -> str:
    return "" if good else "over budget"


if __name__ == "__main__":
    main()

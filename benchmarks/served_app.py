"""Digit Lab as a visitor meets it: a server of its own on a free port, and the system's Chromium in front of it.

    with serving(home) as url, chromium() as browser: ...

Screenshots, measurements and the tests in a real browser stand on it. Nothing is downloaded: where there is no
Chromium, `CHROMIUM` is None and `chromium` raises RuntimeError.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from playwright.sync_api import Browser, Page, expect, sync_playwright

from core.settings import HOME_VARIABLE

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium")
PATIENCE = 120_000
"""Milliseconds that a page may take on a machine that has much else to do."""

_START, _STOP = 120.0, 30.0


@contextlib.contextmanager
def serving(home: Path) -> Iterator[str]:
    """The app on a free port of this machine, over that home, until the block ends; gives its address.

    Raises RuntimeError with the last words of the server if it does not come up.
    """
    port = _free_port()
    url = f"http://localhost:{port}"
    environment = {**os.environ, HOME_VARIABLE: str(home)}
    environment.pop("DASK_SCHEDULER_ADDRESS", None)
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    with tempfile.TemporaryFile() as words:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=words, stderr=subprocess.STDOUT)
        try:
            _wait_for(server, f"{url}/api/health", words)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(_STOP)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window. Raises RuntimeError if there is none."""
    if CHROMIUM is None:
        raise RuntimeError("There is no Chromium on this machine; on Debian: apt-get install chromium")
    # A container has neither the rights for Chromium's sandbox nor much shared memory; only our own pages are opened.
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


def settled(page: Page) -> None:
    """Wait until the script has run and everything that it drew is there."""
    state = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
    page.wait_for_selector(state, timeout=PATIENCE)
    for waiting in ("stSkeleton", "stAppSkeleton"):
        expect(page.get_by_test_id(waiting)).to_have_count(0, timeout=PATIENCE)
    page.evaluate("document.fonts.ready.then(() => true)")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def _wait_for(server: subprocess.Popen[bytes], url: str, words: IO[bytes]) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=5):
            return
        if server.poll() is not None:
            break
        time.sleep(0.2)
    words.seek(0)
    raise RuntimeError(f"The server did not come up. Its last words:\n{words.read()[-4000:].decode(errors='replace')}")

"""The server itself, as people start it: it answers, opens any page by its link, and leaves no process behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def get(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.status, answer.read().decode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Its address and its process."""
    port = free_port()
    environment = os.environ | {"DIGITLAB_HOME": str(tmp_path_factory.mktemp("home"))}
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    address, end = f"http://127.0.0.1:{port}", time.monotonic() + 60
    while True:
        try:
            get(f"{address}/api/health")
            break
        except OSError:
            assert process.poll() is None, process.stdout.read().decode() if process.stdout else ""
            assert time.monotonic() < end
            time.sleep(0.1)
    yield address, process
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


def test_it_says_that_it_is_up(server: tuple[str, subprocess.Popen[bytes]]) -> None:
    status, body = get(f"{server[0]}/api/health")
    assert (status, json.loads(body)) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["", "overview", "mistakes?run=0123&view=correct"])
def test_every_link_opens_the_application(server: tuple[str, subprocess.Popen[bytes]], path: str) -> None:
    status, body = get(f"{server[0]}/{path}")
    assert status == 200
    assert "<title>Streamlit</title>" in body


def test_it_listens_to_this_machine_alone(server: tuple[str, subprocess.Popen[bytes]]) -> None:
    port = int(server[0].rpartition(":")[2])
    listening = Path("/proc/net/tcp").read_text().splitlines()[1:] if Path("/proc/net/tcp").exists() else []
    addresses = {line.split()[1] for line in listening if line.split()[3] == "0A"}
    assert {address for address in addresses if address.endswith(f":{port:04X}")} <= {f"0100007F:{port:04X}"}


def test_it_ends_when_it_is_told_to(server: tuple[str, subprocess.Popen[bytes]]) -> None:
    _, process = server
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) in (0, -signal.SIGTERM)

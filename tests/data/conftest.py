"""Small made datasets, and a mirror on this machine that can be told to misbehave."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from core.data import folder, idx, mnist
from core.data.dataset import from_arrays

Arrays = tuple[np.ndarray, ...]


@pytest.fixture
def arrays() -> Arrays:
    """Training images and labels, test images and labels: three classes, 12 and 6 images of 4x5 pixels."""
    random = np.random.default_rng(7)
    return (
        random.integers(0, 256, (12, 4, 5), dtype=np.uint8),
        np.tile(np.arange(3, dtype=np.uint8), 4),
        random.integers(0, 256, (6, 4, 5), dtype=np.uint8),
        np.array([2, 1, 0, 0, 1, 2], dtype=np.uint8),
    )


@pytest.fixture
def digest(arrays: Arrays) -> str:
    """The digest of the dataset that `arrays` form."""
    return from_arrays("made", *arrays, source="made for a test").digest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of datasets; not there yet."""
    return tmp_path / "home" / "data"


@pytest.fixture
def idx_files(arrays: Arrays, tmp_path: Path) -> dict[str, bytes]:
    """The four files of `arrays`, gzip-compressed, by name."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    files = {}
    for file_name, array in zip(folder.FILE_NAMES, arrays, strict=True):
        idx.write(scratch / f"{file_name}.gz", array)
        files[f"{file_name}.gz"] = (scratch / f"{file_name}.gz").read_bytes()
    return files


@pytest.fixture
def put_files(idx_files: dict[str, bytes]) -> Callable[[Path], Path]:
    """Writes the four files into a folder, which is made, and returns it."""

    def put(path: Path) -> Path:
        path.mkdir(parents=True, exist_ok=True)
        for name, data in idx_files.items():
            (path / name).write_bytes(data)
        return path

    return put


@pytest.fixture
def published(arrays: Arrays, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the digests of MNIST be those of `arrays`."""
    for file_name, array in zip(folder.FILE_NAMES, arrays, strict=True):
        monkeypatch.setitem(mnist.DIGESTS, file_name, idx.sha256(array))


@dataclass
class Mirror:
    """A web server on this machine.

    files: what it serves, by name. requests: the names it was asked for.
    missing_bytes: how many bytes fewer than it declares it sends.
    """

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    missing_bytes: int = 0
    declares_length: bool = True


@pytest.fixture
def start_mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Mirror]]:
    """Starts a mirror that serves the given files."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    servers = []

    def start(files: dict[str, bytes]) -> Mirror:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.removeprefix("/")
                mirror.requests.append(name)
                if name not in mirror.files:
                    self.send_error(404)
                    return
                data = mirror.files[name]
                self.send_response(200)
                if mirror.declares_length:
                    self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data[: len(data) - mirror.missing_bytes])

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        mirror = Mirror(f"http://127.0.0.1:{server.server_port}/", dict(files))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))
        return mirror

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()

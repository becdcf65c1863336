"""What every test stands on: no internet, the same random inputs each time, a home of its own.

Tests that need the whole MNIST take the fixture `mnist_folder` and are skipped, with the reason, where the
environment variable DIGITLAB_TEST_MNIST does not name a folder with its four files.
"""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from core.settings import Settings

MNIST_VARIABLE = "DIGITLAB_TEST_MNIST"
MNIST_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)

# TensorFlow reads these when it is imported, and so do the processes that tests start.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

# Two cores shared with a training are no reason to fail an example for its time.
hypothesis_settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
hypothesis_settings.load_profile("repeatable")


def is_this_machine(host: object) -> bool:
    if host in ("", "localhost", socket.gethostname(), None):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_internet() -> Iterator[None]:
    """A connection to another machine fails at once, in this process, with the host's name."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def connect_here(self: socket.socket, address: object) -> None:
        # Connecting a datagram socket sends nothing: libraries do it to learn this machine's own address.
        streams = self.type == socket.SOCK_STREAM and self.family in (socket.AF_INET, socket.AF_INET6)
        if streams and not is_this_machine(address[0]):
            raise OSError(f"a test tried to reach {address[0]}: tests run without the internet")
        connect(self, address)

    def look_up_here(host: object, *rest: object, **named: object) -> list:
        if not is_this_machine(host.decode() if isinstance(host, bytes) else host):
            raise OSError(f"a test tried to look up {host}: tests run without the internet")
        return look_up(host, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        patch.setattr(socket, "getaddrinfo", look_up_here)
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty Digit Lab home that goes away with the test."""
    return Settings(home=tmp_path / "home")


@pytest.fixture(scope="session")
def mnist_folder() -> Path:
    """The folder of the whole MNIST, raw or gzipped; the test is skipped where there is none."""
    named = os.environ.get(MNIST_VARIABLE)
    if not named:
        pytest.skip(f"needs the whole MNIST: set {MNIST_VARIABLE} to the folder of its four files")
    folder = Path(named)
    for name in MNIST_FILES:
        if not (folder / name).is_file() and not (folder / f"{name}.gz").is_file():
            pytest.fail(f"{MNIST_VARIABLE} names {folder}, which has neither {name} nor {name}.gz")
    return folder

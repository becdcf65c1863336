"""What every test stands on: no internet, the same random inputs each time, a home of its own.

Tests that need the whole MNIST take the fixture `mnist_folder` and are skipped, with the reason, where the
environment variable DIGITLAB_TEST_MNIST does not name a folder with its four files.
"""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings as hypothesis_settings

from core.data import class_names, idx, sources
from core.data.dataset import Dataset
from core.recipe import Recipe
from core.settings import REFERENCE_VARIABLE, Settings
from core.store import Run

MNIST_VARIABLE = "DIGITLAB_TEST_MNIST"
MNIST_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)

# The results that come with the project are shown beside whatever a test makes: the tests of them bring their own.
os.environ[REFERENCE_VARIABLE] = str(Path(__file__).parent / "no-reference")

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
def tiny_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The home of `tiny_dataset` and `tiny_run`. Shared by all tests, which read it and leave it as it is."""
    return Settings(home=tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny_dataset(tiny_settings: Settings) -> Dataset:
    """200 training and 50 test images of 12x12 pixels: an upright, a level or a slanting stroke, with some noise.

    Lies in the data folder of `tiny_settings` under the name "strokes".
    """
    random = np.random.default_rng(5)
    strokes = np.zeros((3, 12, 12))
    strokes[0, 2:10, 5:7] = strokes[1, 5:7, 2:10] = 255
    strokes[2] = 255 * np.eye(12)
    folder = tiny_settings.data / "strokes"
    folder.mkdir(parents=True)
    for n, images_file, labels_file in ((200, *MNIST_FILES[:2]), (50, *MNIST_FILES[2:])):
        labels = np.arange(n, dtype=np.uint8) % 3
        images = strokes[labels] * random.uniform(0.3, 1, (n, 1, 1)) + random.uniform(0, 60, (n, 12, 12))
        idx.write(folder / images_file, images.clip(0, 255).astype(np.uint8))
        idx.write(folder / labels_file, labels)
    class_names.write(folder / class_names.FILE_NAME, ("upright", "level", "slanting"))
    return sources.load("strokes", home=tiny_settings.data)


@pytest.fixture(scope="session")
def tiny_recipe() -> Recipe:
    """The paper's recipe with twelve filters and one epoch of each stage."""
    return Recipe().changed(
        {
            "precision": "float32",
            "architecture.filters": ((4,), (8,)),
            "architecture.dense_units": 8,
            "architecture.norm_momentum": 0.5,
            "autoencoder.epochs": 1,
            "autoencoder.batch_size": 16,
            "phase1.epochs": 1,
            "phase1.batch_size": 16,
            "phase2.epochs": 1,
            "phase2.batch_size": 16,
        }
    )


@pytest.fixture(scope="session")
def tiny_run(tiny_recipe: Recipe, tiny_dataset: Dataset, tiny_settings: Settings) -> Run:
    """A finished run of `tiny_recipe` on `tiny_dataset` in `tiny_settings`; seconds to make, once a session."""
    from core.pipeline import get_or_train

    return get_or_train(tiny_recipe, tiny_dataset, tiny_settings)


@pytest.fixture(scope="session")
def tiny_reference(tiny_run: Run, tiny_dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of reference results with `tiny_run` as reference/best. Read by all tests, which leave it as it is."""
    from core.reference.shipping import ship

    folder = tmp_path_factory.mktemp("reference")
    ship(tiny_run, folder / "best", tiny_dataset)
    return folder


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

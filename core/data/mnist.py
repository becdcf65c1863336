"""MNIST as published: the digests of its four files and the public mirrors that keep them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from core.data import download, folder, idx
from core.errors import DownloadError

NAME = "mnist"

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
"""The PyTorch project's bucket and the CVDF's."""

DIGESTS = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
"""SHA-256 of the decompressed files."""

_ADVICE = "delete the file and fetch it again, or give the dataset another name if it is not meant to be MNIST"


def is_mnist(data_digest: str) -> bool:
    """Whether a dataset with this `Dataset.digest` is MNIST as published, whatever it is called."""
    published = " ".join(DIGESTS[name] for name in folder.FILE_NAMES)
    return data_digest == hashlib.sha256(published.encode()).hexdigest()


def verify(contents: folder.Contents) -> None:
    """Raise ChecksumError, which names the file, unless the contents are those of MNIST, byte for byte."""
    for array, origin, file_name in zip(contents.arrays, contents.origins[:4], folder.FILE_NAMES, strict=True):
        download.require_digest(idx.sha256(array), DIGESTS[file_name], origin, _ADVICE)


def complete(
    home: Path,
    *,
    mirrors: Sequence[str] = MIRRORS,
    progress: download.Progress | None = None,
) -> None:
    """Download those of MNIST's files that the folder `home` lacks, 11 MB in all; make the folder if need be.

    Raises DownloadError if a file cannot be had or the folder cannot be written.
    """
    absent = folder.missing(home)
    if not absent:
        return
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DownloadError(f"{home}: expected a folder to download to, found: {error.strerror}") from error
    for file_name in absent:
        download.fetch(f"{file_name}.gz", home, DIGESTS[file_name], mirrors=mirrors, progress=progress)

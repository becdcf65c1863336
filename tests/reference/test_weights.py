"""Weights once and with half the digits: in the Keras file, from where the ONNX file reads them."""

import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest

from core.data.dataset import Dataset
from core.errors import ExportError
from core.inference import keras_network, load_keras, onnx_bytes, open_network, probabilities_of
from core.reference import weights
from core.store import Run

BOTH = (2, 4)


@pytest.fixture
def written(tmp_path: Path, tiny_run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny run's classifier, compacted: a folder with both files."""
    monkeypatch.setattr(weights, "_FEW", 20)  # the tiny network has no kernel of a thousand numbers
    weights.write_keras(tiny_run.classifier_path, tmp_path / "classifier.keras", BOTH)
    weights.write_onnx(tiny_run.onnx_path, tmp_path / "classifier.onnx", tmp_path / "classifier.keras")
    return tmp_path


def test_both_files_give_the_same_answers(written: Path, tiny_run: Run, tiny_dataset: Dataset) -> None:
    images = tiny_dataset.test_images
    in_keras = probabilities_of(keras_network(load_keras(written / "classifier.keras")), images)
    in_onnx = probabilities_of(open_network(written / "classifier.onnx"), images)
    np.testing.assert_allclose(in_onnx, in_keras, atol=1e-5)
    np.testing.assert_allclose(in_onnx, tiny_run.predictions.test_probabilities, atol=0.01)
    assert np.abs(in_onnx - tiny_run.predictions.test_probabilities).max() > 0


def test_weights_are_single_precision_once_they_are_loaded(written: Path) -> None:
    model = load_keras(written / "classifier.keras")
    assert {str(weight.dtype) for weight in model.weights} == {"float32"}


def test_kernels_are_there_once(written: Path, tiny_run: Run) -> None:
    size = (written / "classifier.onnx").stat().st_size
    assert size < tiny_run.onnx_path.stat().st_size
    network = onnx.load(written / "classifier.onnx", load_external_data=False)
    outside = [part for part in network.graph.initializer if part.data_location == onnx.TensorProto.EXTERNAL]
    assert outside
    assert {pair.value for part in outside for pair in part.external_data if pair.key == "location"} == {
        "classifier.keras"
    }
    assert all(part.data_type == onnx.TensorProto.FLOAT16 for part in outside)


def test_only_the_kernels_that_are_named_lose_digits(
    tmp_path: Path, tiny_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "_FEW", 20)
    weights.write_keras(tiny_run.classifier_path, tmp_path / "classifier.keras", (2,))
    before, after = load_keras(tiny_run.classifier_path), load_keras(tmp_path / "classifier.keras")
    for old, new in zip(before.weights, after.weights, strict=True):
        same = np.array_equal(np.asarray(old), np.asarray(new))
        assert same == (len(old.shape) != 2), old.path


def test_the_same_file_gives_the_same_bytes(tmp_path: Path, tiny_run: Run) -> None:
    paths = [tmp_path / "first.keras", tmp_path / "second.keras"]
    for path in paths:
        weights.write_keras(tiny_run.classifier_path, path, BOTH)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with zipfile.ZipFile(paths[0]) as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}


def test_kernels_of_another_network_are_refused(
    written: Path, tmp_path: Path, tiny_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights.write_keras(tiny_run.autoencoder_path, tmp_path / "other.keras", BOTH)
    with pytest.raises(ExportError, match=r"classifier\.onnx: .* expected a kernel of the Keras file"):
        weights.write_onnx(tiny_run.onnx_path, tmp_path / "other.onnx", tmp_path / "other.keras")


def test_the_bytes_for_others_need_no_other_file(written: Path, tmp_path: Path, tiny_dataset: Dataset) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "model.onnx").write_bytes(onnx_bytes(written / "classifier.onnx"))
    answers = [probabilities_of(open_network(path), tiny_dataset.test_images) for path in
               (alone / "model.onnx", written / "classifier.onnx")]  # fmt: skip
    np.testing.assert_array_equal(*answers)


def test_bytes_that_are_no_onnx_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match=r"model\.onnx: expected an ONNX file"):
        onnx_bytes(tmp_path / "model.onnx")


def test_an_own_file_stays_as_it_is(tiny_run: Run) -> None:
    assert onnx_bytes(tiny_run.onnx_path) == tiny_run.onnx_path.read_bytes()

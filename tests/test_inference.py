import shutil
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.inference import load_keras, open_network, probabilities_of
from core.store import Run


def test_keras_and_onnx_answer_alike(tiny_run: Run, tiny_dataset: Dataset) -> None:
    images = tiny_dataset.test_images
    answers = [probabilities_of(open_network(path), images) for path in (tiny_run.classifier_path, tiny_run.onnx_path)]
    assert [answer.dtype for answer in answers] == [np.float32, np.float32]
    assert [answer.shape for answer in answers] == [(50, 3), (50, 3)]
    np.testing.assert_allclose(*answers, atol=1e-6)
    np.testing.assert_allclose(answers[0], tiny_run.predictions.test_probabilities, atol=1e-6)


@pytest.mark.parametrize("n", [1, 249, 250, 251, 501])
def test_batches_leave_no_trace(tiny_run: Run, tiny_dataset: Dataset, n: int) -> None:
    network = open_network(tiny_run.onnx_path)
    rows = np.arange(n) % 50
    expected = probabilities_of(network, tiny_dataset.test_images)[rows]
    np.testing.assert_allclose(probabilities_of(network, tiny_dataset.test_images[rows]), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "library"), [("net.keras", "Keras"), ("net.onnx", "ONNX Runtime"), ("net.tflite", "LiteRT")]
)
@pytest.mark.parametrize("data", [b"", b"not a network", None], ids=["empty", "text", "cut"])
def test_a_damaged_file_is_refused_by_name(
    tiny_run: Run, tmp_path: Path, name: str, library: str, data: bytes | None
) -> None:
    path = tmp_path / name
    whole = (tiny_run.path / f"classifier{path.suffix}") if path.suffix != ".tflite" else tiny_run.classifier_path
    path.write_bytes(whole.read_bytes()[:1000] if data is None else data)
    with pytest.raises(ValueError, match=rf"{name}: expected a network that {library} can open, but it answered: \S"):
        open_network(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    for name in ("net.keras", "net.onnx", "net.tflite"):
        with pytest.raises(ValueError, match=f"{name}: expected a network"):
            open_network(tmp_path / name)


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"net\.h5: expected a file that ends in \.keras, \.onnx, \.tflite"):
        open_network(tmp_path / "net.h5")


def test_a_stored_network_is_made_of_stock_layers(tiny_run: Run, tmp_path: Path) -> None:
    path = tmp_path / "copy.keras"
    shutil.copy(tiny_run.classifier_path, path)
    modules = {type(layer).__module__.partition(".")[0] for layer in load_keras(path).layers}
    assert modules == {"keras"}

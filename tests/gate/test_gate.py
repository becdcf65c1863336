import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.data.dataset import Dataset
from core.data.scaling import to_inputs
from core.errors import RunDamagedError
from core.gate import NetworkGate, SoftmaxGate, open_gate
from core.gate.evidence import OWN, evidence
from core.gate.gate import FALSE_ALARMS, arrays_of, read_gate
from core.inference import load_keras, open_outputs
from core.store import Run

from .conftest import Fitted, StandIn


@pytest.fixture
def run(tiny_run: Run, tmp_path: Path) -> Run:
    """A copy of `tiny_run` that a test may change."""
    shutil.copytree(tiny_run.path, tmp_path / tiny_run.fingerprint)
    return Run(tmp_path / tiny_run.fingerprint)


@given(arrays(np.uint8, (2, 28, 28)))
def test_any_image_gets_a_novelty(fitted: Fitted, stand_in: StandIn, images: np.ndarray) -> None:
    found = fitted.gate.novelty(images, stand_in.answers(images))
    assert found.shape == (2,)
    assert ((found >= 0) & (found <= 1)).all()


def test_the_company_of_an_image_does_not_matter(fitted: Fitted, stand_in: StandIn) -> None:
    images = stand_in.dataset.test_images[:150]  # more than one batch
    together = fitted.gate.novelty(images, stand_in.answers(images))
    alone = [fitted.gate.novelty(image[np.newaxis], stand_in.answers(image[np.newaxis]))[0] for image in images[95:105]]
    np.testing.assert_allclose(together[95:105], alone, atol=1e-5)
    assert fitted.gate.novelty(images[:0], stand_in.answers(images[:1])[:0]).shape == (0,)


def test_evidence_is_a_row_of_finite_numbers_an_image(fitted: Fitted, stand_in: StandIn) -> None:
    blank = np.zeros((1, 28, 28), np.uint8)
    for images in (stand_in.dataset.test_images[:7], blank, 255 - blank):
        found = evidence(images, stand_in.answers(images), stand_in.autoencoder, fitted.space)
        assert found.shape == (len(images), OWN + 10)
        assert found.dtype == np.float32
        assert np.isfinite(found).all()


def test_a_gate_comes_back_from_its_file(fitted: Fitted, stand_in: StandIn, tmp_path: Path) -> None:
    np.savez(tmp_path / "gate.npz", **arrays_of(fitted.space, fitted.weighing))
    images = stand_in.dataset.test_images[:20]
    again = NetworkGate(stand_in.autoencoder, *read_gate(tmp_path / "gate.npz"))
    np.testing.assert_array_equal(
        again.novelty(images, stand_in.answers(images)), fitted.gate.novelty(images, stand_in.answers(images))
    )


def test_onnx_and_keras_give_the_same_scores(tiny_run: Run, tiny_dataset: Dataset) -> None:
    from core.models.networks import with_code

    model, images = with_code(load_keras(tiny_run.autoencoder_path)), tiny_dataset.test_images
    space, weighing = read_gate(tiny_run.gate_path)
    probabilities = np.asarray(load_keras(tiny_run.classifier_path)(to_inputs(images), training=False))

    def in_keras(inputs: np.ndarray) -> dict[str, np.ndarray]:
        return {name: np.asarray(output) for name, output in model(inputs, training=False).items()}

    onnx = NetworkGate(open_outputs(tiny_run.autoencoder_onnx_path), space, weighing)
    np.testing.assert_allclose(
        NetworkGate(in_keras, space, weighing).novelty(images, probabilities),
        onnx.novelty(images, tiny_run.predictions.test_probabilities),
        atol=1e-3,
    )


def test_a_run_without_a_gate_says_that_softmax_decides(run: Run) -> None:
    assert open_gate(run).caution == ""
    run.gate_path.unlink()
    gate = open_gate(run)
    assert "softmax alone" in gate.caution
    validation = run.predictions.validation_probabilities
    refused = gate.novelty(np.zeros((len(validation), 12, 12), np.uint8), validation) > 0.5
    assert refused.sum() <= 1 + FALSE_ALARMS * len(validation)


@given(st.lists(st.floats(0.1, 1), min_size=1, max_size=5), st.floats(0.01, 0.9))
def test_softmax_alone_orders_by_doubt(confidences: list[float], most: float) -> None:
    values = np.array(sorted(confidences, reverse=True), np.float32)
    found = SoftmaxGate(most).novelty(np.zeros((len(values), 1, 1), np.uint8), values[:, np.newaxis])
    assert (np.diff(found) >= 0).all()
    np.testing.assert_array_equal(found > 0.5, 1 - values.astype(np.float64) > most)


@pytest.mark.parametrize("content", [b"", b"no gate", b"PK\x03\x04 cut off"])
def test_a_damaged_gate_is_named_with_what_to_do(run: Run, content: bytes) -> None:
    run.gate_path.write_bytes(content)
    with pytest.raises(RunDamagedError, match=r"gate\.npz in .* cannot be read .*; delete that file, and the softmax"):
        open_gate(run)


def test_a_gate_of_other_networks_is_refused(run: Run, fitted: Fitted) -> None:
    kept = arrays_of(fitted.space, fitted.weighing)
    np.savez(run.gate_path, **(kept | {"hidden": kept["hidden"][:3]}))
    with pytest.raises(RunDamagedError, match=r"hidden: expected numbers of the shape \(17, 32\), found \(3, 32\)"):
        open_gate(run)


def test_a_damaged_autoencoder_is_told_when_it_is_needed(run: Run, tiny_dataset: Dataset) -> None:
    run.autoencoder_onnx_path.write_bytes(b"damaged")
    gate = open_gate(run)
    with pytest.raises(RunDamagedError, match=r"autoencoder\.onnx.*; delete that file, and the softmax alone"):
        gate.novelty(tiny_dataset.test_images[:1], np.full((1, 3), 1 / 3, np.float32))

"""Networks in bfloat16: the same weights, float32 answers, and differences no larger than its 8 bits explain."""

from pathlib import Path

import keras
import numpy as np
import pytest

from core.models import precision
from core.models.networks import build_autoencoder, build_classifier, copy_weights
from core.models.precision import precision_here
from core.recipe import Architecture

SMALL = Architecture(filters=((4,), (6,), (96, 96)), norm_momentum=0.5)


def inputs(n: int = 8) -> np.ndarray:
    return np.random.default_rng(0).uniform(0, 1, (n, 28, 28, 1)).astype(np.float32)


def pair(kind: str) -> tuple[keras.Model, keras.Model]:
    if kind == "autoencoder":
        models = [build_autoencoder(SMALL, (28, 28), 1, precision=name) for name in ("float32", "bfloat16")]
    else:
        models = [build_classifier(SMALL, (28, 28), 10, 1, precision=name) for name in ("float32", "bfloat16")]
    return models[0], models[1]


@pytest.mark.parametrize("kind", ["autoencoder", "classifier"])
def test_weights_and_outputs_are_float32_in_either(kind: str) -> None:
    exact, quick = pair(kind)
    assert {str(weights.dtype) for weights in quick.weights} <= {"float32", "uint32"}  # a seed is no weight
    assert [weights.path for weights in quick.weights] == [weights.path for weights in exact.weights]
    assert quick.predict_on_batch(inputs(1)).dtype == np.float32
    kinds = {type(layer).__name__: layer.compute_dtype for layer in quick.layers if layer.weights}
    assert kinds["FusedBatchNormalization"] == "bfloat16"
    if kind == "autoencoder":
        assert kinds["FrequencyConv2D"] == kinds["UpsampledConv2D"] == "bfloat16"
    assert quick.layers[-1].compute_dtype == "float32"


@pytest.mark.parametrize("kind", ["autoencoder", "classifier"])
def test_answers_differ_by_rounding_only(kind: str) -> None:
    exact, quick = pair(kind)
    copy_weights(exact, quick)
    difference = np.abs(exact.predict_on_batch(inputs()) - quick.predict_on_batch(inputs()))
    assert 0 < difference.max() < 0.02
    assert difference.mean() < 0.004


def test_a_network_learns_as_well_in_either() -> None:
    losses = []
    for model in pair("autoencoder"):
        model.compile(keras.optimizers.Adam(0.01), "mean_squared_error", jit_compile=False)
        losses.append([float(model.train_on_batch(inputs(), inputs())) for _ in range(12)])
    exact, quick = losses
    assert quick[-1] < 0.8 * quick[0]
    np.testing.assert_allclose(quick, exact, rtol=0.05)


def test_training_in_bfloat16_is_reproducible() -> None:
    weights = []
    for _ in range(2):
        model = pair("classifier")[1]
        model.compile(keras.optimizers.Adam(0.01), "categorical_crossentropy", jit_compile=False)
        for _ in range(3):
            model.train_on_batch(inputs(), np.eye(10, dtype=np.float32)[:8])
        weights.append(model.get_weights())
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("flags", "found"),
    [("fpu avx512f avx512_bf16", "bfloat16"), ("fpu amx_bf16", "bfloat16"), ("fpu avx2 avx512f", "float32")],
)
def test_auto_goes_by_the_processors_instructions(
    flags: str, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor : 0\nmodel name : Some\nflags\t\t: {flags}\n")
    monkeypatch.setattr(precision, "Path", lambda _: tmp_path / "cpuinfo")
    precision._multiplies_bfloat16.cache_clear()
    assert precision_here("auto") == found
    precision._multiplies_bfloat16.cache_clear()


def test_a_system_that_tells_nothing_gets_float32(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "Path", lambda _: tmp_path / "nothing")
    precision._multiplies_bfloat16.cache_clear()
    assert precision_here("auto") == "float32"
    assert [precision_here(asked) for asked in ("float32", "bfloat16")] == ["float32", "bfloat16"]
    precision._multiplies_bfloat16.cache_clear()

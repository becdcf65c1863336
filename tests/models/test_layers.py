"""The fast layers against the stock layers they stand for: outputs, gradients, statistics and training."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.models.layers import FrequencyConv2D, FusedBatchNormalization, UpsampledConv2D

BATCH = 6


@pytest.fixture(autouse=True)
def the_same_first_weights() -> None:
    """Not left to chance, which now and then gives a unit that is never active and so never trained."""
    keras.utils.set_random_seed(0)


def images(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.5, 2, shape).astype(np.float32)


def convolution(kind: type[keras.layers.Conv2D], filters: int, kernel_size: int, activation: str) -> Any:
    return kind(filters, kernel_size, padding="same", activation=activation, bias_initializer="normal")


def network(shape: tuple[int, ...], *layers: Any) -> keras.Model:
    outputs = inputs = keras.Input(shape)
    for layer in layers:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


def pair_of_convolutions(
    kind: type[keras.layers.Conv2D], shape: tuple[int, int, int], filters: int, kernel_size: int, activation: str
) -> tuple[keras.Model, keras.Model]:
    """The fast network and the stock one with the same weights."""
    before = [keras.layers.UpSampling2D(2)] if kind is UpsampledConv2D else []
    stock = network(shape, *before, convolution(keras.layers.Conv2D, filters, kernel_size, activation))
    fast = network(shape, convolution(kind, filters, kernel_size, activation))
    assert [weights.shape for weights in fast.weights] == [weights.shape for weights in stock.weights]
    assert [weights.name for weights in fast.weights] == [weights.name for weights in stock.weights]
    fast.set_weights(stock.get_weights())
    return fast, stock


def pair_of_normalisations(shape: tuple[int, ...], **options: Any) -> tuple[keras.Model, keras.Model]:
    models = []
    for kind in (FusedBatchNormalization, keras.layers.BatchNormalization):
        models.append(network(shape, kind(**options)))
    fast, stock = models
    random = np.random.default_rng(1)
    gamma, beta, mean = (random.standard_normal(shape[-1]) for _ in range(3))
    stock.set_weights([gamma, beta, mean, random.uniform(0.5, 2, shape[-1])])
    assert [weights.name for weights in fast.weights] == [weights.name for weights in stock.weights]
    fast.set_weights(stock.get_weights())
    return fast, stock


def outputs_and_gradients(model: keras.Model, inputs: np.ndarray, training: bool) -> list[np.ndarray]:
    """Outputs, and the gradients of a weighted sum of them by the inputs and every trainable weight."""
    x = tf.constant(inputs)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = model(x, training=training)
        weights = np.random.default_rng(2).standard_normal(y.shape).astype(np.float32)
        total = tf.reduce_sum(y * weights)
    gradients = tape.gradient(total, [x, *(variable.value for variable in model.trainable_variables)])
    return [y.numpy(), *(gradient.numpy() for gradient in gradients)]


def assert_close(found: list[np.ndarray], expected: list[np.ndarray], tolerance: float = 2e-5) -> None:
    """Equal to within float32 rounding, measured against the largest value of each array."""
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one.shape == other.shape
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol=0, atol=tolerance * max(1.0, float(np.abs(other).max())))


@pytest.mark.parametrize("kernel_size", [1, 3, 5, 7])
@pytest.mark.parametrize("shape", [(7, 7, 3), (8, 8, 2), (7, 4, 3), (1, 5, 2)])
def test_convolution_in_the_frequency_domain_is_the_stock_convolution(
    shape: tuple[int, int, int], kernel_size: int
) -> None:
    fast, stock = pair_of_convolutions(FrequencyConv2D, shape, 5, kernel_size, "relu")
    inputs = images(BATCH, *shape)
    assert fast.output.shape == stock.output.shape == (None, *shape[:2], 5)
    assert_close(outputs_and_gradients(fast, inputs, True), outputs_and_gradients(stock, inputs, True))


@pytest.mark.parametrize("kernel_size", [1, 3, 5, 7])
@pytest.mark.parametrize("shape", [(7, 7, 3), (14, 14, 2), (4, 7, 3), (1, 1, 2)])
def test_doubling_and_convolution_in_one_are_the_two_stock_layers(
    shape: tuple[int, int, int], kernel_size: int
) -> None:
    fast, stock = pair_of_convolutions(UpsampledConv2D, shape, 5, kernel_size, "relu")
    inputs = images(BATCH, *shape)
    assert fast.output.shape == stock.output.shape == (None, 2 * shape[0], 2 * shape[1], 5)
    assert_close(outputs_and_gradients(fast, inputs, True), outputs_and_gradients(stock, inputs, True))


@pytest.mark.parametrize("channels", [(64, 128), (256, 256)], ids=str)
def test_many_channels_lose_no_digits(channels: tuple[int, int]) -> None:
    shape = (7, 7, channels[0])
    fast, stock = pair_of_convolutions(FrequencyConv2D, shape, channels[1], 3, "linear")
    assert_close([fast(images(2, *shape)).numpy()], [stock(images(2, *shape)).numpy()])


@pytest.mark.parametrize("kind", [FrequencyConv2D, UpsampledConv2D])
@pytest.mark.parametrize("n", [1, 2, 33])
def test_any_number_of_images_goes_through(kind: type[keras.layers.Conv2D], n: int) -> None:
    fast, stock = pair_of_convolutions(kind, (6, 8, 2), 3, 3, "relu")
    inputs = images(n, 6, 8, 2)
    assert_close([fast.predict_on_batch(inputs)], [stock.predict_on_batch(inputs)])


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", [(7, 7, 3), (28, 28, 2), (3, 8, 5), (1, 1, 4)])
def test_fused_normalisation_is_the_stock_normalisation(shape: tuple[int, ...], training: bool) -> None:
    fast, stock = pair_of_normalisations(shape, momentum=0.9, epsilon=1e-3)
    inputs = images(BATCH, *shape)
    assert_close(outputs_and_gradients(fast, inputs, training), outputs_and_gradients(stock, inputs, training))
    assert_close(fast.get_weights(), stock.get_weights())


@pytest.mark.parametrize("momentum", [0.5, 0.99])
def test_running_statistics_move_alike_over_many_steps(momentum: float) -> None:
    fast, stock = pair_of_normalisations((4, 5, 3), momentum=momentum)
    before = stock.get_weights()
    for step in range(20):
        inputs = images(1 + step % 4, 4, 5, 3, seed=step) * (1 + step)
        for model in (fast, stock):
            model(inputs, training=True)
    assert_close(fast.get_weights(), stock.get_weights())
    assert all(np.abs(new - old).max() > 0.1 for new, old in zip(fast.get_weights()[2:], before[2:], strict=True))


def test_a_single_value_a_channel_has_no_variance_and_stays_a_number() -> None:
    fast, stock = pair_of_normalisations((1, 1, 3), momentum=0.5)
    for model in (fast, stock):
        model(images(1, 1, 1, 3), training=True)
    assert_close(fast.get_weights(), stock.get_weights())


def test_a_frozen_normalisation_uses_its_statistics_and_leaves_them() -> None:
    fast, stock = pair_of_normalisations((4, 5, 3))
    inputs, before = images(BATCH, 4, 5, 3), fast.get_weights()
    for model in (fast, stock):
        model.layers[-1].trainable = False
    assert_close([fast(inputs, training=True).numpy()], [fast(inputs, training=False).numpy()], 0)
    assert_close(outputs_and_gradients(fast, inputs, True), outputs_and_gradients(stock, inputs, True))
    assert_close(fast.get_weights(), before, 0)


def test_inference_leaves_the_statistics() -> None:
    fast, _ = pair_of_normalisations((4, 5, 3))
    before = fast.get_weights()
    fast(images(BATCH, 4, 5, 3), training=False)
    fast.predict_on_batch(images(BATCH, 4, 5, 3))
    assert_close(fast.get_weights(), before, 0)


def test_networks_of_fast_and_stock_layers_train_alike() -> None:
    def coder(fast: bool) -> keras.Model:
        norm = FusedBatchNormalization if fast else keras.layers.BatchNormalization
        small = FrequencyConv2D if fast else keras.layers.Conv2D
        doubled = [convolution(UpsampledConv2D, 2, 3, "relu")]
        if not fast:
            doubled = [keras.layers.UpSampling2D(2), convolution(keras.layers.Conv2D, 2, 3, "relu")]
        layers = [convolution(small, 4, 3, "relu"), norm(momentum=0.9), *doubled, norm(momentum=0.9)]
        return network((6, 7, 2), *layers)

    fast, stock = coder(True), coder(False)
    fast.set_weights(stock.get_weights())
    before = stock.get_weights()
    for model in (fast, stock):
        # Plain SGD: Adam divides by tiny gradients and would blow rounding up to a step.
        model.compile(keras.optimizers.SGD(0.01), "mean_squared_error", jit_compile=False)
    for step in range(5):
        inputs, targets = images(BATCH, 6, 7, 2, seed=step), images(BATCH, 12, 14, 2, seed=100 + step)
        losses = [model.train_on_batch(inputs, targets) for model in (fast, stock)]
        assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    assert_close(fast.get_weights(), stock.get_weights(), 1e-4)
    assert all(np.abs(new - old).max() > 1e-4 for new, old in zip(fast.get_weights(), before, strict=True))

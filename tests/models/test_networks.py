import keras
import numpy as np
import pytest

from core.errors import DatasetError
from core.models import layers as fast_layers
from core.models.networks import (
    build_autoencoder,
    build_classifier,
    copy_weights,
    encoder_layers,
    encoder_of,
    head_of,
    require_image_shape,
    stock_copy,
)
from core.recipe import Architecture

PAPER = Architecture()
TINY = Architecture(filters=((4,), (8,)), dense_units=6)

# (type, name, output shape behind the batch axis, weights and statistics), counted by hand: a convolution of c maps
# into f has 9cf + f weights, a normalisation of f maps 4f, a dense layer of n values into m nm + m.
ENCODER = [
    ("InputLayer", "image", (28, 28, 1), 0),
    ("Conv2D", "encoder_conv_1", (28, 28, 32), 320),
    ("BatchNormalization", "encoder_norm_1", (28, 28, 32), 128),
    ("Conv2D", "encoder_conv_2", (28, 28, 32), 9_248),
    ("BatchNormalization", "encoder_norm_2", (28, 28, 32), 128),
    ("MaxPooling2D", "encoder_pool_1", (14, 14, 32), 0),
    ("Conv2D", "encoder_conv_3", (14, 14, 64), 18_496),
    ("BatchNormalization", "encoder_norm_3", (14, 14, 64), 256),
    ("MaxPooling2D", "encoder_pool_2", (7, 7, 64), 0),
    ("Conv2D", "encoder_conv_4", (7, 7, 128), 73_856),
    ("BatchNormalization", "encoder_norm_4", (7, 7, 128), 512),
    ("Conv2D", "encoder_conv_5", (7, 7, 256), 295_168),
    ("BatchNormalization", "encoder_norm_5", (7, 7, 256), 1_024),
]
DECODER = [
    ("Conv2D", "decoder_conv_1", (7, 7, 256), 590_080),
    ("BatchNormalization", "decoder_norm_1", (7, 7, 256), 1_024),
    ("Conv2D", "decoder_conv_2", (7, 7, 128), 295_040),
    ("BatchNormalization", "decoder_norm_2", (7, 7, 128), 512),
    ("UpSampling2D", "decoder_upsample_3", (14, 14, 128), 0),
    ("Conv2D", "decoder_conv_3", (14, 14, 64), 73_792),
    ("BatchNormalization", "decoder_norm_3", (14, 14, 64), 256),
    ("UpSampling2D", "decoder_upsample_4", (28, 28, 64), 0),
    ("Conv2D", "decoder_conv_4", (28, 28, 32), 18_464),
    ("BatchNormalization", "decoder_norm_4", (28, 28, 32), 128),
    ("Conv2D", "decoder_conv_5", (28, 28, 32), 9_248),
    ("BatchNormalization", "decoder_norm_5", (28, 28, 32), 128),
    ("Conv2D", "reconstruction", (28, 28, 1), 289),
]
HEAD = [
    ("Flatten", "code", (12_544,), 0),
    ("Dense", "dense", (128,), 1_605_760),
    ("Dense", "predictions", (10,), 1_290),
]


@pytest.fixture(scope="module")
def paper_autoencoder() -> keras.Model:
    return build_autoencoder(PAPER, (28, 28), seed=0)


@pytest.fixture(scope="module")
def paper_classifier() -> keras.Model:
    return build_classifier(PAPER, (28, 28), 10, seed=0)


def table(model: keras.Model) -> list[tuple[str, str, tuple[int, ...], int]]:
    return [
        (type(layer).__name__, layer.name, tuple(layer.output.shape[1:]), layer.count_params())
        for layer in model.layers
    ]


def weights_by_name(model: keras.Model) -> dict[str, list[np.ndarray]]:
    return {layer.name: layer.get_weights() for layer in model.layers if layer.weights}


def scrambled(model: keras.Model) -> keras.Model:
    """The model with random weights and statistics, so that nothing is left at 0 or 1 by chance."""
    random = np.random.default_rng(0)
    for layer in model.layers:
        # Close to the first weights, so that outputs stay in their range; variances stay positive.
        layer.set_weights([w + random.uniform(0, 0.1, w.shape).astype(w.dtype) for w in layer.get_weights()])
    return model


def digits(n: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(0, 1, (n, *shape, 1)).astype(np.float32)


def test_the_autoencoder_is_the_papers(paper_autoencoder: keras.Model) -> None:
    assert table(stock_copy(paper_autoencoder, PAPER)) == ENCODER + DECODER
    assert paper_autoencoder.count_params() == 1_388_097


def test_the_classifier_is_the_papers(paper_classifier: keras.Model) -> None:
    assert table(stock_copy(paper_classifier, PAPER)) == ENCODER + HEAD
    assert paper_classifier.count_params() == 2_006_186


def test_activations_and_kernels_are_the_papers(paper_autoencoder: keras.Model, paper_classifier: keras.Model) -> None:
    for model in (paper_autoencoder, paper_classifier):
        for layer in model.layers:
            if "_conv_" in layer.name:
                assert (layer.activation.__name__, layer.kernel_size, layer.padding) == ("relu", (3, 3), "same")
    activations = [
        model.get_layer(name).activation.__name__
        for model, name in (
            (paper_autoencoder, "reconstruction"),
            (paper_classifier, "dense"),
            (paper_classifier, "predictions"),
        )
    ]
    assert activations == ["sigmoid", "relu", "softmax"]


def test_the_decoder_has_the_encoders_layers_upside_down(paper_autoencoder: keras.Model) -> None:
    filters = {
        part: [layer.filters for layer in paper_autoencoder.layers if layer.name.startswith(f"{part}_conv")]
        for part in ("encoder", "decoder")
    }
    assert filters["encoder"] == [32, 32, 64, 128, 256]
    assert filters["decoder"] == filters["encoder"][::-1]


def test_fast_layers_stand_where_they_pay_off(paper_autoencoder: keras.Model, paper_classifier: keras.Model) -> None:
    kinds = {layer.name: type(layer) for layer in paper_autoencoder.layers}
    frequency = {name for name, kind in kinds.items() if kind is fast_layers.FrequencyConv2D}
    assert frequency == {"encoder_conv_4", "encoder_conv_5", "decoder_conv_1", "decoder_conv_2"}
    upsampled = {name for name, kind in kinds.items() if kind is fast_layers.UpsampledConv2D}
    assert upsampled == {"decoder_conv_3", "decoder_conv_4"}
    assert all(kind is fast_layers.FusedBatchNormalization for name, kind in kinds.items() if "_norm_" in name)
    shared = {layer.name: type(layer) for layer in paper_classifier.layers if layer.name.startswith("encoder_")}
    assert shared == {name: kind for name, kind in kinds.items() if name.startswith("encoder_")}


@pytest.mark.parametrize("network", ["paper_autoencoder", "paper_classifier"])
def test_a_stock_copy_has_the_weights_and_answers_alike(network: str, request: pytest.FixtureRequest) -> None:
    model = scrambled(request.getfixturevalue(network))
    copy = stock_copy(model, PAPER)
    assert {type(layer).__module__.partition(".")[0] for layer in copy.layers} == {"keras"}
    for name, weights in weights_by_name(model).items():
        for one, other in zip(weights, weights_by_name(copy)[name], strict=True):
            np.testing.assert_array_equal(one, other)
    inputs = digits(3, 28, 28)
    np.testing.assert_allclose(copy.predict_on_batch(inputs), model.predict_on_batch(inputs), atol=1e-5)


def test_the_fast_network_learns_as_the_stock_one_does() -> None:
    architecture = Architecture(filters=((4,), (6,), (96, 96)), norm_momentum=0.9)
    fast, stock = (build_autoencoder(architecture, (28, 28), seed=1, stock=stock) for stock in (False, True))
    kinds = {type(layer).__name__ for layer in fast.layers}
    assert kinds >= {"FrequencyConv2D", "UpsampledConv2D", "FusedBatchNormalization"}
    for model in (fast, stock):
        # Small steps: at large ones a difference of 1e-6 in the weights grows to 1e-3 in the loss by the fourth.
        model.compile(keras.optimizers.SGD(0.01), "mean_squared_error", jit_compile=False)
    losses = []
    for step in range(4):
        inputs = np.random.default_rng(step).uniform(0, 1, (4, 28, 28, 1)).astype(np.float32)
        losses.append([float(model.train_on_batch(inputs, inputs)) for model in (fast, stock)])
    np.testing.assert_allclose(*zip(*losses, strict=True), rtol=1e-5)
    for name, weights in weights_by_name(stock).items():
        for expected, found in zip(weights, weights_by_name(fast)[name], strict=True):
            np.testing.assert_allclose(found, expected, atol=1e-4 * max(1, np.abs(expected).max()), err_msg=name)


@pytest.mark.parametrize(
    ("filters", "kernel_size"),
    [(((4,),), 7), (((4,), (8,)), 1), (((4,), (8,)), 5), (((2, 3), (4,), (5,), (6,)), 3)],
)
def test_other_architectures_mirror_too(filters: tuple[tuple[int, ...], ...], kernel_size: int) -> None:
    architecture = Architecture(filters=filters, kernel_size=kernel_size)
    model = build_autoencoder(architecture, (24, 16), seed=0)
    assert model.output.shape == (None, 24, 16, 1)
    counts = [layer.filters for layer in model.layers if "_conv_" in layer.name]
    assert counts == counts[::-1]
    inputs = digits(2, 24, 16)
    copy = stock_copy(model, architecture)
    np.testing.assert_allclose(copy.predict_on_batch(inputs), model.predict_on_batch(inputs), atol=1e-5)


def test_dropout_stands_only_where_it_is_asked_for() -> None:
    def kinds(architecture: Architecture) -> list[str]:
        model = build_classifier(architecture, (8, 8), 3, seed=0)
        return [layer.name for layer in model.layers if not layer.name.startswith(("encoder", "image"))]

    assert kinds(TINY) == ["code", "dense", "predictions"]
    both = Architecture(filters=((4,), (8,)), code_dropout=0.5, dense_dropout=0.3)
    assert kinds(both) == ["code", "code_dropout", "dense", "dense_dropout", "predictions"]


def test_first_weights_follow_from_seed_and_name_alone() -> None:
    one, same, other = (weights_by_name(build_classifier(TINY, (8, 8), 3, seed)) for seed in (5, 5, 6))
    for name, weights in one.items():
        for w, s in zip(weights, same[name], strict=True):
            np.testing.assert_array_equal(w, s)
        if "norm" not in name:
            assert np.abs(weights[0] - other[name][0]).max() > 0.01
    in_autoencoder = weights_by_name(build_autoencoder(TINY, (8, 8), seed=5))
    np.testing.assert_array_equal(one["encoder_conv_2"][0], in_autoencoder["encoder_conv_2"][0])


def test_encoder_and_head_share_the_classifiers_weights() -> None:
    architecture = Architecture(filters=((4,), (8,)), code_dropout=0.5, dense_dropout=0.3)
    model = scrambled(build_classifier(architecture, (8, 12), 3, seed=0))
    encoder, head = encoder_of(model), head_of(model)
    inputs = digits(4, 8, 12)
    codes = encoder.predict_on_batch(inputs)
    assert codes.shape == (4, 4 * 6 * 8)
    np.testing.assert_allclose(head.predict_on_batch(codes), model.predict_on_batch(inputs), atol=1e-6)
    head.get_layer("dense").set_weights([np.ones((192, 128)), np.ones(128)])
    np.testing.assert_array_equal(model.get_layer("dense").get_weights()[0], 1)


def test_weights_are_copied_to_layers_of_the_same_name_only() -> None:
    source, target = build_autoencoder(TINY, (8, 8), seed=1), build_classifier(TINY, (8, 8), 3, seed=2)
    before = weights_by_name(target)
    copy_weights(scrambled(source), target)
    encoder = {layer.name for layer in encoder_layers(target)}
    assert encoder == {"encoder_conv_1", "encoder_norm_1", "encoder_conv_2", "encoder_norm_2"}
    for name, weights in weights_by_name(target).items():
        expected = weights_by_name(source)[name] if name in encoder else before[name]
        for found, wanted in zip(weights, expected, strict=True):
            np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("shape", [(28, 28), (32, 32), (4, 4), (4, 64)])
def test_sides_that_can_be_halved_at_every_pooling_are_taken(shape: tuple[int, int]) -> None:
    require_image_shape(PAPER, shape)


@pytest.mark.parametrize("shape", [(30, 28), (28, 30), (27, 27), (2, 2), (0, 28)])
def test_other_sizes_are_refused_with_a_way_out(shape: tuple[int, int]) -> None:
    message = rf"The images are {shape[0]}x{shape[1]} pixels, but 2 poolings need sides that 4 divides; pad or crop"
    for refuse in (
        lambda: require_image_shape(PAPER, shape),
        lambda: build_autoencoder(PAPER, shape, seed=0),
        lambda: build_classifier(PAPER, shape, 10, seed=0),
    ):
        with pytest.raises(DatasetError, match=message):
            refuse()

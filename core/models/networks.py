"""The paper's networks (section 3) as Keras models, from a recipe's architecture.

Every convolution is followed by its activation and then batch normalisation, as in figure 3. Layers have fixed names,
by which weights are copied between networks. With TensorFlow the networks train on the faster layers of
`core.models.layers`, and where asked in bfloat16 (see `core.models.precision`); `stock_copy` gives the same network
made of stock Keras layers in float32, which is what is saved.
"""

import zlib
from typing import Any

import keras
import numpy as np

from core.models.frequency import pays_off
from core.network_summary import require_image_shape
from core.recipe import Architecture

CODE_LAYER = "code"
HEAD_LAYERS = ("code_dropout", "dense", "dense_dropout", "predictions")


def build_autoencoder(
    architecture: Architecture,
    image_shape: tuple[int, int],
    seed: int,
    *,
    stock: bool = False,
    precision: str = "float32",
) -> keras.Model:
    """Encoder and mirrored decoder: (n, h, w, 1) in [0, 1] -> (n, h, w, 1) in (0, 1), float32.

    image_shape: (h, w) in pixels. seed: decides the initial weights. stock: stock Keras layers only. precision:
    float32 or bfloat16, of what is computed on the way; weights and outputs are float32 in either.
    Raises DatasetError if the poolings do not divide the image size.
    """
    layers = _Layers(architecture, seed, stock, precision)
    inputs = keras.Input((*image_shape, 1), name="image")
    x = _encoder(layers, inputs, image_shape)
    for block_number, block in enumerate(reversed(architecture.filters)):
        for position, filters in enumerate(reversed(block)):
            x = layers.convolution("decoder", x, filters, upsample=block_number > 0 and position == 0)
    return keras.Model(inputs, layers.reconstruction(x), name="autoencoder")


def build_classifier(
    architecture: Architecture,
    image_shape: tuple[int, int],
    n_classes: int,
    seed: int,
    *,
    stock: bool = False,
    precision: str = "float32",
) -> keras.Model:
    """Encoder, flatten, dense layer and softmax: (n, h, w, 1) in [0, 1] -> probabilities (n, n_classes), float32.

    Dropout layers stand in it only where the architecture asks for them. Arguments as for `build_autoencoder`.
    Raises DatasetError if the poolings do not divide the image size.
    """
    layers = _Layers(architecture, seed, stock, precision)
    inputs = keras.Input((*image_shape, 1), name="image")
    x = keras.layers.Flatten(name=CODE_LAYER, dtype=layers.policy)(_encoder(layers, inputs, image_shape))
    x = layers.dropout("code_dropout", x, architecture.code_dropout)
    x = layers.dense("dense", x, architecture.dense_units, "relu")
    x = layers.dropout("dense_dropout", x, architecture.dense_dropout)
    # The softmax is no place to save digits.
    outputs = layers.dense("predictions", x, n_classes, "softmax", precision="float32")
    return keras.Model(inputs, outputs, name="classifier")


def encoder_of(model: keras.Model) -> keras.Model:
    """The part of a network up to the flattened code, (n, h, w, 1) -> (n, code size), sharing its weights."""
    return keras.Model(model.input, _code(model), name="encoder")


def with_code(autoencoder: keras.Model) -> keras.Model:
    """An autoencoder that gives its flattened code too: outputs "reconstruction" and "code", sharing its weights."""
    outputs = {"reconstruction": autoencoder.output, "code": _code(autoencoder)}
    return keras.Model(autoencoder.input, outputs, name=autoencoder.name)


def head_of(classifier: keras.Model) -> keras.Model:
    """The part of a classifier behind the flattened code, (n, code size) -> probabilities, sharing its weights."""
    x = inputs = keras.Input((classifier.get_layer(CODE_LAYER).output.shape[1],), name="code_input")
    present = {layer.name for layer in classifier.layers}
    for name in HEAD_LAYERS:
        if name in present:
            x = classifier.get_layer(name)(x)
    return keras.Model(inputs, x, name="head")


def encoder_layers(model: keras.Model) -> list[keras.layers.Layer]:
    """The layers with weights that belong to the encoder of an autoencoder or classifier."""
    return [layer for layer in model.layers if layer.name.startswith("encoder_") and layer.weights]


def copy_weights(source: keras.Model, target: keras.Model) -> None:
    """Give each layer of `target` the weights of the layer of that name in `source`, where there is one."""
    names = {layer.name for layer in source.layers}
    for layer in target.layers:
        if layer.weights and layer.name in names:
            layer.set_weights(source.get_layer(layer.name).get_weights())


def stock_copy(model: keras.Model, architecture: Architecture) -> keras.Model:
    """The same network, with the same weights, made of stock Keras layers only; opens anywhere without Digit Lab."""
    image_shape = model.input.shape[1:3]
    if model.name == "autoencoder":
        copy = build_autoencoder(architecture, image_shape, seed=0, stock=True)
    else:
        copy = build_classifier(architecture, image_shape, model.output.shape[-1], seed=0, stock=True)
    copy_weights(model, copy)
    return copy


def _code(model: keras.Model) -> Any:
    """The symbolic flattened code of an autoencoder or classifier, (n, code size)."""
    if model.name == "classifier":
        return model.get_layer(CODE_LAYER).output
    return keras.layers.Flatten(name=CODE_LAYER)(encoder_layers(model)[-1].output)


def _encoder(layers: "_Layers", inputs: Any, image_shape: tuple[int, int]) -> Any:
    require_image_shape(layers.architecture, image_shape)
    x = inputs
    for number, block in enumerate(layers.architecture.filters):
        if number:
            x = keras.layers.MaxPooling2D(name=f"encoder_pool_{number}", dtype=layers.policy)(x)
        for filters in block:
            x = layers.convolution("encoder", x, filters)
    return x


class _Layers:
    """Makes named, seeded layers: stock ones, or the faster ones with the same weights.

    policy: the types that Keras computes in and keeps weights in.
    """

    def __init__(self, architecture: Architecture, seed: int, stock: bool, precision: str) -> None:
        self.architecture = architecture
        self.seed = seed
        self.policy = _policy(precision)
        self.fast = not stock and keras.backend.backend() == "tensorflow"
        self.numbers = {"encoder": 0, "decoder": 0}

    def seed_of(self, name: str) -> int:
        """A seed that depends on the layer's name, so that a layer starts alike in whichever network it stands."""
        return int(np.random.SeedSequence([self.seed, zlib.crc32(name.encode())]).generate_state(1)[0]) >> 1

    def initializer(self, name: str) -> keras.initializers.Initializer:
        return keras.initializers.GlorotUniform(seed=self.seed_of(name))

    def convolution(self, part: str, x: Any, filters: int, *, upsample: bool = False) -> Any:
        """Doubling where asked, convolution with relu, batch normalisation."""
        self.numbers[part] += 1
        number, size = self.numbers[part], self.architecture.kernel_size
        _, height, width, channels = x.shape
        name = f"{part}_conv_{number}"
        kind: type[keras.layers.Conv2D] = keras.layers.Conv2D
        norm: type[keras.layers.BatchNormalization] = keras.layers.BatchNormalization
        if self.fast:
            from core.models import layers as fast_layers

            norm = fast_layers.FusedBatchNormalization
            if upsample:
                kind = fast_layers.UpsampledConv2D
            elif pays_off(height, width, size, channels, filters):
                kind = fast_layers.FrequencyConv2D
        elif upsample:
            x = keras.layers.UpSampling2D(name=f"{part}_upsample_{number}", dtype=self.policy)(x)
        x = kind(
            filters,
            size,
            padding="same",
            activation="relu",
            kernel_initializer=self.initializer(name),
            name=name,
            dtype=self.policy,
        )(x)
        return norm(momentum=self.architecture.norm_momentum, name=f"{part}_norm_{number}", dtype=self.policy)(x)

    def reconstruction(self, x: Any) -> Any:
        """The last convolution, to one channel, with its sigmoid in float32."""
        in_float32 = self.policy.compute_dtype == "float32"
        x = keras.layers.Conv2D(
            1,
            self.architecture.kernel_size,
            padding="same",
            activation="sigmoid" if in_float32 else None,
            kernel_initializer=self.initializer("reconstruction"),
            name="reconstruction",
            dtype=self.policy,
        )(x)
        if in_float32:
            return x
        # In bfloat16 a pixel of 0.999 would be 1, and the logarithms of a cross-entropy infinite.
        return keras.layers.Activation("sigmoid", name="reconstruction_sigmoid", dtype="float32")(x)

    def dense(self, name: str, x: Any, units: int, activation: str, precision: str | None = None) -> Any:
        return keras.layers.Dense(
            units,
            activation=activation,
            kernel_initializer=self.initializer(name),
            name=name,
            dtype=_policy(precision) if precision else self.policy,
        )(x)

    def dropout(self, name: str, x: Any, rate: float) -> Any:
        return keras.layers.Dropout(rate, seed=self.seed_of(name), name=name, dtype=self.policy)(x) if rate else x


def _policy(precision: str) -> keras.DTypePolicy:
    return keras.DTypePolicy("mixed_bfloat16" if precision == "bfloat16" else "float32")

"""The paper's networks and training as a plain Keras script has them: what Digit Lab's speed is compared with."""

import keras
from keras import layers


def encoder(inputs: keras.KerasTensor) -> keras.KerasTensor:
    """The paper's encoder of stock layers."""
    x = inputs
    for block in ((32, 32), (64,), (128, 256)):
        if x is not inputs:
            x = layers.MaxPooling2D()(x)
        for filters in block:
            x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
            x = layers.BatchNormalization()(x)
    return x


def autoencoder() -> keras.Model:
    """The paper's autoencoder, compiled."""
    inputs = keras.Input((28, 28, 1))
    x = encoder(inputs)
    for number, block in enumerate(((256, 128), (64,), (32, 32))):
        if number:
            x = layers.UpSampling2D()(x)
        for filters in block:
            x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
            x = layers.BatchNormalization()(x)
    outputs = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
    model = keras.Model(inputs, outputs)
    model.compile("adam", "mean_squared_error")
    return model


def classifier(*, frozen: bool) -> keras.Model:
    """The paper's classifier, compiled for phase 1 (encoder frozen) or phase 2."""
    inputs = keras.Input((28, 28, 1))
    coding = keras.Model(inputs, encoder(inputs))
    for layer in coding.layers:
        layer.trainable = not frozen
    x = layers.Flatten()(coding(inputs))
    x = layers.Dense(128, activation="relu")(x)
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model

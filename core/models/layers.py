"""Layers that compute what stock Keras layers compute, with the same weights, faster on a CPU with TensorFlow.

Each subclass keeps the weights of its stock parent, name by name and shape by shape, so that weights move freely
between networks built from these layers and networks built from stock ones. Results differ by rounding only. All
work in bfloat16 too, with weights and running statistics in float32, where their dtype policy says so. The layers are
never saved: a saved model is always made of stock layers (see `networks.stock_copy`).
"""

from typing import Any

import keras
import tensorflow as tf

from core.models.frequency import bilinear_convolution


class FusedBatchNormalization(keras.layers.BatchNormalization):
    """`BatchNormalization` over the last axis of (n, h, w, channels) through TensorFlow's fused kernel.

    Keras 3 composes the layer from elementary operations, each a pass over the whole activation.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Normalised inputs, of their type, (n, h, w, channels); in training running statistics move on as in Keras."""
        if not (training and self.trainable):
            return tf.compat.v1.nn.fused_batch_norm(
                inputs,
                self.gamma,
                self.beta,
                mean=self.moving_mean,
                variance=self.moving_variance,
                epsilon=self.epsilon,
                is_training=False,
            )[0]
        outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            inputs, self.gamma, self.beta, epsilon=self.epsilon, is_training=True
        )
        # The kernel returns the unbiased variance for the running statistics; Keras keeps the biased one.
        count = tf.cast(tf.size(inputs) // tf.shape(inputs)[-1], variance.dtype)
        variance = variance * ((count - 1.0) / count)
        momentum = self.momentum
        self.moving_mean.assign(self.moving_mean * momentum + mean * (1.0 - momentum))
        self.moving_variance.assign(self.moving_variance * momentum + variance * (1.0 - momentum))
        return outputs


class UpsampledConv2D(keras.layers.Conv2D):
    """`UpSampling2D(2)` followed by `Conv2D` (odd kernel, "same") as one transposed convolution of the small map.

    Doubling repeats every pixel 2x2, so several taps of the kernel meet the same pixel: their sum is one tap of a
    (k + 1) x (k + 1) kernel of stride 2. A 3x3 kernel needs 2.25 times fewer products this way.
    """

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """(n, h, w, channels) -> (n, 2h, 2w, filters)."""
        return (input_shape[0], 2 * input_shape[1], 2 * input_shape[2], self.filters)

    def compute_output_spec(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """The symbolic output."""
        return keras.KerasTensor(self.compute_output_shape(inputs.shape), self.compute_dtype)

    def call(self, inputs: Any) -> Any:
        """Convolved doubled inputs, of their type, (n, 2h, 2w, filters)."""
        flipped = tf.transpose(self.kernel[::-1, ::-1], [0, 1, 3, 2])
        kernel = tf.add_n([tf.pad(flipped, [[i, 1 - i], [j, 1 - j], [0, 0], [0, 0]]) for i in (0, 1) for j in (0, 1)])
        shape = tf.shape(inputs)
        output_shape = [shape[0], 2 * inputs.shape[1], 2 * inputs.shape[2], self.filters]
        outputs = tf.nn.conv2d_transpose(inputs, kernel, output_shape, strides=2, padding="SAME")
        return self.activation(tf.nn.bias_add(outputs, self.bias))


class FrequencyConv2D(keras.layers.Conv2D):
    """`Conv2D` ("same", stride 1, odd kernel) of small maps in the frequency domain (see `core.models.frequency`)."""

    def call(self, inputs: Any) -> Any:
        """Convolved inputs, of the inputs' type, (n, h, w, filters)."""
        _, height, width, channels = inputs.shape
        form = bilinear_convolution(height, width, self.kernel_size[0])
        of_map, of_kernel, to_map = (tf.cast(part, inputs.dtype) for part in (form.of_map, form.of_kernel, form.to_map))
        n, area, rank, filters = tf.shape(inputs)[0], height * width, form.rank, self.filters
        # With the position as the first axis each transform is one matrix product over all images and channels.
        pixels = tf.transpose(tf.reshape(inputs, [n, area, channels]), [1, 0, 2])
        maps = tf.matmul(of_map, tf.reshape(pixels, [area, n * channels]))
        kernels = tf.matmul(of_kernel, tf.reshape(self.kernel, [-1, channels * filters]))
        products = tf.matmul(tf.reshape(maps, [rank, n, channels]), tf.reshape(kernels, [rank, channels, filters]))
        outputs = tf.matmul(to_map, tf.reshape(products, [rank, n * filters]))
        outputs = tf.transpose(tf.reshape(outputs, [area, n, filters]), [1, 0, 2])
        outputs = tf.nn.bias_add(tf.reshape(outputs, [n, height, width, filters]), self.bias)
        return self.activation(outputs)

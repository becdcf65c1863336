"""The layers of a recipe's networks with their shapes, parameters and multiplications, by arithmetic alone.

Says what `core.models.networks` builds without building it, so that a page can show a network, and the price of
training it, without loading a library for networks. Refuses images that the poolings cannot halve.
"""

from dataclasses import dataclass

from core.errors import DatasetError
from core.recipe import Architecture

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Layer:
    """One layer as the network has it.

    part: "encoder", "decoder" or "head". kind: what it does, in a word or two. shape: of its output for one image,
    (h, w, channels) or (units,). parameters: trained or, in normalisations, counted too: mean and variance.
    multiplications: for one image, of a convolution or dense layer; 0 for all others.
    """

    name: str
    part: str
    kind: str
    shape: Shape
    parameters: int
    multiplications: int


@dataclass(frozen=True)
class NetworkSummary:
    """All layers of autoencoder and classifier, in order; the encoder's belong to both."""

    image_shape: tuple[int, int]
    encoder: tuple[Layer, ...]
    decoder: tuple[Layer, ...]
    head: tuple[Layer, ...]

    @property
    def code_shape(self) -> Shape:
        """Shape of the encoder's output: (h, w, channels)."""
        return self.encoder[-1].shape

    @property
    def autoencoder_parameters(self) -> int:
        """Parameters of encoder and decoder."""
        return sum(layer.parameters for layer in (*self.encoder, *self.decoder))

    @property
    def classifier_parameters(self) -> int:
        """Parameters of encoder and head."""
        return sum(layer.parameters for layer in (*self.encoder, *self.head))


def summarise(architecture: Architecture, image_shape: tuple[int, int], n_classes: int) -> NetworkSummary:
    """The layers of both networks for images of (h, w) pixels.

    Raises DatasetError if the poolings do not divide the image size.
    """
    require_image_shape(architecture, image_shape)
    encoder = _Layers("encoder", (*image_shape, 1), architecture.kernel_size)
    for number, block in enumerate(architecture.filters):
        if number:
            encoder.pool()
        for filters in block:
            encoder.convolution(filters)

    decoder = _Layers("decoder", encoder.shape, architecture.kernel_size)
    for number, block in enumerate(reversed(architecture.filters)):
        for position, filters in enumerate(reversed(block)):
            if number and position == 0:
                decoder.double()
            decoder.convolution(filters)
    decoder.output_image()

    head = _Layers("head", encoder.shape, architecture.kernel_size)
    head.flatten()
    head.dropout("code_dropout", architecture.code_dropout)
    head.dense("dense", architecture.dense_units, "Dense, relu")
    head.dropout("dense_dropout", architecture.dense_dropout)
    head.dense("predictions", n_classes, "Dense, softmax")
    return NetworkSummary(image_shape, tuple(encoder.layers), tuple(decoder.layers), tuple(head.layers))


def require_image_shape(architecture: Architecture, image_shape: tuple[int, int]) -> None:
    """Raises DatasetError unless both sides of the images can be halved at every pooling."""
    factor = 2 ** (len(architecture.filters) - 1)
    height, width = image_shape
    if height % factor or width % factor or min(height, width) < factor:
        raise DatasetError(
            f"The images are {height}x{width} pixels, but {len(architecture.filters) - 1} poolings need sides that "
            f"{factor} divides; pad or crop the images, or use fewer poolings in architecture.filters."
        )


class _Layers:
    """The layers of one part, one after the other; shape: of what comes out of them so far."""

    def __init__(self, part: str, shape: Shape, kernel_size: int) -> None:
        self.part, self.shape, self.kernel_size = part, shape, kernel_size
        self.layers: list[Layer] = []
        self.convolutions = 0

    def convolution(self, filters: int) -> None:
        self.convolutions += 1
        self._convolve(f"{self.part}_conv_{self.convolutions}", filters, "Convolution, relu")
        self._add(f"{self.part}_norm_{self.convolutions}", "Batch normalisation", self.shape, 4 * filters)

    def output_image(self) -> None:
        self._convolve("reconstruction", 1, "Convolution, sigmoid")

    def pool(self) -> None:
        height, width, channels = self.shape
        name = f"{self.part}_pool_{sum(layer.kind == 'Max-pooling' for layer in self.layers) + 1}"
        self._add(name, "Max-pooling", (height // 2, width // 2, channels))

    def double(self) -> None:
        height, width, channels = self.shape
        self._add(f"{self.part}_upsample_{self.convolutions + 1}", "Doubling", (height * 2, width * 2, channels))

    def flatten(self) -> None:
        height, width, channels = self.shape
        self._add("code", "Flatten", (height * width * channels,))

    def dropout(self, name: str, rate: float) -> None:
        if rate:
            self._add(name, f"Dropout, {rate:g}", self.shape)

    def dense(self, name: str, units: int, kind: str) -> None:
        products = self.shape[0] * units
        self._add(name, kind, (units,), products + units, products)

    def _convolve(self, name: str, filters: int, kind: str) -> None:
        height, width, channels = self.shape
        weights = self.kernel_size**2 * channels * filters
        self._add(name, kind, (height, width, filters), weights + filters, weights * height * width)

    def _add(self, name: str, kind: str, shape: Shape, parameters: int = 0, multiplications: int = 0) -> None:
        self.layers.append(Layer(name, self.part, kind, shape, parameters, multiplications))
        self.shape = shape

import pytest

from core.errors import DatasetError
from core.network_summary import NetworkSummary, require_image_shape, summarise
from core.recipe import Architecture

PAPER = Architecture()


def test_the_papers_network() -> None:
    network = summarise(PAPER, (28, 28), 10)
    assert network.code_shape == (7, 7, 256)
    assert [layer.shape for layer in network.encoder if layer.kind.startswith("Convolution")] == [
        (28, 28, 32),
        (28, 28, 32),
        (14, 14, 64),
        (7, 7, 128),
        (7, 7, 256),
    ]
    assert [(layer.name, layer.shape) for layer in network.head] == [
        ("code", (12544,)),
        ("dense", (128,)),
        ("predictions", (10,)),
    ]
    dense = network.head[1]
    assert (dense.parameters, dense.multiplications) == (12544 * 128 + 128, 12544 * 128)


def test_a_convolution_multiplies_its_kernel_at_every_pixel() -> None:
    second = summarise(PAPER, (28, 28), 10).encoder[2]
    assert second.name == "encoder_conv_2"
    assert second.multiplications == 3 * 3 * 32 * 32 * 28 * 28
    assert second.parameters == 3 * 3 * 32 * 32 + 32


@pytest.mark.parametrize(
    ("architecture", "image_shape"),
    [
        (PAPER, (28, 28)),
        (Architecture(filters=((4,), (8, 6), (5,)), kernel_size=5, dense_units=7), (12, 20)),
        (Architecture(filters=((3, 2),), kernel_size=1), (5, 3)),
        (Architecture(filters=((4,), (8,)), code_dropout=0.5, dense_dropout=0.25), (8, 8)),
    ],
)
def test_it_says_what_keras_builds(architecture: Architecture, image_shape: tuple[int, int]) -> None:
    from core.models.networks import build_autoencoder, build_classifier

    network = summarise(architecture, image_shape, 4)
    autoencoder = build_autoencoder(architecture, image_shape, 0, stock=True)
    classifier = build_classifier(architecture, image_shape, 4, 0, stock=True)
    for model, layers in (
        (autoencoder, (*network.encoder, *network.decoder)),
        (classifier, (*network.encoder, *network.head)),
    ):
        built = [(one.name, tuple(one.output.shape[1:]), one.count_params()) for one in model.layers[1:]]
        assert [(layer.name, layer.shape, layer.parameters) for layer in layers] == built
    assert network.autoencoder_parameters == autoencoder.count_params()
    assert network.classifier_parameters == classifier.count_params()


@pytest.mark.parametrize("image_shape", [(28, 30), (2, 28), (0, 0), (27, 28)])
def test_images_that_the_poolings_cannot_halve_are_refused(image_shape: tuple[int, int]) -> None:
    height, width = image_shape
    with pytest.raises(DatasetError, match=f"The images are {height}x{width} pixels, but 2 poolings need sides that 4"):
        require_image_shape(PAPER, image_shape)
    with pytest.raises(DatasetError):
        summarise(PAPER, image_shape, 10)


def test_a_summary_is_a_plain_value() -> None:
    assert summarise(PAPER, (28, 28), 10) == summarise(PAPER, (28, 28), 10)
    assert isinstance(summarise(PAPER, (28, 28), 10), NetworkSummary)

from core.network_summary import summarise
from core.recipe import Architecture
from ui.network_sketch import Block, blocks


def test_normalisations_and_poolings_stand_with_their_convolution() -> None:
    network = summarise(Architecture(filters=((4,), (8,)), dense_units=5, code_dropout=0.5), (8, 8), 3)
    assert blocks(network.encoder) == [
        Block("Convolve", "", (8, 8, 4), 40 + 16),
        Block("Convolve", "pool ↓2", (4, 4, 8), 296 + 32),
    ]
    assert [(block.before, block.shape) for block in blocks(network.decoder)] == [
        ("", (4, 4, 8)),
        ("double ↑2", (8, 8, 4)),
        ("", (8, 8, 1)),
    ]
    assert [(block.title, block.before, block.parameters) for block in blocks(network.head)] == [
        ("Flatten", "", 0),
        ("Dense", "dropout, 0.5", 128 * 5 + 5),
        ("Softmax", "", 5 * 3 + 3),
    ]


def test_no_parameter_is_lost() -> None:
    network = summarise(Architecture(), (28, 28), 10)
    shown = sum(block.parameters for part in (network.encoder, network.head) for block in blocks(part))
    assert shown == network.classifier_parameters

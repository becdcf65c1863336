"""Digit Lab's core: data, networks, training, evaluation and storage. It knows nothing of browsers or screens."""

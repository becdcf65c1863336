"""Saved networks, opened by whatever runs their file: Keras, ONNX Runtime or LiteRT.

Each library is loaded when a file asks for it, so that ONNX Runtime answers without the seconds and the memory that
TensorFlow takes. Files that their library cannot open are refused with a `ValueError` that names the file.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from core.data.scaling import to_inputs

Network: TypeAlias = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]
"""Inputs (n, h, w, 1) float32 in [0, 1] -> probabilities (n, n_classes) float32, for n >= 1."""

THREADS = 2
"""More do not make one small image faster, and several users share the machine."""

_BATCH = 250


def open_network(path: Path) -> Network:
    """The network in a `.keras`, `.onnx` or `.tflite` file. Raises ValueError if it cannot be opened."""
    openers = {".keras": _open_keras, ".onnx": _open_onnx, ".tflite": _open_litert}
    if path.suffix not in openers:
        raise ValueError(f"{path}: expected a file that ends in {', '.join(openers)}.")
    return openers[path.suffix](path)


def probabilities_of(network: Network, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """The network's probabilities (n, n_classes) float32 for images (n, h, w) uint8, n >= 1, in batches."""
    starts = range(0, len(images), _BATCH)
    return np.concatenate([network(to_inputs(images[start : start + _BATCH])) for start in starts])


def onnx_bytes(path: Path) -> bytes:
    """An `.onnx` file as bytes that need no other file: weights that lie beside it are taken in.

    Raises OSError if a file cannot be read, ValueError if it makes no sense.
    """
    import onnx

    try:
        network = onnx.load(path)
    except OSError:
        raise
    except Exception as error:  # protobuf's own, and onnx's where a file beside it is missing
        raise ValueError(f"{path}: expected an ONNX file, found another ({error})") from error
    content: bytes = network.SerializeToString()
    return content


def load_keras(path: Path) -> Any:
    """The `keras.Model` in a `.keras` file, not compiled. Raises ValueError if it cannot be opened."""
    import keras

    try:
        return keras.saving.load_model(path, compile=False)
    except Exception as error:  # of any type, as Keras meets a damaged archive in many places
        raise _cannot_open(path, "Keras", error) from error


def keras_network(model: Any) -> Network:
    """A `keras.Model` as a network."""
    import keras

    def network(inputs: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        # Called, not `predict`ed: tracing a graph for each size of batch costs more than it saves here.
        outputs: npt.NDArray[np.float32] = keras.ops.convert_to_numpy(model(inputs, training=False))
        return outputs

    return network


def _open_keras(path: Path) -> Network:
    return keras_network(load_keras(path))


def open_outputs(path: Path) -> Callable[[npt.NDArray[np.float32]], dict[str, npt.NDArray[np.float32]]]:
    """The network in an `.onnx` file, giving all its outputs by name. Raises ValueError if it cannot be opened."""
    session = _open_session(path)
    name, outputs = session.get_inputs()[0].name, [output.name for output in session.get_outputs()]

    def network(inputs: npt.NDArray[np.float32]) -> dict[str, npt.NDArray[np.float32]]:
        return dict(zip(outputs, session.run(outputs, {name: inputs}), strict=True))

    return network


def _open_onnx(path: Path) -> Network:
    session = _open_session(path)
    name = session.get_inputs()[0].name

    def network(inputs: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        outputs: npt.NDArray[np.float32] = session.run(None, {name: inputs})[0]
        return outputs

    return network


def _open_session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    # Threads that wait for each other actively gain nothing on small images, and take the time of whatever trains.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's own exceptions have no common base but this
        raise _cannot_open(path, "ONNX Runtime", error) from error


def _open_litert(path: Path) -> Network:
    import warnings

    import tensorflow as tf

    try:
        with warnings.catch_warnings():
            # TensorFlow announces that the interpreter moves to a package of its own; it is still here.
            warnings.filterwarnings("ignore", r"\s*Warning: tf.lite.Interpreter is deprecated", UserWarning)
            interpreter = tf.lite.Interpreter(
                str(path),
                num_threads=THREADS,
                # XNNPACK, the default, is no faster here, and its rounding alone makes differences of up to 1e-5.
                experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
            )
        runner = interpreter.get_signature_runner("serving_default")
        name = next(iter(runner.get_input_details()))
    except Exception as error:  # RuntimeError, ValueError, ...: whatever the first damaged byte leads to
        raise _cannot_open(path, "LiteRT", error) from error

    def network(inputs: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        outputs: npt.NDArray[np.float32] = next(iter(runner(**{name: inputs}).values()))
        return outputs

    return network


def _cannot_open(path: Path, library: str, error: Exception) -> ValueError:
    reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return ValueError(f"{path}: expected a network that {library} can open, but it answered: {reason}")

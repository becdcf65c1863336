"""A network's weights once and with half the digits: a Keras file, and an ONNX file that reads its weights from there.

The `.keras` file is a zip that holds its weights as HDF5. Both are written without compression, so that each kernel
lies in the file as it lies in memory, and the `.onnx` beside it needs to hold no kernel at all: it names the place
(ONNX's "external data"), turns the numbers into single precision and the axes into its own order. Whoever opens either
gets the same weights, and computes in single precision as before. Biases, batch statistics and kernels of a few hundred
numbers stay as they were.
Refused, with an `ExportError`: an ONNX file with kernels that are not the Keras file's.
"""

import io
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.errors import ExportError

WEIGHTS = "model.weights.h5"
"""The weights' name in a Keras file."""

_TIME = (1980, 1, 1, 0, 0, 0)
_FEW = 1000
"""Arrays with fewer numbers are left where and as they are."""

_TO_ONNX = (3, 2, 0, 1)
"""Axes of a convolution's kernel: height, width, in, out become out, in, height, width."""


@dataclass(frozen=True, eq=False)
class _Kernel:
    """A kernel in a Keras file: its numbers, and where their bytes are in the file."""

    numbers: npt.NDArray[np.floating]
    offset: int
    length: int


def write_keras(source: Path, target: Path, halved: Collection[int]) -> None:
    """Write a Keras file once more, some of its kernels in half precision. The same file gives the same bytes.

    halved: numbers of axes of those kernels: 2 for dense layers, 4 for convolutions.
    """
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == WEIGHTS:
                data = _rounded(data, halved)
            new.writestr(zipfile.ZipInfo(entry.filename, _TIME), data)


def write_onnx(source: Path, target: Path, keras: Path) -> None:
    """Write an ONNX file once more, without its kernels: they are read from a Keras file in the same folder.

    keras: written by `write_keras`. Raises ExportError if it does not hold the kernels, rounded as it holds them.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    network = onnx.load(source)
    graph, kernels = network.graph, list(_kernels(keras))
    kept: list[Any] = []
    opened: list[Any] = []
    for part in graph.initializer:
        numbers = numpy_helper.to_array(part)
        if numbers.dtype != np.float32 or not _is_large(numbers):
            kept.append(part)
            continue
        kernel, turned = _same(numbers, kernels, f"{source.name}: {part.name}")
        kind = helper.np_dtype_to_tensor_dtype(kernel.numbers.dtype)
        stored = TensorProto(
            name=f"{part.name}_stored",
            data_type=kind,
            dims=kernel.numbers.shape,
            data_location=TensorProto.EXTERNAL,
        )
        place = {"location": keras.name, "offset": str(kernel.offset), "length": str(kernel.length)}
        for key, value in place.items():
            stored.external_data.add(key=key, value=value)
        kept.append(stored)
        cast = f"{part.name}_single" if turned else part.name
        opened.append(helper.make_node("Cast", [stored.name], [cast], to=TensorProto.FLOAT))
        if turned:
            opened.append(helper.make_node("Transpose", [cast], [part.name], perm=_TO_ONNX))
    nodes = [*opened, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    target.write_bytes(network.SerializeToString())
    onnx.checker.check_model(target)


def _rounded(weights: bytes, halved: Collection[int]) -> bytes:
    """HDF5 with the same groups and attributes, and these kernels in half precision."""
    import h5py

    file = io.BytesIO()
    with h5py.File(io.BytesIO(weights)) as old, h5py.File(file, "w") as new:

        def copy(name: str, item: Any) -> None:
            if isinstance(item, h5py.Dataset):
                numbers = item[...]
                if _is_large(numbers) and numbers.ndim in halved:
                    numbers = numbers.astype(np.float16)
                made = new.create_dataset(name, data=numbers)
            else:
                made = new.require_group(name)
            for key, value in item.attrs.items():
                made.attrs[key] = value

        old.visititems(copy)
        for key, value in old.attrs.items():
            new.attrs[key] = value
    return file.getvalue()


def _is_large(numbers: Any) -> bool:
    """Whether it is a kernel that is worth the trouble, and no bias, no statistic and no handful of weights."""
    return numbers.ndim >= 2 and numbers.size >= _FEW


def _kernels(path: Path) -> Iterator[_Kernel]:
    import h5py

    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        entry = archive.getinfo(WEIGHTS)
        # The local header ends with a name and a field of their own lengths; the data follows.
        file.seek(entry.header_offset + 26)
        lengths = np.frombuffer(file.read(4), "<u2")
        start = entry.header_offset + 30 + int(lengths.sum())
        with h5py.File(io.BytesIO(archive.read(entry))) as weights:
            found: list[_Kernel] = []

            def note(_name: str, item: Any) -> None:
                if isinstance(item, h5py.Dataset) and _is_large(item):
                    place = start + item.id.get_offset()
                    found.append(_Kernel(item[...], place, item.id.get_storage_size()))

            weights.visititems(note)
    yield from found


def _same(wanted: npt.NDArray[np.float32], kernels: list[_Kernel], what: str) -> tuple[_Kernel, bool]:
    """The kernel with these numbers, and whether its axes are in Keras's order and not in ONNX's."""
    for kernel in kernels:
        rounded = wanted.astype(kernel.numbers.dtype)
        if np.array_equal(kernel.numbers, rounded):
            return kernel, False
        if kernel.numbers.ndim == len(_TO_ONNX) and np.array_equal(kernel.numbers.transpose(_TO_ONNX), rounded):
            return kernel, True
    raise ExportError(f"{what}: expected a kernel of the Keras file, found none with these numbers.")

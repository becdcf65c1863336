"""The IDX file format of MNIST and its relatives, read and written exactly.

A file is: two zero bytes, a type code, the number of dimensions, each dimension's size as four bytes, then
the elements in row-major order; every number is big-endian. A file may be gzip-compressed: its first bytes
decide, not its name.

Refused with IdxFormatError, always naming the file: a wrong magic, an unknown type code, a truncated or
over-long file, damaged gzip data, and a declared size beyond the limit, which is checked before any memory is
taken for it.
"""

import gzip
import hashlib
import io
import math
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt

from core import atomic
from core.errors import IdxFormatError

Array: TypeAlias = npt.NDArray[Any]

MAX_BYTES = 2**30
"""Largest decompressed size that is read unless the caller says otherwise: twice the largest of EMNIST."""

MAX_DIMENSIONS = 32

_TYPES: dict[int, np.dtype[Any]] = {
    0x08: np.dtype(">u1"),
    0x09: np.dtype(">i1"),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
    0x0E: np.dtype(">f8"),
}
_TYPE_NAMES = "uint8, int8, int16, int32, float32 or float64"
_GZIP_MAGIC = b"\x1f\x8b"
_BLOCK_BYTES = 2**22


@dataclass(frozen=True)
class Header:
    """The head of an IDX file: `dtype` of the elements as stored, big-endian, and `shape`."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    @property
    def data_bytes(self) -> int:
        """Size of the elements in bytes, without the header."""
        return math.prod(self.shape) * self.dtype.itemsize

    def encode(self) -> bytes:
        """The header as it stands in a file."""
        code = next(code for code, dtype in _TYPES.items() if dtype == self.dtype)
        return struct.pack(f">HBB{len(self.shape)}I", 0, code, len(self.shape), *self.shape)


def read(path: Path, *, limit: int = MAX_BYTES) -> Array:
    """The array in an IDX file, raw or gzip-compressed, in native byte order and writable.

    limit: the largest decompressed size in bytes that is accepted.
    Raises IdxFormatError for anything but one complete IDX array, and OSError if the file cannot be opened.
    """
    with path.open("rb") as file:
        return _read(file, str(path), limit)


def parse(data: bytes, name: str, *, limit: int = MAX_BYTES) -> Array:
    """The array in the bytes of an IDX file, as `read` gives it; error messages call the file `name`."""
    return _read(io.BytesIO(data), name, limit)


def read_header(path: Path, *, limit: int = MAX_BYTES) -> Header:
    """Type and shape of an IDX file's array without reading its elements, so that a truncated file may pass.

    Raises IdxFormatError if the header is not valid, and OSError if the file cannot be opened.
    """
    with path.open("rb") as file, _gzip_errors(str(path)):
        return _read_header(_decompressed(file), str(path), limit)


def write(path: Path, array: Array) -> None:
    """Write an array of one of the six IDX types as an IDX file; equal arrays give equal bytes.

    A path that ends in `.gz` is compressed. An existing file is replaced at once or not at all.
    Raises IdxFormatError if the format cannot hold the array, and OSError if the file cannot be written.
    """
    header, elements = _encode(array, str(path))
    with atomic.new_file(path) as file:
        if path.suffix == ".gz":
            # Neither a time nor a name in the gzip header: both would make equal arrays differ.
            with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as stream:
                stream.write(header)
                stream.write(elements)
        else:
            file.write(header)
            file.write(elements)


def sha256(array: Array) -> str:
    """SHA-256 digest, in hexadecimal, of the uncompressed IDX file that holds the array.

    Exactly one uncompressed file holds a given array, so this identifies a file that was read, bytes and all.
    Raises IdxFormatError if the format cannot hold the array.
    """
    header, elements = _encode(array, "the array")
    digest = hashlib.sha256(header)
    digest.update(elements)
    return digest.hexdigest()


def _read(file: BinaryIO, name: str, limit: int) -> Array:
    with _gzip_errors(name):
        stream = _decompressed(file)
        header = _read_header(stream, name, limit)
        elements = _read_up_to(stream, header.data_bytes)
        more_follows = bool(stream.read(1))
    if len(elements) < header.data_bytes or more_follows:
        found = "more than that" if more_follows else f"only {len(elements):,} bytes"
        raise IdxFormatError(
            f"{name}: expected {header.data_bytes:,} bytes after the header, for an array of the shape "
            f"{header.shape} and the type {header.dtype.name}, but found {found}; "
            "the file was cut off, damaged or joined with another"
        )
    array: Array = np.ndarray(header.shape, dtype=header.dtype, buffer=elements)
    return array.astype(header.dtype.newbyteorder("="), copy=False)


def _read_header(stream: BinaryIO, name: str, limit: int) -> Header:
    start = stream.read(4)
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in _TYPES:
        raise IdxFormatError(
            f"{name}: expected an IDX file, raw or gzip-compressed, that begins with 00 00, a type code "
            "(08, 09, 0b, 0c, 0d or 0e) and the number of dimensions, "
            f"but found {'the bytes ' + start.hex(' ') if start else 'an empty file'}"
        )
    dtype, n_dimensions = _TYPES[start[2]], start[3]
    if not 1 <= n_dimensions <= MAX_DIMENSIONS:
        raise IdxFormatError(
            f"{name}: expected 1 to {MAX_DIMENSIONS} dimensions, but the header declares {n_dimensions}"
        )
    sizes = stream.read(4 * n_dimensions)
    if len(sizes) < 4 * n_dimensions:
        raise IdxFormatError(
            f"{name}: expected {n_dimensions} dimension sizes of 4 bytes each, but the file ends after "
            f"{len(sizes)} bytes of them"
        )
    shape = struct.unpack(f">{n_dimensions}I", sizes)
    # Sizes of 0 count as 1: numpy cannot take an empty array whose other dimensions are absurd.
    if math.prod(max(size, 1) for size in shape) * dtype.itemsize > limit:
        raise IdxFormatError(
            f"{name}: expected at most {limit:,} bytes of data, but the header declares the shape {shape} "
            f"and the type {dtype.name}"
        )
    return Header(dtype, shape)


def _encode(array: Array, name: str) -> tuple[bytes, memoryview]:
    """Header and elements of an uncompressed file, as bytes."""
    dtype = array.dtype.newbyteorder(">")
    if dtype not in _TYPES.values():
        raise IdxFormatError(f"{name}: expected an array of {_TYPE_NAMES}, found {array.dtype.name}")
    if not 1 <= array.ndim <= MAX_DIMENSIONS or max(array.shape) >= 2**32:
        raise IdxFormatError(
            f"{name}: expected 1 to {MAX_DIMENSIONS} dimensions below {2**32:,}, found the shape {array.shape}"
        )
    elements = np.ascontiguousarray(array, dtype=dtype)
    return Header(dtype, array.shape).encode(), elements.reshape(-1).view(np.uint8).data


def _decompressed(file: BinaryIO) -> BinaryIO:
    start = file.read(len(_GZIP_MAGIC))
    file.seek(0)
    return gzip.GzipFile(fileobj=file) if start == _GZIP_MAGIC else file  # type: ignore[return-value]


def _read_up_to(stream: BinaryIO, n_bytes: int) -> bytearray:
    """At most `n_bytes`, block by block: memory follows what the file holds, not what its header promises."""
    data = bytearray()
    while block := stream.read(min(_BLOCK_BYTES, n_bytes - len(data))):
        data += block
    return data


@contextmanager
def _gzip_errors(name: str) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise IdxFormatError(
            f"{name}: expected a complete gzip file, but its data are cut off or damaged ({error}); fetch it again"
        ) from error

import gzip
import hashlib
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.data import idx
from core.errors import IdxFormatError

TYPES = ("u1", "i1", "i2", "i4", "f4", "f8")

# 00 00, uint8, two dimensions, 2 x 3, six elements.
SMALL = bytes.fromhex("00000802 00000002 00000003 010203040506")


def idx_arrays(*, byte_orders: str = "<>") -> st.SearchStrategy[np.ndarray]:
    dtypes = st.sampled_from([np.dtype(order + name) for order in byte_orders for name in TYPES])
    shapes = hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5)
    return hnp.arrays(dtypes, shapes)


def parsed_or_refused(data: bytes) -> np.ndarray | IdxFormatError:
    try:
        return idx.parse(data, "mutated", limit=2**20)
    except IdxFormatError as error:
        return error


@pytest.mark.parametrize(
    ("code", "name", "letter"),
    [
        (0x08, "uint8", "B"),
        (0x09, "int8", "b"),
        (0x0B, "int16", "h"),
        (0x0C, "int32", "i"),
        (0x0D, "float32", "f"),
        (0x0E, "float64", "d"),
    ],
)
def test_each_type_is_read_and_written_as_the_format_says(code: int, name: str, letter: str, tmp_path: Path) -> None:
    values = [0, 1, 100, 127] if letter == "B" else [0, 1, -100, 127]
    data = bytes([0, 0, code, 2]) + struct.pack(">2I", 2, 2) + struct.pack(f">4{letter}", *values)

    array = idx.parse(data, "made.idx")
    assert array.dtype == np.dtype(name)
    assert array.dtype.isnative
    assert array.tolist() == [values[:2], values[2:]]

    idx.write(tmp_path / "again", array)
    assert (tmp_path / "again").read_bytes() == data


@given(array=idx_arrays(), suffix=st.sampled_from(["", ".gz"]))
def test_what_is_written_is_read_again(
    array: np.ndarray, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("idx") / f"array{suffix}"
    idx.write(path, array)
    again = idx.read(path)
    assert again.dtype == array.dtype.newbyteorder("=")
    assert again.dtype.isnative
    assert again.shape == array.shape
    # Bytes, so that every NaN counts as the NaN it is.
    assert again.tobytes() == array.astype(again.dtype).tobytes()
    assert idx.read_header(path).shape == array.shape
    assert idx.read_header(path).dtype == array.dtype.newbyteorder(">")


def test_a_strided_array_is_written_in_row_major_order(tmp_path: Path) -> None:
    array = np.arange(24, dtype=np.int16).reshape(4, 6).T[::2]
    idx.write(tmp_path / "strided", array)
    assert idx.read(tmp_path / "strided").tolist() == array.tolist()


def test_the_array_read_can_be_changed() -> None:
    array = idx.parse(SMALL, "small")
    array[0, 0] = 9
    assert array.tolist() == [[9, 2, 3], [4, 5, 6]]


def test_equal_arrays_give_equal_compressed_files(tmp_path: Path) -> None:
    array = np.arange(100, dtype=np.uint8)
    idx.write(tmp_path / "one.gz", array)
    idx.write(tmp_path / "other.gz", array)
    data = (tmp_path / "one.gz").read_bytes()
    assert data == (tmp_path / "other.gz").read_bytes()
    assert data[3:8] == bytes(5), "flags and time in the gzip header: no name, no time"


def test_content_decides_about_compression_and_not_the_name(tmp_path: Path) -> None:
    (tmp_path / "compressed").write_bytes(gzip.compress(SMALL))
    (tmp_path / "raw.gz").write_bytes(SMALL)
    assert idx.read(tmp_path / "compressed").tolist() == [[1, 2, 3], [4, 5, 6]]
    assert idx.read(tmp_path / "raw.gz").tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "an empty file"),
        (b"\0\0", "the bytes 00 00"),
        (b"<html>not found</html>", "the bytes 3c 68 74 6d"),
        (b"\0\1" + SMALL[2:], "the bytes 00 01 08 02"),
        (b"\1\0" + SMALL[2:], "the bytes 01 00 08 02"),
        (b"\0\0\x0a" + SMALL[3:], "the bytes 00 00 0a 02"),
        (b"\0\0\x08\0", "declares 0"),
        (b"\0\0\x08\x21" + bytes(4 * 33), "declares 33"),
        (SMALL[:11], "ends after 7 bytes"),
        (SMALL[:-1], "expected 6 bytes after the header.* but found only 5 bytes"),
        (SMALL + b"\0", "expected 6 bytes after the header.* but found more"),
        # The time is in a gzip header, and so in the names of these tests, which have to be the same in every process.
        (gzip.compress(SMALL[:-1], mtime=0), "only 5 bytes"),
        (gzip.compress(SMALL, mtime=0) + gzip.compress(SMALL, mtime=0), "more than that"),
        (gzip.compress(SMALL, mtime=0)[:-1], "gzip.*cut off or damaged"),
        (gzip.compress(SMALL, mtime=0)[:15], "gzip.*cut off or damaged"),
        (gzip.compress(SMALL, mtime=0) + b"surplus", "gzip.*cut off or damaged"),
        (b"\x1f\x8bnot gzip at all", "gzip.*cut off or damaged"),
        (gzip.compress(b"<html>", mtime=0), "the bytes 3c 68 74 6d"),
    ],
)
def test_damaged_files_are_refused_with_their_name_and_what_was_found(
    data: bytes, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / "digits.gz"
    path.write_bytes(data)
    with pytest.raises(IdxFormatError, match=expected) as from_file:
        idx.read(path)
    with pytest.raises(IdxFormatError, match=expected) as from_bytes:
        idx.parse(data, "upload.gz")
    assert str(from_file.value).startswith(f"{path}: expected")
    assert str(from_bytes.value).startswith("upload.gz: expected")


def test_a_wrong_gzip_checksum_is_found() -> None:
    data = bytearray(gzip.compress(SMALL))
    data[-8] ^= 1
    with pytest.raises(IdxFormatError, match="CRC"):
        idx.parse(bytes(data), "upload")


@pytest.mark.parametrize("end", range(len(SMALL)))
def test_every_truncation_is_refused(end: int) -> None:
    with pytest.raises(IdxFormatError):
        idx.parse(SMALL[:end], "cut off")


@pytest.mark.parametrize("end", range(len(gzip.compress(SMALL))))
def test_every_truncation_of_a_compressed_file_is_refused(end: int) -> None:
    with pytest.raises(IdxFormatError):
        idx.parse(gzip.compress(SMALL)[:end], "cut off")


@given(
    array=idx_arrays(byte_orders=">"),
    compressed=st.booleans(),
    start=st.integers(0, 200),
    length=st.integers(0, 8),
    replacement=st.binary(max_size=8),
)
def test_mutated_files_are_read_or_refused_and_nothing_else(
    array: np.ndarray, compressed: bool, start: int, length: int, replacement: bytes
) -> None:
    data = idx.Header(array.dtype, array.shape).encode() + array.tobytes()
    if compressed:
        data = gzip.compress(data)
    start %= len(data) + 1
    mutated = data[:start] + replacement + data[start + length :]
    result = parsed_or_refused(mutated)
    if isinstance(result, IdxFormatError):
        assert str(result).startswith("mutated: expected")
    else:
        plain = gzip.decompress(mutated) if mutated.startswith(b"\x1f\x8b") else mutated
        assert plain.endswith(result.astype(result.dtype.newbyteorder(">")).tobytes())
        assert idx.sha256(result) == hashlib.sha256(plain).hexdigest()


@given(start=st.sampled_from([b"", b"\0\0\x08", b"\0\0\x0d\x02", b"\x1f\x8b", b"\x1f\x8b\x08"]), rest=st.binary())
def test_arbitrary_bytes_raise_no_other_error(start: bytes, rest: bytes) -> None:
    result = parsed_or_refused(start + rest)
    assert isinstance(result, np.ndarray) or str(result).startswith("mutated: expected")


@pytest.mark.parametrize(
    "sizes",
    [
        (2**30 + 1,),
        (2**32 - 1,) * 3,
        (0, 2**32 - 1, 2**32 - 1, 2**32 - 1),
        (2**16, 2**15),
    ],
)
def test_absurd_sizes_are_refused_before_memory_is_taken(sizes: tuple[int, ...]) -> None:
    data = bytes([0, 0, 8, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes)
    tracemalloc.start()
    try:
        with pytest.raises(IdxFormatError, match="at most 1,073,741,824 bytes"):
            idx.parse(data, "absurd")
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_the_limit_counts_bytes_and_not_elements() -> None:
    data = bytes([0, 0, 0x0E, 1]) + struct.pack(">I", 4) + bytes(32)
    assert idx.parse(data, "doubles", limit=32).shape == (4,)
    with pytest.raises(IdxFormatError, match="at most 31 bytes"):
        idx.parse(data, "doubles", limit=31)


@pytest.mark.parametrize(("declared", "expected"), [(10, "more than that"), (2**30, "only 67,108,864 bytes")])
def test_a_small_file_cannot_take_much_memory(declared: int, expected: str) -> None:
    held = 2**26
    compressor = zlib.compressobj(wbits=31)
    bomb = compressor.compress(bytes([0, 0, 8, 1]) + struct.pack(">I", declared))
    for _ in range(held // 2**22):
        bomb += compressor.compress(bytes(2**22))
    bomb += compressor.flush()
    tracemalloc.start()
    try:
        with pytest.raises(IdxFormatError, match=expected):
            idx.parse(bomb, "bomb")
        # Memory follows what the file declares and really holds, whichever is less.
        assert tracemalloc.get_traced_memory()[1] < 3 * min(declared, held) + 2**22
    finally:
        tracemalloc.stop()


def test_a_header_is_checked_without_its_elements(tmp_path: Path) -> None:
    (tmp_path / "headless").write_bytes(SMALL[:12])
    assert idx.read_header(tmp_path / "headless") == idx.Header(np.dtype(np.uint8), (2, 3))
    (tmp_path / "bad").write_bytes(b"\0\1\2\3")
    with pytest.raises(IdxFormatError, match="bad: expected an IDX file"):
        idx.read_header(tmp_path / "bad")
    (tmp_path / "bad.gz").write_bytes(gzip.compress(SMALL)[:12])
    with pytest.raises(IdxFormatError, match="gzip"):
        idx.read_header(tmp_path / "bad.gz")


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.zeros(3, dtype=np.int64), "found int64"),
        (np.zeros(3, dtype=bool), "found bool"),
        (np.array(["a"]), "found str"),
        (np.uint8(3), r"found the shape \(\)"),
        (np.zeros((1,) * 33, dtype=np.uint8), "1 to 32 dimensions"),
        (np.broadcast_to(np.uint8(0), 2**32), "4294967296"),
    ],
)
def test_arrays_that_the_format_cannot_hold_are_refused(array: np.ndarray, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(SMALL)
    with pytest.raises(IdxFormatError, match=expected) as error:
        idx.write(path, np.asanyarray(array))
    assert str(error.value).startswith(f"{path}: expected")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == SMALL


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(SMALL)

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        idx.write(path, np.zeros(3, dtype=np.uint8))
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == SMALL


def test_the_digest_is_that_of_the_uncompressed_file(tmp_path: Path) -> None:
    array = np.arange(12, dtype=np.int32).reshape(3, 4)
    idx.write(tmp_path / "raw", array)
    expected = hashlib.sha256((tmp_path / "raw").read_bytes()).hexdigest()
    assert idx.sha256(array) == expected
    assert idx.sha256(array.astype(">i4")) == expected
    assert idx.sha256(array.reshape(4, 3)) != expected
    assert idx.sha256(array.astype(np.float32)) != expected

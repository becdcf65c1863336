from pathlib import Path

import pytest

from core.data import class_names
from core.data.dataset import MAX_CLASSES, MAX_NAME_LENGTH
from core.errors import DatasetError


def test_names_are_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "class_names.txt"
    path.write_bytes("\ufeffT-shirt/top\r\n  Πουλόβερ \r\n\r\nBag\n\n \n".encode())
    assert class_names.read(path) == ("T-shirt/top", "Πουλόβερ", "", "Bag")


def test_names_written_are_read_again(tmp_path: Path) -> None:
    path = tmp_path / "class_names.txt"
    class_names.write(path, ["zero", "ένα"])
    assert path.read_text(encoding="utf-8") == "zero\nένα\n"
    assert class_names.read(path) == ("zero", "ένα")


def test_the_longest_names_that_a_dataset_can_have_are_read_again(tmp_path: Path) -> None:
    path = tmp_path / "class_names.txt"
    names = tuple(chr(0x1F600 + position % 64) * MAX_NAME_LENGTH for position in range(MAX_CLASSES))
    class_names.write(path, names)
    assert class_names.read(path) == names


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "class_names.txt"
    path.write_bytes(b"zero\n\xff\xfe")
    with pytest.raises(DatasetError, match=r"class_names\.txt: expected UTF-8 .* the byte ff at position 5"):
        class_names.read(path)


def test_a_file_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "class_names.txt"
    path.write_bytes(b"a\n" * 2**16)
    assert len(class_names.read(path)) == 2**16
    path.write_bytes(b"a\n" * 2**16 + b"b")
    with pytest.raises(DatasetError, match=r"class_names\.txt: expected at most 131,072 bytes"):
        class_names.read(path)

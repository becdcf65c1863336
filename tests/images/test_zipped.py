"""Pictures in a zip: one by one, within limits, and never more of a file than a picture may have."""

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ImageError
from core.images import zipped
from core.images.zipped import Zipped, is_zip


def packed(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_files_come_in_order_without_what_systems_add(tmp_path: Path) -> None:
    files = {"b/2.png": b"two", "a/1.png": b"one", "a/.DS_Store": b"", "__MACOSX/a/._1.png": b"", "folder/": b""}
    opened = Zipped(packed(files), "notes.zip")
    assert opened.names == ("a/1.png", "b/2.png")
    assert list(opened) == [("a/1.png", b"one"), ("b/2.png", b"two")]
    path = tmp_path / "notes.zip"
    path.write_bytes(packed(files))
    with Zipped(path, "notes.zip") as from_disk:
        assert list(from_disk) == list(opened)


def test_a_zip_is_known_by_its_first_bytes() -> None:
    assert is_zip(packed({"a": b""}))
    assert is_zip(packed({}))
    assert not is_zip(b"\x89PNG")


def test_limits_are_checked_before_anything_is_unpacked() -> None:
    data = packed({f"{number}.png": bytes(1000) for number in range(5)})
    with pytest.raises(ImageError, match=r"notes\.zip: expected at most 4 files, found 5"):
        Zipped(data, "notes.zip", max_files=4)
    with pytest.raises(ImageError, match="expected at most 4,999 bytes in all files"):
        Zipped(data, "notes.zip", max_unpacked=4999)


def test_no_more_of_a_file_is_unpacked_than_a_picture_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MAX_BYTES", 1000)
    assert len(Zipped(packed({"bomb.png": bytes(10**6)}), "notes.zip").read("bomb.png")) == 1001


def test_an_entry_that_lost_its_name_is_passed_over() -> None:
    data = packed({"a.png": b"one", "b.png": b"two"}).replace(b"b.png", b"\0.png")
    assert list(Zipped(data, "notes.zip")) == [("a.png", b"one")]


@given(st.binary(max_size=300), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_damage_raises_nothing_else_than_a_sentence(content: bytes, place: int, damage: bytes) -> None:
    data = packed({"a.png": content, "b.png": content[::-1]})
    broken = data[:place] + damage + data[place + len(damage) :]
    with contextlib.suppress(ImageError):
        assert len(list(Zipped(broken, "notes.zip"))) <= 2

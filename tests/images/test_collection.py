import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import ImageError
from core.images import zipped
from core.images.collection import SUFFIXES, names_in, natural, pictures
from core.images.decode import FORMATS


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a picture of some ink at a path below the test's folder."""

    def write(name: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.pad(np.zeros((6, 4), np.uint8), 5, constant_values=255)).save(path, "PNG")
        return path

    return write


def test_files_come_as_they_were_given_whatever_they_are_called(picture: Callable[[str], Path]) -> None:
    paths = [picture("b.txt"), picture("a.png")]
    found = list(pictures(paths))
    assert [source.name for source in found] == [str(path) for path in paths]
    assert all(source.load().shape == (16, 14, 3) for source in found)


def test_a_folder_gives_its_visible_pictures_in_natural_order(picture: Callable[[str], Path], tmp_path: Path) -> None:
    for name in ("in/10.png", "in/2.JPG", "in/deep/er/1.png", "in/.hidden/1.png", "in/.x.png", "in/n.txt"):
        picture(name)
    (tmp_path / "in" / "folder.png").mkdir()
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in", target_is_directory=True)
    names = [source.name.removeprefix(f"{tmp_path}/in/") for source in pictures([tmp_path / "in"])]
    assert names == ["2.JPG", "10.png", "deep/er/1.png"]


def test_a_zip_is_read_in_memory(picture: Callable[[str], Path], tmp_path: Path) -> None:
    data = picture("one.png").read_bytes()
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as file:
        for name in ("x10.png", "x9.png", "../out.png", "__MACOSX/x9.png", "x.txt", "f/x1.png"):
            file.writestr(name, data)
    before = sorted(tmp_path.rglob("*"))
    found = {
        source.name.removeprefix(f"{tmp_path}/all.zip/"): source.load() for source in pictures([tmp_path / "all.zip"])
    }
    assert {"x9.png", "x10.png", "f/x1.png"} <= found.keys()
    assert not any("MACOSX" in name or name.endswith("txt") for name in found)
    assert sorted(tmp_path.rglob("*")) == before


def test_how_many_files_were_skipped_is_said(picture: Callable[[str], Path], tmp_path: Path) -> None:
    for name in ("in/1.png", "in/notes.txt", "in/more.csv", "in/.DS_Store"):
        picture(name)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as file:
        for name in ("1.png", "notes.txt", ".DS_Store"):
            file.writestr(name, b"")
    said: list[str] = []
    assert len(list(pictures([tmp_path / "in", tmp_path / "all.zip"], said.append))) == 2
    assert said == [
        f"{tmp_path}/in: 2 files in it are no pictures; skipped.",
        f"{tmp_path}/all.zip: 1 file in it is no picture; skipped.",
    ]


def test_a_zip_without_a_picture_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "text.zip", "w") as file:
        file.writestr("notes.txt", b"three")
    sentence = r"text\.zip: expected a zip file with pictures, found none in it\.$"
    with zipped.Zipped(tmp_path / "text.zip", "text.zip") as opened, pytest.raises(ImageError, match=f"^{sentence}"):
        names_in(opened, "text.zip", print)
    [found] = pictures([tmp_path / "text.zip"])
    with pytest.raises(ImageError, match=sentence):
        found.load()


def test_what_cannot_be_opened_takes_its_place_and_says_why(picture: Callable[[str], Path], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04")
    (tmp_path / "damaged.png").write_bytes(b"\x89PNG\r\n")
    names = ["empty", "broken.zip", "damaged.png", "gone.png"]
    found = list(pictures([*(tmp_path / name for name in names), picture("good.png")]))
    for source, name in zip(found[:-1], names, strict=True):
        with pytest.raises(ImageError, match=name):
            source.load()
    assert found[-1].load().any()


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(4):
            file.writestr(f"{number}.png", bytes(2**20))
    with pytest.raises(ImageError, match="expected at most 1,000,000 bytes in all files together"):
        zipped.Zipped(bomb, "bomb.zip", max_unpacked=1_000_000)
    with pytest.raises(ImageError, match="expected at most 3 files, found 4"):
        zipped.Zipped(bomb, "bomb.zip", max_files=3)
    monkeypatch.setattr(zipped, "MAX_BYTES", 1000)
    with zipped.Zipped(bomb, "bomb.zip") as opened:
        assert len(opened.read("0.png")) == 1001


def test_each_format_has_a_suffix() -> None:
    registered = Image.registered_extensions()
    for name in set(FORMATS) & set(registered.values()):
        assert SUFFIXES & {suffix for suffix, kind in registered.items() if kind == name}


@given(st.permutations(["2", "10", "a1", "a02", "a10", "B", "b", "\u0661", "\u00b2"]))
def test_the_order_does_not_depend_on_the_names_places(names: list[str]) -> None:
    assert sorted(names, key=natural)[:2] == ["\u0661", "2"]
    assert sorted(names, key=natural) == sorted(sorted(names), key=natural)


def test_numbers_sort_by_value() -> None:
    assert sorted(["b1", "a10", "a9", "A2", "a02"], key=natural) == ["A2", "a02", "a9", "a10", "b1"]

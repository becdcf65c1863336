from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.reading import sets, shapes
from benchmarks.reading.fonts import font_files, printed_fonts
from benchmarks.reading.sets import FONTS_VARIABLE, HANDWRITING_VARIABLE, MNIST_VARIABLE, development_sets, ink_box
from core.data import idx
from core.training.lettering import font_names


@pytest.fixture
def mnist(tmp_path: Path) -> Path:
    """Twenty images of bars under MNIST's names."""
    images = np.zeros((20, 28, 28), np.uint8)
    images[:, 4:24, 12:16] = 255
    folder = tmp_path / "mnist"
    folder.mkdir()
    idx.write(folder / "t10k-images-idx3-ubyte", images)
    idx.write(folder / "t10k-labels-idx1-ubyte", np.arange(20, dtype=np.uint8) % 10)
    return folder


@pytest.fixture
def handwriting(tmp_path: Path) -> Path:
    """Ten photographed digits and two symbols, dark on white."""
    images = np.full((10, 28, 28), 255, np.uint8)
    images[:, :, 10:18] = 0
    folder = tmp_path / "handwriting"
    folder.mkdir()
    np.savez(folder / "digits.npz", images=images, labels=np.arange(10, dtype=np.uint8))
    np.savez(folder / "symbols.npz", images=images[:2], labels=np.array(["dot", "plus"]))
    return folder


def test_every_set_gives_pictures_and_truths(mnist: Path, handwriting: Path) -> None:
    found = development_sets(mnist, handwriting)
    assert len({one.name for one in found}) == len(found)
    assert {"photographed", "scikit-learn", "7 barred", "fonts", "ruled", "symbol dot", "blanks"} <= {
        o.name for o in found
    }
    for one in found:
        if one.group in ("sheets", "the same digits", "styles"):
            continue  # Their pictures have tests of their own, and take longer.
        picture, truth = next(one.examples(1, seed=2))
        assert picture.dtype == np.uint8, one.name
        assert picture.ndim == 3, one.name
        assert (truth is not None) == one.digits, one.name
        again, same = next(one.examples(1, seed=2))
        np.testing.assert_array_equal(picture, again, one.name)
        assert truth == same, one.name


@pytest.fixture
def fonts(tmp_path: Path) -> Path:
    """Three font files, two of them in a folder of their own, and a file that is none."""
    one, *others = printed_fonts()[:3]
    (tmp_path / "fonts" / "two").mkdir(parents=True)
    (tmp_path / "fonts" / one.name).symlink_to(one)
    for other in others:
        (tmp_path / "fonts" / "two" / other.name).symlink_to(other)
    (tmp_path / "fonts" / "LICENSE").write_text("free")
    return tmp_path / "fonts"


def test_fonts_whose_hands_networks_are_trained_on_are_no_test(fonts: Path) -> None:
    before = font_files(fonts)
    known = sorted(font_names())[0]
    (fonts / f"{known}-latin-400-normal.woff").write_bytes(before[0].read_bytes())
    (fonts / f"un{known}-latin-400-normal.woff").write_bytes(before[0].read_bytes())
    assert {path.stem for path in font_files(fonts)} == {path.stem for path in before} | {f"un{known}-latin-400-normal"}


def test_fonts_of_ones_own_are_sets_of_digits_and_of_letters(fonts: Path) -> None:
    found = {one.name: one for one in development_sets(fonts=fonts)}
    examples = list(found["handwriting fonts"].examples(seed=3))
    assert sorted(truth.labels[0] for _, truth in examples if truth) == sorted(3 * list(range(10)))
    assert len(list(found["letters by hand"].examples(4))) == 4


def test_a_set_gives_no_more_than_it_has(mnist: Path, handwriting: Path) -> None:
    photographed = {one.name: one for one in development_sets(mnist, handwriting)}["photographed"]
    assert len(list(photographed.examples())) == 10
    assert len(list(photographed.examples(4))) == 4


def test_without_folders_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(HANDWRITING_VARIABLE, raising=False)
    monkeypatch.delenv(MNIST_VARIABLE, raising=False)
    monkeypatch.delenv(FONTS_VARIABLE, raising=False)
    names = {one.name for one in development_sets()}
    assert not {"photographed", "handwriting fonts", "letters by hand"} & names
    assert not any(name.startswith("symbol") for name in names)
    said = capsys.readouterr().out
    assert HANDWRITING_VARIABLE in said
    assert FONTS_VARIABLE in said
    assert "embedded" in said


@pytest.mark.parametrize("name", [name for name in sets.VARIATIONS if name != "1400x1400"])
def test_the_box_of_a_variation_holds_its_ink(name: str) -> None:
    picture = np.full((140, 140, 3), 255, np.uint8)
    cv2.rectangle(picture, (60, 30), (79, 109), (0, 0, 0), -1)
    changed, ink = sets.VARIATIONS[name].change(picture, np.random.default_rng(1))
    assert changed.shape[:2] == ink.shape
    x, y, width, height = ink_box(ink)
    inside = changed[y : y + height, x : x + width].mean(axis=(0, 1))
    assert np.abs(inside - changed[0, 0]).max() > 30


def test_the_box_of_nothing_is_everything() -> None:
    assert ink_box(np.full((4, 6), 255, np.uint8)) == (0, 0, 6, 4)


def test_letters_that_look_like_digits_are_left_out() -> None:
    assert not set(shapes.LETTERS) & set(shapes.LEFT_OUT)
    assert set("OolISZBgq") <= set(shapes.LEFT_OUT)


@pytest.mark.parametrize(
    "source",
    [partial(shapes.letters, printed_fonts()), shapes.doodles, shapes.things, shapes.scribbles, shapes.noise],
)
def test_pictures_of_other_things_show_something(source) -> None:
    for picture in source(6, 1):
        assert picture.dtype == np.uint8
        assert picture.std() > 3


def test_the_given_mnist_is_mnist(mnist_folder: Path) -> None:
    images, labels = sets.mnist_test(mnist_folder)
    assert images.shape == (10_000, 28, 28)
    assert np.bincount(labels).min() > 800

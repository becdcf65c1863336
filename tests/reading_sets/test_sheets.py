from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.reading.camera import SCREEN
from benchmarks.reading.kinds import KINDS, kind_named, kind_names
from benchmarks.reading.sheets import Truth, make, pictures
from benchmarks.reading.strokes import STYLES, glyph

IMAGES = np.zeros((20, 28, 28), np.uint8)
IMAGES[:, 4:24, 12:16] = 255
IMAGES[10:, 4:8, 12:22] = 200
LABELS = np.arange(20, dtype=np.uint8) % 10

QUICK = [kind for kind in KINDS if kind.name != "phone"]
SEVERAL = [kind.name for kind in KINDS if kind.layout.digits[1] > 1 or kind.layout.lines[1] > 1]


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("kind", QUICK, ids=lambda kind: kind.name)
def test_the_same_seed_gives_the_same_picture_and_truth(kind) -> None:
    (one, truth), (other, same) = (next(pictures(kind, IMAGES, LABELS, 3, 1)) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert truth == same
    assert one.dtype == np.uint8
    assert one.ndim == 3
    assert one.shape[2] == 3
    assert kind.camera.size[0] <= max(one.shape) <= kind.camera.size[1]


@pytest.mark.parametrize("kind", QUICK, ids=lambda kind: kind.name)
def test_boxes_lie_inside_and_texts_match(kind) -> None:
    picture, truth = next(pictures(kind, IMAGES, LABELS, 4, 1))
    assert len(truth.labels) == len(truth.boxes) == len(truth.lines)
    assert truth.text.replace("\n", "") == "".join(map(str, truth.labels))
    assert truth.text.count("\n") == len(set(truth.lines)) - 1
    for x, y, width, height in truth.boxes:
        assert x >= 0
        assert y >= 0
        assert 0 < width <= picture.shape[1] - x
        assert 0 < height <= picture.shape[0] - y


def test_another_seed_gives_another_picture() -> None:
    one, other = (next(pictures(kind_named("paper"), IMAGES, LABELS, seed, 1))[0] for seed in (1, 2))
    assert one.shape != other.shape or (one != other).any()


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("style", STYLES[::5], ids=lambda style: style.name)
def test_the_box_surrounds_the_ink_and_no_more(style, turned: bool) -> None:
    # Without light, blur and noise the ink can be seen exactly, also after a turn and a tilt.
    clean = replace(kind_named("app light"), camera=replace(SCREEN, turn=15, tilt=0.05) if turned else SCREEN)
    picture, truth = make(clean, [glyph(style, random())], [style.label], [1], random(1))
    rows, columns = (np.flatnonzero((picture.min(axis=2) < 128).any(axis=axis)) for axis in (1, 0))
    x, y, width, height = truth.boxes[0]
    seen = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    np.testing.assert_allclose((x, y, x + width, y + height), seen, atol=3)


@pytest.mark.parametrize("name", SEVERAL)
def test_digits_stand_in_reading_order(name: str) -> None:
    _, truth = next(pictures(kind_named(name), IMAGES, LABELS, 6, 1))
    assert list(truth.lines) == sorted(truth.lines)
    for line in set(truth.lines):
        middles = [box[0] + box[2] / 2 for box, own in zip(truth.boxes, truth.lines, strict=True) if own == line]
        assert middles == sorted(middles)


def test_touching_digits_touch_and_spaced_ones_do_not() -> None:
    gaps = {}
    for name in ("row", "row touching"):
        found = []
        for _, truth in pictures(kind_named(name), IMAGES[:10], LABELS[:10], 1, 12):
            found += [two[0] - one[0] - one[2] for one, two in zip(truth.boxes, truth.boxes[1:], strict=False)]
        gaps[name] = found
    assert np.mean(np.array(gaps["row"]) > 0) > 0.8
    assert np.mean(np.array(gaps["row touching"]) <= 1) > 0.8


def test_a_sheet_without_digits_is_empty() -> None:
    picture, truth = make(kind_named("app light"), [], [], [], random())
    assert (picture == 255).all()
    assert truth.text == ""


def test_labels_come_evenly() -> None:
    shown = [truth.labels[0] for _, truth in pictures(kind_named("small"), IMAGES, LABELS, 1, 20)]
    assert sorted(shown) == sorted(LABELS.tolist())


def test_the_text_of_several_lines() -> None:
    truth = Truth((4, 0, 7), ((0, 0, 1, 1),) * 3, (0, 0, 1))
    assert truth.text == "40\n7"


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match=r"expected one of paper, .* found 'papyrus'"):
        kind_named("papyrus")


def test_kinds_have_names_of_their_own() -> None:
    assert len(set(kind_names())) == len(KINDS)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), name=st.sampled_from(["small", "small dark", "scan", "app dark"]))
def test_any_noise_can_be_drawn_on_small_sheets(seed: int, name: str) -> None:
    images = random(seed).integers(0, 256, (3, 28, 28), dtype=np.uint8)
    for picture, truth in pictures(kind_named(name), images, np.arange(3), seed, 3):
        assert picture.shape[2] == 3
        assert truth.boxes

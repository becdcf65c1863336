from itertools import pairwise

import cv2
import numpy as np
import pytest

from core.data import embedded
from core.images.judge import Judge, Judged
from core.images.outlines import LOW
from core.images.preparation import WHOLE
from core.images.touching import parts
from core.prediction import Predictor

RING = (52, 70)
"""Half the width and half the height of the digits that are drawn here."""


def rings(*centres: int, height: int = 200) -> np.ndarray:
    """Ink (height, 520) in [0, 1] of 0s that a short stroke joins."""
    ink = np.zeros((height, 520), np.uint8)
    for centre in centres:
        cv2.ellipse(ink, (centre, height // 2), RING, 0, 0, 360, 255, 12)
    for left, right in pairwise(centres):
        cv2.line(ink, (left + RING[0], height // 2), (right - RING[0], height // 2), 255, 8)
    return ink.astype(np.float32) / 255


def judged(judge: Judge) -> Judged:
    return Judged(judge, (28, 28), WHOLE)


def sure_of_rings(images: np.ndarray) -> np.ndarray:
    """Sure of what is as wide as one ring and has one hole."""
    sure = []
    for image in images:
        columns = np.flatnonzero(image.max(axis=0) > 60)
        holes = cv2.connectedComponents((np.pad(image, 1) < 60).astype(np.uint8), connectivity=4)[0] - 2
        sure.append(0.95 if 12 < np.ptp(columns) < 18 and holes == 1 else 0.01)
    return np.array(sure, np.float32)


def sure_of_bars(images: np.ndarray) -> np.ndarray:
    """Sure of straight bars, with little beside them."""
    sure = []
    for image in images:
        points = np.argwhere(image > 60).astype(np.float32)
        line = cv2.fitLine(points, cv2.DIST_L2, 0, 0.01, 0.01).ravel()
        aside = np.abs((points - line[2:]) @ np.array([-line[1], line[0]]))
        sure.append(0.97 if np.quantile(aside, 0.8) < 2 else 0.01)
    return np.array(sure, np.float32)


def strokes(*corners: tuple[int, int]) -> np.ndarray:
    """Ink (200, 300) in [0, 1] of one line from corner to corner."""
    ink = np.zeros((200, 300), np.uint8)
    cv2.polylines(ink, [np.array(corners, np.int32)], False, 255, 12)
    return ink.astype(np.float32) / 255


def test_two_to_four_digits_are_told_apart_each_with_its_own_ink() -> None:
    centres = [70, 194, 318, 442]
    for n in (2, 3, 4):
        ink = rings(*centres[:n])
        found = parts(ink, None, judged(sure_of_rings))
        assert len(found) == n
        for part, centre in zip(found, centres[:n], strict=True):
            columns = np.flatnonzero((part > LOW).any(axis=0))
            assert abs(columns[0] - (centre - 58)) < 16
            assert abs(columns[-1] - (centre + 58)) < 16
        assert np.sum(found) <= ink.sum() + 1e-3
        assert np.sum(found) > 0.97 * ink.sum()


@pytest.mark.parametrize("pair", ["16", "26", "94", "96"])
def test_strokes_that_two_digits_have_in_common_belong_to_both(reader: Predictor, pair: str) -> None:
    dataset = embedded.load()
    digits = [dataset.test_images[np.flatnonzero(dataset.test_labels == int(name))[0]] for name in pair]
    left, right = (digit[:, (digit > 60).any(axis=0)] for digit in digits)
    common = 4
    both = np.pad(left, ((0, 0), (0, right.shape[1] - common)))
    both[:, left.shape[1] - common :] = np.maximum(both[:, left.shape[1] - common :], right)
    large = cv2.resize(both, None, fx=5, fy=5, interpolation=cv2.INTER_CUBIC)
    found = reader.read(np.pad(255 - large, 80, constant_values=255))
    assert found.text == pair
    first, second = (digit.box for digit in found.digits)
    assert first.x + first.width > second.x


def test_a_cut_follows_slanting_strokes() -> None:
    ink = np.zeros((200, 300), np.uint8)
    for x in (40, 105):
        cv2.line(ink, (x + 70, 30), (x, 170), 255, 12)
    cv2.line(ink, (75, 100), (140, 100), 255, 6)

    found = parts(ink.astype(np.float32) / 255, None, judged(sure_of_bars))
    assert len(found) == 2
    for part, x in zip(found, (40, 105), strict=True):
        assert part[35:165].any(axis=1).all()
        assert part[40, x + 65] > 0.9
        assert part[160, x + 5] > 0.9


def test_what_the_judge_takes_for_one_digit_stays_whole() -> None:
    for ink in (rings(200), rings(150, 240)):
        assert len(parts(ink, None, judged(lambda images: np.full(len(images), 0.9, np.float32)))) == 1


def bars(width: int, joints: tuple[int, ...], thickness: int = 12, joint: int = 12) -> np.ndarray:
    """Ink (200, 340) in [0, 1] of two upright bars, `width` pixels apart, joined by level strokes at these rows."""
    ink = np.zeros((200, 340), np.uint8)
    for x in (70, 70 + width):
        cv2.line(ink, (x, 30), (x, 170), 255, thickness)
    for y in joints:
        cv2.line(ink, (70, y), (70 + width, y), 255, joint)
    return ink.astype(np.float32) / 255


def sure_of_narrow(sure: float) -> Judge:
    """As sure as this of what is at most 14 of the image's 28 columns wide, and of nothing else."""

    def judge(images: np.ndarray) -> np.ndarray:
        wide = np.array([np.ptp(np.flatnonzero(image.max(axis=0) > 60)) > 13 for image in images])
        return np.where(wide, 0.02, sure).astype(np.float32)

    return judge


def test_a_glyph_of_one_digits_width_is_divided_only_into_what_is_surely_digits() -> None:
    assert len(parts(bars(100, (100,)), None, judged(sure_of_narrow(0.85)))) == 1
    assert len(parts(bars(100, (100,)), None, judged(sure_of_narrow(0.97)))) == 2


def test_the_more_ink_joins_the_parts_of_a_wide_glyph_the_surer_they_must_be() -> None:
    loosely, tightly = (bars(150, rows) for rows in ((100,), (60, 100, 140)))
    assert [len(parts(ink, 100, judged(sure_of_narrow(0.5)))) for ink in (loosely, tightly)] == [2, 1]
    assert len(parts(tightly, 100, judged(sure_of_narrow(0.8)))) == 2


def test_the_joints_of_a_pale_part_count_too() -> None:
    ink = bars(150, (60, 100, 140))
    ink[:, 90:] *= 0.45
    assert len(parts(ink, 100, judged(sure_of_narrow(0.5)))) == 1


def test_in_few_pixels_the_parts_must_be_surer() -> None:
    large = bars(150, (60, 140), joint=8)
    small = cv2.resize(large, None, fx=0.14, fy=0.14, interpolation=cv2.INTER_AREA)
    assert [len(parts(ink, usual, judged(sure_of_narrow(0.7)))) for ink, usual in ((large, 100), (small, 14))] == [2, 1]
    assert len(parts(small, 14, judged(sure_of_narrow(0.97)))) == 2


def test_bold_shapes_are_not_divided() -> None:
    thin, bold = (bars(120, (100,), thickness) for thickness in (12, 60))
    assert [len(parts(ink, None, judged(sure_of_narrow(0.97)))) for ink in (thin, bold)] == [2, 1]


def test_digits_that_blur_runs_together_are_not_bold() -> None:
    blurred = cv2.GaussianBlur(bars(90, (), thickness=36), (0, 0), 22)
    strength = blurred / blurred.max()
    assert strength[100, 115] > LOW
    assert len(parts(strength, None, judged(sure_of_narrow(0.97)))) == 2


@pytest.mark.parametrize(
    "corners", [[(60, 30), (120, 170), (180, 30)], [(60, 170), (60, 30), (180, 170), (180, 30)]], ids=["v", "N"]
)
def test_strokes_that_end_where_they_meet_are_no_row_of_ones(corners: list[tuple[int, int]]) -> None:
    assert len(parts(strokes(*corners), None, judged(sure_of_bars))) == 1


def test_ones_that_lean_towards_each_other_are_cut() -> None:
    leaning = np.maximum(strokes((80, 30), (80, 170)), strokes((180, 30), (120, 170)))
    ligature = np.maximum(leaning, strokes((80, 100), (150, 100)))
    assert len(parts(ligature, None, judged(sure_of_bars))) == 2


def test_a_narrow_glyph_is_not_even_judged() -> None:
    def judge(images: np.ndarray) -> np.ndarray:
        raise AssertionError("asked about a bar")

    ink = np.zeros((200, 200), np.uint8)
    cv2.line(ink, (100, 20), (90, 180), 255, 12)
    assert len(parts(ink.astype(np.float32) / 255, None, judged(judge))) == 1


class Whim:
    """Is never sure of the whole, and of parts at random."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng, self.asked = rng, 0

    def sureness(self, glyphs: list[np.ndarray]) -> np.ndarray:
        self.asked += 1
        n = len(glyphs)
        return np.full(n, 0.01) if self.asked == 1 else self.rng.uniform(0.1, 1, n) ** 0.2


def test_every_part_of_a_glyph_of_a_few_pixels_has_ink() -> None:
    # One of the parts is narrower than a pixel of this glyph.
    rng = np.random.default_rng(7699)
    height, width = rng.integers(3, 20), rng.integers(4, 60)
    grain = rng.random((height, width)).astype(np.float32)
    ink = cv2.GaussianBlur(grain, (0, 0), sigmaX=float(rng.uniform(0.2, 1)), sigmaY=float(rng.uniform(0.5, 6)))
    ink = (ink - ink.min()) / (np.ptp(ink) + 1e-6)
    ink = np.clip(ink * rng.uniform(0.6, 1.5) - rng.uniform(0, 0.5), 0, 1).astype(np.float32)
    usual = None if rng.random() < 0.5 else float(rng.integers(3, 100))
    whim = Whim(rng)
    assert all((part > LOW).any() for part in parts(ink, usual, whim))
    assert whim.asked == 2

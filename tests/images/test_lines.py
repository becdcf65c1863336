from itertools import pairwise, product

import cv2
import numpy as np
import pytest

from core.images.lines import without_lines

BOXES = [(30, 40, 90, 140), (150, 40, 90, 140), (270, 40, 90, 140)]


def form(*, thickness: int = 3, turn: float = 0.0, boxes: list[tuple[int, int, int, int]] = BOXES) -> np.ndarray:
    """Ink (220, 400) in [0, 1] of empty boxes (x, y, width, height)."""
    ink = np.zeros((220, 400), np.uint8)
    for x, y, width, height in boxes:
        cv2.rectangle(ink, (x, y), (x + width, y + height), 255, thickness)
    return turned(ink, turn)


def writing(turn: float = 0.0) -> np.ndarray:
    """Ink (220, 400) in [0, 1] of a 7, a 0 and a 1 in the places of the boxes."""
    ink = np.zeros((220, 400), np.uint8)
    cv2.polylines(ink, [np.array([(50, 80), (100, 75), (70, 150)])], False, 255, 9, cv2.LINE_AA)
    cv2.ellipse(ink, (195, 110), (24, 40), 0, 0, 360, 255, 9, cv2.LINE_AA)
    cv2.line(ink, (318, 70), (312, 150), 255, 9, cv2.LINE_AA)
    return turned(ink, turn)


def turned(ink: np.ndarray, degrees: float) -> np.ndarray:
    matrix = cv2.getRotationMatrix2D((200, 110), degrees, 0.9)
    return cv2.warpAffine(ink, matrix, (400, 220)).astype(np.float32) / 255


@pytest.mark.parametrize("turn", [-6, 0, 5])
@pytest.mark.parametrize("thickness", [2, 5])
def test_boxes_of_a_form_are_taken_away_and_what_is_written_in_them_stays(turn: float, thickness: int) -> None:
    digits, boxes = writing(turn), form(thickness=thickness, turn=turn)
    rest = without_lines(np.maximum(digits, boxes))
    assert rest is not None
    assert np.abs(rest - digits).sum() < 0.1 * boxes.sum()
    assert (rest > 0.5).sum() == pytest.approx((digits > 0.5).sum(), rel=0.03)


def test_boxes_that_share_their_sides_are_taken_away_with_those_that_are_empty() -> None:
    digits = writing()
    joined = [(20, 40, 110, 140), (130, 40, 120, 140), (250, 40, 70, 140), (320, 40, 70, 140)]
    boxes = form(boxes=joined)
    rest = without_lines(np.maximum(digits, boxes))
    assert rest is not None
    assert np.abs(rest - digits).sum() < 0.1 * boxes.sum()


@pytest.mark.parametrize("gap", [2, 4, 8, 14])
@pytest.mark.parametrize("thickness", [2, 4])
def test_boxes_that_nearly_touch_are_taken_away(thickness: int, gap: int) -> None:
    digits = writing()
    width = 110 - thickness - gap
    boxes = form(thickness=thickness, boxes=[(x, 40, width, 140) for x in (30, 140, 250)])
    rest = without_lines(np.maximum(digits, 0.6 * boxes))
    assert rest is not None
    assert np.abs(rest - digits).sum() < 0.1 * boxes.sum()
    assert (rest > 0.5).sum() == pytest.approx((digits > 0.5).sum(), rel=0.03)


def test_a_page_of_small_boxes_is_taken_away() -> None:
    page, digits = np.zeros((440, 440), np.float32), np.zeros((440, 440), np.float32)
    for top in range(20, 420, 105):
        for left in range(20, 420, 105):
            cv2.rectangle(page, (left, top), (left + 52, top + 52), 0.8, 2)
            cv2.ellipse(digits, (left + 26, top + 26), (8, 12), 0, 0, 360, 1.0, 3)
    rest = without_lines(np.maximum(page, digits))
    assert rest is not None
    assert np.abs(rest - digits).sum() < 0.1 * page.sum()


def test_a_stroke_across_the_side_of_a_box_is_whole_afterwards() -> None:
    ink = np.zeros((220, 400), np.uint8)
    cv2.line(ink, (80, 15), (70, 150), 255, 9, cv2.LINE_AA)
    digit = turned(ink, 0)
    rest = without_lines(np.maximum(digit, form() * 0.7))
    assert rest is not None
    assert cv2.connectedComponents((rest > 0.5).astype(np.uint8))[0] == 2


def test_square_digits_are_no_boxes() -> None:
    ink = np.zeros((220, 400), np.uint8)
    cv2.rectangle(ink, (60, 50), (120, 160), 255, 8)
    cv2.rectangle(ink, (200, 50), (260, 160), 255, 8)
    cv2.line(ink, (200, 105), (260, 105), 255, 8)
    assert without_lines(turned(ink, 0)) is None


def test_strokes_with_free_ends_are_no_boxes() -> None:
    ink = np.zeros((220, 400), np.uint8)
    for x in (60, 160, 260):  # 4, open and closed, and a 7 with its bar
        cv2.polylines(ink, [np.array([(x, 50), (x, 110), (x + 70, 110)])], False, 255, 6)
        cv2.line(ink, (x + 50, 40), (x + 50, 180), 255, 6)
    assert without_lines(turned(ink, 0)) is None


@pytest.mark.parametrize("margin", [12, 20, 30])
def test_upright_strokes_of_a_thin_pen_in_a_tight_cut_out_are_no_ruling(margin: int) -> None:
    ink = np.zeros((80 + 2 * margin, 300), np.uint8)
    for column in (40, 90, 140, 190, 240):
        cv2.line(ink, (column, margin), (column - 4, margin + 80), 255, 2, cv2.LINE_AA)
        cv2.line(ink, (column, margin), (column - 14, margin + 16), 255, 2, cv2.LINE_AA)
    assert without_lines(ink.astype(np.float32) / 255) is None


def without_ruling(digits: np.ndarray, ruled: np.ndarray) -> np.ndarray:
    """What is left of both together, after a check that of the ruled lines beside the digits hardly anything is."""
    rest = without_lines(np.maximum(digits, ruled))
    assert rest is not None
    assert rest[digits < 0.1].sum() < 0.1 * ruled.sum()
    return rest


@pytest.mark.parametrize("level", [0.3, 0.9])
def test_ruling_that_runs_out_of_the_picture_is_taken_away_however_dark_it_is(level: float) -> None:
    digits, ruled = writing(), np.zeros((220, 400), np.float32)
    for row in range(20, 220, 45):
        ruled[row : row + 2] = level
    rest = without_ruling(digits, ruled)
    assert (rest > 0.5).sum() == pytest.approx((digits > 0.5).sum(), rel=0.05)


def test_faint_ruling_that_ends_within_the_picture_is_taken_away() -> None:
    digits, ruled = writing(), np.zeros((220, 400), np.float32)
    for row in range(20, 220, 45):
        ruled[row : row + 2, 40:360] = 0.4
    without_ruling(digits, ruled)


def row_of_rings() -> np.ndarray:
    """Ink (96, 300) in [0, 1] of four 0s close to each other."""
    ink = np.zeros((96, 300), np.uint8)
    for centre in (69, 123, 177, 231):
        cv2.ellipse(ink, (centre, 48), (22, 36), 0, 0, 360, 255, 6, cv2.LINE_AA)
    return ink.astype(np.float32) / 255


@pytest.mark.parametrize("level", [0.4, 1.0])
@pytest.mark.parametrize("rows", [(40,), (30, 70)])
def test_ruling_behind_writing_goes_on_where_it_is_crossed(rows: tuple[int, ...], level: float) -> None:
    # Between the rings no run is half as long as the picture is wide.
    digits, ruled = row_of_rings(), np.zeros((96, 300), np.float32)
    for row in rows:
        ruled[row : row + 2] = level
    rest = without_ruling(digits, ruled)
    assert (rest > 0.5).sum() == pytest.approx((digits > 0.5).sum(), rel=0.08)


def test_a_single_line_as_thick_as_the_strokes_is_ruling_if_the_writing_stays_away_from_both_borders() -> None:
    digits, ruled = np.pad(row_of_rings(), ((0, 0), (60, 60))), np.zeros((96, 420), np.float32)
    ruled[45:50] = 1.0
    without_ruling(digits, ruled)


def test_a_fine_dark_line_is_ruling_though_the_writing_fills_the_picture() -> None:
    digits = cv2.resize(row_of_rings(), (300, 200))[:, 8:-8]
    ruled = np.zeros(digits.shape, np.float32)
    ruled[80:82] = 1.0
    without_ruling(digits, ruled)


@pytest.mark.parametrize(("start", "end"), [((26, 31), (46, 23)), ((26, 31), (56, 25)), ((26, 31), (66, 23))])
def test_a_stroke_that_begins_on_a_line_does_not_hide_where_it_leads(
    start: tuple[int, int], end: tuple[int, int]
) -> None:
    # Much of the run at the left belongs to the stroke: a mean of both would lead elsewhere.
    digits, ruled = row_of_rings(), np.zeros((96, 300), np.float32)
    ruled[30:32] = 0.4
    cv2.line(digits, start, end, 1.0, 2, cv2.LINE_AA)
    rest = without_lines(np.maximum(digits, ruled))
    assert rest is not None
    assert rest[:, 265:].sum() == 0


STROKES: dict[str, list[list[tuple[float, float]]]] = {
    "1 with flag": [[(0, 0.25), (0.5, 0), (0.5, 1)]],
    "1 with base": [[(0.5, 0), (0.5, 1)], [(0, 1), (1, 1)]],
    "4": [[(0.7, 1), (0.7, 0), (0, 0.6), (1, 0.6)]],
    "open 4": [[(0, 0), (0, 0.55), (1, 0.55)], [(0.75, 0.1), (0.75, 1)]],
    "5": [[(1, 0), (0.1, 0), (0, 0.45), (0.9, 0.5), (1, 0.8), (0, 1)]],
    "7": [[(0, 0), (1, 0), (0.35, 1)]],
    "barred 7": [[(0, 0), (1, 0), (0.35, 1)], [(0.2, 0.5), (0.8, 0.5)]],
}
"""Digits as strokes through points from (0, 0), above on the left, to (1, 1)."""


def number(digit: str, n: int, pen: int, margin: int, level: float) -> np.ndarray:
    """Ink in [0, 1] of a digit of 100 pixels' height, n times. level: how dark its horizontal strokes are."""
    ink = np.zeros((100 + 2 * margin, 55 * n + 25 * (n - 1) + 2 * margin), np.float32)
    for left in range(margin, ink.shape[1] - margin, 80):
        for stroke in STROKES[digit]:
            corners = [(left + round(54 * x), margin + round(99 * y)) for x, y in stroke]
            for start, end in pairwise(corners):
                line = cv2.line(np.zeros(ink.shape, np.uint8), start, end, 255, pen, cv2.LINE_AA)
                strength = line.astype(np.float32) / 255
                ink = np.maximum(ink, strength * (level if start[1] == end[1] else 1.0))
    return ink


@pytest.mark.parametrize("level", [1.0, 0.6])
@pytest.mark.parametrize(("n", "pens"), [(1, (2, 4, 8)), (2, (2, 4, 8)), (3, (4, 8))])
@pytest.mark.parametrize("digit", STROKES)
def test_strokes_of_a_number_are_no_ruling(digit: str, n: int, pens: tuple[int, ...], level: float) -> None:
    for pen, margin in product(pens, (2, 6, 12, 40)):
        if digit == "1 with base" and level < 1 and pen == 2:
            continue  # A light fine line that ends far beyond the stem at both sides may as well be printed.
        ink = number(digit, n, pen, margin, level)
        rest = without_lines(ink)
        assert rest is None or rest.sum() > 0.97 * ink.sum(), (pen, margin)

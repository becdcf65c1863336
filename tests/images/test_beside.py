"""What lies beside a digit is no part of it: read by the network that comes with the project."""

import cv2
import numpy as np
import pytest

from core.data import embedded
from core.errors import ImageError
from core.images.sheet import find_sheet
from core.images.thin import thin_strokes
from core.prediction import Predictor

Digits = dict[int, np.ndarray]


@pytest.fixture(scope="module")
def digits() -> Digits:
    """A plain digit of each class, light on black."""
    dataset = embedded.load()
    return {label: dataset.test_images[np.flatnonzero(dataset.test_labels == label)[0]] for label in range(10)}


def page(digit: np.ndarray, size: tuple[int, int] = (300, 320), at: tuple[int, int] = (70, 90)) -> np.ndarray:
    """A digit five times as large on white, (h, w, 3) uint8. It fills the middle 100 of 140 pixels from `at` on."""
    sheet = np.full(size, 255, np.uint8)
    sheet[at[0] : at[0] + 140, at[1] : at[1] + 140] -= cv2.resize(digit, (140, 140), interpolation=cv2.INTER_CUBIC)
    return np.repeat(sheet[..., np.newaxis], 3, axis=2)


@pytest.mark.parametrize("label", [0, 3, 5, 6, 8, 9])
@pytest.mark.parametrize("lines", [1, 2])
def test_a_line_under_a_digit_is_no_part_of_it(reader: Predictor, digits: Digits, label: int, lines: int) -> None:
    picture = page(digits[label])
    for row in range(lines):
        cv2.line(picture, (95, 208 + 14 * row), (225, 205 + 14 * row), (0, 0, 0), 6, cv2.LINE_AA)
    assert reader.read(picture).text == str(label)


@pytest.mark.parametrize("label", [2, 3, 4, 5, 7, 8])
@pytest.mark.parametrize("gap", [0, 25])
def test_a_circle_around_a_digit_is_no_0(reader: Predictor, digits: Digits, label: int, gap: int) -> None:
    picture = page(digits[label])
    cv2.ellipse(picture, (160, 140), (95, 105), 0, gap, 360, (20, 20, 160), 7, cv2.LINE_AA)
    assert reader.read(picture).text == str(label)


def test_a_hyphen_between_digits_belongs_to_neither(reader: Predictor, digits: Digits) -> None:
    picture = page(digits[3], size=(300, 520))
    picture[70:210, 320:460] = page(digits[8], size=(140, 140), at=(0, 0))
    cv2.line(picture, (225, 140), (330, 140), (0, 0, 0), 9, cv2.LINE_AA)
    assert reader.read(picture).text == "38"


def test_the_bar_of_a_5_that_stands_off_still_belongs_to_it(reader: Predictor) -> None:
    five = np.full((300, 260, 3), 255, np.uint8)
    cv2.ellipse(five, (120, 190), (55, 50), 0, -120, 130, (0, 0, 0), 12)
    cv2.line(five, (90, 145), (95, 70), (0, 0, 0), 12)
    cv2.line(five, (116, 66), (190, 58), (0, 0, 0), 12)
    found = reader.read(five)
    assert found.text == "5"
    assert found.digits[0].box.x + found.digits[0].box.width > 185


def test_holes_of_a_punch_are_no_0s(reader: Predictor, digits: Digits) -> None:
    picture = page(digits[7], size=(420, 420), at=(140, 180))
    for row in (90, 210, 330):
        cv2.circle(picture, (45, row), 22, (60, 60, 60), cv2.FILLED, cv2.LINE_AA)
    assert reader.read(picture).text == "7"


@pytest.mark.parametrize("side", [0, 1, 2, 3])
def test_a_strip_of_the_desk_along_the_border_is_no_1(reader: Predictor, digits: Digits, side: int) -> None:
    turned = np.ascontiguousarray(np.rot90(page(digits[3], size=(320, 320), at=(90, 90)), side))
    cv2.fillPoly(turned, [np.array([(0, 20), (14, 20), (4, 300), (0, 300)], np.int32)], (40, 50, 60))
    assert reader.read(np.ascontiguousarray(np.rot90(turned, -side))).text == "3"


@pytest.mark.parametrize("label", [2, 4, 7, 8])
def test_a_note_as_bright_as_the_desk_is_told_by_its_colour(reader: Predictor, digits: Digits, label: int) -> None:
    random = np.random.default_rng(label)
    desk = np.full((480, 560, 3), (150, 140, 120), np.float32)
    desk += 25 * np.sin(np.arange(480) / 5)[:, np.newaxis, np.newaxis] + random.normal(0, 6, (480, 560, 1))
    cover = page(digits[label], size=(260, 280), at=(60, 70))[..., :1] / np.float32(255)
    desk[110:370, 140:420] = cover * np.array((120, 160, 60), np.float32) + (1 - cover) * np.float32(30)
    picture = desk.clip(0, 255).astype(np.uint8)
    sheet = find_sheet(picture.astype(np.float32) / 255)
    assert sheet is not None
    assert sheet[200, 260]
    assert not sheet[:100].any()
    assert reader.read(picture).text == str(label)


def sheet_over_a_bright_strip(digit: np.ndarray) -> np.ndarray:
    """A sheet on a dark desk that reaches over something as bright, (h, w, 3) uint8: together they look like ink."""
    picture = np.full((560, 600, 3), (60, 70, 80), np.uint8)
    picture[:100] = (205, 215, 220)
    picture[60:390, 160:460] = (225, 230, 235)
    written = page(digit, size=(140, 140), at=(0, 0))
    picture[150:290, 230:370] = np.minimum(picture[150:290, 230:370], written)
    return picture


@pytest.mark.parametrize("label", [3, 4, 8])
def test_writing_on_a_sheet_that_was_taken_for_ink_is_read_at_a_second_look(
    reader: Predictor, digits: Digits, label: int
) -> None:
    assert reader.read(sheet_over_a_bright_strip(digits[label])).text == str(label)


def test_a_letter_is_not_taken_apart_by_a_second_look(reader: Predictor) -> None:
    for letter in "AKMWX":
        picture = np.full((320, 320, 3), 255, np.uint8)
        cv2.putText(picture, letter, (80, 240), cv2.FONT_HERSHEY_SIMPLEX, 7, (0, 0, 0), 16, cv2.LINE_AA)
        assert reader.read(picture).text == ""


def sheet_on(desk: np.ndarray, digit: np.ndarray, corners: np.ndarray, at: tuple[int, int]) -> np.ndarray:
    """A desk (h, w, 3) uint8 with a white sheet on it, and on that a digit, 140 pixels high and wide."""
    picture = desk.copy()
    cv2.fillPoly(picture, [corners.astype(np.int32)], (235, 233, 228))
    window = picture[at[0] : at[0] + 140, at[1] : at[1] + 140]
    np.minimum(window, page(digit, size=(140, 140), at=(0, 0)), out=window)
    return picture


SHEET = np.array([(150, 60), (520, 90), (500, 470), (130, 440)])


@pytest.mark.parametrize("label", [3, 8, 9])
def test_a_cable_across_the_edge_of_a_sheet_is_no_1(reader: Predictor, digits: Digits, label: int) -> None:
    picture = sheet_on(np.full((540, 640, 3), (150, 115, 80), np.uint8), digits[label], SHEET, (200, 250))
    cable = np.array([(530, 0), (505, 160), (500, 240), (540, 540)], np.int32)
    cv2.polylines(picture, [cable], False, (20, 20, 20), 9, cv2.LINE_AA)
    assert reader.read(picture).text == str(label)


@pytest.mark.parametrize("label", [3, 5, 8])
def test_a_sheet_with_torn_sides_is_a_sheet(reader: Predictor, digits: Digits, label: int) -> None:
    random = np.random.default_rng(label)
    turned = [SHEET[side] + np.linspace(0, 1, 30)[:, np.newaxis] * (SHEET[side - 3] - SHEET[side]) for side in range(4)]
    torn = np.concatenate(turned) + random.normal(0, 4, (120, 2))
    picture = sheet_on(np.full((540, 640, 3), (120, 85, 60), np.uint8), digits[label], torn, (200, 250))
    sheet = find_sheet(picture.astype(np.float32) / 255)
    assert sheet is not None
    assert sheet[200:340, 250:390].all()
    assert reader.read(picture).text == str(label)


def test_small_writing_on_a_sheet_on_rough_ground_is_found(reader: Predictor, digits: Digits) -> None:
    random = np.random.default_rng(0)
    grain = cv2.GaussianBlur(random.normal(0, 160, (960, 1280)).astype(np.float32), (0, 0), 3)
    ground = np.repeat((150 + grain)[..., np.newaxis], 3, axis=2).clip(0, 255).astype(np.uint8)
    picture = ground.copy()
    picture[150:820, 300:1050] = 228
    small = cv2.resize(page(digits[8], size=(140, 140), at=(0, 0)), (60, 60), interpolation=cv2.INTER_AREA)
    picture[460:520, 640:700] = np.minimum(picture[460:520, 640:700], small)
    assert reader.read(picture).text == "8"


@pytest.mark.parametrize("label", [0, 3, 8])
def test_the_edge_of_a_shadow_across_a_digit_is_no_edge_of_a_sheet(
    reader: Predictor, digits: Digits, label: int
) -> None:
    picture = page(digits[label], size=(420, 480), at=(130, 160)).astype(np.float32)
    shade = np.full(picture.shape[:2], 1, np.float32)
    cv2.fillPoly(shade, [np.array([(0, 0), (290, 0), (170, 420), (0, 420)], np.int32)], 0.55)
    picture *= cv2.GaussianBlur(shade, (0, 0), 1.5)[..., np.newaxis]
    assert find_sheet(picture / 255) is None
    assert reader.read(picture.astype(np.uint8)).text == str(label)


@pytest.mark.parametrize("label", [2, 6])
@pytest.mark.parametrize("row", [100, 150])
def test_a_streak_of_a_fax_into_a_digit_is_no_part_of_it(
    reader: Predictor, digits: Digits, label: int, row: int
) -> None:
    picture = page(digits[label], size=(300, 420), at=(70, 90))
    cv2.line(picture, (170, row), (419, row), (0, 0, 0), 1)
    assert reader.read(picture).text == str(label)


def test_a_long_line_below_a_number_is_not_the_number(reader: Predictor, digits: Digits) -> None:
    picture = page(digits[3], size=(300, 620), at=(60, 120))
    picture[60:200, 320:460] = page(digits[5], size=(140, 140), at=(0, 0))
    cv2.line(picture, (80, 250), (560, 250), (0, 0, 0), 4)
    assert reader.read(picture).text == "35"


@pytest.mark.parametrize("label", [3, 5, 8])
def test_a_sheet_on_a_keyboard_as_bright_is_read(reader: Predictor, digits: Digits, label: int) -> None:
    keys = np.full((600, 640, 3), 90, np.uint8)
    for top in range(4, 600, 56):
        for left in range(4 - top % 3 * 12, 640, 58):
            cv2.rectangle(keys, (left, top), (left + 50, top + 48), (222, 220, 214), cv2.FILLED)
    picture = sheet_on(keys, digits[label], np.array([(130, 170), (520, 185), (510, 430), (120, 415)]), (230, 250))
    assert reader.read(picture).text == str(label)


@pytest.mark.parametrize("radius", [5, 14, 40])
def test_a_dot_alone_is_nothing_to_read(reader: Predictor, radius: int) -> None:
    picture = np.full((280, 280, 3), 255, np.uint8)
    cv2.circle(picture, (140, 140), radius, (0, 0, 0), cv2.FILLED, cv2.LINE_AA)
    with pytest.raises(ImageError, match="no strokes of a pen"):
        reader.read(picture)


@pytest.mark.parametrize("lighter", [False, True])
def test_thin_strokes_are_found_whatever_lies_around_them(lighter: bool) -> None:
    colours = np.full((200, 300, 3), 0.5, np.float32)
    colours[:, 150:] = 0.25
    colours[100:104, 40:260] *= 1.6 if lighter else 0.4
    found = thin_strokes(colours, lighter=lighter)
    assert found is not None
    outlined, paper = found
    assert outlined.strokes[102, 60:240].mean() > 0.95
    assert not outlined.strokes[:90].any()
    np.testing.assert_allclose(paper[102, 60], 0.5, atol=0.02)
    np.testing.assert_allclose(paper[102, 240], 0.25, atol=0.02)
    assert thin_strokes(np.full((200, 300, 3), 0.5, np.float32), lighter=lighter) is None

import cv2
import numpy as np
import pytest

from core.errors import ImageError
from core.images.digits import find_digits
from core.images.ink import find_ink
from core.images.preparation import WHOLE
from core.images.writing import is_written, unevenness

SHAPE = (400, 500)


def paper(seed: int, *, grain: float = 4.0) -> np.ndarray:
    """An empty grey sheet with the grain of a photo, (400, 500) float32."""
    noise = np.random.default_rng(seed).normal(0, 1, SHAPE).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 0.8)
    return 190 + grain * soft / soft.std()


def photographed(levels: np.ndarray) -> np.ndarray:
    """Grey levels (h, w) as a picture (h, w, 3) uint8, compressed as a telephone does."""
    encoded = cv2.imencode(".jpg", levels.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 70])[1]
    return np.repeat(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE)[..., np.newaxis], 3, axis=2)


def pencilled(sheet: np.ndarray, contrast: float, pen: int) -> np.ndarray:
    """A 2 written on the sheet, by so many grey levels darker."""
    ink = np.zeros(SHAPE, np.float32)
    points = np.array([(200, 150), (230, 120), (270, 140), (260, 190), (200, 270), (290, 265)])
    cv2.polylines(ink, [points], False, 1.0, pen, cv2.LINE_AA)
    return sheet - contrast * cv2.GaussianBlur(ink, (0, 0), 1.0)


def empty(kind: str, seed: int) -> np.ndarray:
    sheet = paper(seed)
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float32)
    if kind == "shadow":
        sheet *= 1 - 0.4 / (1 + np.exp((columns - 0.3 * rows - 150) / 18))
    elif kind == "dark corners":
        # The grain of dark paper is stronger beside its brightness.
        sheet = 20 + (sheet - 150) * np.exp(-(((rows - 200) / 260) ** 2) - ((columns - 250) / 300) ** 2)
    elif kind == "lamp":
        sheet += 45 * np.exp(-(((rows - 120) / 60) ** 2) - ((columns - 300) / 70) ** 2)
    elif kind == "stain":
        cv2.circle(sheet, (320, 180), 26, 90.0, -1, cv2.LINE_AA)
    elif kind == "lines":
        for row in range(30, SHAPE[0], 55):
            cv2.line(sheet, (0, row), (SHAPE[1], row + 14), 130.0, 2, cv2.LINE_AA)
    elif kind == "dots":
        for row in range(20, SHAPE[0], 45):
            for column in range(20, SHAPE[1], 45):
                cv2.circle(sheet, (column, row), 1, 140.0, -1, cv2.LINE_AA)
    return photographed(sheet)


@pytest.mark.parametrize("kind", ["grain", "shadow", "dark corners", "lamp", "stain", "lines", "dots"])
def test_an_empty_sheet_says_that_nothing_is_written(kind: str) -> None:
    for seed in range(2):
        with pytest.raises(ImageError, match="expected a digit, found"):
            find_digits(empty(kind, seed), (28, 28))


@pytest.mark.parametrize(("contrast", "pen", "grain"), [(120, 9, 4), (35, 5, 4), (110, 9, 14), (60, 2, 3)])
def test_faint_thin_and_grainy_strokes_are_writing(contrast: float, pen: int, grain: float) -> None:
    for seed in range(2):
        [digit] = find_digits(photographed(pencilled(paper(seed, grain=grain), contrast, pen)), (28, 28)).digits
        assert 185 < digit.box.x < 215
        assert 130 < digit.box.height < 170


def test_sharp_digits_of_a_few_pixels_in_the_middle_of_grain_are_writing() -> None:
    for seed in range(5):
        sheet = 225 + np.random.default_rng(seed).normal(0, 6, (90, 140))
        ink = np.zeros(sheet.shape, np.uint8)
        cv2.polylines(ink, [np.array([(60, 40), (67, 40), (63, 51)], np.int32)], False, 255, 1, cv2.LINE_AA)
        levels = sheet * (1 - ink / 255) + 60 * (ink / 255)
        picture = np.repeat(levels.clip(0, 255).astype(np.uint8)[..., np.newaxis], 3, axis=2)
        assert len(find_digits(picture, (28, 28), WHOLE).digits) == 1


def test_a_blot_a_speck_and_a_line_out_of_the_picture_are_no_strokes_of_a_pen() -> None:
    calm = np.full((300, 300), 0.01, np.float32)
    shapes = {"blot": (120, 120, 40, 36), "speck": (50, 50, 4, 2), "line": (0, 200, 300, 3), "stroke": (80, 40, 9, 90)}
    for name, (left, top, width, height) in shapes.items():
        strokes = np.zeros((300, 300), bool)
        strokes[top : top + height, left : left + width] = True
        assert is_written(strokes, strokes.astype(np.float32), calm) == (name == "stroke"), name


def test_what_barely_exceeds_its_paper_is_no_writing() -> None:
    strokes = np.zeros((300, 300), bool)
    strokes[100:190, 100:109] = True
    strength = strokes.astype(np.float32)
    assert is_written(strokes, strength, np.full((300, 300), 0.1, np.float32))
    assert not is_written(strokes, strength, np.full((300, 300), 0.6, np.float32))
    soft = np.asarray(cv2.GaussianBlur(strength, (0, 0), 12), np.float32)
    assert not is_written(strokes, soft, np.full((300, 300), 0.1, np.float32))


def test_unevenness_is_that_of_the_paper_nearby() -> None:
    deviations = np.where(np.arange(600) < 300, 0.02, 0.08).astype(np.float32)
    difference = np.random.default_rng(0).normal(0, 1, (400, 600)).astype(np.float32) * deviations
    strokes = np.zeros((400, 600), bool)
    strokes[150:250, 100:110] = strokes[150:250, 500:510] = True
    difference[strokes] = 1
    found = unevenness(difference, strokes, 10)
    assert found[200, 105] == pytest.approx(0.02, rel=0.15)
    assert found[200, 505] == pytest.approx(0.08, rel=0.15)
    whole = unevenness(difference, np.ones_like(strokes), 10)
    assert 0.01 < float(whole.min()) == float(whole.max()) < 0.1


def test_without_the_step_specks_are_left_to_the_network() -> None:
    assert find_ink(empty("dots", 0), WHOLE.without("remove_specks")).strokes.any()


def test_strokes_that_no_difference_from_the_paper_is_left_of_are_refused_by_name() -> None:
    board = np.full((200, 200, 3), 20, np.uint8)
    cv2.line(board, (60, 40), (140, 160), (230, 230, 230), 9)
    with pytest.raises(ImageError, match="board: expected a digit"):
        find_ink(board, WHOLE.without("find_polarity"), "board")

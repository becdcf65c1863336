import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from core.data import embedded
from core.errors import ImageError
from core.images.decode import decode
from core.images.digits import FoundDigits, find_digits
from core.images.preparation import REASONS, WHOLE
from core.images.sheet import find_sheet

SHAPE = (28, 28)


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    """Twenty real digits, two a class, light on black."""
    dataset = embedded.load()
    rows = np.concatenate([np.flatnonzero(dataset.test_labels == label)[:2] for label in range(10)])
    return dataset.test_images[rows]


def page(digit: np.ndarray, *, size: tuple[int, int] = (240, 260), at: tuple[int, int] = (60, 50)) -> np.ndarray:
    """A digit five times as large on white, (h, w) uint8."""
    large = cv2.resize(digit, (140, 140), interpolation=cv2.INTER_CUBIC)
    sheet = np.full(size, 255, np.uint8)
    sheet[at[0] : at[0] + 140, at[1] : at[1] + 140] -= large
    return sheet


def rgb(grey: np.ndarray) -> np.ndarray:
    return np.repeat(grey[..., np.newaxis], 3, axis=2)


def likeness(one: FoundDigits, other: FoundDigits) -> float:
    """How alike two images are, 1 if equal, wherever rounding put their centres of mass."""
    assert len(one.digits) == len(other.digits) == 1
    image = one.digits[0].image.ravel()
    shifted = (np.roll(other.digits[0].image, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1))
    return max(float(np.corrcoef(image, moved.ravel())[0, 1]) for moved in shifted)


def test_an_image_of_mnist_stays_nearly_as_it_is_either_way_round(digits: np.ndarray) -> None:
    for digit in digits:
        for picture in (digit, 255 - digit, rgb(digit)):
            found = find_digits(picture, SHAPE).digits
            assert len(found) == 1
            assert np.corrcoef(found[0].image.ravel(), digit.ravel())[0, 1] > 0.8


def test_the_same_digit_gives_the_same_image_however_it_is_shown(digits: np.ndarray) -> None:
    for digit in digits[::3]:
        plain = rgb(page(digit))
        expected = find_digits(plain, SHAPE)
        tinted = (plain * np.array([0.9, 0.75, 0.5])).astype(np.uint8)
        padded = np.pad(plain, ((100, 20), (30, 150), (0, 0)), constant_values=255)
        jpeg = io.BytesIO()
        Image.fromarray(plain).save(jpeg, "JPEG", quality=70)
        for changed in (255 - plain, tinted, padded, decode(jpeg.getvalue(), "jpeg")):
            assert likeness(expected, find_digits(changed, SHAPE)) > 0.97


def test_a_turned_photo_gives_the_same_image(digits: np.ndarray) -> None:
    plain = rgb(page(digits[4]))
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    Image.fromarray(np.rot90(plain)).save(file, "PNG", exif=exif)
    assert likeness(find_digits(plain, SHAPE), find_digits(decode(file.getvalue(), "turned"), SHAPE)) == pytest.approx(
        1
    )


def test_shadows_are_no_ink(digits: np.ndarray) -> None:
    for digit in digits[::3]:
        plain = page(digit).astype(np.float32)
        across = np.linspace(0.45, 1, plain.shape[1])[np.newaxis]
        shade = 1 - 0.4 / (1 + np.exp((np.arange(plain.shape[0]) - 120) / 8))[:, np.newaxis]
        dim = rgb((plain * across * shade).astype(np.uint8))
        assert likeness(find_digits(rgb(page(digit)), SHAPE), find_digits(dim, SHAPE)) > 0.93


def test_ruled_lines_are_no_ink(digits: np.ndarray) -> None:
    for digit in digits[::3]:
        ruled = rgb(page(digit))
        for row in range(10, 240, 40):
            ruled[row : row + 2] = np.minimum(ruled[row : row + 2], (150, 180, 230))
        assert likeness(find_digits(rgb(page(digit)), SHAPE), find_digits(ruled, SHAPE)) > 0.9


def test_a_sheet_on_a_dark_desk_is_read_and_the_desk_is_not(digits: np.ndarray) -> None:
    for digit in digits[::3]:
        desk = np.full((500, 600, 3), (50, 40, 35), np.uint8)
        desk[100:340, 150:410] = rgb(page(digit))
        assert likeness(find_digits(rgb(page(digit)), SHAPE), find_digits(desk, SHAPE)) > 0.95


@pytest.mark.parametrize("margin", [20, 40, 60])
def test_a_bold_closed_4_is_no_dark_card_with_a_light_mark(margin: int) -> None:
    outline = [(32, 0), (1, 40), (0, 43), (3, 44), (23, 37), (17, 52), (10, 79), (12, 79), (28, 42), (42, 4), (38, 0)]
    hole = [(33, 11), (13, 34), (26, 28)]
    picture = np.full((80 + 2 * margin, 43 + 2 * margin), 255, np.uint8)
    cv2.fillPoly(picture, [np.array(outline, np.int32) + margin], (20,), cv2.LINE_AA)
    cv2.fillPoly(picture, [np.array(hole, np.int32) + margin], (255,), cv2.LINE_AA)
    # The pen of a marker: twelve pixels more than the outline.
    picture = cv2.erode(picture, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (13, 13)))
    assert find_sheet(rgb(picture).astype(np.float32) / 255) is None
    box = find_digits(rgb(picture), SHAPE).digits[0].box
    assert abs(box.width - 55) <= 2
    assert abs(box.height - 92) <= 2


def test_ink_as_bright_as_its_paper_is_found_by_its_colour(digits: np.ndarray) -> None:
    cover = 1 - page(digits[8])[..., np.newaxis] / 255
    paper, ink = np.array([200, 120, 120]), np.array([80, 176, 141])
    picture = (paper * (1 - cover) + ink * cover).round().astype(np.uint8)
    assert likeness(find_digits(rgb(page(digits[8])), SHAPE), find_digits(picture, SHAPE)) > 0.95


def test_digits_are_read_line_by_line_and_left_to_right(digits: np.ndarray) -> None:
    sheet = np.full((420, 560), 255, np.uint8)
    places = [(20, 30), (30, 200), (15, 380), (240, 60), (230, 250)]
    for (top, left), digit in zip(places, digits[[2, 6, 7, 12, 0]], strict=True):
        sheet[top : top + 140, left : left + 140] = page(digit, size=(140, 140), at=(0, 0))
    found = find_digits(rgb(sheet), SHAPE).digits
    assert [digit.line for digit in found] == [0, 0, 0, 1, 1]
    for (top, left), digit in zip(places, found, strict=True):
        assert left <= digit.box.x <= digit.box.x + digit.box.width <= left + 140
        assert top <= digit.box.y <= digit.box.y + digit.box.height <= top + 140


def test_a_broken_stroke_stays_one_digit() -> None:
    five = np.full((300, 260, 3), 255, np.uint8)
    cv2.ellipse(five, (120, 190), (55, 50), 0, -120, 130, (0, 0, 0), 12)
    cv2.line(five, (90, 145), (95, 70), (0, 0, 0), 12)
    cv2.line(five, (116, 66), (190, 58), (0, 0, 0), 12)
    assert len(find_digits(five, SHAPE).digits) == 1


def test_specks_are_no_digits(digits: np.ndarray) -> None:
    dusty = page(digits[6])
    dusty[[5, 30, 220, 230], [10, 240, 20, 200]] = 60
    assert likeness(find_digits(rgb(page(digits[6])), SHAPE), find_digits(rgb(dusty), SHAPE)) > 0.99


def test_a_judge_divides_what_touches_and_leaves_one_digit_alone() -> None:
    rings = np.full((200, 420, 3), 255, np.uint8)
    for centre in (120, 240):
        cv2.ellipse(rings, (centre, 100), (52, 70), 0, 0, 360, (0, 0, 0), 10)
    cv2.line(rings, (170, 100), (190, 100), (0, 0, 0), 8)

    def judge(images: np.ndarray) -> np.ndarray:
        """Sure of rings: as wide as one of the two, and no wider."""
        widths = np.array([np.ptp(np.flatnonzero(image.max(axis=0) > 60)) for image in images])
        return np.where((widths > 13) & (widths < 18), 1.0, 0.1).astype(np.float32)

    assert len(find_digits(rings, SHAPE).digits) == 1
    assert len(find_digits(rings, SHAPE, judge=judge).digits) == 2
    assert len(find_digits(rings, SHAPE, WHOLE.without("split_touching"), judge).digits) == 1
    assert len(find_digits(rings[:, :175], SHAPE, judge=judge).digits) == 1


def test_every_step_can_be_left_out(digits: np.ndarray) -> None:
    for step in REASONS:
        found = find_digits(rgb(page(digits[10])), SHAPE, WHOLE.without(step))
        assert found.digits[0].image.any()


def test_steps_are_small_pictures_with_reasons(digits: np.ndarray) -> None:
    found = find_digits(rgb(page(digits[0], size=(900, 1200))), SHAPE)
    steps = [*found.steps, *found.digits[0].steps]
    assert len(steps) >= 4
    for step in steps:
        assert step.name
        assert step.reason.endswith(".")
        assert step.picture.dtype == np.uint8
        assert max(step.picture.shape) <= 256


def test_boxes_of_a_large_photo_are_in_its_own_pixels(digits: np.ndarray) -> None:
    large = cv2.resize(page(digits[0]), (2600, 2400), interpolation=cv2.INTER_LINEAR)
    box = find_digits(rgb(large), SHAPE).digits[0].box
    assert 500 < box.x < box.x + box.width < 1900
    assert 600 < box.y < box.y + box.height < 2000
    assert box.height > 900


def test_nothing_to_read_is_said() -> None:
    random = np.random.default_rng(0)
    gradient = np.tile(np.linspace(40, 220, 300), (200, 1)).astype(np.uint8)
    paper = (230 + random.normal(0, 3, (200, 300))).astype(np.uint8)
    for picture in (np.full((50, 60), 7, np.uint8), np.zeros((1, 1), np.uint8), gradient, paper):
        with pytest.raises(ImageError, match=r"^scan\.png: expected a digit, found"):
            find_digits(picture, SHAPE, name="scan.png")


def test_an_array_that_is_no_picture_is_refused() -> None:
    with pytest.raises(ImageError, match="expected a picture"):
        find_digits(np.zeros((0, 5), np.uint8), SHAPE)


def test_the_picture_itself_is_never_changed(digits: np.ndarray) -> None:
    picture = rgb(page(digits[0]))
    before = picture.copy()
    find_digits(picture, SHAPE)
    np.testing.assert_array_equal(picture, before)


def check(picture: np.ndarray) -> None:
    try:
        found = find_digits(picture, SHAPE, judge=lambda images: np.full(len(images), 0.1, np.float32))
    except ImageError:
        return
    height, width = picture.shape[:2]
    assert found.digits
    for digit in found.digits:
        assert (digit.image.shape, digit.image.dtype) == (SHAPE, np.uint8)
        assert digit.image.any()
        assert 0 <= digit.box.x < digit.box.x + digit.box.width <= width
        assert 0 <= digit.box.y < digit.box.y + digit.box.height <= height


@settings(max_examples=60, deadline=None)
@given(picture=hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=40)))
def test_any_small_picture_gives_digits_or_a_clear_error(picture: np.ndarray) -> None:
    check(picture)


@settings(max_examples=40, deadline=None)
@given(
    height=st.integers(1, 500),
    width=st.integers(1, 500),
    kind=st.sampled_from(["noise", "dots", "stripes", "edge", "salt"]),
    seed=st.integers(0, 99),
)
def test_any_large_picture_gives_digits_or_a_clear_error(height: int, width: int, kind: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    picture = np.full((height, width, 3), int(random.integers(256)), np.uint8)
    if kind == "noise":
        picture = random.integers(0, 256, picture.shape, dtype=np.uint8)
    elif kind == "dots":
        picture[random.integers(height, size=5), random.integers(width, size=5)] = 0
    elif kind == "stripes":
        picture[:: int(random.integers(2, 9))] = 255
    elif kind == "edge":
        picture[: int(random.integers(height + 1))] = 0
    else:
        picture[random.random((height, width)) < 0.05] = 255
    check(picture)


@pytest.mark.parametrize("shape", [(1, 4000), (4000, 1), (3, 2500), (2, 2)])
def test_extreme_shapes_are_no_trouble(shape: tuple[int, int]) -> None:
    check(np.random.default_rng(1).integers(0, 256, (*shape, 3), dtype=np.uint8))


def test_a_picture_of_few_pixels_holds_two_digits_if_the_judge_says_so() -> None:
    picture = np.full((24, 32), 255, np.uint8)
    cv2.line(picture, (8, 5), (8, 18), (0,), 2)
    cv2.ellipse(picture, (20, 12), (5, 7), 0, 0, 360, (0,), 2)

    def finds_wide_ones_unlikely(images: np.ndarray) -> np.ndarray:
        widths = np.array([np.ptp(np.flatnonzero((image > 60).any(axis=0))) for image in images])
        return np.where(widths > 16, 0.02, 0.95).astype(np.float32)

    def is_sure_of_all(images: np.ndarray) -> np.ndarray:
        return np.full(len(images), 0.95, np.float32)

    assert len(find_digits(picture, SHAPE, judge=finds_wide_ones_unlikely).digits) == 2
    assert len(find_digits(picture, SHAPE, judge=is_sure_of_all).digits) == 1
    assert len(find_digits(picture, SHAPE).digits) == 1

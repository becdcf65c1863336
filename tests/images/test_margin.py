import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images.digits import find_digits
from core.images.margin import with_margin


def box(*, line: int = 3, grey: int = 0, lighter: bool = False) -> np.ndarray:
    """A picture (90, 240, 3) of two boxes with a 0 and a 7, cut out along their outer sides."""
    grey_picture = np.full((90, 240), 255, np.uint8)
    cv2.ellipse(grey_picture, (60, 45), (16, 24), 0, 0, 360, 0, 6, cv2.LINE_AA)
    cv2.polylines(grey_picture, [np.array([(160, 20), (195, 18), (170, 70)])], False, 0, 6, cv2.LINE_AA)
    for left in (0, 120):
        cv2.rectangle(grey_picture, (left, 0), (left + 119, 89), grey, line)
    picture = np.repeat(grey_picture[..., np.newaxis], 3, axis=2)
    return 255 - picture if lighter else picture


@pytest.mark.parametrize("lighter", [False, True])
@pytest.mark.parametrize(("line", "grey"), [(1, 0), (3, 0), (3, 150), (5, 60)])
def test_boxes_cut_out_along_their_sides_are_read_where_they_are(line: int, grey: int, lighter: bool) -> None:
    found = find_digits(box(line=line, grey=grey, lighter=lighter), (28, 28)).digits
    places = [(digit.box.x, digit.box.y, digit.box.width, digit.box.height) for digit in found]
    assert len(places) == 2
    assert np.abs(np.array(places) - [(41, 18, 39, 55), (157, 15, 42, 58)]).max() <= 3


def test_the_paper_is_put_back_beside_the_sides() -> None:
    picture = box()
    wider, room = with_margin(picture)
    assert room > 0
    assert wider.shape == (90 + 2 * room, 240 + 2 * room, 3)
    assert (wider[room:-room, room:-room] == picture).all()
    assert (wider[:room] == 255).all()


def test_the_paper_is_shown_as_a_step_where_there_is_some() -> None:
    cut, whole = box(), cv2.copyMakeBorder(box(), *(30,) * 4, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    assert [step.name for step in find_digits(cut, (28, 28)).steps][:2] == ["picture", "add_paper"]
    assert "add_paper" not in [step.name for step in find_digits(whole, (28, 28)).steps]


def test_a_digit_that_fills_its_picture_gets_no_margin() -> None:
    seven = np.full((80, 60), 255, np.uint8)
    seven[:2] = 0  # its top runs along one border of the picture
    cv2.line(seven, (56, 4), (20, 79), 0, 8)
    assert with_margin(seven)[1] == 0


def test_thick_dark_edges_are_no_lines() -> None:
    desk = np.full((120, 160, 3), 240, np.uint8)
    desk[:20], desk[:, :25] = 60, 60
    assert with_margin(desk)[1] == 0


@pytest.mark.parametrize("line", [1, 2, 3])
@pytest.mark.parametrize(("height", "width"), [(50, 60), (64, 180), (100, 100), (120, 110), (260, 300)])
def test_one_box_of_any_size_is_no_digit(height: int, width: int, line: int) -> None:
    picture = np.full((height, width), 255, np.uint8)
    size, middle = height // 5, (width // 2, height // 2)
    cv2.ellipse(picture, middle, (size * 3 // 4, size), 0, 0, 360, 0, max(3, size // 4), cv2.LINE_AA)
    for inset in range(min(line, 1 + max(height, width) // 50)):
        cv2.rectangle(picture, (inset, inset), (width - 1 - inset, height - 1 - inset), 40, 1)
    found = find_digits(picture, (28, 28)).digits
    assert len(found) == 1
    assert found[0].box.height == pytest.approx(2 * size, abs=0.2 * height)


@given(
    st.tuples(st.integers(40, 200), st.integers(40, 200)),
    st.sampled_from([(255, 0), (240, 120), (0, 200), (30, 255)]),
    st.sets(st.integers(0, 3)),
    st.booleans(),
)
def test_a_margin_is_paper_and_leaves_the_picture_whole(
    shape: tuple[int, int], greys: tuple[int, int], borders: set[int], is_grey: bool
) -> None:
    paper, line = greys
    picture = np.full((*shape, 3), paper, np.uint8)
    for border in borders:
        np.rot90(picture, border)[:1] = line
    given_picture = picture[..., 0] if is_grey else picture
    wider, room = with_margin(given_picture)
    assert (room > 0) == (len(borders) > 1)
    assert (wider[room : room + shape[0], room : room + shape[1]] == given_picture).all()
    if room:
        assert (wider[:room] == paper).all()
        assert (wider[:, -room:] == paper).all()

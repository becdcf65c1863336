import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

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


def test_a_digit_that_fills_its_picture_gets_no_margin() -> None:
    seven = np.full((80, 60), 255, np.uint8)
    seven[:8] = 0  # its top runs along a border of the picture
    cv2.line(seven, (56, 4), (20, 79), 0, 8)
    assert with_margin(seven)[1] == 0


def test_thick_dark_edges_are_no_lines() -> None:
    desk = np.full((120, 160, 3), 240, np.uint8)
    desk[:20], desk[:, :25] = 60, 60
    assert with_margin(desk)[1] == 0


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60), st.sampled_from([1, 3]))))
def test_any_picture_stays_whole_within_its_margin(picture: np.ndarray) -> None:
    given_picture = picture[..., 0] if picture.shape[2] == 1 else picture
    wider, room = with_margin(given_picture)
    height, width = given_picture.shape[:2]
    assert (wider[room : room + height, room : room + width] == given_picture).all()

"""Grids of images on a page, as programs draw them."""

import cv2
import numpy as np
import pytest

from core.data import embedded
from core.images.tiles import find_tiles
from core.prediction import Predictor

Picture = np.ndarray


def grid(labels: list[list[int]], page: int, ground: tuple[int, int, int], ink: tuple[int, int, int]) -> Picture:
    """Test images of these classes in tiles of 112 pixels, 20 pixels apart, (h, w, 3) uint8."""
    dataset = embedded.load()
    side, room = 112, 20
    shape = room + len(labels) * (side + room), room + len(labels[0]) * (side + room)
    picture = np.full((*shape, 3), page, np.uint8)
    for row, line in enumerate(labels):
        for column, label in enumerate(line):
            image = dataset.test_images[np.flatnonzero(dataset.test_labels == label)[2]]
            cover = cv2.resize(image, (side, side), interpolation=cv2.INTER_NEAREST)[..., np.newaxis] / 255
            tile = cover * np.array(ink) + (1 - cover) * np.array(ground)
            top, left = room + row * (side + room), room + column * (side + room)
            picture[top : top + side, left : left + side] = tile.round()
    return picture


@pytest.mark.parametrize(
    ("page", "ground", "ink"),
    [(255, (0, 0, 0), (255, 255, 255)), (30, (250, 250, 250), (0, 0, 0)), (255, (68, 1, 84), (253, 231, 37))],
    ids=["dark on white", "light on dark", "viridis"],
)
def test_each_image_of_a_grid_is_read(
    reader: Predictor, page: int, ground: tuple[int, int, int], ink: tuple[int, int, int]
) -> None:
    assert reader.read(grid([[3, 8, 0], [6, 2, 5]], page, ground, ink)).text == "380\n625"


def test_two_images_beside_each_other_are_a_grid_and_their_boxes_lie_in_the_picture(reader: Predictor) -> None:
    found = reader.read(grid([[4, 7]], 240, (20, 20, 20), (255, 255, 255)))
    assert found.text == "47"
    left, right = (digit.box for digit in found.digits)
    assert left.x >= 20
    assert left.x + left.width <= 132
    assert right.x >= 152
    assert right.x + right.width <= 264


def page_with(*boxes: tuple[int, int, int, int]) -> Picture:
    """Filled boxes (left, top, width, height) on white, (300, 400, 3) float32."""
    picture = np.ones((300, 400, 3), np.float32)
    for left, top, width, height in boxes:
        picture[top : top + height, left : left + width] = 0
    return picture


def test_strokes_and_single_boxes_are_no_tiles() -> None:
    boxes = [(40, 60, 100, 100), (200, 60, 100, 100)]
    tiles = page_with(*boxes)
    for left, top, _, _ in boxes:
        tiles[top + 30 : top + 70, left + 45 : left + 55] = 1
    found = find_tiles(tiles)
    assert found is not None
    assert found[110, [90, 250]].all()
    assert not found[:60].any()
    assert not found[:, 140:200].any()
    assert find_tiles(page_with(*boxes)) is None  # nothing is in them
    assert find_tiles(tiles[:, :170]) is None  # one alone
    assert find_tiles(page_with((40, 60, 30, 200), (200, 60, 30, 200))) is None  # the strokes of an 11


def test_boxes_of_a_form_and_noise_are_no_tiles() -> None:
    form = page_with((40, 60, 100, 100), (200, 60, 100, 100))
    for left in (40, 200):
        form[63:157, left + 3 : left + 97] = 1
        form[90:130, left + 45 : left + 55] = 0
    assert find_tiles(form) is None
    noise = np.random.default_rng(0).uniform(0, 1, (300, 400, 3)).astype(np.float32)
    assert find_tiles(noise) is None

"""From a sheet to a photograph of it: desk, view, light, lens, sensor and file."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.reading.surfaces import Sheet, smooth_noise

Range = tuple[float, float]


@dataclass(frozen=True)
class Camera:
    """How a sheet is photographed; each pair is a range that is drawn from evenly.

    size: longer side of the picture in pixels. turn: largest turn in degrees. tilt: perspective, as the share by which
    a corner moves. shadow, gradient, vignette: how much light they take, as a share; below zero
    there is no shadow. exposure: brightness of the whole.
    cast: how far a colour may be off, as a share. blur, shake: in pixels. noise: in grey levels. jpeg: quality; None
    leaves the picture as it is. desk: whether the sheet's edges and what it lies on are seen. glare: light spots.
    """

    size: tuple[int, int] = (480, 800)
    turn: float = 4.0
    tilt: float = 0.02
    shadow: Range = (0.0, 0.0)
    gradient: Range = (0.0, 0.15)
    vignette: Range = (0.0, 0.12)
    exposure: Range = (0.85, 1.0)
    cast: float = 0.025
    blur: Range = (0.4, 0.9)
    shake: Range = (0.0, 0.0)
    noise: Range = (1.0, 3.0)
    jpeg: tuple[int, int] | None = (80, 95)
    desk: bool = False
    glare: bool = False


SCREEN = Camera((180, 520), 0, 0, (0, 0), (0, 0), (0, 0), (1, 1), 0, (0, 0), (0, 0), (0, 0), None)
"""No camera at all: a screenshot, or what a drawing program saves."""


def view(
    camera: Camera, frame: tuple[int, int], offset: tuple[int, int], random: np.random.Generator
) -> npt.NDArray[np.float64]:
    """The homography (3, 3) from a sheet's points to those of a picture of shape frame (h, w).

    offset: x and y on the sheet of the picture's corner, seen straight from above.
    """
    height, width = frame
    move = np.array([[1, 0, -offset[0]], [0, 1, -offset[1]], [0, 0, 1]], np.float64)
    turn = np.eye(3)
    turn[:2] = cv2.getRotationMatrix2D((width / 2, height / 2), float(random.uniform(-camera.turn, camera.turn)), 1)
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    moved = corners + random.uniform(-camera.tilt, camera.tilt, (4, 2)) * (width, height)
    tilt = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return np.asarray(tilt @ turn @ move)


def on_desk(sheet: Sheet, area: tuple[int, int, int, int], random: np.random.Generator) -> Sheet:
    """The part (x, y, width, height) of a sheet as a piece of paper on a desk, of the sheet's shape."""
    desk = _desk(sheet.shape[:2], random)
    x, y, width, height = area
    paper = np.zeros(sheet.shape[:2], np.float32)
    paper[max(0, y) : y + height, max(0, x) : x + width] = 1
    # Shadow on the desk beside the paper: it lies nearly flat, so it is thin.
    fall = random.uniform(-6, 6, 2).round().astype(int)
    shadow = np.roll(cv2.GaussianBlur(paper, (0, 0), float(random.uniform(2, 6))), (int(fall[0]), int(fall[1])), (0, 1))
    desk *= (1 - float(random.uniform(0.25, 0.5)) * shadow)[..., np.newaxis]
    amount = cv2.GaussianBlur(paper, (0, 0), 0.7)[..., np.newaxis]
    return np.asarray(desk * (1 - amount) + sheet * amount)


def photograph(
    sheet: Sheet,
    to_picture: npt.NDArray[np.float64],
    frame: tuple[int, int],
    camera: Camera,
    random: np.random.Generator,
) -> npt.NDArray[np.uint8]:
    """The picture (h, w, 3) uint8 of a sheet (H, W, 3) float32 in [0, 255]."""
    picture: Sheet = np.asarray(
        cv2.warpPerspective(sheet, to_picture, (frame[1], frame[0]), borderMode=cv2.BORDER_REFLECT_101), np.float32
    )
    picture *= _light(frame, camera, random)
    if camera.glare:
        picture += _glare(frame, random)
    blur = float(random.uniform(*camera.blur))
    if blur > 0.2:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), np.float32)
    shake = float(random.uniform(*camera.shake))
    if shake >= 1:
        picture = np.asarray(cv2.filter2D(picture, -1, _streak(shake, float(random.uniform(0, np.pi)))), np.float32)
    noise = float(random.uniform(*camera.noise))
    if noise:
        # Less light, more noise; neighbouring pixels share some of it, as sensors see one colour a pixel.
        grey = random.standard_normal((*frame, 1), np.float32)
        coarse = random.standard_normal((frame[0] // 2 + 1, frame[1] // 2 + 1, 3), np.float32)
        colour = cv2.resize(coarse, (frame[1], frame[0]), interpolation=cv2.INTER_LINEAR)
        amount = np.sqrt(np.maximum(picture[..., 1:2], 0)) * np.float32(noise * 0.6 / 16) + np.float32(noise * 0.6)
        picture += (grey + np.float32(0.6) * colour) * amount
    whole = np.clip(picture + 0.5, 0, 255).astype(np.uint8)
    if camera.jpeg is None:
        return whole
    quality = int(random.integers(camera.jpeg[0], camera.jpeg[1] + 1))
    stored = cv2.imencode(".jpg", whole[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.cvtColor(np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR)), cv2.COLOR_BGR2RGB), np.uint8)


def _light(frame: tuple[int, int], camera: Camera, random: np.random.Generator) -> npt.NDArray[np.float32]:
    height, width = frame
    rows, columns = np.mgrid[-1 : 1 : complex(0, height), -1 : 1 : complex(0, width)].astype(np.float32)
    angle = float(random.uniform(0, 2 * np.pi))
    slope = (columns * np.cos(angle) + rows * np.sin(angle)) / 2.4 + 0.5
    light = 1 - float(random.uniform(*camera.gradient)) * slope.clip(0, 1.3)
    light *= 1 - float(random.uniform(*camera.vignette)) * (rows**2 + columns**2) / 2
    strength = float(random.uniform(*camera.shadow))
    if strength > 0:
        light *= 1 - strength * _shadow(frame, random)
    cast = 1 + random.uniform(-1, 1, 3) * camera.cast
    # Lamps are warm: red is lifted and blue lowered more often than the other way round.
    warm = float(random.uniform(-0.3, 1)) * camera.cast
    colour = cast * (1 + warm, 1, 1 - warm) * float(random.uniform(*camera.exposure))
    return np.asarray(light[..., np.newaxis] * colour.astype(np.float32), np.float32)


def _shadow(frame: tuple[int, int], random: np.random.Generator) -> npt.NDArray[np.float32]:
    """The soft shadow of a hand, a telephone or a head that comes in from one side: 0 lit, 1 dark."""
    height, width = frame
    centre = np.array([width, height]) * random.uniform(0.25, 0.75, 2)
    angle = float(random.uniform(0, 2 * np.pi))
    away = np.array([np.cos(angle), np.sin(angle)]) * max(frame)
    across = np.array([-away[1], away[0]])
    wide = float(random.uniform(0.2, 0.7))
    corners = [
        centre - across * wide,
        centre + across * wide,
        centre + across * wide + 2 * away,
        centre - across * wide + 2 * away,
    ]
    bulge = centre - away * float(random.uniform(0.0, 0.15))
    corners.insert(1, bulge)
    # Drawn small: it is blurred anyway, and wide blurs are slow.
    factor = min(1.0, 240 / max(frame))
    mask = np.zeros((round(height * factor), round(width * factor)), np.float32)
    cv2.fillPoly(mask, [np.round(np.array(corners) * factor * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(mask, (0, 0), float(random.uniform(0.01, 0.08)) * max(mask.shape))
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _glare(frame: tuple[int, int], random: np.random.Generator) -> npt.NDArray[np.float32]:
    height, width = frame
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    spots = np.zeros(frame, np.float32)
    for _ in range(int(random.integers(1, 3))):
        x, y = random.uniform(0, 1, 2) * (width, height)
        reach = random.uniform(0.04, 0.14, 2) * max(frame)
        spots += np.exp(-(((columns - x) / reach[0]) ** 2 + ((rows - y) / reach[1]) ** 2) / 2)
    return np.asarray(float(random.uniform(30, 110)) * spots[..., np.newaxis], np.float32)


def _streak(length: float, angle: float) -> npt.NDArray[np.float32]:
    side = 2 * int(np.ceil(length / 2)) + 1
    kernel = np.zeros((side, side), np.float32)
    reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    ends = np.round((side // 2 + np.array([-reach, reach])) * 16).astype(int)
    cv2.line(kernel, ends[0].tolist(), ends[1].tolist(), 1.0, 1, cv2.LINE_AA, 4)
    return np.asarray(kernel / kernel.sum(), np.float32)


def _desk(shape: tuple[int, int], random: np.random.Generator) -> Sheet:
    """A wooden desk, a plain one or a cloth."""
    colours = (
        (120, 82, 52),
        (165, 125, 85),
        (70, 52, 42),
        (55, 58, 62),
        (150, 150, 152),
        (96, 110, 118),
        (205, 185, 155),
    )
    colour = np.asarray(colours[int(random.integers(len(colours)))], np.float32)
    desk = np.empty((*shape, 3), np.float32)
    desk[:] = colour
    warm = colour[0] > colour[2] + 20
    if warm:
        # Grain of wood: noise drawn out along the boards.
        height, width = shape
        fine = cv2.resize(random.normal(size=(height // 2 + 2, width // 120 + 2)).astype(np.float32), (width, height))
        broad = cv2.resize(random.normal(size=(height // 14 + 2, width // 300 + 2)).astype(np.float32), (width, height))
        grain = 0.05 * fine + 0.1 * broad
    else:
        grain = 0.04 * smooth_noise(shape, max(shape) / 6, random)
        grain = grain + 0.05 * cv2.GaussianBlur(random.standard_normal(shape, np.float32), (0, 0), 1)
    return np.asarray(desk * (1 + grain)[..., np.newaxis], np.float32)

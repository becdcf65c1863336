"""Random changes of a batch of training images, made anew in every epoch: the one place that puts them together.

    styles      strokes that other writers add
    lettering   digits in other people's hands, from fonts
    photographs digits in other people's hands, photographed from their paper
    strangers   images that are no digit, in the place of some, with a label of all classes alike
    warps       turns, stretches, slants, moves, elastic displacement
    pens        strokes thinner or thicker, paler, blurred, noisy, cut off

With every setting at zero (the paper's way) the images and targets come back as they are.
"""

from collections.abc import Sequence

import numpy as np

from core.recipe import Augmentation
from core.training.lettering import LETTERS, draw_character
from core.training.pens import change_pen
from core.training.photographs import SYMBOLS, draw_photographed
from core.training.strangers import Character, make_strangers
from core.training.styles import restyle
from core.training.warps import warp


def augment(
    images: np.ndarray,
    targets: np.ndarray,
    class_names: Sequence[str],
    settings: Augmentation,
    generator: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """The images changed as the settings ask, and their targets.

    images: (n, h, w) uint8. targets: (n, n_classes) float32, one-hot. class_names: one a class, in their order.
    Returns arrays of the same shapes and types.
    """
    names = [class_names[label] for label in targets.argmax(axis=1)]
    images = restyle(images, names, settings.styles, generator)
    images = _rewritten(images, names, settings.lettering, draw_character, generator)
    images = _rewritten(images, names, settings.photographs, draw_photographed, generator)
    if settings.strangers:
        replaced = np.flatnonzero(generator.random(len(images)) < settings.strangers)
        strangers = make_strangers(images, len(replaced), generator, _others(class_names, settings))
        images, targets = images.copy(), targets.copy()
        images[replaced], targets[replaced] = strangers, 1 / targets.shape[1]
    return change_pen(warp(images, settings, generator), settings, generator), targets


def _rewritten(
    images: np.ndarray, names: Sequence[str], share: float, character: Character, generator: np.random.Generator
) -> np.ndarray:
    """A share of the images replaced by the same character in the hand of somebody; the same images for a share of 0.

    names: the class of each image. What `character` has not stays as it is.
    """
    if not share:
        return images
    rewritten = images.copy()
    for number in np.flatnonzero(generator.random(len(images)) < share):
        drawn = character(names[int(number)], images.shape[1:], generator)
        if drawn is not None:
            rewritten[number] = drawn
    return rewritten


def _others(class_names: Sequence[str], settings: Augmentation) -> list[tuple[str, Character]]:
    """What else the hands that are asked for wrote and is none of the classes, large or small: names and source."""
    taken = {name.casefold() for name in class_names}
    sources = ((settings.lettering, LETTERS, draw_character), (settings.photographs, SYMBOLS, draw_photographed))
    left = [
        ("".join(name for name in names if name.casefold() not in taken), character)
        for share, names, character in sources
        if share
    ]
    return [(names, character) for names, character in left if names]

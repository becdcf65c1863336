"""Random changes of a batch of training images, made anew in every epoch: the one place that puts them together.

    styles      strokes that other writers add
    lettering   digits in other people's hands
    strangers   images that are no digit, in the place of some, with a label of all classes alike
    warps       turns, stretches, slants, moves, elastic displacement
    pens        strokes thinner or thicker, paler, blurred, noisy, cut off

With every setting at zero (the paper's way) the images and targets come back as they are.
"""

from collections.abc import Sequence

import numpy as np

from core.recipe import Augmentation
from core.training.lettering import letters_beside, rewrite
from core.training.pens import change_pen
from core.training.strangers import make_strangers
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
    images = rewrite(images, names, settings.lettering, generator)
    if settings.strangers:
        replaced = np.flatnonzero(generator.random(len(images)) < settings.strangers)
        letters = letters_beside(class_names) if settings.lettering else ""
        strangers = make_strangers(images, len(replaced), generator, letters)
        images, targets = images.copy(), targets.copy()
        images[replaced], targets[replaced] = strangers, 1 / targets.shape[1]
    return change_pen(warp(images, settings, generator), settings, generator), targets

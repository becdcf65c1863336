"""The network's opinion on ink: how sure it is that a glyph is one digit, whichever."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.images.normalise import normalise
from core.images.preparation import Preparation

Judge = Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]]
"""Images (n, h, w) uint8, light on black -> how sure it is that each is one digit, (n,) float32 in [0, 1]."""


@dataclass(frozen=True)
class Judged:
    """A judge that sees glyphs as they would be read: as images of `shape` (h, w), prepared alike."""

    judge: Judge
    shape: tuple[int, int]
    preparation: Preparation

    def sureness(self, glyphs: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
        """How sure the judge is that each glyph, an ink (h, w) in [0, 1], is one digit: (n,) in [0, 1]."""
        return self.judge(np.stack([normalise(strength, self.shape, self.preparation) for strength in glyphs]))

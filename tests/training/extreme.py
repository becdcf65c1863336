"""A generator whose draws are known, for tests of random changes."""

import numpy as np


class Extreme(np.random.Generator):
    """Draws one end of every range, always the same side, and noise of one standard deviation."""

    def __init__(self, end: str = "high", side: int = 0) -> None:
        super().__init__(np.random.PCG64(0))
        self.end, self.side = end, side

    def uniform(self, low: float, high: float, shape: tuple[int, ...]) -> np.ndarray:  # type: ignore[override]
        return np.full(shape, high if self.end == "high" else low)

    def integers(self, low: int, high: int, shape: int) -> np.ndarray:  # type: ignore[override]
        return np.full(shape, self.side)

    def standard_normal(self, shape: tuple[int, ...], dtype: type) -> np.ndarray:  # type: ignore[override]
        return np.ones(shape, dtype)

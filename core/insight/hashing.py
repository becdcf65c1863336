"""Semantic hashing: codes as strings of bits, so that the nearest of thousands are found by counting bits.

The retrieval that Salakhutdinov and Hinton describe ("Semantic Hashing", International Journal of Approximate
Reasoning 50, 2009) and the paper names as an application of its codes. Their network is trained towards bits; here the
codes of a finished run are cut into bits by random hyperplanes (Charikar, "Similarity Estimation Techniques from
Rounding Algorithms", STOC 2002), each at the median of the training codes, so that every bit halves them. With 256
bits a search finds almost as many images of the right class as exact distances do, in 32 bytes an image.
Refused, with a `ValueError`: queries that are no codes of the run, and numbers of bits that fill no 64-bit words.
"""

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.store import Codes

BITS = 256
_WORD = 64

Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found for one query, the nearest first.

    rows: (k,) int64, positions in the training set. distances: (k,) int64, bits that differ, 0 to `n_bits`.
    seconds: what hashing the query and comparing it with all codes took.
    """

    rows: npt.NDArray[np.int64]
    distances: npt.NDArray[np.int64]
    seconds: float


class Hashes:
    """The hashed training codes of a run, ready to be searched; make it once and keep it."""

    def __init__(self, codes: Codes, n_bits: int = BITS) -> None:
        """codes: of the run. n_bits: a multiple of 64. The same codes give the same bits."""
        if n_bits < _WORD or n_bits % _WORD:
            raise ValueError(f"n_bits: expected a multiple of {_WORD}, got {n_bits}.")
        self.n_bits = n_bits
        self.rows = codes.train_rows
        train = codes.train.astype(np.float32)
        random = np.random.default_rng(0)
        self._directions = random.standard_normal((train.shape[1], n_bits), dtype=np.float32)
        turned = train @ self._directions
        self._thresholds = np.median(turned, axis=0) if len(turned) else np.zeros(n_bits, np.float32)
        self._train = self._packed(turned)

    @property
    def n_bytes(self) -> int:
        """What the hashed training codes take in memory."""
        return self._train.nbytes

    def words(self, queries: npt.NDArray[np.floating]) -> Words:
        """The bits of codes (n, n_components), packed: (n, n_bits / 64) uint64.

        Raises ValueError for codes of another shape.
        """
        n_components = len(self._directions)
        if queries.ndim != 2 or queries.shape[1] != n_components:
            raise ValueError(f"queries: expected the shape (n, {n_components}), found {queries.shape}.")
        return self._packed(queries.astype(np.float32) @ self._directions)

    def search(self, query: npt.NDArray[np.floating], k: int = 9) -> Found:
        """The k training images whose bits differ least from those of one code (n_components,).

        Fewer if there are no more; ties to the earlier image. Raises ValueError for a code of another size, or k < 1.
        """
        if k < 1:
            raise ValueError(f"k: expected at least 1, got {k}.")
        start = time.perf_counter()
        differing = np.bitwise_count(self._train ^ self.words(query[np.newaxis])).sum(axis=1, dtype=np.int64)
        order = _smallest(differing, k)
        seconds = time.perf_counter() - start
        return Found(self.rows[order], differing[order], seconds)

    def _packed(self, turned: npt.NDArray[np.float32]) -> Words:
        return np.packbits(turned > self._thresholds, axis=1).view(np.uint64)


def _smallest(values: npt.NDArray[np.int64], k: int) -> npt.NDArray[np.int64]:
    """Positions of the k smallest, ascending, the earlier of equal ones first."""
    # One number says both, so that a partition, which keeps no order among equals, gives the same as a stable sort.
    keys = values * len(values) + np.arange(len(values))
    nearest = np.argpartition(keys, k - 1)[:k] if k < len(keys) else np.arange(len(keys))
    return nearest[np.argsort(keys[nearest])]

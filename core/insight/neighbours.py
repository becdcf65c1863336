"""Neighbours: the training images whose codes lie nearest to an image's, and how far away they are."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.store import Codes


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The nearest training images of n queries, the nearest first.

    rows: (n, k) int64, positions in the training set. distances: (n, k) float32 >= 0, Euclidean, in the principal
    components of the codes.
    """

    rows: npt.NDArray[np.int64]
    distances: npt.NDArray[np.float32]


def nearest(codes: Codes, queries: npt.NDArray[np.floating], k: int = 9) -> Neighbours:
    """The k training images nearest to each query, fewer if the run holds no more; ties to the earlier image.

    queries: (n, n_components), rows of `codes.test` or codes from `Autoencoder.encode`. A query that is itself a
    training image finds itself first. Raises ValueError for queries of another shape, or k < 1.
    """
    if queries.ndim != 2 or queries.shape[1] != codes.train.shape[1]:
        raise ValueError(f"queries: expected the shape (n, {codes.train.shape[1]}), found {queries.shape}.")
    if k < 1:
        raise ValueError(f"k: expected at least 1, got {k}.")
    train = codes.train.astype(np.float32)
    rows = np.empty((len(queries), min(k, len(train))), np.int64)
    distances = np.empty(rows.shape, np.float32)
    for number, query in enumerate(queries.astype(np.float32)):
        # Differences, not the expanded square: that would lose the digits of small distances.
        difference = train - query
        squares = np.einsum("ij,ij->i", difference, difference)
        order = np.argsort(squares, kind="stable")[: rows.shape[1]]
        rows[number], distances[number] = codes.train_rows[order], np.sqrt(squares[order])
    return Neighbours(rows, distances)

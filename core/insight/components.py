"""The codes of a run in their principal components: a space of a few dozen numbers an image, in which to compare them.

The components are found by randomised subspace iteration (Halko, Martinsson and Tropp, "Finding Structure with
Randomness", SIAM Review 2011, algorithm 4.4), as an exact decomposition of codes with thousands of numbers each would
take minutes. Refused, with a `ValueError`: codes that are not finite, and a single one, which varies along nothing.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from core.store import Codes

COMPONENTS = 64
FITTED_ON = 3000
"""Training codes that decide the components; more change them little."""

_SPARE = 8
_ITERATIONS = 4
_BATCH = 1000

Numbers = npt.NDArray[np.floating]


def fit_codes(train_rows: npt.NDArray[np.int64], train: Numbers, test: Numbers) -> Codes:
    """Find the components of the training codes and turn all codes to them.

    train_rows: (n,) positions in the training set. train: their flattened codes (n, code size), n >= 2. test: those of
    the test images. Both may be memory maps: they are read in batches.
    The same codes give the same result on the same machine. Raises ValueError if the codes are not finite.
    """
    if len(train) < 2 or len(train_rows) != len(train):
        raise ValueError(
            f"train: expected at least two codes, one for each of the {len(train_rows)} rows, found {len(train)}."
        )
    random = np.random.default_rng(0)
    chosen = np.sort(random.permutation(len(train))[:FITTED_ON])
    centred = train[chosen].astype(np.float32)
    if not np.isfinite(centred).all():
        raise ValueError("train: expected finite codes, found some that are not.")
    mean = centred.mean(axis=0, dtype=np.float64).astype(np.float32)
    centred -= mean
    components, variances = principal_components(centred, min(COMPONENTS, len(chosen) - 1, centred.shape[1]), random)
    total = np.square(centred).sum(dtype=np.float64)
    # Rounded here, so that a code which is projected later gets the same numbers.
    components = components.astype(np.float16)
    return Codes(
        mean=mean,
        components=components,
        explained=variances / total if total else np.zeros_like(variances),
        train_rows=train_rows,
        train=project(mean, components, _batches(train)),
        test=project(mean, components, _batches(test)),
    )


def project(mean: npt.NDArray[np.float32], components: Numbers, codes: Iterable[Numbers]) -> npt.NDArray[np.float16]:
    """Batches of flattened codes (n, code size) turned to the components: (all of them, n_components) float16."""
    axes = components.astype(np.float32).T
    offset = mean @ axes
    parts = [batch.astype(np.float32) @ axes - offset for batch in codes]
    turned = np.concatenate(parts) if parts else np.empty((0, axes.shape[1]), np.float32)
    limit = np.finfo(np.float16).max
    return turned.clip(-limit, limit).astype(np.float16)


def principal_components(
    centred: npt.NDArray[np.float32], n: int, random: np.random.Generator
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float64]]:
    """The n orthonormal directions of largest variance, (n, code size), and the sums of squares along them."""
    rows, size = centred.shape
    spanned = random.standard_normal((rows, min(n + _SPARE, rows, size)), dtype=np.float32)
    for _ in range(_ITERATIONS):
        spanned = centred @ (centred.T @ np.linalg.qr(spanned)[0])
    small = np.linalg.qr(spanned)[0].T @ centred
    _, values, directions = np.linalg.svd(small, full_matrices=False)
    directions, values = directions[:n], values[:n].astype(np.float64)
    # The sign of a direction is arbitrary: its largest entry is made positive, so that maps are not mirrored by chance.
    largest = np.abs(directions).argmax(axis=1)
    return directions * np.sign(directions[np.arange(n), largest])[:, np.newaxis], np.square(values)


def _batches(codes: Numbers) -> Iterable[Numbers]:
    for start in range(0, len(codes), _BATCH):
        yield codes[start : start + _BATCH]

"""Maps of the code space: every image a point in two dimensions, near those with codes like its own.

The first two principal components are there at once and keep large distances; t-SNE takes seconds to minutes and shows
the groups. Refused, with a `ValueError`: fewer than three codes, codes with fewer than two components, and outlines
with fewer than three corners.
"""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating]

TSNE_POINTS = 2500
"""As many as t-SNE draws in about ten seconds on two cores; more take more than in proportion."""

MAP_SIDE = 1000
"""A map in whole numbers, as it is drawn and as outlines on it are given, reaches from 0 to this in both directions."""

_PERPLEXITY = 30.0


def pca_map(codes: Numbers) -> npt.NDArray[np.float32]:
    """The first two principal components of codes (n, n_components), such as `Codes.test`: (n, 2) float32."""
    _require_components(codes)
    return codes[:, :2].astype(np.float32)


def tsne_map(codes: Numbers, seed: int = 0) -> npt.NDArray[np.float32]:
    """Codes (n, n_components) laid out by t-SNE, n >= 3: (n, 2) float32. The same seed gives the same map.

    Distances on it mean neighbourhood and nothing else. Meant for up to `TSNE_POINTS` codes.
    """
    _require_components(codes)
    if len(codes) < 3:
        raise ValueError(f"codes: expected at least three, found {len(codes)}.")
    from sklearn.manifold import TSNE  # takes seconds to load

    perplexity = min(_PERPLEXITY, (len(codes) - 1) / 3)
    layout = TSNE(perplexity=perplexity, init="pca", random_state=seed).fit_transform(codes.astype(np.float32))
    return np.asarray(layout, np.float32)


def map_rows(n_images: int) -> npt.NDArray[np.int64]:
    """Which of n_images images a map shows: all, or `TSNE_POINTS` at even distances; ascending, (n,) int64."""
    if n_images <= TSNE_POINTS:
        return np.arange(n_images, dtype=np.int64)
    return np.arange(TSNE_POINTS, dtype=np.int64) * n_images // TSNE_POINTS


def in_whole_numbers(points: Numbers) -> npt.NDArray[np.int64]:
    """A map (n, 2) stretched in both directions to the square of `MAP_SIDE`: (n, 2) int64 in [0, MAP_SIDE]."""
    if not len(points):
        return np.empty((0, 2), np.int64)
    low = points.min(axis=0).astype(np.float64)
    extent = points.max(axis=0) - low
    # A map without extent in one direction lies in the middle of the other.
    share = np.where(extent > 0, (points - low) / np.where(extent > 0, extent, 1), 0.5)
    return np.asarray(np.rint(share * MAP_SIDE), np.int64)


def inside(points: npt.NDArray[np.int64], outline: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which points (n, 2) lie within the closed outline (n_corners, 2), by the even-odd rule: (n,) bool.

    Raises ValueError for fewer than three corners.
    """
    if outline.ndim != 2 or outline.shape[1] != 2 or len(outline) < 3:
        raise ValueError(f"outline: expected the shape (n_corners, 2) with at least three, found {outline.shape}.")
    x, y = points[:, 0, np.newaxis], points[:, 1, np.newaxis]
    x1, y1 = outline.T
    x2, y2 = np.roll(outline, -1, axis=0).T
    # A ray to the right of each point crosses an edge that passes its height, if the crossing lies to its right.
    passes = (y1 > y) != (y2 > y)
    with np.errstate(divide="ignore", invalid="ignore"):  # level edges pass no height
        crossing = x1 + (y - y1) * (x2 - x1) / (y2 - y1)
    crossings = (passes & (x < crossing)).sum(axis=1)
    return np.asarray(crossings % 2 == 1, np.bool_)


def share_with_own(points: Numbers, labels: npt.NDArray[np.int64]) -> float | None:
    """How well a map keeps classes together: the share of points nearer to the centre of their own than to any other.

    points: (n, 2). labels: (n,) classes. None where there are fewer than two classes.
    """
    present = np.unique(labels)
    if len(present) < 2:
        return None
    centres = np.stack([points[labels == label].mean(axis=0) for label in present])
    nearest = present[((points[:, np.newaxis] - centres) ** 2).sum(axis=2).argmin(axis=1)]
    return float((nearest == labels).mean())


def _require_components(codes: Numbers) -> None:
    if codes.ndim != 2 or codes.shape[1] < 2:
        raise ValueError(f"codes: expected the shape (n, n_components) with at least two, found {codes.shape}.")

"""Maps of the code space: every image a point in two dimensions, near those with codes like its own.

The first two principal components are there at once and keep large distances; t-SNE takes seconds to minutes and shows
the groups. Refused, with a `ValueError`: fewer than three codes, and codes with fewer than two components.
"""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating]

TSNE_POINTS = 2500
"""As many as t-SNE draws in about ten seconds on two cores; more take more than in proportion."""

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


def _require_components(codes: Numbers) -> None:
    if codes.ndim != 2 or codes.shape[1] < 2:
        raise ValueError(f"codes: expected the shape (n, n_components) with at least two, found {codes.shape}.")

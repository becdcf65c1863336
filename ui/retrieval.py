"""Training digits like one that was read: found among the hashed codes of thousands, with the time that it took.

A run keeps the codes of its training images. One that came without them can still be searched: the training images of
its dataset, or else of the one that is installed with the project, are encoded when somebody asks for it.
"""

import time
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.data import embedded
from core.data.dataset import Dataset
from core.errors import DataError, RunDamagedError
from core.insight import Autoencoder, nearest
from core.insight.hashing import BITS, Found, Hashes
from core.store import Codes, Run
from core.wording import about, count
from ui import inspector, loading, shell

NEIGHBOURS = 9
ENCODED = 4000
"""Training images that are encoded for a run that came without their codes."""

_BATCH, _SECONDS = 200, 0.004
"""Images encoded at once; seconds that one takes, roughly."""

Image = npt.NDArray[np.uint8]
Space = tuple[Codes, Dataset | None]
"""Codes of training images, and the dataset that these are of, None where it is not at hand."""


def show(run: Run, image: Image) -> None:
    """The training images whose hashed codes are nearest to that of an image (h, w) uint8."""
    try:
        autoencoder, codes = loading.autoencoder(run), run.codes
        if autoencoder is None or codes is None or not len(codes.components):
            _cannot()
            return
        space = _own(run, codes) if len(codes.train_rows) else _encoded(run, codes, autoencoder)
        if space is not None:
            _found(run, image, autoencoder, *space)
    except RunDamagedError as error:
        st.warning(str(error))


def _cannot() -> None:
    st.info(
        "This run keeps no codes (`codes.npz` and `autoencoder.onnx`), so that there is nothing to search in. Runs "
        "that are trained now keep them.",
        icon=":material/search_off:",
        title="No training digits to compare with",
    )


def _own(run: Run, codes: Codes) -> Space:
    try:
        return codes, loading.dataset_of(run)
    except DataError as error:
        st.info(
            f"{error} They were found, but cannot be shown.",
            icon=":material/image_not_supported:",
            title="The training images are not at hand",
        )
        return codes, None


def _encoded(run: Run, codes: Codes, autoencoder: Autoencoder) -> Space | None:
    """Training images that were encoded here; None, with the button to do it, until they are."""
    dataset = _at_hand(run)
    if dataset is None:
        return None
    kept = _kept()
    key = run.fingerprint, dataset.digest
    if key not in kept:
        n = min(ENCODED, len(dataset.train_labels))
        st.markdown(
            f"This run came without the codes of its training images. {count(n, 'training image')} of {dataset.name} "
            f"can be encoded now, once, in about {about(_SECONDS * n)}."
        )
        if not st.button("Encode them", icon=":material/grid_on:", type="primary", key="encode"):
            return None
        # Spread over the whole file, which may be ordered by class.
        rows = np.linspace(0, len(dataset.train_labels) - 1, n).astype(np.int64)
        kept[key] = _encode(codes, autoencoder, dataset.train_images, rows)
        st.rerun()
    return kept[key], dataset


def _at_hand(run: Run) -> Dataset | None:
    """The run's dataset, or else the installed one if it is of the same kind; None, with what to do, without either."""
    facts = run.request.dataset
    try:
        return loading.dataset_of(run)
    except DataError as error:
        if (facts.image_shape, facts.class_names) == (embedded.IMAGE_SHAPE, tuple("0123456789")):
            return loading.dataset(embedded.NAME)
        st.info(str(error), icon=":material/image_not_supported:", title="The training images are not at hand")
        shell.link("data", "Datasets")
        return None


def _encode(codes: Codes, autoencoder: Autoencoder, images: Image, rows: npt.NDArray[np.int64]) -> Codes:
    bar, parts = st.progress(0.0, "Encoding training images"), []
    for start in range(0, len(rows), _BATCH):
        part = autoencoder.encode(images[rows[start : start + _BATCH]])
        assert part is not None, "the run keeps components"
        parts.append(part)
        bar.progress(min(1.0, (start + _BATCH) / len(rows)), f"Encoded {start + len(part):,} training images")
    bar.empty()
    return replace(codes, train_rows=rows, train=np.concatenate(parts))


def _found(run: Run, image: Image, autoencoder: Autoencoder, codes: Codes, dataset: Dataset | None) -> None:
    source = dataset.digest if dataset else ""
    hashes = _hashes(run.fingerprint, source, codes)
    hashed, exact, seconds = _search(run.fingerprint, source, image.tobytes(), autoencoder, hashes, codes, image)
    same = int(np.isin(hashed.rows, exact).sum())
    with st.container(horizontal=True, gap="large"):
        st.metric("Search", f"{1000 * hashed.seconds:.2f} ms", help="Hashing the code and comparing it with all others")
        st.metric("Compared", f"{len(hashes.rows):,}", help="Training images whose codes are at hand")
        st.metric("Bits that differ", f"{hashed.distances[0]} to {hashed.distances[-1]} of {BITS}")
    if dataset is not None:
        distances = [f"{bits} of {BITS} bits differ" for bits in hashed.distances]
        inspector.training_images(dataset, hashed.rows, distances)
    st.caption(
        "Semantic hashing (Salakhutdinov and Hinton, 2009), for which the paper proposes its codes: each code became "
        f"{BITS} bits, {hashes.n_bytes / 1e6:.1f} MB for all, and those that differ are counted. An exact search took "
        f"{1000 * seconds:.1f} ms and finds {same} of the same {count(len(hashed.rows), 'image')}."
    )


@st.cache_resource(show_spinner=False)
def _kept() -> dict[tuple[str, str], Codes]:
    """(Run, digest of a dataset) -> codes of its training images that were made here."""
    return {}


@st.cache_resource(show_spinner=False, max_entries=4)
def _hashes(fingerprint: str, source: str, _codes: Codes) -> Hashes:
    return Hashes(_codes)


@st.cache_resource(show_spinner=False, max_entries=256)
def _search(
    fingerprint: str,
    source: str,
    pixels: bytes,
    _autoencoder: Autoencoder,
    _hashes: Hashes,
    _codes: Codes,
    _image: Image,
) -> tuple[Found, npt.NDArray[np.int64], float]:
    """What hashing found, positions that an exact search finds, and the seconds of that."""
    queries = _autoencoder.encode(_image[np.newaxis])
    assert queries is not None, "the run keeps components"
    # The first search of a process pays for what it touches first: each is made twice, and the second one counted.
    _hashes.search(queries[0], NEIGHBOURS)
    hashed = _hashes.search(queries[0], NEIGHBOURS)
    nearest(_codes, queries, NEIGHBOURS)
    start = time.perf_counter()
    exact = nearest(_codes, queries, NEIGHBOURS).rows[0]
    return hashed, exact, time.perf_counter() - start

"""Training digits like one that was read: found among the hashed codes of thousands, with the time that it took.

A run keeps the codes of training images. One that comes with the project to read keeps these images too, so that they
are shown at once on a machine without its dataset.
"""

import time

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.errors import DataError, RunDamagedError
from core.insight import Autoencoder, nearest
from core.insight.hashing import BITS, Found, Hashes
from core.store import Codes, Run, RunImages
from core.wording import count
from ui import inspector, loading

NEIGHBOURS = 9

Image = npt.NDArray[np.uint8]


def show(run: Run, image: Image) -> None:
    """The training images whose hashed codes are nearest to that of an image (h, w) uint8."""
    try:
        autoencoder, codes = loading.autoencoder(run), run.codes
        if autoencoder is None or codes is None or not len(codes.components) or not len(codes.train_rows):
            _cannot()
        else:
            _found(run, image, autoencoder, codes)
    except RunDamagedError as error:
        st.warning(str(error))


def _cannot() -> None:
    st.info(
        "This run keeps no codes of training images (`codes.npz` and `autoencoder.onnx`), so that there is nothing to "
        "search in. Runs that are trained now keep them.",
        icon=":material/search_off:",
        title="No training digits to compare with",
    )


def _images(run: Run) -> RunImages:
    """Where the training images are: with the run, or else in its dataset."""
    if run.training_images is not None:
        return RunImages(run, None)
    try:
        return RunImages(run, loading.dataset_of(run))
    except DataError as error:
        st.info(
            f"{error} They were found, but cannot be shown.",
            icon=":material/image_not_supported:",
            title="The training images are not at hand",
        )
        return RunImages(run, None)


def _found(run: Run, image: Image, autoencoder: Autoencoder, codes: Codes) -> None:
    hashes = _hashes(run.fingerprint, codes)
    hashed, exact, seconds = _search(run.fingerprint, image.tobytes(), autoencoder, hashes, codes, image)
    same = int(np.isin(hashed.rows, exact).sum())
    found = _images(run).training(hashed.rows)
    if found is not None:
        distances = [f"{bits} of {BITS} bits differ" for bits in hashed.distances]
        inspector.training_images(found, run.request.dataset.class_names, distances)
    with st.container(horizontal=True, gap="medium"):
        st.metric("Search", f"{1000 * hashed.seconds:.2f} ms", help="Hashing the code and comparing it with all others")
        st.metric("Compared", f"{len(hashes.rows):,}", help="Training images whose codes are at hand")
        st.metric("Bits that differ", f"{hashed.distances[0]} to {hashed.distances[-1]} of {BITS}")
    st.caption(
        "Semantic hashing (Salakhutdinov and Hinton, 2009), for which the paper proposes its codes: each code became "
        f"{BITS} bits, {hashes.n_bytes / 1e6:.1f} MB for all, and those that differ are counted. An exact search took "
        f"{1000 * seconds:.1f} ms and finds {same} of the same {count(len(hashed.rows), 'image')}."
    )


@st.cache_resource(show_spinner=False, max_entries=4)
def _hashes(fingerprint: str, _codes: Codes) -> Hashes:
    return Hashes(_codes)


@st.cache_resource(show_spinner=False, max_entries=256)
def _search(
    fingerprint: str,
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

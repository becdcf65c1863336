"""The map of a run's codes with what is selected on it: which images lie there, and what they were read as.

The first two principal components are there at once; t-SNE is laid out in the background, once for every run, and the
points glide to their new places when it is done.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.data.dataset import Dataset
from core.insight import in_whole_numbers, inside, map_rows, pca_map, share_with_own
from core.store import Run, RunImages
from core.wording import count
from ui import code_map, loading, readings, state
from ui.code_map import CodeMap, Outline
from ui.markdown import plain
from ui.tables import csv_button

PARAMETERS = ("map", "area")
COMPONENTS, TSNE = "components", "tsne"
_NAMES = {COMPONENTS: "Principal components", TSNE: "t-SNE"}
_MOST_TILES = 96
_SECONDS = 1.0


@dataclass(frozen=True, eq=False)
class _Layout:
    """One map. points: (n, 2) float32, of the test images rows (n,). method: COMPONENTS or TSNE."""

    method: str
    points: npt.NDArray[np.float32]
    rows: npt.NDArray[np.int64]
    axes: tuple[str, str]


def show(run: Run, images: RunImages) -> None:
    """The map and, beside it, the images of the selected region."""
    if run.codes is None:
        reason = run.environment.get("codes")
        st.info(
            "This run keeps no codes, so that there is no map of them. "
            + (f"They could not be made: {reason}" if reason else "Runs that are trained now keep theirs."),
            icon=":material/scatter_plot:",
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        method = state.segments(
            "Laid out by",
            "map",
            _NAMES,
            COMPONENTS,
            help="The two directions in which the codes vary most; or t-SNE, which puts like codes together.",
            drops=["area"],
        )
        csv = st.empty()
    try:
        layout = _layout(run, method)
    except ValueError as error:
        st.info(f"There is no map of these codes: {error}", icon=":material/scatter_plot:")
        return
    with csv:
        _download(run, layout)
    outline = code_map.parse(st.query_params.get("area")) if layout.method == method else None
    drawn = _drawn(run, images.dataset, layout)
    left, right = st.columns([3, 2], gap="large")
    with left:
        changed, selected = code_map.show(drawn, key="code map", outline=outline)
        n, n_test = len(layout.rows), run.request.dataset.n_test
        part = f"{n:,} of the {n_test:,} test images, evenly spaced" if n < n_test else f"All {count(n, 'test image')}"
        st.caption(f"{part}. A ring marks those that were read wrongly.")
    if changed:
        # Who selects while t-SNE is on its way means the map that is there.
        state.put(area=code_map.text_of(selected), map=None if layout.method == COMPONENTS else layout.method)
        st.rerun()
    with right:
        _selection(run, images, drawn, outline)


def selected_images(run: Run) -> npt.NDArray[np.int64]:
    """Positions of the test images in the region that the URL names, as far as its map is there; none without one."""
    outline, nothing = code_map.parse(st.query_params.get("area")), np.empty(0, np.int64)
    if outline is None or run.codes is None:
        return nothing
    method = state.choice("map", (COMPONENTS, TSNE), COMPONENTS)
    rows = map_rows(len(run.codes.test))
    points = loading.code_maps().points(run) if method == TSNE else pca_map(run.codes.test[rows])
    return nothing if points is None else rows[inside(in_whole_numbers(points), outline)]


def _layout(run: Run, method: str) -> _Layout:
    """The map of that method; the principal components as long as t-SNE is not ready."""
    assert run.codes is not None
    codes, explained = run.codes.test, run.codes.explained
    rows = map_rows(len(codes))
    if method == TSNE:
        points = loading.code_maps().points(run)
        if points is not None:
            return _Layout(TSNE, points, rows, ("Near means alike; axes and distances have no unit", ""))
        _work_on_tsne(run)
    axes = [
        f"{name} principal component ({share:.0%} of the variance)"
        for name, share in zip(("First", "Second"), explained, strict=False)
    ]
    points = pca_map(codes[rows])
    return _Layout(COMPONENTS, points, rows, (axes[0], axes[1]))


def _work_on_tsne(run: Run) -> None:
    """See to it that t-SNE is laid out, and say how it stands."""
    maps = loading.code_maps()
    failure = maps.failure(run)
    if failure is None:
        maps.begin(run)
        st.fragment(_wait, run_every=_SECONDS)(run)
        return
    with st.container(border=True):
        st.markdown(f":material/error: {failure} The principal components are shown instead.")
        st.button("Try again", icon=":material/refresh:", on_click=maps.begin, args=(run,))


def _wait(run: Run) -> None:
    maps = loading.code_maps()
    if not maps.is_working(run):
        st.rerun()
    n = len(map_rows(run.request.dataset.n_test))
    st.markdown(
        f":material/hourglass_top: t-SNE lays out {count(n, 'image')} in the background: some ten seconds, more on a "
        "busy machine, and only once. Until then, the principal components:"
    )


def _drawn(run: Run, dataset: Dataset | None, layout: _Layout) -> CodeMap:
    of, facts = loading.outcomes(run), run.request.dataset
    sprite = None
    if dataset is not None:
        sprite = _sprite(dataset.digest, dataset.test_images, layout.rows)
    return CodeMap(
        points=in_whole_numbers(layout.points),
        labels=of.labels[layout.rows],
        predicted=of.predicted[layout.rows],
        rows=layout.rows,
        sprite=sprite,
        image_shape=facts.image_shape,
        class_names=facts.class_names,
        axes=layout.axes,
        alt=_alt(run.fingerprint, layout.method, run, layout),
    )


def _download(run: Run, layout: _Layout) -> None:
    of, names = loading.outcomes(run), run.request.dataset.class_names
    csv_button(
        lambda: {
            "test_image": layout.rows.tolist(),
            "true_class": [names[i] for i in of.labels[layout.rows]],
            "predicted_class": [names[i] for i in of.predicted[layout.rows]],
            "x": layout.points[:, 0].tolist(),
            "y": layout.points[:, 1].tolist(),
        },
        f"{run.fingerprint[:8]}-codes-{layout.method}.csv",
        help="The data of this map",
    )


def _selection(run: Run, at_hand: RunImages, drawn: CodeMap, outline: Outline | None) -> None:
    if outline is None:
        st.markdown("**Look into the map**")
        st.markdown(
            "Rest the pointer on a point, or tap it, to see its image. Draw around some points to see all of their "
            "images here. The classes above the map highlight theirs."
        )
        st.caption(
            "Keyboard: arrow keys go from image to image, Enter selects those around it, Escape clears the selection."
        )
        return
    of, names = loading.outcomes(run), run.request.dataset.class_names
    images = drawn.rows[inside(drawn.points, outline)]
    wrong = images[~of.hits[images]]
    classes = Counter(of.labels[images].tolist()).most_common()
    misread = f"{len(wrong):,} of them" if len(wrong) else "none of them"
    st.markdown(f"**{count(len(images), 'image')} selected, {misread} read wrongly**")
    if not len(images):
        st.caption("There is no point within this outline.")
        return
    st.caption(", ".join(f"{number:,} of {plain(names[label])}" for label, number in classes))
    # What was read wrongly is what people look for in a mixture.
    shown = np.concatenate([wrong, images[of.hits[images]]])[:_MOST_TILES]
    shown = at_hand.among(shown)
    if len(shown):
        with st.container(height=430, border=False):
            readings.grid(run, at_hand, shown, key="selected images", label="Images of the selected region", size=48)
    if len(shown) < len(images):
        st.caption(f"The first {len(shown)} are shown, those that were read wrongly before the others.")


@st.cache_data(max_entries=4, show_spinner=False)
def _sprite(digest: str, _images: npt.NDArray[np.uint8], _rows: npt.NDArray[np.int64]) -> str:
    return code_map.sprite_of(_images[_rows])


@st.cache_data(max_entries=32, show_spinner=False)
def _alt(fingerprint: str, method: str, _run: Run, _layout: _Layout) -> str:
    words = {COMPONENTS: "principal components", TSNE: "t-SNE"}[method]
    share = share_with_own(_layout.points, loading.outcomes(_run).labels[_layout.rows])
    return f"Map of {count(len(_layout.rows), 'code')} by {words}, coloured by class. " + (
        "There is nothing to tell apart."
        if share is None
        else f"{share:.0%} of the points lie nearer to the centre of their own class than to any other."
    )

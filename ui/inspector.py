"""The inspector: everything a run can say about one test image, to answer why it was read as it was.

    probabilities       of every class
    reconstruction      what the autoencoder keeps of the image
    occlusion           the parts that the reading rests on
    neighbours          the training images whose codes are nearest
    doubt               what human annotators said of the label, where they were asked

It is opened by `?image=` and steps through the images that it is given, also by the arrow keys. What a run has no file
for is left out, with a sentence that says so.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from core import figures
from core.data.dataset import Dataset
from core.errors import RunDamagedError
from core.gallery import sprite
from core.insight import doubted_labels, nearest, occlusion_map
from core.insight.doubted import SOURCE
from core.store import Run
from core.wording import count, loss, probability
from ui import cards, figure, gallery, loading, readings, state
from ui.cards import Card
from ui.markdown import plain

IMAGE = "image"
NEIGHBOURS = 9
_SIDE = 168
"""Pixels of a large image on the screen, at least; pixels of images are repeated a whole number of times."""

Image = npt.NDArray[np.uint8]


def opened(run: Run) -> int | None:
    """The position of the test image that the URL names, or None."""
    position = state.number(IMAGE, -1, 0, run.request.dataset.n_test - 1)
    return None if position < 0 else position


def show(run: Run, dataset: Dataset | None, position: int, among: readings.Positions) -> None:
    """Everything about the test image at this position.

    among: the images to step through with previous and next, in their order; if it is none of them, all test images.
    """
    of = loading.outcomes(run)
    if position not in among:
        among = np.arange(len(of.labels))
    _steps(position, among)
    st.subheader(f"Test image {position}: {plain(readings.words(run, position))}", anchor=False)
    _doubt(run, position)
    _numbers(run, position)
    if dataset is None:
        _probabilities(run, position)
        return
    left, right = st.columns(2, gap="large")
    with right:
        _probabilities(run, position)
        _neighbours(run, dataset, position)
    with left:
        _pictures(run, dataset, position)
        _occlusion(run, dataset, position)


def _steps(position: int, among: readings.Positions) -> None:
    at = int(np.flatnonzero(among == position)[0])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Back",
            icon=":material/grid_view:",
            shortcut="Esc",
            on_click=state.put,
            kwargs={IMAGE: None},
            key="inspector back",
        )
        for label, key, to in (("Previous", "Left", at - 1), ("Next", "Right", at + 1)):
            inside = 0 <= to < len(among)
            st.button(
                label,
                shortcut=key,
                disabled=not inside,
                on_click=state.put,
                kwargs={IMAGE: int(among[to])} if inside else None,
                key=f"inspector {label.lower()}",
            )
        st.caption(f"{at + 1:,} of {count(len(among), 'image')}", width="content")


def _doubt(run: Run, position: int) -> None:
    facts = run.request.dataset
    doubted = doubted_labels(facts.digest)
    if position in doubted:
        votes, names = doubted[position], facts.class_names
        neither = f", {votes.for_neither} for neither" if votes.for_neither else ""
        st.warning(
            f"Of five people who were shown this image, {votes.for_label} chose {names[votes.label]}, its label, and "
            f"{votes.for_proposed} chose {names[votes.proposed]}{neither}. {SOURCE}.",
            icon=":material/contact_support:",
            title="Human annotators doubted this label",
        )
    elif doubted:
        st.caption(f"Its label is none of the {len(doubted)} that most human annotators doubted.")


def _numbers(run: Run, position: int) -> None:
    of, kept, names = loading.outcomes(run), run.predictions, run.request.dataset.class_names
    label = plain(names[of.labels[position]])
    second = int(np.argsort(-kept.test_probabilities[position], kind="stable")[1])
    next_best = plain(f"{names[second]} is next, {probability(kept.test_probabilities[position, second])}")
    errors = kept.reconstruction_errors
    smaller = float((errors < errors[position]).mean())
    cards.show(
        [
            Card("Read as", names[of.predicted[position]], "rightly" if of.hits[position] else f"its label is {label}"),
            Card("Confidence", probability(of.confidences[position]), next_best),
            Card("Loss", loss(of.losses[position]), f"cross-entropy of {label}"),
            Card("Reconstruction", loss(float(errors[position])), f"its error; {smaller:.0%} of images have less"),
        ]
    )


def _probabilities(run: Run, position: int) -> None:
    kept, names = run.predictions, run.request.dataset.class_names
    chart = figures.probabilities(kept.test_probabilities[position], names, int(kept.test_labels[position]))
    figure.chart(chart, file_name=f"probabilities-{position}.csv")


def _pictures(run: Run, dataset: Dataset, position: int) -> None:
    image = dataset.test_images[position]
    with st.container(horizontal=True, gap="small"):
        _large(image, "What the network saw", f"Test image {position}, as the network saw it")
        try:
            reconstruction = _reconstruction(run.fingerprint, position, run, image)
        except RunDamagedError as error:
            st.warning(str(error))
            return
        if reconstruction is not None:
            _large(
                reconstruction,
                "What its code keeps",
                f"The autoencoder's reconstruction of test image {position}",
            )
    if reconstruction is None:
        st.caption("This run was kept without `autoencoder.onnx`, so that its reconstruction cannot be shown.")


def _large(image: Image, caption: str, alt: str) -> None:
    scale = max(1, -(-_SIDE // max(image.shape)))
    with st.container(width="content", gap="xsmall"):
        st.image(sprite(image[np.newaxis], columns=1, scale=scale), alt=alt)
        st.caption(caption)


def _occlusion(run: Run, dataset: Dataset, position: int) -> None:
    of, names = loading.outcomes(run), run.request.dataset.class_names
    true, predicted = int(of.labels[position]), int(of.predicted[position])
    label: int | None = predicted
    if true != predicted:
        label = st.segmented_control(
            "What speaks for",
            [predicted, true],
            default=predicted,
            required=True,
            format_func=lambda one: f"{plain(names[one])} ({'its label' if one == true else 'as read'})",
            key=f"occlusion of {position}",
        )
    image = dataset.test_images[position]
    try:
        drops = _drops(run.fingerprint, position, predicted if label is None else label, run, image)
    except RunDamagedError as error:
        st.warning(str(error))
        return
    if drops is None:
        st.caption("This run was kept without `classifier.onnx`, so that no parts of the image can be tried.")
        return
    chart = figures.occlusion(image, drops, names[predicted if label is None else label])
    figure.chart(chart, file_name=f"occlusion-{position}.csv")


def _neighbours(run: Run, dataset: Dataset, position: int) -> None:
    found = _nearest(run.fingerprint, position, run)
    if found is None:
        st.caption("This run was kept without `codes.npz`, so that there are no nearest training images to show.")
        return
    names, labels = dataset.class_names, dataset.train_labels[found.rows]
    shares = ", ".join(f"{plain(names[label])} ({number}×)" for label, number in Counter(labels.tolist()).most_common())
    st.markdown(f"**The {len(found.rows)} training images with the nearest codes: {shares}**")
    gallery.show(
        dataset.train_images[found.rows],
        [
            gallery.Tile(
                alt=f"Training image {row}: {names[label]}, at a distance of {distance:.1f}",
                caption=readings.short(names[label]),
            )
            for row, label, distance in zip(found.rows, labels, found.distances, strict=True)
        ],
        key="nearest training images",
        label="Training images with the nearest codes",
        size=76,
        opens=False,
    )
    st.caption("Nearest first. A code is what the encoder makes of an image; the head sees nothing else.")


@dataclass(frozen=True, eq=False)
class _Nearest:
    """rows: (k,) int64, positions in the training set. distances: (k,) float32, in code space."""

    rows: npt.NDArray[np.int64]
    distances: npt.NDArray[np.float32]


@st.cache_resource(max_entries=256, show_spinner=False)
def _nearest(fingerprint: str, position: int, _run: Run) -> _Nearest | None:
    codes = _run.codes
    if codes is None:
        return None
    found = nearest(codes, codes.test[position : position + 1], NEIGHBOURS)
    return _Nearest(found.rows[0], found.distances[0])


@st.cache_resource(max_entries=256, show_spinner=False)
def _reconstruction(fingerprint: str, position: int, _run: Run, _image: Image) -> Image | None:
    autoencoder = loading.autoencoder(_run)
    return None if autoencoder is None else autoencoder.reconstruct(_image[np.newaxis])[0]


@st.cache_resource(max_entries=256, show_spinner=False)
def _drops(fingerprint: str, position: int, label: int, _run: Run, _image: Image) -> npt.NDArray[np.float32] | None:
    predictor = loading.predictor(_run)
    return None if predictor is None else occlusion_map(predictor.predict, _image, label, patch=_patch(_image))


def _patch(image: Image) -> int:
    """The side of the covering square: a fifth of the image's, as 5 pixels of 28."""
    return max(2, round(min(image.shape) / 5.6))

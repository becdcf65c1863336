"""The inspector: everything a run can say about one test image, to answer why it was read as it was.

    probabilities       of every class
    reconstruction      what the autoencoder keeps of the image
    occlusion           the parts that the reading rests on
    neighbours          the training images whose codes are nearest
    doubt               what human annotators said of the label, where they were asked

It is opened by `?image=` and steps through the images that it is given, also by the arrow keys. What a run has no file
for is left out, with a sentence that says so. `pictures`, `occlusion` and `training_images` show their part of any
image, wherever it comes from.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from core import figures
from core.errors import RunDamagedError
from core.gallery import enlarged
from core.insight import doubted_labels, nearest, occlusion_map
from core.insight.doubted import SOURCE
from core.store import Run, RunImages, TrainingImages
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


def show(run: Run, images: RunImages, position: int, among: readings.Positions) -> None:
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
    if not images.has([position]):
        _probabilities(run, position)
        return
    left, right = st.columns(2, gap="large")
    with right:
        _probabilities(run, position)
        _neighbours(run, images, position)
    with left:
        image = images.test([position])[0]
        pictures(run, image, f"test image {position}")
        occlusion(run, image, speaks_for(run, _choices(run, position), str(position)), str(position))


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
    label, read = plain(names[of.labels[position]]), plain(names[of.predicted[position]])
    second = int(np.argsort(-kept.test_probabilities[position], kind="stable")[1])
    next_best = plain(f"{names[second]} is next, {probability(kept.test_probabilities[position, second])}")
    errors = kept.reconstruction_errors
    smaller = float((errors < errors[position]).mean())
    cards.show(
        [
            Card("Read as", read, "rightly" if of.hits[position] else f"its label is {label}"),
            Card("Confidence", probability(of.confidences[position]), next_best),
            Card("Loss", loss(of.losses[position]), f"cross-entropy of {label}"),
            Card("Reconstruction", loss(float(errors[position])), f"its error; {smaller:.0%} of images have less"),
        ]
    )


def _probabilities(run: Run, position: int) -> None:
    kept, names = run.predictions, run.request.dataset.class_names
    chart = figures.probabilities(kept.test_probabilities[position], names, int(kept.test_labels[position]))
    figure.chart(chart, file_name=f"probabilities-{position}.csv")


def pictures(run: Run, image: Image, name: str) -> None:
    """An image (h, w) uint8 beside what the autoencoder makes of its code. name: of the image, in small letters."""
    with st.container(horizontal=True, gap="small"):
        large(image, "What the network saw", f"{name[:1].upper()}{name[1:]}, as the network saw it")
        try:
            reconstruction = _reconstruction(run.fingerprint, image.tobytes(), run, image)
        except RunDamagedError as error:
            st.warning(str(error))
            return
        if reconstruction is not None:
            large(reconstruction, "What its code keeps", f"The autoencoder's reconstruction of {name}")
    if reconstruction is None:
        st.caption("This run was kept without `autoencoder.onnx`, so that its reconstruction cannot be shown.")


def large(image: Image, caption: str, alt: str, *, side: int = _SIDE) -> None:
    """An image (h, w) uint8, at least so many pixels high or wide on the screen, with a caption."""
    with st.container(width="content", gap="xsmall"):
        st.image(enlarged(image, side), output_format="PNG", alt=alt)
        st.caption(caption)


def speaks_for(run: Run, choices: Sequence[tuple[int, str]], name: str) -> int:
    """The class for which `occlusion` is to look, with buttons to choose it if there are several.

    choices: the classes to choose from, each with what it is ("as read"); the first is chosen first. name: of the
    image, for keys.
    """
    names, roles = run.request.dataset.class_names, dict(choices)
    if len(roles) == 1:
        return choices[0][0]
    return st.segmented_control(
        "What speaks for",
        list(roles),
        default=choices[0][0],
        required=True,
        format_func=lambda one: f"{plain(names[one])} ({roles[one]})",
        key=f"occlusion of {name}",
    )


def occlusion(run: Run, image: Image, label: int, name: str) -> None:
    """The parts of an image (h, w) uint8 that the probability of a class rests on. name: for the file of the data."""
    try:
        drops = _drops(run.fingerprint, image.tobytes(), label, run, image)
    except RunDamagedError as error:
        st.warning(str(error))
        return
    if drops is None:
        st.caption("This run was kept without `classifier.onnx`, so that no parts of the image can be tried.")
        return
    made = figures.occlusion(image, drops, run.request.dataset.class_names[label])
    figure.chart(made, file_name=f"occlusion-{name}.csv")


def _choices(run: Run, position: int) -> list[tuple[int, str]]:
    of = loading.outcomes(run)
    true, predicted = int(of.labels[position]), int(of.predicted[position])
    return [(predicted, "as read")] if true == predicted else [(predicted, "as read"), (true, "its label")]


def _neighbours(run: Run, images: RunImages, position: int) -> None:
    found = _nearest(run.fingerprint, position, run)
    if found is None:
        st.caption("This run was kept without `codes.npz`, so that there are no nearest training images to show.")
        return
    if not len(found.rows):
        st.caption("This run was kept without the codes of training images, so that there are no nearest ones to show.")
        return
    shown = images.training(found.rows)
    if shown is None:
        return
    distances = [f"at a distance of {distance:.1f}" for distance in found.distances]
    training_images(shown, run.request.dataset.class_names, distances)
    st.caption("Nearest first. A code is what the encoder makes of an image; the head sees nothing else.")


def training_images(found: TrainingImages, names: Sequence[str], distances: Sequence[str]) -> None:
    """Training images, the nearest first. names: of the classes. distances: how far each image is, in words."""
    counts = Counter(found.labels.tolist()).most_common()
    shares = ", ".join(f"{plain(names[label])} ({number}×)" for label, number in counts)
    st.markdown(f"**The {len(found.rows)} training images with the nearest codes: {shares}**")
    gallery.show(
        found.images,
        [
            gallery.Tile(
                alt=f"Training image {row}: {names[label]}, {distance}",
                caption=readings.short(names[label]),
            )
            for row, label, distance in zip(found.rows, found.labels, distances, strict=True)
        ],
        key="nearest training images",
        label="Training images with the nearest codes",
        size=76,
        opens=False,
    )


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
def _reconstruction(fingerprint: str, pixels: bytes, _run: Run, _image: Image) -> Image | None:
    autoencoder = loading.autoencoder(_run)
    return None if autoencoder is None else autoencoder.reconstruct(_image[np.newaxis])[0]


@st.cache_resource(max_entries=256, show_spinner=False)
def _drops(fingerprint: str, pixels: bytes, label: int, _run: Run, _image: Image) -> npt.NDArray[np.float32] | None:
    predictor = loading.predictor(_run)
    return None if predictor is None else occlusion_map(predictor.predict, _image, label, patch=_patch(_image))


def _patch(image: Image) -> int:
    """The side of the covering square: a fifth of the image's, as 5 pixels of 28."""
    return max(2, round(min(image.shape) / 5.6))

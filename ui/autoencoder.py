"""The parts of the autoencoder's page: what it gives back of an image, class by class, and how it was trained."""

import numpy as np
import numpy.typing as npt
import streamlit as st

from core import figures
from core.errors import RunDamagedError
from core.insight import chosen_images, class_errors, share_below
from core.insight.reconstructions import Order
from core.network_summary import NetworkSummary
from core.store import Run, RunImages
from core.wording import count, duration, loss
from ui import cards, classes, figure, gallery, loading, readings, state
from ui.cards import Card
from ui.gallery import Tile
from ui.markdown import plain

PARAMETERS = ("class", "order")
ALL = -1
_TYPICAL: Order = "typical"
_ORDERS: dict[Order, str] = {_TYPICAL: "Typical", "worst": "Worst", "best": "Best"}
_SHOWN = 24
_SEAM = 1
_MOST_BUTTONS = 12

LOSS_NAMES = {"mean_squared_error": "mean squared error", "binary_crossentropy": "binary cross-entropy"}

Images = npt.NDArray[np.uint8]


def result(run: Run, network: NetworkSummary) -> None:
    """Four figures: the error on the test images, the size of the code, of the network, and of the training."""
    recipe, facts, metrics = run.request.recipe, run.request.dataset, run.metrics
    numbers, pixels = int(np.prod(network.code_shape)), int(np.prod(network.image_shape))
    epochs = metrics.stages["autoencoder"].epochs
    seconds = run.environment.get("seconds_of_epochs", {}).get("autoencoder")
    error = LOSS_NAMES[recipe.autoencoder.loss].capitalize()
    cards.show(
        (
            Card(
                "Reconstruction error",
                loss(metrics.reconstruction_error),
                f"{error} of a pixel, on {count(facts.n_test, 'test image')}",
            ),
            Card(
                "Numbers in a code",
                f"{numbers:,}",
                f"{'×'.join(str(side) for side in network.code_shape)}, for {pixels:,} pixels",
            ),
            Card("Parameters", f"{network.autoencoder_parameters:,}", "Of encoder and decoder together"),
            Card("Epochs", f"{epochs:,}", f"Trained in {duration(seconds)}" if seconds else "Of its training"),
        )
    )


def chosen(run: Run) -> tuple[int | None, npt.NDArray[np.int64]]:
    """The class that the URL names, None for all, and the images of it in the order that the URL names."""
    kept, names = run.predictions, run.request.dataset.class_names
    order = state.choice("order", list(_ORDERS), _TYPICAL)
    label = classes.read("class", names)
    return label, chosen_images(kept.reconstruction_errors, kept.test_labels, order, _SHOWN, label)


def reconstructions(run: Run, shown: RunImages) -> None:
    """Test images beside what the decoder makes of their codes, of one class or of all."""
    label, images = chosen(run)
    _choice(run.request.dataset.class_names, label)
    if not len(images):
        st.info("There is no test image of this class.", icon=":material/image_not_supported:")
    else:
        _gallery(run, shown, images)


def errors_by_class(run: Run) -> None:
    """A table of the classes with their errors."""
    kept, names = run.predictions, run.request.dataset.class_names
    found = class_errors(kept.reconstruction_errors, kept.test_labels, len(names))
    largest = max((one.mean for one in found if one.mean is not None), default=1.0)
    st.dataframe(
        {
            "Class": list(names),
            "Mean error": [one.mean for one in found],
            "Median": [one.median for one in found],
            "Largest": [one.worst for one in found],
            "Of image": [one.worst_image for one in found],
            "Images": [one.n_images for one in found],
        },
        hide_index=True,
        column_config={
            "Mean error": st.column_config.ProgressColumn(
                format="%.2e" if largest < 1e-4 else "%.5f", min_value=0.0, max_value=largest or 1.0
            ),
            "Median": st.column_config.NumberColumn(format="%.3g"),
            "Largest": st.column_config.NumberColumn(format="%.3g"),
            "Images": st.column_config.NumberColumn(format="localized"),
        },
        height="content",
        alt="Reconstruction errors of the test images of each class: mean, median, and the largest with its image",
    )


def losses(run: Run) -> None:
    """Loss in each epoch (figure 4)."""
    recipe, facts = run.request.recipe.autoencoder, run.metrics.stages["autoencoder"]
    if not facts.epochs:
        st.info("The autoencoder was not trained: its epochs are 0, so that the encoder began random.")
        return
    words = [f"{count(facts.epochs, 'epoch')} in batches of {recipe.batch_size}"]
    if facts.best_epoch is not None:
        words.append(f"{'stopped early; ' if facts.stopped_early else ''}weights of epoch {facts.best_epoch} kept")
    chart = figures.autoencoder_loss(run.history, recipe.loss)
    figure.chart(chart, file_name=f"{run.fingerprint[:8]}-autoencoder.csv", caption="; ".join(words) + ".")


def _choice(names: tuple[str, ...], label: int | None) -> None:
    """Which class, which images of it."""
    with st.container(horizontal=True, gap="medium"):
        if len(names) <= _MOST_BUTTONS:
            st.segmented_control(
                "Class",
                [ALL, *range(len(names))],
                format_func=lambda one: "All" if one == ALL else plain(readings.short(names[one])),
                required=True,
                **state.widget("class", ALL if label is None else label, ALL),
            )
        else:
            classes.select("Class", "class", label, names)
        state.segments(
            "Images",
            "order",
            _ORDERS,
            _TYPICAL,
            help="Typical: those with an error nearest to the median of their class.",
        )


def _gallery(run: Run, shown: RunImages, wanted: npt.NDArray[np.int64]) -> None:
    errors, names, labels = (
        run.predictions.reconstruction_errors,
        run.request.dataset.class_names,
        run.predictions.test_labels,
    )
    images = shown.among(wanted)
    if not len(images):
        if shown.rows is None or len(shown.rows):
            st.info("None of these images came with the run.", icon=":material/image_not_supported:")
        return
    originals = shown.test(images)
    try:
        made = _reconstructed(run.fingerprint, tuple(images.tolist()), run, originals)
    except RunDamagedError as error:
        st.warning(str(error), icon=":material/broken_image:")
        made = None
    pairs = originals
    if made is not None:
        seam = np.full((len(images), originals.shape[1], _SEAM), 128, np.uint8)
        pairs = np.concatenate([originals, seam, made], axis=2)
    tiles = [
        Tile(
            alt=f"Test image {position}: {names[labels[position]]}"
            f"{', beside its reconstruction' if made is not None else ''}; error {loss(float(errors[position]))}, "
            f"more than {share_below(errors, errors[position]):.0%} of the test images",
            caption=f"{readings.short(names[labels[position]])} · {loss(float(errors[position]))}",
        )
        for position in images.tolist()
    ]
    opened = gallery.show(
        pairs, tiles, key="reconstructions", label="Reconstructions", size=148 if made is not None else 74
    )
    st.caption(
        "Left the test image, right what the decoder makes of its code; below, the class and the error. "
        "A click opens the image."
        if made is not None
        else "This run was kept without `autoencoder.onnx`, so that only the images and their errors can be shown."
    )
    if opened is not None:
        state.put(image=int(images[opened]))
        st.rerun()


@st.cache_data(max_entries=64, show_spinner=False)
def _reconstructed(fingerprint: str, positions: tuple[int, ...], _run: Run, _images: Images) -> Images | None:
    autoencoder = loading.autoencoder(_run)
    return None if autoencoder is None else autoencoder.reconstruct(_images)

"""The parts of the Predict page: who reads, the pictures that are uploaded, and what was read on them.

Pictures stay in the memory of the visit; nothing is kept of them.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core import figures
from core.errors import ImageError, RunDamagedError
from core.gallery import sprite
from core.images.decode import FORMATS, MAX_BYTES, decode
from core.images.preview import preview
from core.prediction import Prediction, Predictor
from core.store import Run
from core.wording import count, probability
from ui import cards, downloads, figure, loading, page, shell, state, states
from ui.cards import Card
from ui.markdown import plain
from ui.tables import csv_of

SHOWS = "which digits it reads in pictures of yours"
MOST = 200
"""Pictures that are read at once."""

_SURE = 0.9
_SIDE = 168
"""Pixels of a picture on the screen: two of them fit beside each other on a telephone."""
_CHOSEN = "picture chosen"

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Reading:
    """One uploaded file. Either problem, a sentence, or prediction and picture (h, w) uint8, small, are there."""

    name: str
    prediction: Prediction | None = None
    picture: Image | None = None
    problem: str = ""


def reader() -> tuple[Run, Predictor]:
    """The run that reads and its network; without one the page ends here, with what to do."""
    run = state.default_run()
    if run is None:
        jobs = loading.jobs().all()
        if jobs:
            states.in_the_making(jobs[0], SHOWS)
        else:
            states.empty(SHOWS)
        st.stop()
    _introduce(run)
    try:
        predictor = loading.predictor(run)
    except RunDamagedError as error:
        st.error(str(error), icon=":material/broken_image:", title="The network of this run cannot be opened")
        st.stop()
    if predictor is None:
        with st.container(border=True):
            st.markdown(
                "This run holds its network for Keras alone, which this page does not load. "
                "Made as ONNX, once, it reads within milliseconds."
            )
            downloads.conversion(run, "onnx")
        st.stop()
    return run, predictor


def upload() -> list[tuple[str, bytes]]:
    """The uploaded files, by name, as bytes; none at first."""
    files = st.file_uploader(
        "Pictures of one digit each",
        accept_multiple_files=True,
        key="pictures",
        max_upload_size=MAX_BYTES // 2**20,
        help=f"{', '.join(FORMATS)}. Dark on light or light on dark; the digit on an even background.",
    )
    if not files:
        st.caption(
            "Drop a photo, a scan or a drawing of one digit, or several of them. They are read here and kept nowhere."
        )
    elif len(files) > MOST:
        st.warning(f"At most {MOST} are read at once; the last {len(files) - MOST} are left out.")
    return [(file.name, file.getvalue()) for file in files[:MOST]]


def read(run: Run, predictor: Predictor, files: Sequence[tuple[str, bytes]]) -> list[Reading]:
    """What is read on each picture, or why nothing is."""
    found = []
    for name, data in files:
        try:
            answer = _answer(run.fingerprint, hashlib.sha256(data).hexdigest(), predictor, data, name)
            found.append(Reading(name, *answer))
        except ImageError as error:
            found.append(Reading(name, problem=str(error)))
        except MemoryError:
            found.append(Reading(name, problem=f"{name}: this machine has not enough free memory for this picture."))
    return found


def problems(found: Sequence[Reading]) -> None:
    """One sentence for each file that could not be read."""
    refused = [reading for reading in found if reading.problem]
    if refused:
        title = f"{count(len(refused), 'file')} could not be read"
        st.error("  \n".join(plain(reading.problem) for reading in refused), icon=":material/error:", title=title)


def answers(found: Sequence[Reading], class_names: tuple[str, ...]) -> None:
    """What was read: of one picture everything, of several a table in which one can be opened."""
    good = [reading for reading in found if reading.prediction is not None]
    if not good:
        return
    if len(good) > 1:
        chosen = _table(good, found, class_names)
        st.header(plain(good[chosen].name), anchor=False)
        _one(good[chosen], class_names)
    else:
        _one(good[0], class_names)


def columns(found: Sequence[Reading], class_names: tuple[str, ...]) -> dict[str, list[Any]]:
    """What was read, or why nothing was, as columns for a CSV file; a row a file."""
    result: dict[str, list[Any]] = {
        "file": [reading.name for reading in found],
        "read_as": [reading.prediction.class_name if reading.prediction else None for reading in found],
        "confidence": [reading.prediction.confidence if reading.prediction else None for reading in found],
        "problem": [reading.problem or None for reading in found],
    }
    for number, name in enumerate(class_names):
        result[f"probability_of_{name}"] = [
            float(reading.prediction.probabilities[number]) if reading.prediction else None for reading in found
        ]
    return result


def _introduce(run: Run) -> None:
    starred = loading.run_labels().starred
    if starred is not None and starred in loading.damaged():
        st.warning("The starred run is damaged, so that the newest reads instead. The Runs page says what is wrong.")
    why = "the starred run" if starred == run.fingerprint else "the newest run"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"Read by {why}: {page.describe(run)}", width="content")
        shell.link("runs", "Let another run read", chosen=run.fingerprint[:8])


@st.cache_data(show_spinner=False, max_entries=512)
def _answer(fingerprint: str, digest: str, _predictor: Predictor, _data: bytes, _name: str) -> tuple[Prediction, Image]:
    picture = decode(_data, _name)
    return _predictor.predict_picture(picture, _name), preview(picture)


def _one(reading: Reading, class_names: tuple[str, ...]) -> None:
    prediction = reading.prediction
    assert prediction is not None
    assert reading.picture is not None
    second = int(np.argsort(-prediction.probabilities, kind="stable")[1])
    sure = "sure" if prediction.confidence >= _SURE else "not sure: let a person look"
    cards.show(
        [
            Card("Read as", prediction.class_name, plain(reading.name)),
            Card("Confidence", probability(prediction.confidence), sure),
            Card("Second choice", class_names[second], f"with {probability(float(prediction.probabilities[second]))}"),
        ]
    )
    left, right = st.columns(2, gap="large")
    with left, st.container(horizontal=True, gap="small"):
        with st.container(width="content", gap="xsmall"):
            st.image(reading.picture, width=_SIDE, alt=f"{reading.name}, as it was uploaded, in grey")
            st.caption("Your picture, in grey")
        with st.container(width="content", gap="xsmall"):
            height, width = prediction.image.shape
            st.image(_enlarged(prediction.image), alt=f"{reading.name}, as the network saw it")
            st.caption(f"What the network saw, {height}×{width}")
    with right:
        figure.chart(
            figures.probabilities(prediction.probabilities, class_names), file_name="probabilities.csv", key="answer"
        )


def _table(good: Sequence[Reading], found: Sequence[Reading], class_names: tuple[str, ...]) -> int:
    """A row a picture; returns the position of the one that is open."""
    predictions = [reading.prediction for reading in good if reading.prediction is not None]
    sure = sum(prediction.confidence >= _SURE for prediction in predictions)
    cards.show(
        [
            Card("Pictures read", f"{len(good):,}", f"of {count(len(found), 'file')}"),
            Card("Sure", f"{sure:,}", f"with {_SURE:.0%} confidence or more"),
            Card("Not sure", f"{len(good) - sure:,}", "better looked at by a person"),
        ]
    )
    seconds = [int(np.argsort(-prediction.probabilities, kind="stable")[1]) for prediction in predictions]
    event = st.dataframe(
        {
            "Seen": [_data_url(_enlarged(prediction.image)) for prediction in predictions],
            "File": [reading.name for reading in good],
            "Read as": [prediction.class_name for prediction in predictions],
            "Confidence": [_percents(prediction.confidence) for prediction in predictions],
            "Second choice": [class_names[second] for second in seconds],
        },
        hide_index=True,
        key=_CHOSEN,
        on_select="rerun",
        selection_mode="single-row-required",
        row_height=56,
        column_config={
            "Seen": st.column_config.ImageColumn(width="small", help="What the network saw"),
            "Confidence": st.column_config.ProgressColumn(format="%.2f%%", min_value=0, max_value=100),
            "Second choice": st.column_config.TextColumn(help="The class of the next largest probability"),
        },
        alt=f"{count(len(good), 'picture')} with what was read on them",
    )
    st.download_button(
        "All answers as CSV",
        data=lambda: csv_of(columns(found, class_names)),
        file_name="readings.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    rows = event["selection"]["rows"]
    return rows[0] if rows and rows[0] < len(good) else 0


def _percents(confidence: float) -> float:
    """In percent, and never rounded up to a certainty that it is not."""
    return 100 * confidence if confidence == 1 else min(100 * confidence, 99.99)


def _enlarged(image: Image) -> bytes:
    """An image (h, w) as PNG, every pixel repeated."""
    return sprite(image[np.newaxis], columns=1, scale=max(1, _SIDE // max(image.shape)))


def _data_url(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()

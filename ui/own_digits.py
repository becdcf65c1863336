"""Accuracy on your digits: what became of the answers that were kept, and what can be done with them."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core import feedback
from core.data import sources
from core.errors import DigitLabError, FeedbackError
from core.evaluation import predicted_classes
from core.feedback import Answer, Feedback
from core.prediction import Predictor
from core.store import Run
from core.wording import ago, count, percent
from ui import cards, corrections, gallery, loading, shell
from ui.cards import Card
from ui.gallery import Tile
from ui.markdown import plain
from ui.tables import csv_button

SHOWN = 120
_OPENED, _TAKEN, _PROBLEM, _MADE = "answer opened", "answers taken away", "answers problem", "dataset of answers"


def show(run: Run, predictor: Predictor) -> None:
    """How often the network was right on what people answered; nothing as long as nothing was answered."""
    kept = corrections.of(run)
    answers = corrections.answers(kept)
    taken: tuple[Answer, ...] = st.session_state.get(_TAKEN, ())
    if not answers and not taken:
        return
    st.header("Accuracy on your digits", anchor=False)
    _problem()
    if answers:
        _figures(run, predictor, kept, answers)
        _gallery(kept, answers, run.request.dataset.class_names)
    if taken:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{count(len(taken), 'answer')} deleted.", width="content")
            st.button("Bring back", icon=":material/undo:", key="bring back", on_click=_bring_back, args=(kept,))
    if answers:
        _uses(run, kept, answers)


def columns(answers: Sequence[Answer], class_names: Sequence[str]) -> dict[str, list[object]]:
    """The answers as columns for a CSV file."""
    return {
        "picture": [one.picture for one in answers],
        "label": [class_names[one.label] for one in answers],
        "read_as": [class_names[one.read_as] for one in answers],
        "confidence": [one.confidence for one in answers],
        "run": [one.run for one in answers],
        "answered": [one.answered.isoformat() for one in answers],
    }


def _figures(run: Run, predictor: Predictor, kept: Feedback, answers: Sequence[Answer]) -> None:
    n, right = len(answers), sum(one.was_right for one in answers)
    now = _right_now(run.fingerprint, str(kept.path), kept.stamp(), predictor, answers)
    cards.show(
        [
            Card("As they were read", percent(feedback.accuracy(answers)), f"{right:,} of {count(n, 'digit')} right"),
            Card("Read by this run", percent(now / n), f"{now:,} of {n:,} right, if it reads all of them now"),
            Card("Corrected", f"{n - right:,}", f"the last answer {ago(answers[-1].answered)}"),
        ]
    )
    st.caption(
        "Of the digits that somebody confirmed or corrected here. People look twice at what is wrong, so the true "
        "accuracy may be higher."
    )


def _gallery(kept: Feedback, answers: Sequence[Answer], names: Sequence[str]) -> None:
    shown = answers[: -SHOWN - 1 : -1]
    opened = gallery.show(
        np.stack([one.image for one in shown]),
        [_tile(one, names) for one in shown],
        key="own digits",
        label="Your digits, the last answer first",
        size=56,
    )
    if len(answers) > SHOWN:
        st.caption(f"The last {SHOWN} of {len(answers):,}.")
    if opened is not None:
        st.session_state[_OPENED] = shown[opened].key
    chosen = next((one for one in shown if one.key == st.session_state.get(_OPENED)), None)
    if chosen is not None:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            read = "read rightly" if chosen.was_right else f"read as {plain(names[chosen.read_as])}"
            st.markdown(
                f"**{plain(names[chosen.label])}**, {read}, on {plain(chosen.picture)}, {ago(chosen.answered)}",
                width="content",
            )
            st.button(
                "Delete this answer", icon=":material/delete:", key="delete", on_click=_take, args=(kept, [chosen.key])
            )


def _tile(answer: Answer, names: Sequence[str]) -> Tile:
    label, read = names[answer.label], names[answer.read_as]
    if answer.was_right:
        return Tile(f"{label}, read rightly; opens the answer", label)
    return Tile(f"{label}, read as {read}; opens the answer", f"{label} ← {read}", "bad")


def _uses(run: Run, kept: Feedback, answers: Sequence[Answer]) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Images and labels",
            data=lambda: _packed(kept),
            file_name="digits.zip",
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
            help=f"IDX files and the table, as they lie in {kept.path}",
        )
        csv_button(lambda: columns(answers, run.request.dataset.class_names), "answers.csv", label="Table", quiet=False)
        with st.popover("Train with them", icon=":material/model_training:"):
            _dataset_form(run, answers)
        with st.popover("Delete all", icon=":material/delete:"):
            st.markdown(
                f"All {count(len(answers), 'answer')} with their images. They can be brought back until you leave."
            )
            keys = [one.key for one in answers]
            st.button("Delete all answers", type="primary", key="delete all", on_click=_take, args=(kept, keys))
    if made := st.session_state.get(_MADE):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/check: The dataset **{plain(made)}** is here.", width="content")
            shell.link("data", "Look at it", dataset=made)
            st.caption("To train on it, choose it under Train in the sidebar.", width="content")


def _dataset_form(run: Run, answers: Sequence[Answer]) -> None:
    own, usable = run.request.dataset, [one for one in loading.datasets() if one.is_present and one.problem is None]
    names = [one.name for one in usable if one.image_shape == own.image_shape]
    if not names:
        st.markdown("There is no dataset here whose images have this size. Download or add one on the Data page first.")
        return
    st.markdown(
        f"Makes a new dataset: the training images of the one you choose, and after them your {len(answers)}. Its test "
        "images stay as they are, so that test accuracies can be compared. Each of your digits counts as much as any "
        "other training image, so that a few change little."
    )
    base = st.selectbox("Add them to", names, index=names.index(own.name) if own.name in names else 0, key="base")
    name = st.text_input("Name of the new dataset", f"{base} and {len(answers)} of mine", key=f"name after {base}")
    if st.button("Make the dataset", type="primary", key="make dataset"):
        try:
            with st.spinner("Writing the files"):
                made = feedback.added_to(loading.dataset(base), answers, own.class_names, name.strip())
                sources.keep(made, home=loading.settings().data)
        except DigitLabError as error:
            st.error(str(error), icon=":material/error:", title="The dataset was not made")
        else:
            st.session_state[_MADE] = made.name
            st.toast(f"The dataset {plain(made.name)} is here.", icon=":material/check:")
            st.rerun()


def _take(kept: Feedback, keys: Sequence[str]) -> None:
    try:
        st.session_state[_TAKEN] = kept.remove(keys)
    except FeedbackError as error:
        st.session_state[_PROBLEM] = str(error)
    st.session_state.pop(_OPENED, None)


def _bring_back(kept: Feedback) -> None:
    try:
        kept.put(*st.session_state[_TAKEN])
        del st.session_state[_TAKEN]
    except FeedbackError as error:
        st.session_state[_PROBLEM] = str(error)


def _problem() -> None:
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(problem, icon=":material/folder_off:", title="The answers were not changed")


def _packed(kept: Feedback) -> bytes:
    return kept.packed()


@st.cache_resource(show_spinner=False, max_entries=16)
def _right_now(fingerprint: str, path: str, stamp: int, _predictor: Predictor, _answers: Sequence[Answer]) -> int:
    """How many of the answered digits a run reads rightly now."""
    probabilities = _predictor.predict(np.stack([one.image for one in _answers]))
    return int((predicted_classes(probabilities) == [one.label for one in _answers]).sum())

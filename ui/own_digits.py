"""Accuracy on your digits: what became of the answers that were kept, and what can be done with them."""

import itertools
from collections.abc import Collection, Sequence

import numpy as np
import streamlit as st

from core import feedback
from core.data import sources
from core.errors import DigitLabError, FeedbackError, RunDamagedError
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
FEW = 20
"""Of fewer answers no share is said in percent."""
_OPENED, _TAKEN, _PROBLEM, _MADE = "answer opened", "answers taken away", "answers problem", "datasets of answers"


def show(run: Run, predictor: Predictor) -> None:
    """How often the network was right on what people answered; nothing as long as nothing was answered."""
    kept = corrections.of(run)
    answers = corrections.answers(kept)
    answered = {one.key for one in answers}
    n_taken = sum(key not in answered for key in _taken(kept))
    if not answers and not n_taken:
        return
    st.header("Accuracy on your digits", anchor=False)
    _problem()
    if answers:
        _figures(run, predictor, kept, answers)
        _gallery(kept, answers, run.request.dataset.class_names)
    if n_taken:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{count(n_taken, 'answer')} deleted.", width="content")
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
        "is_digit": [str(one.is_digit).lower() for one in answers],
        "run": [one.run for one in answers],
        "answered": [one.answered.isoformat() for one in answers],
    }


def _figures(run: Run, predictor: Predictor, kept: Feedback, answers: Sequence[Answer]) -> None:
    n, right = len(answers), sum(one.was_right for one in answers)
    try:
        now = _right_now(run.fingerprint, str(kept.path), kept.stamp(), predictor, answers)
    except RunDamagedError as error:
        by_this_run = Card("Read by this run", "–", plain(str(error)))
    else:
        by_this_run = _share_card("Read by this run", now, n, "digits right, if it reads all of them now")
    last = max(one.answered for one in answers)
    cards.show(
        [
            _share_card("As they were read", right, n, "digits right"),
            by_this_run,
            Card("Corrected", f"{n - right:,}", f"the last answer {ago(last)}"),
        ]
    )
    st.caption(
        "Of the digits that somebody confirmed or corrected here. People look twice at what is wrong, so the true "
        "accuracy may be higher."
    )


def _share_card(label: str, right: int, n: int, words: str) -> Card:
    counted = f"{right:,} of {n:,}"
    return Card(label, counted, words) if n < FEW else Card(label, percent(right / n), f"{counted} {words}")


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
            read, where = plain(corrections.reading_of(chosen, names)), plain(chosen.picture)
            st.markdown(
                f"**{plain(names[chosen.label])}**, {read}, on {where}, {ago(chosen.answered)}", width="content"
            )
            st.button(
                "Delete this answer", icon=":material/delete:", key="delete", on_click=_take, args=(kept, [chosen.key])
            )


def _tile(answer: Answer, names: Sequence[str]) -> Tile:
    label = names[answer.label]
    alt = f"{label}, {corrections.reading_of(answer, names)}; opens the answer"
    if answer.was_right:
        return Tile(alt, label)
    return Tile(alt, f"{label} ← {names[answer.read_as] if answer.is_digit else 'no digit'}", "bad")


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
        made: tuple[str, ...] = st.session_state.get(_MADE, ())
        # Another key for each dataset that was made: the form that made it closes.
        with st.popover("Train with them", icon=":material/model_training:", key=f"train with them, {len(made)} made"):
            _dataset_form(run, answers)
        with st.popover("Delete all", icon=":material/delete:"):
            st.markdown(
                f"All {count(len(answers), 'answer')} with their images. They can be brought back until you leave."
            )
            keys = [one.key for one in answers]
            st.button("Delete all answers", type="primary", key="delete all", on_click=_take, args=(kept, keys))
    if made:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/check: The dataset **{plain(made[-1])}** is here.", width="content")
            shell.link("data", "Look at it", dataset=made[-1])
            st.caption("To train on it, choose it under Train in the sidebar.", width="content")


def _dataset_form(run: Run, answers: Sequence[Answer]) -> None:
    own, known = run.request.dataset, loading.datasets()
    usable = [one for one in known if one.is_present and one.problem is None]
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
    proposal = _free(f"{base} and {len(answers)} of mine", {one.name for one in known})
    name = st.text_input("Name of the new dataset", proposal, key=f"name {proposal}")
    if st.button("Make the dataset", type="primary", key="make dataset"):
        try:
            with st.spinner("Writing the files"):
                made = feedback.added_to(loading.dataset(base), answers, own.class_names, name.strip())
                sources.keep(made, home=loading.settings().data)
        except DigitLabError as error:
            st.error(str(error), icon=":material/error:", title="The dataset was not made")
        else:
            st.session_state[_MADE] = (*st.session_state.get(_MADE, ()), made.name)
            st.rerun()


def _free(name: str, taken: Collection[str]) -> str:
    """The name, with the first number behind it that makes it another than those that are taken."""
    numbered = (f"{name} {number}" for number in itertools.count(2))
    return next(one for one in itertools.chain([name], numbered) if one not in taken)


def _taken(kept: Feedback) -> dict[str, Answer]:
    """What was deleted of these answers in this visit and can be brought back: key -> answer."""
    taken: dict[str, Answer] = st.session_state.setdefault(f"{_TAKEN} of {kept.path}", {})
    return taken


def _take(kept: Feedback, keys: Sequence[str]) -> None:
    try:
        _taken(kept).update({one.key: one for one in kept.remove(keys)})
    except FeedbackError as error:
        st.session_state[_PROBLEM] = str(error)
    st.session_state.pop(_OPENED, None)


def _bring_back(kept: Feedback) -> None:
    try:
        answered = {one.key for one in kept.answers()}  # what was said anew meanwhile counts
        kept.put(*(one for key, one in _taken(kept).items() if key not in answered))
        _taken(kept).clear()
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
    labels, are_digits = _predictor.classify(np.stack([one.image for one in _answers]))
    return int((are_digits & (labels == [one.label for one in _answers])).sum())

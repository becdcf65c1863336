"""Was it right? One click keeps what a digit really is, with its image; another takes it back.

Answers lie in the home's `feedback` folder (`core.feedback`), one set for each size of images and set of classes. They
are counted as accuracy on the visitor's own digits, can be downloaded, and be added to a dataset to train on.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from core import feedback
from core.errors import FeedbackError
from core.feedback import Answer, Feedback
from core.prediction import ReadDigit
from core.store import Run
from core.wording import count
from ui import loading
from ui.markdown import plain
from ui.reading import Source

_PROBLEM = "answer was not kept"


def of(run: Run) -> Feedback:
    """The answers about images like this run's."""
    facts = run.request.dataset
    return Feedback(loading.settings().feedback, facts.image_shape, facts.class_names)


def answers(kept: Feedback) -> tuple[Answer, ...]:
    """All of them, read again whenever one changed; none, with a note on the page, if they cannot be read."""
    try:
        return _answers(str(kept.path), kept.stamp(), kept)
    except FeedbackError as error:
        st.error(str(error), icon=":material/folder_off:", title="The answers that are kept cannot be read")
        return ()


def ask(run: Run, source: Source, digits: Sequence[ReadDigit], position: int) -> None:
    """Whether the digits were read rightly, and what the one at this position is; samples are not asked about."""
    if not source.is_own:
        st.caption("A sample. Of your own pictures you can say here whether they were read rightly, and what they are.")
        return
    kept, names = of(run), run.request.dataset.class_names
    known = {answer.key: answer for answer in answers(kept)}
    open_ones = [digit for digit in digits if digit.is_digit and feedback.key_of(digit.image) not in known]
    digit = digits[position]
    own = known.get(feedback.key_of(digit.image))
    with st.container(border=True, gap="small"):
        _kept_or_asked(own, digit, names, position if len(digits) > 1 else None)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if open_ones:
                st.button(
                    f"All {len(open_ones)} are right" if len(open_ones) > 1 else "Right",
                    icon=":material/check:",
                    key="confirm",
                    on_click=_keeping(kept, run, source, [(one, one.label) for one in open_ones]),
                )
            key = f"it is {feedback.key_of(digit.image)}"
            st.session_state[key] = None if own is None else own.label
            noun = "Digit" if digit.is_digit else "Part"
            which = f"{noun} {position + 1} is really" if len(digits) > 1 else "It is really"
            st.pills(
                which,
                range(len(names)),
                format_func=lambda label: plain(names[label]),
                key=key,
                wrap=True,
                on_change=_changing(kept, run, source, digit, key),
            )
        if problem := st.session_state.pop(_PROBLEM, None):
            st.error(problem, icon=":material/error:", title="Your answer was not kept")


def _kept_or_asked(own: Answer | None, digit: ReadDigit, names: Sequence[str], position: int | None) -> None:
    which = "it" if position is None else f"digit {position + 1}"
    if own is not None:
        read = "as it was read" if own.was_right else f"and was read as {plain(names[own.read_as])}"
        label = plain(names[own.label])
        st.markdown(f":material/check_circle: **Kept:** {which} is {label}, {read}. Click the marked one to undo.")
    elif digit.is_digit:
        st.markdown("**Was it right?** One click, and it counts as accuracy on your digits.")
    else:
        what = "This" if position is None else f"Part {position + 1}"
        st.markdown(f"**{what} was taken for no digit.** If it is one, say which.")


def _keeping(kept: Feedback, run: Run, source: Source, said: Sequence[tuple[ReadDigit, int]]) -> Callable[[], None]:
    def keep() -> None:
        try:
            kept.put(*(_answer(run, source, digit, label) for digit, label in said))
        except FeedbackError as error:
            st.session_state[_PROBLEM] = str(error)
        else:
            st.toast(f"Kept {count(len(said), 'answer')}.", icon=":material/check:")

    return keep


def _changing(kept: Feedback, run: Run, source: Source, digit: ReadDigit, key: str) -> Callable[[], None]:
    """Keeps the class that was clicked; takes the answer back if it was the marked one."""

    def change() -> None:
        label = st.session_state[key]
        if label is not None:
            _keeping(kept, run, source, [(digit, label)])()
            return
        try:
            kept.remove({feedback.key_of(digit.image)})
        except FeedbackError as error:
            st.session_state[_PROBLEM] = str(error)
        else:
            st.toast("Your answer is taken back.", icon=":material/undo:")

    return change


def _answer(run: Run, source: Source, digit: ReadDigit, label: int) -> Answer:
    return Answer(
        image=digit.image,
        label=label,
        read_as=digit.label,
        confidence=digit.confidence,
        picture=source.name,
        run=run.fingerprint,
        answered=feedback.now(),
    )


@st.cache_resource(show_spinner=False, max_entries=8)
def _answers(path: str, stamp: int, _kept: Feedback) -> tuple[Answer, ...]:
    return _kept.answers()

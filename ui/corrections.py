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
from ui import class_choice, loading
from ui.markdown import plain
from ui.reading import Source

_PROBLEM, _SAID = "answer was not kept", "answer was kept"


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
    keys = [feedback.key_of(digit.image) for digit in digits]
    unanswered = [number for number, one in enumerate(digits) if one.is_digit and keys[number] not in known]
    digit, own = digits[position], known.get(keys[position])
    with st.container(border=True, gap="small"):
        _kept_or_asked(own, digit, names, position if len(digits) > 1 else None)
        if unanswered:
            st.button(
                confirmation(unanswered, digits),
                icon=":material/check:",
                key="confirm",
                on_click=_confirming(
                    kept,
                    run,
                    source,
                    [digits[number] for number in unanswered],
                    None if unanswered == [position] else f"Kept {count(len(unanswered), 'answer')}.",
                ),
            )
        noun = "Digit" if digit.is_digit else "Part"
        picked = class_choice.show(
            names,
            None if own is None else own.label,
            key=f"class of {keys[position]}",
            label=f"{noun} {position + 1} is really" if len(digits) > 1 else "It is really",
        )
        if picked is not None:
            _change(kept, own, _answer(run, source, digit, picked))
            st.rerun()
        if said := st.session_state.pop(_SAID, None):
            st.caption(said)
        if problem := st.session_state.pop(_PROBLEM, None):
            st.error(problem, icon=":material/error:", title="Your answer was not kept")


def confirmation(unanswered: Sequence[int], digits: Sequence[ReadDigit]) -> str:
    """What the button that confirms digits says; it names them if there is more than one part.

    unanswered: the positions of the digits that it confirms.
    """
    if len(digits) == 1:
        return "Right"
    if len(unanswered) == 1:
        return f"Digit {unanswered[0] + 1} is right"
    n_digits = sum(digit.is_digit for digit in digits)
    if len(unanswered) < n_digits:
        return f"The other {len(unanswered)} are right"
    return f"All {n_digits} are right" if n_digits == len(digits) else f"All {n_digits} digits are right"


def reading_of(answer: Answer, names: Sequence[str]) -> str:
    """What had become of an answered digit: read rightly, read as 7, taken for no digit."""
    if not answer.is_digit:
        return "taken for no digit"
    return "read rightly" if answer.was_right else f"read as {names[answer.read_as]}"


def _kept_or_asked(own: Answer | None, digit: ReadDigit, names: Sequence[str], position: int | None) -> None:
    which = "it" if position is None else f"digit {position + 1}"
    if own is not None:
        said = f"{which} is {plain(names[own.label])}, and was {plain(reading_of(own, names))}"
        st.markdown(f":material/check_circle: **Kept:** {said}. Press the marked one to undo.")
    elif digit.is_digit:
        st.markdown("**Was it right?** One click, and it counts as accuracy on your digits.")
    else:
        what = "This" if position is None else f"Part {position + 1}"
        st.markdown(f"**{what} was taken for no digit.** If it is one, say which.")


def _confirming(
    kept: Feedback, run: Run, source: Source, digits: Sequence[ReadDigit], said: str | None
) -> Callable[[], None]:
    def confirm() -> None:
        _try(lambda: kept.put(*(_answer(run, source, digit, digit.label) for digit in digits)), said)

    return confirm


def _change(kept: Feedback, own: Answer | None, given: Answer) -> None:
    """Keeps the class that was pressed; takes the answer back if it was the marked one."""
    if own is not None and own.label == given.label:
        _try(lambda: kept.remove({own.key}), "Your answer is taken back.")
    else:
        _try(lambda: kept.put(given))


def _try(change: Callable[[], object], said: str | None = None) -> None:
    """Change what is kept, and leave for the page what is to be said of it: callbacks draw nothing themselves."""
    try:
        change()
    except FeedbackError as error:
        st.session_state[_PROBLEM] = str(error)
    else:
        st.session_state[_SAID] = said


def _answer(run: Run, source: Source, digit: ReadDigit, label: int) -> Answer:
    return Answer(
        image=digit.image,
        label=label,
        read_as=digit.label,
        confidence=digit.confidence,
        picture=source.name,
        run=run.fingerprint,
        answered=feedback.now(),
        is_digit=digit.is_digit,
    )


@st.cache_resource(show_spinner=False, max_entries=8)
def _answers(path: str, stamp: int, _kept: Feedback) -> tuple[Answer, ...]:
    return _kept.answers()

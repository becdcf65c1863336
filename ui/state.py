"""The state that a link carries: which run is shown, and whatever else a page puts into the URL.

`?run=` holds a fingerprint or its first letters, or a name like reference/best. Without it the starred run is shown,
else the newest, else the first that came with the project, and the URL is completed, so that a copied link shows what
its sender saw. Nothing that matters lives in the session alone.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from core import store
from core.errors import RunNotFoundError
from core.jobs import Job
from core.store import Run
from ui import loading

RUN = "run"

Value = TypeVar("Value")
Text = TypeVar("Text", bound=str)


def chosen() -> Run | Job | None:
    """The run that the URL names, finished or in the making; else the starred, else the newest; None without any.

    Raises RunNotFoundError if the URL names none, RunDamagedError if it is not sound.
    """
    named = st.query_params.get(RUN)
    if named is None:
        return default_run()
    if finished := loading.run(named):
        return finished
    if job := loading.jobs().watch(named):
        return job
    matches: list[Run | Job] = [run for run in loading.runs() if run.fingerprint.startswith(named)]
    matches += [job for job in loading.jobs().all() if job.fingerprint.startswith(named)]
    if len(matches) != 1:
        found = "none" if not matches else f"{len(matches)} of that beginning"
        raise RunNotFoundError(f"This link shows the run {named!r}, but among the runs here there is {found}.")
    return matches[0]


def default_run(*, to_read: bool = False) -> Run | None:
    """The starred run; else the newest of the user's own; else one that came with the project.

    to_read: to read pictures of the user's.
    """
    return store.default_run(loading.runs(), loading.run_labels().starred, to_read=to_read)


def choose(fingerprint: str | None) -> None:
    """Show this run from the next rerun on, on every page; None: the default one."""
    if fingerprint is None:
        st.query_params.pop(RUN, None)
        st.session_state.pop(_REMEMBERED, None)
    else:
        st.query_params[RUN] = st.session_state[_REMEMBERED] = fingerprint


def keep(page: str) -> None:
    """Called once a rerun, before anything reads the URL: carries the run over from the page that was left.

    page: the name of the one that is shown now.
    """
    st.session_state[_ARRIVED] = st.session_state.get(_PAGE) != page
    st.session_state[_PAGE] = page
    if RUN in st.query_params:
        st.session_state[_REMEMBERED] = st.query_params[RUN]
    elif remembered := st.session_state.get(_REMEMBERED):
        st.query_params[RUN] = remembered
    elif run := default_run():
        choose(run.fingerprint)


def remember(*names: str) -> None:
    """Called at the head of a page: its parameters are what they were when somebody comes back to it without any.

    A link that carries some of them is followed as it is, and none is added to it.
    """
    kept = f"parameters of {st.session_state[_PAGE]}"
    given = {name: value for name in names if (value := st.query_params.get(name)) is not None}
    if given or not st.session_state[_ARRIVED]:
        st.session_state[kept] = given
    else:
        put(**st.session_state.get(kept, {}))


def choice(name: str, options: Sequence[Text], default: Text) -> Text:
    """The option that a URL parameter names; the default if it is absent or names none."""
    value = st.query_params.get(name)
    return next((option for option in options if option == value), default)


def number(name: str, default: int, low: int, high: int) -> int:
    """The value of a URL parameter that is a whole number in [low, high]; the default if it is absent or another."""
    try:
        value = int(st.query_params.get(name, default))
    except ValueError:
        return default
    return value if low <= value <= high else default


def put(**values: str | int | None) -> None:
    """Write parameters into the URL; None takes one out."""
    for name, value in values.items():
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != str(value):
            st.query_params[name] = str(value)


def widget(
    name: str,
    value: Value,
    default: Value | None = None,
    *,
    text: Callable[[Value], str | None] = str,
    drops: Sequence[str] = (),
) -> dict[str, Any]:
    """`key` and `on_change` of a widget that shows a URL parameter and writes it.

    value: what the widget shows, as read from the URL. default: the value that the URL leaves out. text: any other as
    it stands in the URL, None for nothing. drops: parameters that mean nothing any more once this one changes.
    (Streamlit's own binding would take the parameter out of the URL whenever the widget is not drawn.)
    """
    key = f"{name} in the URL"
    st.session_state[key] = value

    def write() -> None:
        chosen = st.session_state[key]
        put(**{name: None if chosen == default else text(chosen)}, **dict.fromkeys(drops))

    return {"key": key, "on_change": write}


def segments(
    label: str,
    name: str,
    options: Mapping[Text, str],
    default: Text,
    *,
    is_labelled: bool = True,
    help: str | None = None,
    drops: Sequence[str] = (),
) -> Text:
    """Buttons in a row, one of which is pressed: the option that a URL parameter names, which is returned.

    options: as they stand in the URL, with what people read. default: the one that the URL leaves out. is_labelled:
    whether the label is seen, or only read aloud. drops: parameters that mean nothing any more once this one changes.
    """
    chosen = choice(name, list(options), default)
    st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        required=True,
        help=help,
        label_visibility="visible" if is_labelled else "collapsed",
        **widget(name, chosen, default, drops=drops),
    )
    return chosen


def writer(key: str, name: str, text: Callable[[Value], str | None] = str) -> Callable[[], None]:
    """A callback for a widget of that key which writes its value into the URL under that name."""

    def write() -> None:
        put(**{name: text(st.session_state[key])})

    return write


_REMEMBERED = "remembered run"
_PAGE = "page shown"
_ARRIVED = "page is new"

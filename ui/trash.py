"""Deleting runs, with a way back: the note after a deletion, and the trash at the foot of the Runs page."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.errors import DigitLabError
from core.store import Trash, TrashedRun
from core.wording import ago, count
from ui import job_text, loading, state
from ui.markdown import plain

_DELETED = "runs just deleted"
_SHOWN = 20


def delete(fingerprints: Sequence[str]) -> None:
    """Move finished runs into the trash; a callback. What cannot be moved is said and stays."""
    trash, deleted = _trash(), []
    for fingerprint in fingerprints:
        try:
            deleted.append(trash.put(fingerprint).name)
        except DigitLabError as error:
            st.toast(str(error), icon=":material/error:")
            continue
        if st.query_params.get(state.RUN) == fingerprint:
            state.choose(None)
    st.session_state[_DELETED] = deleted


def note() -> list[str]:
    """What was just deleted, with the button that brings it back; returns the fingerprints."""
    names = st.session_state.get(_DELETED, [])
    found = [one for one in _trash().all() if one.name in names] if names else []
    if not found:
        return []
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        what = plain(name_of(found[0])) if len(found) == 1 else count(len(found), "run")
        verb = "is" if len(found) == 1 else "are"
        st.markdown(f":material/delete: **{what}** {verb} in the trash now.")
        st.button(
            "Undo", icon=":material/undo:", type="primary", on_click=_restore, args=([one.name for one in found],)
        )
        st.button("All right", type="tertiary", on_click=_forget_note)
    return [one.fingerprint for one in found]


def show() -> None:
    """Everything in the trash, to restore or to delete for good; nothing if it is empty."""
    found = _trash().all()
    if not found:
        return
    size = sum(one.bytes for one in found) / 1e6
    with st.expander(f"Trash: {count(len(found), 'run')}, {size:,.0f} MB", icon=":material/delete:", key="trash"):
        for one in found[:_SHOWN]:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{plain(name_of(one))}** · `{one.fingerprint[:8]}` · deleted {ago(one.deleted)}")
                _button("Restore", "undo", one, _restore)
                _button("Delete for good", "delete_forever", one, _purge)
        if len(found) > _SHOWN:
            st.caption(f"and {len(found) - _SHOWN} more, deleted earlier")
        with st.popover("Empty the trash", icon=":material/delete_forever:"):
            st.markdown(f"This deletes {count(len(found), 'run')} for good. Checkpoints of their stages stay.")
            st.button(
                "Empty it", type="primary", on_click=_purge, args=([one.name for one in found],), key="empty trash"
            )


def name_of(trashed: TrashedRun) -> str:
    """What people called the run, or what it was."""
    if name := loading.run_labels().names.get(trashed.fingerprint):
        return name
    try:
        return job_text.name_of(trashed.run.request)
    except DigitLabError:
        return "Damaged run"


def _button(label: str, icon: str, one: TrashedRun, action: Callable[[Sequence[str]], None]) -> None:
    st.button(
        label, icon=f":material/{icon}:", type="tertiary", key=f"{icon}-{one.name}", on_click=action, args=([one.name],)
    )


def _restore(names: Sequence[str]) -> None:
    trash = _trash()
    for name in names:
        try:
            trash.restore(name)
        except DigitLabError as error:
            st.toast(str(error), icon=":material/error:")
    _forget_note()


def _purge(names: Sequence[str]) -> None:
    _trash().purge(names)
    _forget_note()


def _forget_note() -> None:
    st.session_state.pop(_DELETED, None)


def _trash() -> Trash:
    return Trash(loading.store())

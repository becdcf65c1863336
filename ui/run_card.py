"""The one run that is chosen on the Runs page: what it is, and everything that can be done with it."""

import streamlit as st

from core.store import Compaction, Run, labels
from core.store.labels import MAX_NAME_LENGTH
from core.wording import count, loss, percent
from ui import downloads, live, loading, page, shell, state, states, training, trash
from ui.markdown import plain
from ui.run_list import Kind, Row


def show(row: Row) -> None:
    """The run of a row, whatever its state."""
    st.header(("★ " if row.is_starred else "") + plain(row.name), anchor=False)
    if row.kind is Kind.DAMAGED:
        _damaged(row)
        return
    run = loading.run(row.fingerprint)
    if run is not None:
        _finished(run, row)
    elif job := loading.jobs().watch(row.fingerprint):
        if row.kind is Kind.STOPPED:
            states.at_rest(job)
        else:
            live.show(job)


def delete_button(fingerprints: list[str]) -> None:
    """Moves finished runs into the trash."""
    st.button(
        "Delete" if len(fingerprints) == 1 else f"Delete {len(fingerprints)} runs",
        icon=":material/delete:",
        key="delete runs",
        on_click=trash.delete,
        args=(fingerprints,),
        help="Moves into the trash, from where it can be restored.",
    )


def _finished(run: Run, row: Row) -> None:
    st.caption(page.origin(run))
    report, validation = run.metrics.test, run.metrics.validation
    with st.grid(4, min_column_width=150):
        st.metric("Test accuracy", percent(report.accuracy), border=True)
        st.metric("Validation accuracy", percent(validation.accuracy if validation else None), border=True)
        st.metric("Misread", f"{report.incorrect:,}", border=True, help=f"Of {count(report.n_images, 'test image')}")
        st.metric("Test loss", loss(report.loss), border=True)
    with st.container(horizontal=True):
        if st.query_params.get(state.RUN) == run.fingerprint:
            shell.link("overview", "Look at it")
        else:
            training.show_button(run.fingerprint, "card")
        _star_button(run, row)
        if not run.is_reference:
            _rename(run)
            delete_button([run.fingerprint])
    if run.compaction is not None:
        st.caption(_compacted(run.compaction))
    st.subheader("Download", anchor=False)
    downloads.show(run)


def _compacted(made: Compaction) -> str:
    """What a run that came with the project lacks, and what the whole one gave."""
    kept, left_out = "; ".join(made.exactness), ", ".join(made.left_out)
    return (
        f"This run came with the project, made smaller: {kept}{f'; without {left_out}' if left_out else ''}. Its "
        f"figures are those of the network as it is here. The whole one misread {made.incorrect:,}, with a test loss "
        f"of {loss(made.loss)}."
    )


def _damaged(row: Row) -> None:
    st.error(row.reason, icon=":material/broken_image:", title="This run cannot be used")
    st.caption("It is left as it is. Restore the file that is named, or delete the run and train it again.")
    delete_button([row.fingerprint])


def _star_button(run: Run, row: Row) -> None:
    st.button(
        "Starred" if row.is_starred else "Star",
        icon=":material/star:" if row.is_starred else ":material/star_outline:",
        type="primary" if row.is_starred else "secondary",
        key="star run",
        on_click=labels.star,
        args=(loading.settings().runs, None if row.is_starred else run.fingerprint),
        help="The starred run is the one that Predict uses, and that is shown at first.",
    )


def _rename(run: Run) -> None:
    name = loading.run_labels().names.get(run.fingerprint, "")

    def rename() -> None:
        labels.rename(loading.settings().runs, run.fingerprint, st.session_state[key])

    key = f"name of {run.fingerprint}"
    with st.popover("Rename", icon=":material/edit:"), st.form("rename", border=False):
        st.text_input("Name", name, max_chars=MAX_NAME_LENGTH, key=key, placeholder="Empty: its preset and dataset")
        st.form_submit_button("Save", type="primary", on_click=rename)

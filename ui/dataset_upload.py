"""The upload of four IDX files as a new dataset: which file is which, class names, and what is wrong with them."""

import streamlit as st
from streamlit.typing import UploadedFile

from core.data import folder, sources
from core.errors import DataError, DatasetError
from core.wording import count
from ui import loading, state

_LIMIT = 2**28
"""Largest decompressed file, in bytes; five times the largest of MNIST."""

_PARTS = dict(zip(folder.FILE_NAMES, ("Training images", "Training labels", "Test images", "Test labels"), strict=True))
_ROUND = "datasets uploaded"
_PROBLEM = "upload problem"


def show() -> None:
    """Draw the form; filling it in does not draw the page again."""
    st.fragment(_form)()


def _form() -> None:
    number = st.session_state.get(_ROUND, 0)  # another form after each dataset, so that it is empty again
    left, right = st.columns(2, gap="large")
    with left:
        files: list[UploadedFile] = st.file_uploader(
            "Four IDX files, raw or gzip-compressed",
            accept_multiple_files=True,
            key=f"upload files {number}",
            on_change=_forget_problem,
            help="The format of MNIST. Usual names (train-images-idx3-ubyte, ...) or any that say train or test, and "
            "images or labels.",
        )
        _parts(files)
    with right:
        name = st.text_input(
            "Name of the dataset",
            key=f"upload name {number}",
            on_change=_forget_problem,
            placeholder="my-letters",
            persist_state="session",
        )
        names = st.text_area(
            "Class names, optional",
            key=f"upload classes {number}",
            on_change=_forget_problem,
            placeholder="zero\none\ntwo",
            help="One a line, in the order of the labels. Without them classes are called by their numbers.",
            persist_state="session",
        )
        if st.button("Add the dataset", icon=":material/upload:", type="primary", key="add dataset"):
            _add(name.strip(), files, names)
        if problem := st.session_state.get(_PROBLEM):
            st.error(problem, icon=":material/error:", title="This dataset was not added")


def _parts(files: list[UploadedFile]) -> None:
    """Which of the files is taken for which part."""
    if not files:
        return
    sizes = {file.name: file.size for file in files}
    found = folder.guess(sizes)
    lines = []
    for file_name, part in _PARTS.items():
        if file_name in found:
            given = found[file_name]
            lines.append(f":material/check: {part}: `{given}` ({_size(sizes[given])})")
        else:
            lines.append(f":material/close: {part}: missing, expected a file called like `{file_name}`")
    lines += [f":material/close: Not needed: `{name}`" for name in sizes if name not in found.values()]
    st.markdown("  \n".join(lines))


def _add(name: str, files: list[UploadedFile], names: str) -> None:
    with st.spinner("Checking the files"):
        try:
            if len({file.name for file in files}) < len(files):
                raise DatasetError("files: expected four different names, found one twice; rename one of the files")
            dataset = sources.add(
                name,
                {file.name: file.getvalue() for file in files},
                names.rstrip().splitlines() or None,
                home=loading.settings().data,
                limit=_LIMIT,
            )
        except DataError as error:
            st.session_state[_PROBLEM] = str(error)
            return
    _forget_problem()
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.toast(
        f"{dataset.name} is here: {count(len(dataset.train_labels), 'training image')} of {dataset.n_classes} classes.",
        icon=":material/check:",
    )
    state.put(dataset=dataset.name, page=None, image=None, **{"class": None})
    st.rerun()


def _forget_problem() -> None:
    st.session_state.pop(_PROBLEM, None)


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 1e5 else f"{n_bytes / 1e3:.1f} kB"

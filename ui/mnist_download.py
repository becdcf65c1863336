"""The download of MNIST: the button, how far it is, or why it failed. One download, whoever asked for it."""

from pathlib import Path

import streamlit as st

from core.data import mnist
from core.data.mnist_download import DOWNLOAD_BYTES, DownloadState, MnistDownload
from ui import loading

_SECONDS = 0.5


def show(where: str) -> None:
    """Draw it. where: tells this place from others on the same screen."""
    before = _download().state
    st.fragment(_watch, run_every=_SECONDS if before.is_active else None)(before)
    if not before.is_active:
        st.button(
            "Try again" if before.problem else f"Download MNIST ({_megabytes(DOWNLOAD_BYTES)} MB)",
            icon=":material/download:",
            type="primary" if where == "page" else "secondary",
            key=f"download-mnist-{where}",
            on_click=_download().start,
            help="Goes on in the background; every file is checked against the published one.",
        )


def _watch(before: DownloadState) -> None:
    now = _download().state
    if now.is_active != before.is_active:
        st.rerun()
    if now.is_active:
        words = f"Receiving {now.file_name}" if now.file_name else "Looking for a mirror"
        st.progress(now.share, text=f"{words}: {_megabytes(now.received)} of about {_megabytes(DOWNLOAD_BYTES)} MB")
    elif now.problem is not None:
        st.error(now.problem, icon=":material/cloud_off:", title="MNIST could not be downloaded")


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 2**20:.0f}"


def _download() -> MnistDownload:
    return _made(str(loading.settings().data / mnist.NAME))


@st.cache_resource(show_spinner=False)
def _made(folder: str) -> MnistDownload:
    return MnistDownload(Path(folder))

"""Pasting: a picture in the clipboard becomes an uploaded file like any other, and so do files dropped on the page.

Streamlit's own field takes files that are chosen or dropped on it. This piece hands it those that are pasted anywhere
on the page, or dropped beside it.
"""

import functools
from pathlib import Path
from typing import Any

import streamlit as st


def show(field: str) -> None:
    """A button that pastes, and listeners for the whole page. field: the key of the field for files."""
    _component()(key=f"paste into {field}", data={"field": field})


def _component() -> Any:
    return st.components.v2.component("digitlab_paste", html=_HTML, css=_source("css"), js=_source("js"))


@functools.cache
def _source(kind: str) -> str:
    return Path(__file__).with_suffix(f".{kind}").read_text("utf-8")


_HTML = """
<div class="paste">
  <button type="button">Paste a picture</button>
  <span class="words">or press Ctrl+V, or drop files anywhere on the page</span>
  <span class="said" role="status"></span>
</div>
"""

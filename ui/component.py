"""Components: pieces of a page that the browser draws, each of three files in this folder.

gallery.html, gallery.css and gallery.js are the component "gallery"; gallery.py beside them says what it is given and
what comes back.
"""

import functools
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


def component(name: str, *, shared: str | None = None) -> ComponentRenderer:
    """The component of that name, to be called with its key and data.

    shared: name of the style and script that several components have in common, which come before its own.
    """
    parts = [shared, name] if shared else [name]
    return st.components.v2.component(
        f"digitlab_{name}",
        html=_source(f"{name}.html"),
        css="\n".join(_source(f"{part}.css") for part in parts),
        js="\n".join(_source(f"{part}.js") for part in parts),
    )


@functools.cache
def _source(file: str) -> str:
    return (Path(__file__).parent / file).read_text("utf-8")

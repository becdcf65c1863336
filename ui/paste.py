"""Pasting: a picture in the clipboard becomes an uploaded file like any other, and so do files dropped on the page.

Streamlit's own field takes files that are chosen or dropped on it. This piece hands it those that are pasted anywhere
on the page, or dropped beside it.
"""

from ui.component import component


def show(field: str) -> None:
    """A button that pastes, and listeners for the whole page. field: the key of the field for files."""
    component("paste")(key=f"paste into {field}", data={"field": field})

"""Components are what their three files say, and those that lay marks begin with the part that they share."""

import pytest
import streamlit as st

from ui.component import component


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, str]]:
    """What Streamlit was told: name of the component -> its html, css and js."""
    told: dict[str, dict[str, str]] = {}
    monkeypatch.setattr(st.components.v2, "component", lambda name, **parts: told.update({name: parts}))
    return told


def test_a_component_is_its_three_files(registered: dict[str, dict[str, str]]) -> None:
    component("gallery")
    gallery = registered["digitlab_gallery"]
    assert gallery["html"] == "<ul></ul>\n"
    assert "button:hover" in gallery["css"]
    assert "export default" in gallery["js"]


@pytest.mark.parametrize("name", ["answer", "canvas"])
def test_the_shared_part_comes_first(registered: dict[str, dict[str, str]], name: str) -> None:
    component(name, shared="marks")
    parts = registered[f"digitlab_{name}"]
    assert parts["js"].index("function layMarks") < parts["js"].index("export default")
    assert parts["css"].index(".box.doubtful") < parts["css"].index(f".{name} {{")

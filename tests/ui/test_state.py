"""Widgets whose choice is in the URL: a link is followed, and the URL says no more than it must."""

import pytest
from streamlit.testing.v1 import AppTest


def _pets() -> None:
    import streamlit as st

    from ui import state

    chosen = state.segments("Pet", "pet", {"cat": "A cat", "dog": "A dog"}, "cat", drops=["page"])
    st.text(chosen)


@pytest.fixture
def app() -> AppTest:
    app = AppTest.from_function(_pets, default_timeout=60)
    app.query_params["page"] = "3"
    return app


@pytest.mark.parametrize(("named", "shown"), [(None, "cat"), ("cat", "cat"), ("dog", "dog"), ("fish", "cat")])
def test_segments_show_what_the_link_names(app: AppTest, named: str | None, shown: str) -> None:
    if named:
        app.query_params["pet"] = named
    app.run()
    control = app.segmented_control[0]
    assert (control.value, app.text[0].value) == (shown, shown)
    assert control.options == ["A cat", "A dog"]
    assert app.query_params["page"] == "3"


def test_another_option_goes_into_the_link_and_takes_out_what_it_makes_meaningless(app: AppTest) -> None:
    app.run().segmented_control[0].set_value("dog").run()
    assert app.text[0].value == "dog"
    assert app.query_params == {"pet": "dog"}


def test_the_default_is_left_out_of_the_link(app: AppTest) -> None:
    app.query_params["pet"] = "dog"
    app.run().segmented_control[0].set_value("cat").run()
    assert app.text[0].value == "cat"
    assert "pet" not in app.query_params

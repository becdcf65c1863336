"""Charts on a page: names that people wrote are shown as they wrote them, in the title and beside the pointer."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.evaluation import evaluate
from core.figures import Chart, class_counts, confusion_matrix, probabilities
from ui.markdown import plain

NAMES = ("<b>x</b>", "*y*")
CHARTS = {
    "probabilities": probabilities([0.9, 0.1], NAMES, label=1),
    "classes": class_counts({"Training": [5, 9]}, NAMES),
    "confusion": confusion_matrix(evaluate(np.array([[0.9, 0.1], [0.8, 0.2]]), np.array([0, 1]), NAMES)),
}


def _page() -> None:
    import streamlit as st

    from ui import figure

    figure.chart(st.session_state["chart"], file_name="it.csv")


@pytest.mark.parametrize("made", CHARTS.values(), ids=CHARTS)
def test_names_are_no_markup(made: Chart) -> None:
    assert "x</b>" in made.title
    app = AppTest.from_function(_page, default_timeout=60)
    app.session_state["chart"] = made
    app.run()
    assert [one.value for one in app.markdown] == [f"**{plain(made.title)}**"]
    [drawn] = app.get("plotly_chart")
    spec = drawn.proto.spec
    assert "&lt;b&gt;x&lt;/b&gt;" in str(json.loads(spec))
    assert "<b>x</b>" not in str(json.loads(spec))

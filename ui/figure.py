"""Charts as every page shows them: a title that says what is seen, an `alt` for who cannot, and the data as CSV."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from core.figures import Chart
from ui.markdown import plain
from ui.tables import csv_button

_CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": "reset"}


def chart(
    made: Chart,
    *,
    file_name: str,
    caption: str = "",
    key: str | None = None,
    selection: Literal["points", "box", "lasso"] | None = None,
) -> Any:
    """A chart of `core.figures` under its title, with its data to download as the CSV `file_name`.

    selection: "points", "box" or "lasso" lets people select; then `key` is needed and the selection event comes back,
    read as `event["selection"]["points"]`. Without it nothing comes back.
    """
    figure = made.untitled()
    figure.update_layout(margin={"l": 8, "r": 8, "b": 8}, dragmode=False)
    with st.container(gap="small"):
        heading(made.title, made.table, file_name, key or made.title)
        if selection is not None:
            event = st.plotly_chart(
                figure, config=dict(_CONFIG), key=key, alt=made.alt, on_select="rerun", selection_mode=selection
            )
        else:
            st.plotly_chart(figure, config=_CONFIG, key=key, alt=made.alt)
            event = None
        if caption:
            st.caption(caption)
    return event


def heading(title: str, data: Mapping[str, Sequence[Any]], file_name: str, key: str) -> None:
    """The title of a chart, and the button for its data.

    title: a sentence that states what the chart shows, in plain text: names of classes and runs stand in it as people
    wrote them. data: column -> values, all of one length.
    """
    with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
        st.markdown(f"**{plain(title)}**", width="stretch")
        csv_button(lambda: data, file_name, key=f"csv-{file_name}-{key}", help="The data of this chart")

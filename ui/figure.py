"""Charts as every page shows them: a title that says what is seen, an `alt` for who cannot, and the data as CSV."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from core.figures import Chart
from ui.tables import csv_of

_CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": "reset"}


def show(
    figure: Any,
    *,
    title: str,
    alt: str,
    data: Mapping[str, Sequence[Any]],
    file_name: str,
    caption: str = "",
    key: str | None = None,
    selection: Literal["points", "box", "lasso"] | None = None,
    top: int = 8,
) -> Any:
    """A Plotly figure under its title, with its data to download.

    title: a sentence that states what the chart shows. alt: the same for those who cannot see it, with the main figure.
    data: column -> values, all of one length, as they stand in the CSV `file_name`. selection: "points", "box" or
    "lasso" lets people select; then `key` is needed and the selection event comes back, read as
    `event["selection"]["points"]`. Without it nothing comes back.
    top: room above the plot, in pixels.
    """
    with st.container(gap="small"):
        heading(title, data, file_name, key or title)
        figure.update_layout(title=None, margin={"l": 8, "r": 8, "t": top, "b": 8}, dragmode=False)
        if selection is not None:
            event = st.plotly_chart(
                figure, config=dict(_CONFIG), key=key, alt=alt, on_select="rerun", selection_mode=selection
            )
        else:
            st.plotly_chart(figure, config=_CONFIG, key=key, alt=alt)
            event = None
        if caption:
            st.caption(caption)
    return event


def heading(title: str, data: Mapping[str, Sequence[Any]], file_name: str, key: str) -> None:
    """The title of a chart, and the button for its data."""
    with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
        st.markdown(f"**{title}**", width="stretch")
        st.download_button(
            "CSV",
            data=lambda: csv_of(data),
            file_name=file_name,
            mime="text/csv",
            key=f"csv-{file_name}-{key}",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            help="The data of this chart",
        )


def chart(
    made: Chart,
    *,
    file_name: str,
    caption: str = "",
    key: str | None = None,
    selection: Literal["points", "box", "lasso"] | None = None,
) -> Any:
    """A chart of `core.figures`, in the same way; takes and returns what `show` does."""
    figure = made.untitled()
    return show(
        figure,
        title=made.title,
        alt=made.alt,
        data=made.table,
        file_name=file_name,
        caption=caption,
        key=key,
        selection=selection,
        top=int(figure.layout.margin.t),
    )

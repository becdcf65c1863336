"""What a run read in test images: the words for one, galleries and tables of many.

A click on an image opens it: its position goes into the URL as `?image=`, where `ui.inspector` finds it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.insight import doubted_labels
from core.store import Run, RunImages
from core.wording import count, probability
from ui import gallery, loading, state
from ui.gallery import Tile

PER_PAGE = 120
_LONGEST_NAME = 9
_SIZE, _LARGE_SIZE, _SHORT_CAPTION = 56, 84, 8

Positions = npt.NDArray[np.int64]


def words(run: Run, position: int) -> str:
    """8, read as 9; or: 8, read rightly."""
    of, names = loading.outcomes(run), run.request.dataset.class_names
    true, predicted = int(of.labels[position]), int(of.predicted[position])
    return f"{names[true]}, read rightly" if true == predicted else f"{names[true]}, read as {names[predicted]}"


def short(name: str) -> str:
    """A class name cut to what fits below a small image."""
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def tile(run: Run, position: int) -> Tile:
    """The words of one image of a gallery."""
    of, names = loading.outcomes(run), run.request.dataset.class_names
    true, predicted = int(of.labels[position]), int(of.predicted[position])
    hit = true == predicted
    return Tile(
        alt=f"Test image {position}: {words(run, position)}, with {probability(of.confidences[position])} confidence",
        caption=short(names[true]) if hit else f"{short(names[true])} → {short(names[predicted])}",
        tone="" if hit else "bad",
    )


def show(run: Run, images: RunImages, positions: Positions, *, key: str, label: str) -> None:
    """Pages of test images in the order given, each of which can be opened; a table where the images are missing.

    key: tells this gallery from others. label: what it shows, for those who cannot see it. The page of the gallery is
    in the URL.
    """
    n_pages = max(1, -(-len(positions) // PER_PAGE))
    page = state.number("page", 1, 1, n_pages)
    shown = positions[PER_PAGE * (page - 1) : PER_PAGE * page]
    if images.has(shown):
        grid(run, images, shown, key=key, label=label)
    else:
        _table(run, shown, key)
    if n_pages > 1:
        _turn_pages(page, n_pages)


def grid(
    run: Run,
    images: RunImages,
    positions: Sequence[int] | Positions,
    *,
    key: str,
    label: str,
    size: int | None = None,
) -> None:
    """Test images, each of which can be opened, without pages.

    size: width of an image on the screen, in pixels; larger by itself where the names of classes take room anyway.
    """
    tiles = [tile(run, int(position)) for position in positions]
    if size is None:
        size = _SIZE if all(len(one.caption) <= _SHORT_CAPTION for one in tiles) else _LARGE_SIZE
    opened = gallery.show(images.test(positions), tiles, key=key, label=label, size=size)
    if opened is not None:
        state.put(image=int(positions[opened]))
        st.rerun()


def columns(run: Run, positions: Positions) -> dict[str, list[Any]]:
    """The images as columns for a CSV file."""
    of, names, facts = loading.outcomes(run), run.request.dataset.class_names, run.request.dataset
    doubted = doubted_labels(facts.digest)
    return {
        "test_image": positions.tolist(),
        "true_class": [names[i] for i in of.labels[positions]],
        "predicted_class": [names[i] for i in of.predicted[positions]],
        "confidence": of.confidences[positions].tolist(),
        "loss": of.losses[positions].tolist(),
        "label_doubted": [int(position) in doubted for position in positions],
    }


def _turn_pages(page: int, n_pages: int) -> None:
    # Not st.pagination, which warns in the log whenever its value comes from the URL.
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for label, icon, to in (("Previous page", "chevron_left", page - 1), ("Next page", "chevron_right", page + 1)):
            st.button(
                label,
                icon=f":material/{icon}:",
                disabled=not 1 <= to <= n_pages,
                key=label,
                on_click=state.put,
                kwargs={"page": None if to == 1 else to},
            )
        st.selectbox(
            "Page",
            range(1, n_pages + 1),
            format_func=lambda number: f"Page {number} of {n_pages}",
            label_visibility="collapsed",
            width=180,
            **state.widget("page", page, 1),
        )


def _table(run: Run, positions: Positions, key: str) -> None:
    of, names = loading.outcomes(run), run.request.dataset.class_names
    clicked = f"open {key}"

    def open_image() -> None:
        state.put(image=int(positions[st.session_state[clicked]["row"]]))

    st.dataframe(
        {
            "Test image": positions,
            "True class": [names[i] for i in of.labels[positions]],
            "Read as": [names[i] for i in of.predicted[positions]],
            "Confidence": 100 * of.confidences[positions],
            "Loss": of.losses[positions],
            "Open": [":material/search: Open"] * len(positions),
        },
        hide_index=True,
        column_config={
            "Confidence": st.column_config.NumberColumn(format="%.2f%%"),
            "Loss": st.column_config.NumberColumn(format="%.4f"),
            "Open": st.column_config.ButtonColumn("", type="tertiary", key=clicked, on_click=open_image),
        },
        key=f"table {key}",
        alt=f"{count(len(positions), 'test image')} with what they are and what they were read as",
    )

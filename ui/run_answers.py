"""Image by image: what one run reads rightly that another misreads, and the other way round.

The pair, the pages of the galleries and the image that is open are in the URL.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from core import figures
from core.comparison import McNemar, in_words, mcnemar
from core.data.dataset import Dataset
from core.errors import DigitLabError
from core.gallery import sprite
from core.store import Run
from core.wording import count
from ui import figure, gallery, loading, page, shell, state
from ui.gallery import Tile

_PER_PAGE = 60


def show(lettered: Mapping[str, Run], names: Mapping[str, str]) -> None:
    """What one run reads rightly and another does not, image by image."""
    st.subheader("Image by image", anchor=False)
    letters = list(lettered)
    a = state.choice("from", letters, letters[0])
    others = [letter for letter in letters if letter != a]
    b = state.choice("to", others, others[0])
    if len(letters) > 2:
        with st.container(horizontal=True):
            _pick("Against", "from", letters, a, names)
            _pick("What changed in", "to", others, b, names)
    first, second = lettered[a], lettered[b]
    if not same_images(first, second):
        st.info("These two were tested on different images, so that their answers do not compare.")
        return
    try:
        test = mcnemar(loading.outcomes(first).hits, loading.outcomes(second).hits)
    except DigitLabError as error:
        st.error(str(error), icon=":material/broken_image:")
        return
    st.markdown(in_words(test, f"**{a}**", f"**{b}**"))
    st.caption("This speaks of these two networks, not of their settings: another seed makes other networks.")
    _galleries(first, second, a, b, test)


def _pick(label: str, parameter: str, letters: list[str], chosen: str, names: Mapping[str, str]) -> None:
    st.selectbox(
        label,
        letters,
        format_func=names.__getitem__,
        width=320,
        **state.widget(parameter, chosen, drops=["image", "fixed", "broken"]),
    )


def _galleries(first: Run, second: Run, a: str, b: str, test: McNemar) -> None:
    if not test.fixed + test.broken:
        return
    dataset = page.images_of(first)
    if dataset is not None:
        st.caption(f"Below each image: what it is, and how {a} and then {b} reads it. Open one to see both in full.")
    position = state.number("image", -1, 0, first.request.dataset.n_test - 1)
    if position >= 0:
        _inspect(first, second, a, b, dataset, position)
    sides = (
        ("fixed", f"Repaired: {b} is right where {a} is wrong", test.fixed),
        ("broken", f"Broken: {b} is wrong where {a} is right", test.broken),
    )
    for column, (parameter, title, positions) in zip(st.columns(2, gap="large"), sides, strict=True):
        with column:
            st.markdown(f"**{title}** ({count(len(positions), 'image')})")
            n_pages = max(1, -(-len(positions) // _PER_PAGE))
            number = state.number(parameter, 1, 1, n_pages)
            shown = positions[_PER_PAGE * (number - 1) : _PER_PAGE * number]
            if dataset is None:
                st.dataframe(_columns(first, second, a, b, shown), hide_index=True, alt=title, key=f"table {parameter}")
            else:
                _gallery(first, second, a, b, dataset, shown, parameter, title, position)
            if n_pages > 1:
                st.pagination(n_pages, **state.widget(parameter, number, lambda one: None if one == 1 else one))


def _gallery(
    first: Run,
    second: Run,
    a: str,
    b: str,
    dataset: Dataset,
    positions: Sequence[int],
    parameter: str,
    title: str,
    opened: int,
) -> None:
    if not positions:
        st.caption("There is none.")
        return
    columns = _columns(first, second, a, b, positions)
    tiles = [
        Tile(
            alt=f"Test image {position}: {true}, {a} reads {old}, {b} reads {new}",
            caption=f"{true}: {old} → {new}" if len(true + old + new) <= 6 else true[:9],
            tone="good" if parameter == "fixed" else "bad",
        )
        for position, true, old, new in zip(*columns.values(), strict=True)
    ]
    clicked = gallery.show(
        dataset.test_images[list(positions)],
        tiles,
        key=f"gallery {parameter}",
        label=title,
        size=56,
        selected=positions.index(opened) if opened in positions else None,
    )
    if clicked is not None:
        state.put(image=positions[clicked])
        st.rerun()


def _columns(first: Run, second: Run, a: str, b: str, positions: Sequence[int]) -> dict[str, list[Any]]:
    names, rows = first.request.dataset.class_names, np.asarray(positions, np.int64)
    old, new = loading.outcomes(first), loading.outcomes(second)
    return {
        "Test image": rows.tolist(),
        "True class": [names[i] for i in old.labels[rows]],
        f"{a} reads": [names[i] for i in old.predicted[rows]],
        f"{b} reads": [names[i] for i in new.predicted[rows]],
    }


def _inspect(first: Run, second: Run, a: str, b: str, dataset: Dataset | None, position: int) -> None:
    """One image, with what either run makes of it."""
    names = first.request.dataset.class_names
    label = int(loading.outcomes(first).labels[position])
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**Test image {position}, a {names[label]}**", width="content")
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                shell.link("mistakes", "Why it is read so", image=position)
                st.button("Close", icon=":material/close:", type="tertiary", on_click=state.put, kwargs={"image": None})
        columns = st.columns((1, 3, 3) if dataset is not None else 2, gap="medium")
        if dataset is not None:
            with columns[0]:
                scale = max(1, -(-140 // max(dataset.image_shape)))
                image = dataset.test_images[position : position + 1]
                st.image(sprite(image, columns=1, scale=scale), alt=f"Test image {position}, as the networks see it")
        for column, letter, run in zip(columns[-2:], (a, b), (first, second), strict=True):
            with column:
                made = figures.probabilities(run.predictions.test_probabilities[position], names, label)
                st.caption(f"**{letter}**")
                figure.chart(made, file_name=f"probabilities-{letter}-{position}.csv", key=f"probabilities {letter}")


def same_images(first: Run, second: Run) -> bool:
    """Whether two runs were trained and tested on the same images."""
    return first.request.dataset.digest == second.request.dataset.digest

"""Image by image: what one run reads rightly that another misreads, and the other way round.

The pair and the image that is open are in the URL.
"""

from collections.abc import Mapping

import streamlit as st

from core import figures
from core.errors import DigitLabError
from core.gallery import enlarged
from core.store import Run, RunImages
from ui import figure, loading, page, repairs, shell, state
from ui.markdown import plain

PARAMETERS = ("from", "to", "image", *repairs.PARAMETERS)
_SIDE = 140
"""Pixels of the open image on the screen, at least."""


def show(lettered: Mapping[str, Run], names: Mapping[str, str]) -> None:
    """What changed from one run to another. lettered: letter -> run, two or more. names: letter -> name."""
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
        found = repairs.compare(loading.outcomes(first), loading.outcomes(second), (a, b))
    except DigitLabError as error:
        st.error(str(error), icon=":material/broken_image:")
        return
    images = page.images_of(first) if len(found.repaired) + len(found.broken) else None
    position = state.number("image", -1, 0, first.request.dataset.n_test - 1)
    if position >= 0:
        _inspect(first, second, a, b, images, position)
    repairs.show(found, images, first.request.dataset.class_names, f"{a}-and-{b}.csv")
    st.caption("This speaks of these two networks, not of their settings: another seed makes other networks.")


def same_images(first: Run, second: Run) -> bool:
    """Whether two runs were trained and tested on the same images."""
    return first.request.dataset.digest == second.request.dataset.digest


def _pick(label: str, parameter: str, letters: list[str], chosen: str, names: Mapping[str, str]) -> None:
    st.selectbox(
        label,
        letters,
        format_func=names.__getitem__,
        width=320,
        **state.widget(parameter, chosen, drops=["image", *repairs.PARAMETERS]),
    )


def _inspect(first: Run, second: Run, a: str, b: str, images: RunImages | None, position: int) -> None:
    """One image, with what either run makes of it."""
    names = first.request.dataset.class_names
    label = int(loading.outcomes(first).labels[position])
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**Test image {position}: {plain(names[label])}**", width="content")
            st.button("Close", icon=":material/close:", type="tertiary", on_click=state.put, kwargs={"image": None})
        is_at_hand = images is not None and images.has([position])
        columns = st.columns((1, 3, 3) if is_at_hand else 2, gap="medium")
        if images is not None and is_at_hand:
            with columns[0]:
                image = enlarged(images.test([position])[0], _SIDE)
                st.image(image, output_format="PNG", alt=f"Test image {position}, as the networks see it")
        for column, letter, run in zip(columns[-2:], (a, b), (first, second), strict=True):
            with column:
                shell.link("mistakes", f"Why {letter} reads it so", image=position, run=run.fingerprint)
                made = figures.probabilities(run.predictions.test_probabilities[position], names, label)
                figure.chart(made, file_name=f"probabilities-{letter}-{position}.csv", key=f"probabilities {letter}")

"""What a second reading of the test images repaired and what it broke: galleries of both, with McNemar's test in words.

The pages of the galleries are in the URL, as `?repaired=` and `?broken=`; a click opens an image, as `?image=`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.comparison import McNemar, in_words, mcnemar
from core.evaluation import Order, Outcomes, in_order
from core.store import RunImages
from core.wording import count
from ui import gallery, readings, state
from ui.gallery import Tile
from ui.tables import csv_button

PARAMETERS = ("repaired", "broken")
_PER_PAGE = 48

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Repairs:
    """Two readings of the same images, by name. repaired, broken: positions, what was furthest off first."""

    before: Outcomes
    after: Outcomes
    names: tuple[str, str]
    test: McNemar
    repaired: Positions
    broken: Positions


def compare(before: Outcomes, after: Outcomes, names: tuple[str, str]) -> Repairs:
    """Which images each of the two alone reads rightly."""
    test = mcnemar(before.hits, after.hits)
    fixed, broken = np.array(test.fixed, np.int64), np.array(test.broken, np.int64)
    return Repairs(
        before=before,
        after=after,
        names=names,
        test=test,
        repaired=in_order(before, fixed, Order.HIGHEST_LOSS),
        broken=in_order(after, broken, Order.HIGHEST_LOSS),
    )


def show(found: Repairs, images: RunImages | None, class_names: tuple[str, ...], file_name: str) -> None:
    """The test in words, and both galleries; tables where the images are missing."""
    before, after = found.names
    words = in_words(found.test, before, after)
    st.markdown(words[:1].upper() + words[1:])
    left, right = st.columns(2, gap="large")
    with left:
        _side(found, images, class_names, "repaired", f"Repaired: {before} misread them, {after} reads them rightly")
    with right:
        _side(found, images, class_names, "broken", f"Broken: {before} read them rightly, {after} misreads them")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(
            f"Below each image: its class, what {before} read and what {after} reads. A click opens it.",
            width="content",
        )
        csv_button(
            lambda: _columns(found, np.concatenate([found.repaired, found.broken]), class_names),
            file_name,
            help="All of these images",
        )


def _side(found: Repairs, images: RunImages | None, class_names: tuple[str, ...], parameter: str, title: str) -> None:
    positions = found.repaired if parameter == "repaired" else found.broken
    st.markdown(f"**{title}** ({count(len(positions), 'image')})")
    if not len(positions):
        st.caption("There is none.")
        return
    n_pages = -(-len(positions) // _PER_PAGE)
    page = state.number(parameter, 1, 1, n_pages)
    shown = positions[_PER_PAGE * (page - 1) : _PER_PAGE * page]
    if images is None or not images.has(shown):
        columns = {
            name.replace("_", " ").capitalize(): values for name, values in _columns(found, shown, class_names).items()
        }
        st.dataframe(columns, hide_index=True, alt=title, key=f"table {parameter}")
    else:
        tone = "good" if parameter == "repaired" else "bad"
        tiles = [_tile(found, int(position), class_names, tone) for position in shown]
        opened = gallery.show(images.test(shown), tiles, key=f"gallery {parameter}", label=title, size=60)
        if opened is not None:
            state.put(image=int(shown[opened]))
            st.rerun()
    if n_pages > 1:
        key = f"{parameter} from page {page}"  # another page, named by the URL, is another widget
        writer = state.writer(key, parameter, lambda one: None if one == 1 else str(one))
        st.pagination(n_pages, default=page, key=key, on_change=writer)


def _tile(found: Repairs, position: int, class_names: tuple[str, ...], tone: str) -> Tile:
    true, old, new = (
        class_names[of[position]] for of in (found.before.labels, found.before.predicted, found.after.predicted)
    )
    before, after = found.names
    words = f"{true}: {old} → {new}"
    return Tile(
        alt=f"Test image {position}: {true}, which {before} read as {old} and {after} reads as {new}",
        caption=words if len(words) <= 10 else readings.short(true),
        tone=tone,
    )


def _columns(found: Repairs, positions: Positions, class_names: tuple[str, ...]) -> dict[str, list[str] | list[int]]:
    before, after = (name.lower().replace(" ", "_") for name in found.names)
    return {
        "test_image": positions.tolist(),
        "true_class": [class_names[i] for i in found.before.labels[positions]],
        f"{before}_read": [class_names[i] for i in found.before.predicted[positions]],
        f"{after}_reads": [class_names[i] for i in found.after.predicted[positions]],
    }

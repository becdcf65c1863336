"""The parts of the Mistakes page: which images are chosen, as the URL says, the figures, the controls, the galleries.

The choice is read from the URL alone, so that it holds while the inspector stands in the place of its controls.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.evaluation import Choice, Order, chosen, in_order
from core.insight import doubted_labels
from core.store import Run, RunImages
from core.wording import count, percent, probability
from ui import cards, classes, loading, readings, state
from ui.cards import Card
from ui.markdown import plain
from ui.tables import csv_button

MISREAD, RIGHT, BOTH, FIRST_NINE = "misread", "right", "both", "first-nine"
VIEWS = {MISREAD: "Misread", RIGHT: "Read rightly", BOTH: "All", FIRST_NINE: "First nine"}
PARAMETERS = ("view", "true", "predicted", "sort", "confidence_from", "confidence_to", "loss_from", "page")
_ORDERS = {
    Order.HIGHEST_LOSS: "Highest loss first",
    Order.LOWEST_LOSS: "Lowest loss first",
    Order.SUREST: "Highest confidence first",
    Order.LEAST_SURE: "Lowest confidence first",
    Order.TRUE_CLASS: "By true class",
    Order.PREDICTED_CLASS: "By the class read",
    Order.POSITION: "As in the test set",
}
_FIRST = Order.HIGHEST_LOSS
_CONFIDENCES = (
    *("0", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"),
    *("0.95", "0.98", "0.99", "0.995", "0.999", "0.9999", "1"),
)
_SURE = 0.9
_LOSSES = ["0", "0.01", "0.1", "0.5", "1", "2", "3", "5", "10"]


@dataclass(frozen=True)
class Chosen:
    """What the URL asks for. view: one of VIEWS."""

    view: str
    order: Order
    choice: Choice


def read(run: Run) -> Chosen:
    """The choice that stands in the URL; what is no choice counts as none."""
    names = run.request.dataset.class_names
    view = state.choice("view", list(VIEWS), MISREAD)
    return Chosen(
        view=view,
        order=state.choice("sort", list(Order), _FIRST),
        choice=Choice(
            hit={MISREAD: False, RIGHT: True}.get(view),
            label=classes.read("true", names),
            predicted=classes.read("predicted", names),
            least_confidence=float(state.choice("confidence_from", _CONFIDENCES, "0")),
            most_confidence=float(state.choice("confidence_to", _CONFIDENCES, "1")),
            least_loss=float(state.choice("loss_from", _LOSSES, "0")),
        ),
    )


def positions_of(run: Run, wanted: Chosen) -> readings.Positions:
    """The positions of the chosen test images, in the chosen order; for the paper's view its eighteen."""
    if wanted.view == FIRST_NINE:
        report = run.metrics.test
        return np.array([*report.first_correct, *report.first_incorrect], np.int64)
    of = loading.outcomes(run)
    return in_order(of, chosen(of, wanted.choice), wanted.order)


def figures(run: Run) -> None:
    """How many are misread, how sure the network was of them, and how many of them people doubt."""
    of, report = loading.outcomes(run), run.metrics.test
    wrong, right = of.confidences[~of.hits], of.confidences[of.hits]
    doubted = doubted_labels(run.request.dataset.digest)
    found = [Card("Misread", f"{report.incorrect:,}", f"{percent(1 - report.accuracy)} of {report.n_images:,} images")]
    if len(wrong):
        sure = int((wrong >= _SURE).sum())
        usual = f"{probability(np.median(right))} for those read rightly" if len(right) else "none is read rightly"
        found.append(Card("Sure all the same", f"{sure:,}", f"with {_SURE:.0%} confidence or more"))
        found.append(Card("Median confidence", probability(np.median(wrong)), plain(usual)))
    if doubted:
        misread = sum(not of.hits[position] for position in doubted)
        found.append(Card("Doubtful labels", f"{misread} of {len(doubted)}", "of those most people doubted"))
    cards.show(found)


def controls(run: Run, wanted: Chosen, positions: readings.Positions) -> None:
    """The widgets that change the choice, and the images as CSV."""
    names, choice = run.request.dataset.class_names, wanted.choice
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        state.segments("Which images", "view", VIEWS, MISREAD, is_labelled=False, drops=["page"])
        csv_button(
            lambda: readings.columns(run, positions),
            "test-images.csv",
            help="The images chosen here, with what they are and what they were read as",
        )
    if wanted.view == FIRST_NINE:
        return
    with st.grid(3, min_column_width=150, vertical_alignment="bottom"):
        classes.select("True class", "true", choice.label, names)
        classes.select("Read as", "predicted", choice.predicted, names)
        st.selectbox(
            "Sort",
            list(Order),
            format_func=_ORDERS.__getitem__,
            **state.widget("sort", wanted.order, _FIRST, drops=["page"]),
        )
        _bound("Confidence, at least", "confidence_from", _CONFIDENCES, "0")
        _bound("Confidence, at most", "confidence_to", _CONFIDENCES, "1")
        _bound("Loss, at least", "loss_from", _LOSSES, "0")


def images(run: Run, shown: RunImages, wanted: Chosen, positions: readings.Positions) -> None:
    """The chosen images, to open."""
    if wanted.view == FIRST_NINE:
        _first_nine(run, shown)
    elif len(positions):
        kind = VIEWS[wanted.view].lower()
        st.caption(f"{count(len(positions), 'test image')}. Open one to see why it was read so.")
        readings.show(run, shown, positions, key="mistakes", label=f"Test images: {kind}")
    else:
        with st.container(border=True):
            st.markdown("No test image is like that.")
            st.button("Take all filters away", icon=":material/filter_alt_off:", on_click=_forget)


def _first_nine(run: Run, shown: RunImages) -> None:
    report = run.metrics.test
    sides = (
        ("The first nine that are read rightly (figure 16)", report.first_correct, "first nine right"),
        ("The first nine that are misread (figure 17)", report.first_incorrect, "first nine misread"),
    )
    for column, (title, positions, key) in zip(st.columns(2, gap="large"), sides, strict=True):
        with column:
            st.subheader(title, anchor=False)
            if not positions:
                st.caption("There is none.")
            elif not shown.has(positions):
                readings.show(run, shown, np.array(positions, np.int64), key=key, label=title)
            else:
                readings.grid(run, shown, positions, key=key, label=title, size=110)


def _bound(label: str, parameter: str, values: Sequence[str], none: str) -> None:
    """A slider for one end of a range; none: the end that leaves nothing out."""
    chosen = state.choice(parameter, values, none)
    st.select_slider(label, values, **state.widget(parameter, chosen, none, drops=["page"]))


def _forget() -> None:
    state.put(**dict.fromkeys(PARAMETERS))

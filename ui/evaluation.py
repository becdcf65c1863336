"""The parts of the Evaluation page: the matrix and the images of its cells, the table of classes, confidence."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import figures, paper
from core.data import mnist
from core.evaluation import Choice, ClassScores, CoverageCurve, Order, chosen, coverage_curve, handover, in_order
from core.figures.confusion import Shares
from core.paper import PaperScores
from core.store import Run, RunImages
from core.wording import count, percent
from ui import cards, classes, figure, inspector, loading, readings, shell, state
from ui.cards import Card
from ui.markdown import plain

PARAMETERS = ("true", "predicted", "matrix", "threshold", "page")
_SHARES: dict[Shares, str] = {"counts": "Images", "row": "% of true class", "column": "% of class read"}
_THRESHOLDS = ("0", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "0.95", "0.98", "0.99", "0.995", "0.999", "0.9999")
_FIRST_THRESHOLD = "0.9"
_FREQUENT = 6

Pair = tuple[int | None, int | None]
"""A true class and the class it was read as; None for any other."""


def pair_of(run: Run) -> Pair:
    """The cell of the matrix that the URL names; of both or one class only, or of none."""
    names = run.request.dataset.class_names
    return classes.read("true", names), classes.read("predicted", names)


def matrix(run: Run, pair: Pair) -> None:
    """The confusion matrix; a click on a cell puts it into the URL."""
    true, predicted = pair
    cell = None if true is None or predicted is None else (true, predicted)
    drawn = st.container()
    shares = state.segments("Numbers in the cells", "matrix", _SHARES, "counts")
    with drawn:
        made = figures.confusion_matrix(run.metrics.test, shares, cell)
        event = figure.chart(made, file_name="confusion-matrix.csv", key="confusion matrix", selection="points")
    points: list[dict[str, Any]] = event["selection"]["points"]
    clicked = next((point["customdata"][:2] for point in points if point.get("customdata")), None)
    if clicked is not None and tuple(clicked) != cell:
        _choose(*clicked)
        st.rerun()


def choose_cell(run: Run, pair: Pair) -> None:
    """The cell chosen by hand, and the cells with the most mistakes."""
    names = run.request.dataset.class_names
    st.markdown("**Click a cell to see its images, or choose the classes**")
    with st.grid(2, min_column_width=120):
        classes.select("True class", "true", pair[0], names)
        classes.select("Read as", "predicted", pair[1], names)
    frequent = _most_frequent(run)
    if frequent:
        st.markdown("**Most frequent mistakes**")
        for true, predicted, number in frequent:
            st.button(
                f"{plain(names[true])} read as {plain(names[predicted])}: {count(number, 'image')}",
                type="primary" if (true, predicted) == pair else "secondary",
                width="stretch",
                key=f"frequent {true} {predicted}",
                on_click=_choose,
                args=(true, predicted),
            )


def images(run: Run, shown: RunImages, pair: Pair) -> None:
    """The images of the chosen cell or class, or one of them in the inspector."""
    true, predicted = pair
    opened = inspector.opened(run)
    if true is None and predicted is None and opened is None:
        return
    of = loading.outcomes(run)
    same = true == predicted and true is not None
    order = Order.LEAST_SURE if same else Order.SUREST
    positions = in_order(of, chosen(of, _choice(pair)), order)
    if opened is None or opened in positions:
        title = f"{_words(run, pair)}: {count(len(positions), 'image')}"
        st.header(plain(title[0].upper() + title[1:]), anchor=False)
    else:
        st.header("One image", anchor=False)
    if opened is not None:
        inspector.show(run, shown, opened, positions)
        return
    if len(positions):
        st.caption("The least sure first." if same else "Those that the network was surest of first.")
        readings.show(run, shown, positions, key="cell", label=_words(run, pair))
    _related(run, pair)


def class_table(run: Run) -> None:
    """The classification report, table 2 of the paper, to be sorted; a button in each row opens a class's mistakes."""
    report, facts = run.metrics.test, run.request.dataset
    compared = mnist.is_mnist(facts.digest)
    clicked = "class clicked"
    st.dataframe(
        _scores(report.classes, paper.CLASSES if compared else ())
        | {
            "Misread": [scores.support - report.confusion[i][i] for i, scores in enumerate(report.classes)],
            "Open": [":material/image_search: Show"] * len(report.classes),
        },
        hide_index=True,
        column_config=_FORMATS
        | {
            "Open": st.column_config.ButtonColumn(
                "",
                type="tertiary",
                key=clicked,
                on_click=lambda: _choose(st.session_state[clicked]["row"], None),
                help="Opens the images of the class that were read as another",
            )
        },
        key="classes",
        alt=f"Precision, recall and F1 of {count(len(report.classes), 'class', 'classes')}",
    )
    accuracy = ClassScores("Accuracy", float("nan"), float("nan"), report.accuracy, report.n_images)
    st.dataframe(
        _scores(
            (accuracy, report.macro_average, report.weighted_average),
            (paper.ACCURACY, paper.MACRO_AVERAGE, paper.WEIGHTED_AVERAGE) if compared else (),
        ),
        hide_index=True,
        column_config=_FORMATS,
        placeholder="",
        alt="Accuracy, and the averages over the classes",
    )


def confidence(run: Run) -> None:
    """How far confidence can be trusted, and what is won when unsure images go to a person."""
    left, right = st.columns(2, gap="large")
    with left:
        figure.chart(figures.calibration(run.metrics.test.calibration), file_name="calibration.csv")
        st.caption(
            "Each dot holds the images of one range of confidence; on the dashed line a confidence of 80% is right in "
            "80 of 100 cases."
        )
    with right:
        _unsure_to_a_person(run)


@st.fragment
def _unsure_to_a_person(run: Run) -> None:
    threshold = state.choice("threshold", _THRESHOLDS, _FIRST_THRESHOLD)
    figure.chart(figures.coverage(_curve(run.fingerprint, run), float(threshold)), file_name="coverage.csv")
    st.select_slider(
        "Images below this confidence go to a person",
        _THRESHOLDS,
        **state.widget("threshold", threshold, _FIRST_THRESHOLD),
    )
    result = handover(loading.outcomes(run), float(threshold))
    rest = (
        "no image is left" if result.kept_accuracy is None else f"{percent(result.kept_accuracy)} of the rest are right"
    )
    cards.show(
        [
            Card("To a person", f"{result.passed:,}", f"of {count(result.passed + result.kept, 'image')}"),
            Card("Mistakes caught", f"{result.caught:,} of {result.caught + result.left:,}", rest),
        ]
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _curve(fingerprint: str, _run: Run) -> CoverageCurve:
    kept = _run.predictions
    return coverage_curve(kept.test_probabilities, kept.test_labels)


_FORMATS: dict[str, Any] = {
    "Class": st.column_config.TextColumn(pinned=True),
    **{name: st.column_config.NumberColumn(format="%.4f") for name in ("Precision", "Recall", "F1")},
    **{f"Paper: {name}": st.column_config.NumberColumn(format="%.2f") for name in ("precision", "recall", "F1")},
    "Images": st.column_config.NumberColumn(format="localized"),
}


def _scores(ours: Sequence[ClassScores], theirs: Sequence[PaperScores]) -> dict[str, list[Any]]:
    """The scores as columns, with the paper's where there are any."""
    columns: dict[str, list[Any]] = {
        "Class": [scores.name for scores in ours],
        "Precision": [scores.precision for scores in ours],
        "Recall": [scores.recall for scores in ours],
        "F1": [scores.f1 for scores in ours],
    }
    if theirs:
        columns["Paper: precision"] = [scores.precision for scores in theirs]
        columns["Paper: recall"] = [scores.recall for scores in theirs]
        columns["Paper: F1"] = [scores.f1 for scores in theirs]
    return columns | {"Images": [scores.support for scores in ours]}


def _choice(pair: Pair) -> Choice:
    """The images that a pair means: of one class only, those that were misread."""
    true, predicted = pair
    return Choice(hit=False if true is None or predicted is None else None, label=true, predicted=predicted)


def _words(run: Run, pair: Pair) -> str:
    """4 read as 9; 4 read rightly; 4 read as another; others read as 9; all misread images."""
    names = run.request.dataset.class_names
    true, predicted = pair
    if true is None:
        return "All misread images" if predicted is None else f"Others read as {names[predicted]}"
    if predicted is None:
        return f"{names[true]} read as another"
    return f"{names[true]} read rightly" if true == predicted else f"{names[true]} read as {names[predicted]}"


def _related(run: Run, pair: Pair) -> None:
    """Where somebody may want to look from here."""
    true, predicted = pair
    if true is None or predicted is None:
        one = true if predicted is None else predicted
        others: tuple[Pair, ...] = ((one, None), (None, one), (one, one))
    elif true == predicted:
        others = ((true, None), (None, true))
    else:
        others = ((predicted, true), (true, None), (None, predicted))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("See also", width="content")
        for to in others:
            if to != pair:
                number = len(chosen(loading.outcomes(run), _choice(to)))
                label = plain(f"{_words(run, to)} ({number:,})")
                st.button(label, key=f"related {to}", disabled=not number, on_click=_choose, args=to)
    query = {name: one for name, one in (("true", true), ("predicted", predicted)) if one is not None}
    view = {"view": "right"} if true == predicted else {}
    shell.link("mistakes", "Sort and filter these images", **query, **view)


def _most_frequent(run: Run) -> list[tuple[int, int, int]]:
    """True class, class read and number of the cells with the most misread images."""
    confusion = run.metrics.test.confusion
    cells = [
        (true, predicted, number)
        for true, row in enumerate(confusion)
        for predicted, number in enumerate(row)
        if true != predicted and number
    ]
    return sorted(cells, key=lambda cell: -cell[2])[:_FREQUENT]


def _choose(true: int | None, predicted: int | None) -> None:
    state.put(true=true, predicted=predicted, page=None, image=None)

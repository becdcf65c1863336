"""Two to six runs side by side: their figures, their curves, image by image what changed, and the settings that differ.

Each run has a letter, in the order in which they were chosen.
"""

from collections.abc import Sequence

import streamlit as st

from core import figures
from core.comparison import settings_that_differ
from core.errors import DigitLabError
from core.figures.curves import Measure
from core.recipe import format_value
from core.store import Run
from core.wording import count, duration, loss, percent
from ui import figure, loading, run_answers, run_card, run_list, state
from ui.markdown import plain
from ui.run_answers import same_images
from ui.run_list import MOST_COMPARED, Row
from ui.training_form import full_label_of

MEASURES: dict[Measure, str] = {
    "val_loss": "Validation loss",
    "val_accuracy": "Validation accuracy",
    "loss": "Training loss",
    "accuracy": "Training accuracy",
}
Lettered = dict[str, Run]
"""Letter -> run."""


def show(chosen: Sequence[Row]) -> None:
    """The comparison of the chosen runs; those that are not finished are named and left out."""
    runs = {row.fingerprint: run for row in chosen if (run := _run(row)) is not None}
    letters = run_list.letters_of(chosen)
    lettered = {letters[fingerprint]: run for fingerprint, run in runs.items() if fingerprint in letters}
    st.header(f"Comparison of {count(len(lettered), 'run')}", anchor=False)
    _left_out([row for row in chosen if row.fingerprint not in runs], len(runs) - len(lettered))
    if len(lettered) > 1:
        names = {letter: _name(letter, chosen, run) for letter, run in lettered.items()}
        _figures(lettered, names)
        _curves(lettered, names)
        run_answers.show(lettered, names)
        st.subheader("Measures", anchor=False)
        _measures(lettered, names)
        st.subheader("Settings that differ", anchor=False)
        _settings(lettered, names)
    if own := [fingerprint for fingerprint, run in runs.items() if not run.is_reference]:
        run_card.delete_button(own)


def _run(row: Row) -> Run | None:
    try:
        return loading.run(row.fingerprint)
    except DigitLabError:
        return None


def _name(letter: str, chosen: Sequence[Row], run: Run) -> str:
    row = next(row for row in chosen if row.fingerprint == run.fingerprint)
    return f"{letter} · {row.name}"


def _left_out(rows: Sequence[Row], n_more: int) -> None:
    words = [f"**{plain(row.name)}** is left out: {row.state.lower()}." for row in rows]
    if n_more > 0:
        words.append(
            f"At most {MOST_COMPARED} are compared; the last {count(n_more, 'run')} of the choice are left out."
        )
    if words:
        st.info(" ".join(words), icon=":material/filter_list:")


def _figures(lettered: Lettered, names: dict[str, str]) -> None:
    """The accuracy of each, and how far it is from the first's, where both were tested on the same images."""
    first = next(iter(lettered.values()))
    grid = st.grid(min(len(lettered), 3), min_column_width=200, border=True)
    for letter, run in lettered.items():
        report, validation = run.metrics.test, run.metrics.validation
        delta = None
        if run is not first and same_images(first, run):
            delta = f"{100 * (report.accuracy - first.metrics.test.accuracy):+.2f} points"
        with grid.cell():
            st.metric(
                plain(names[letter]),
                percent(report.accuracy),
                delta,
                delta_color="normal" if delta and not delta.startswith("+0.00") else "off",
                delta_description="against A" if delta else None,
                help="Test accuracy",
            )
            words = [f"{report.incorrect:,} of {report.n_images:,} misread"]
            words += [f"validation {percent(validation.accuracy)}"] if validation else []
            st.caption(" · ".join([*words, f"seed {run.request.recipe.seed}", f"`{run.fingerprint[:8]}`"]))


def _curves(lettered: Lettered, names: dict[str, str]) -> None:
    st.subheader("Curves", anchor=False)
    measure = state.segments("Measure", "curve", MEASURES, "val_loss", is_labelled=False)
    histories = {names[letter]: run.history for letter, run in lettered.items()}
    figure.chart(figures.overlaid(histories, measure), file_name=f"{measure}-compared.csv", key="curves compared")


def _measures(lettered: Lettered, names: dict[str, str]) -> None:
    columns: dict[str, list[str]] = {
        "Measure": [
            *("Test accuracy", "Test loss", "Misread test images", "Validation accuracy", "Validation loss"),
            *("Test accuracy after phase 1", "Calibration error", "Reconstruction error"),
            *("Epochs: autoencoder, phase 1, phase 2", "Time of all epochs", "Trained on"),
        ]
    }
    for letter, run in lettered.items():
        metrics, environment = run.metrics, run.environment
        test, validation = metrics.test, metrics.validation
        columns[names[letter]] = [
            percent(test.accuracy),
            loss(test.loss),
            f"{test.incorrect:,} of {test.n_images:,}",
            percent(validation.accuracy if validation else None),
            loss(validation.loss if validation else None),
            percent(metrics.phase1_test.accuracy),
            f"{100 * test.calibration.expected_calibration_error:.2f} points",
            loss(metrics.reconstruction_error),
            ", ".join(str(metrics.stages[stage].epochs) for stage in ("autoencoder", "phase1", "phase2")),
            duration(sum(record.seconds for record in run.history)),
            f"{environment['processor']}, {environment['cores']} cores",
        ]
    st.dataframe(columns, hide_index=True, height="content", alt="Measures of the compared runs", key="measures")


def _settings(lettered: Lettered, names: dict[str, str]) -> None:
    requests = [run.request for run in lettered.values()]
    differing = settings_that_differ([request.recipe for request in requests])
    rows = {full_label_of(name): [format_value(value) for value in values] for name, values in differing.items()}
    if len({request.dataset.digest for request in requests}) > 1:
        rows["Dataset"] = [f"{request.dataset.name}, {request.dataset.digest[:8]}" for request in requests]
    if not rows:
        st.markdown("None: the same settings on the same data.")
        return
    columns = {"Setting": list(rows)} | {
        name: [values[number] for values in rows.values()] for number, name in enumerate(names.values())
    }
    st.dataframe(columns, hide_index=True, height="content", alt="Settings in which the runs differ", key="settings")

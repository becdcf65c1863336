"""The parts of the overview: the result beside the paper's, where to go from here, the settings."""

import streamlit as st

from core.recipe import Recipe
from core.recipe.setting import format_value
from core.store import Run
from core.wording import count, loss, percent
from ui import shell
from ui.training_form import full_label_of

PAPER_ACCURACY, PAPER_LOSS, PAPER_CORRECT, PAPER_INCORRECT = 0.9867, 0.0903, 9867, 133
"""Table 1 and section 4.3 of the paper, on the 10,000 test images of MNIST."""


def result(run: Run) -> None:
    """Four figures of the test images, each beside the paper's where it was measured on the same images."""
    report, facts = run.metrics.test, run.request.dataset
    comparable = facts.name == "mnist" and report.n_images == 10_000
    figures = (
        ("Test accuracy", percent(report.accuracy), 100 * (report.accuracy - PAPER_ACCURACY), "%+.2f points", "normal"),
        ("Test loss", loss(report.loss), report.loss - PAPER_LOSS, "%+.4f", "inverse"),
        ("Correct", f"{report.correct:,}", report.correct - PAPER_CORRECT, "%+d", "normal"),
        ("Incorrect", f"{report.incorrect:,}", report.incorrect - PAPER_INCORRECT, "%+d", "inverse"),
    )
    paper = (percent(PAPER_ACCURACY), loss(PAPER_LOSS), f"{PAPER_CORRECT:,}", f"{PAPER_INCORRECT:,}")
    grid = st.grid(4, min_column_width=150)
    for (label, value, difference, form, good), theirs in zip(figures, paper, strict=True):
        with grid.cell(), st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(label, value, form % difference if comparable else None, delta_color=good)
            if comparable:
                st.caption(f"Paper: {theirs}")
    if not comparable:
        st.caption(
            f"On the {count(report.n_images, 'test image')} of {facts.name}. The paper's {paper[0]} is on the 10,000 "
            "test images of MNIST, so that the two do not compare."
        )
    else:
        st.caption("One run with one seed. Differences of less than about 0.2 points may be chance.")


def next_steps(run: Run) -> None:
    """Links to what somebody would want to know next."""
    wrong = count(run.metrics.test.incorrect, "image")
    shell.link("mistakes", f"Look at the {wrong} that it read wrongly")
    shell.link("evaluation", "See which digits it takes for which")
    shell.link("classifier", "Follow both phases of its training")
    shell.link("autoencoder", "See what its codes keep of an image")
    shell.link("sweeps", "Try other sizes, epochs and batches")
    shell.link("predict", "Let it read a picture of yours")


def settings(run: Run) -> None:
    """The settings in which the run differs from the paper's."""
    differences = Recipe().differences(run.request.recipe)
    if not differences:
        st.markdown("Exactly the paper's settings.")
        return
    st.dataframe(
        {
            "Setting": [full_label_of(name) for name in differences],
            "This run": [format_value(theirs) for _, theirs in differences.values()],
            "Paper": [format_value(ours) for ours, _ in differences.values()],
        },
        hide_index=True,
        alt="Settings in which this run differs from the paper's",
    )

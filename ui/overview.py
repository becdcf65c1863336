"""The parts of the overview: the result beside the paper's, where to go from here, the settings."""

from typing import Literal

import streamlit as st

from core import paper
from core.data import mnist
from core.recipe import Recipe
from core.recipe.setting import format_value
from core.store import Run
from core.wording import count, loss, percent
from ui import job_text, live, loading, shell, training
from ui.training_form import full_label_of

_SHOWN = 4
"""Runs in the making that the overview shows."""


def result(run: Run) -> None:
    """Four figures of the test images, each beside the paper's where it was measured on the same images."""
    report, facts = run.metrics.test, run.request.dataset
    comparable = mnist.is_mnist(facts.digest)
    figures: tuple[tuple[str, str, float, str, Literal["normal", "inverse"]], ...] = (
        (
            "Test accuracy",
            percent(report.accuracy),
            100 * (report.accuracy - paper.TEST_ACCURACY),
            "%+.2f points",
            "normal",
        ),
        ("Test loss", loss(report.loss), report.loss - paper.TEST_LOSS, "%+.4f", "inverse"),
        ("Correct", f"{report.correct:,}", report.correct - paper.CORRECT, "%+d", "normal"),
        ("Incorrect", f"{report.incorrect:,}", report.incorrect - paper.INCORRECT, "%+d", "inverse"),
    )
    papers = (percent(paper.TEST_ACCURACY), loss(paper.TEST_LOSS), f"{paper.CORRECT:,}", f"{paper.INCORRECT:,}")
    grid = st.grid(4, min_column_width=150)
    for (label, value, difference, form, good), theirs in zip(figures, papers, strict=True):
        with grid.cell(), st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(label, value, form % difference if comparable else None, delta_color=good)
            if comparable:
                st.caption(f"Paper: {theirs}")
    if not comparable:
        st.caption(
            f"On the {count(report.n_images, 'test image')} of {facts.name}. The paper's {papers[0]} is on the 10,000 "
            "test images of MNIST, so that the two do not compare."
        )
    else:
        st.caption("One run with one seed. Differences of less than about 0.2 points may be chance.")


def running() -> None:
    """What is being trained at the moment, whoever asked for it; nothing if nothing is."""
    active = [job for job in loading.jobs().all() if job.is_active]
    if not active:
        return
    st.header("In the making", anchor=False)
    with st.grid(2, min_column_width=260):
        for job in active[:_SHOWN]:
            with st.container(border=True, gap="small"):
                st.markdown(f"**{job_text.name_of(job.request)}** · `{job.fingerprint[:8]}`")
                live.brief(job)
                training.show_button(job.fingerprint, "overview")


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
        height="content",
        alt="Settings in which this run differs from the paper's",
    )

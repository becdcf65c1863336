"""The parts of the classifier's page: both phases in numbers and curves, what each layer did, and their settings."""

import streamlit as st

from core import evaluation, figures
from core.evaluation import Outcomes
from core.network_summary import NetworkSummary
from core.recipe.setting import format_value
from core.store import Run, StageFacts
from core.wording import STAGE_NAMES, count, percent
from ui import cards, figure, loading, repairs
from ui.cards import Card
from ui.repairs import Repairs
from ui.training_form import label_of

_PHASES = ("phase1", "phase2")


def changes(run: Run) -> Repairs:
    """What phase 2 changed in the readings of the test images."""
    return _changes(run.fingerprint, run)


def result(run: Run, found: Repairs) -> None:
    """Accuracy after each phase, and how many images phase 2 repaired and broke."""
    metrics = run.metrics
    first, second = metrics.phase1_test.accuracy, metrics.test.accuracy
    cards.show(
        (
            Card("After phase 1", percent(first), f"The head alone, on a frozen encoder: {_course(run, 'phase1')}"),
            Card(
                "After phase 2",
                percent(second),
                f"Everything fine-tuned: {_course(run, 'phase2')}",
                f"{100 * (second - first):+.2f} points",
            ),
            Card("Repaired", f"{len(found.repaired):,}", "Test images that phase 1 misread and phase 2 reads rightly"),
            Card("Broken", f"{len(found.broken):,}", "Test images that phase 1 read rightly and phase 2 misreads"),
        )
    )


def curves(run: Run) -> None:
    """Loss and accuracy in each epoch of both phases (figures 7 and 8)."""
    stages, name = run.metrics.stages, run.fingerprint[:8]
    left, right = st.columns(2, gap="large", vertical_alignment="bottom")
    with left:
        figure.chart(figures.classifier_loss(run.history, stages), file_name=f"{name}-classifier-loss.csv")
    with right:
        figure.chart(figures.classifier_accuracy(run.history, stages), file_name=f"{name}-classifier-accuracy.csv")
    st.caption(
        f"{_sentence('phase1', stages['phase1'])} {_sentence('phase2', stages['phase2'])} Accuracy and loss of the "
        "training images are means over an epoch, while the weights still change; those of the validation images are "
        "measured after it."
    )


def proof(run: Run, network: NetworkSummary) -> None:
    """How far each layer moved in each phase: that the encoder was frozen in one and trained in the other."""
    stages = run.metrics.stages
    first, second = (stages[phase].largest_change for phase in _PHASES)
    parts = {layer.name: layer.part.capitalize() for layer in (*network.encoder, *network.head)}
    layers = list(dict.fromkeys((*first, *second)))
    left, right = st.columns([3, 2], gap="large")
    with left:
        figure.chart(figures.largest_changes(stages), file_name=f"{run.fingerprint[:8]}-layers.csv")
    with right:
        st.dataframe(
            {
                "Part": [parts.get(layer, "") for layer in layers],
                "Layer": layers,
                "Phase 1": [first.get(layer) for layer in layers],
                "Phase 2": [second.get(layer) for layer in layers],
            },
            hide_index=True,
            height="content",
            column_config={
                name: st.column_config.NumberColumn(format="%.3g") for name in (STAGE_NAMES[phase] for phase in _PHASES)
            },
            alt="Largest change of each layer in each phase",
        )
        st.caption(
            "The largest change of any weight or running statistic of a layer from before a phase to after it. 0 means "
            "that not one number of the layer changed."
        )


def settings(run: Run) -> None:
    """The settings of both phases side by side."""
    values: dict[str, dict[str, str]] = {}
    for setting in run.request.recipe.settings():
        phase, _, name = setting.name.rpartition(".")
        if phase in _PHASES:
            values.setdefault(label_of(name), {})[phase] = format_value(setting.value)
    st.dataframe(
        {"Setting": list(values)}
        | {STAGE_NAMES[phase]: [of.get(phase, "") for of in values.values()] for phase in _PHASES},
        hide_index=True,
        height="content",
        alt="Settings of both phases",
    )


def _course(run: Run, phase: str) -> str:
    """21 epochs, epoch 11 kept."""
    facts = run.metrics.stages[phase]
    if not facts.epochs:
        return "skipped"
    kept = f", epoch {facts.best_epoch} kept" if facts.best_epoch is not None else ""
    return f"{count(facts.epochs, 'epoch')}{kept}"


def _sentence(phase: str, facts: StageFacts) -> str:
    name = STAGE_NAMES[phase]
    if not facts.epochs:
        return f"{name} was skipped."
    if facts.best_epoch is None:
        return f"{name} ended after {count(facts.epochs, 'epoch')}, as it was set to."
    how = "stopped early" if facts.stopped_early else "ended"
    return (
        f"{name} {how} after {count(facts.epochs, 'epoch')}; the weights of epoch {facts.best_epoch}, with the lowest "
        "validation loss, were kept."
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _changes(fingerprint: str, _run: Run) -> Repairs:
    kept = _run.predictions
    after_phase1: Outcomes = evaluation.outcomes(kept.phase1_test_probabilities, kept.test_labels)
    return repairs.compare(after_phase1, loading.outcomes(_run), ("phase 1", "phase 2"))

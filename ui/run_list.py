"""The list of all runs, apart from being drawn: finished, in the making, stopped and damaged ones as alike rows.

Filtered and sorted here, so that what a link says is what its receiver sees.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from string import ascii_uppercase

from core.comparison import settings_that_differ
from core.errors import DigitLabError
from core.jobs import Job
from core.recipe import Recipe, format_value
from core.store import Run
from core.store.labels import Labels
from ui import job_text
from ui.training_form import full_label_of

MOST_COMPARED = 6
"""So many curves are told apart at a glance."""

SHORT = 8
"""Letters of a fingerprint that tell runs apart, in links and tables."""


class Kind(StrEnum):
    """Where a run is, as far as one may filter by it."""

    FINISHED = "finished"
    MAKING = "making"
    STOPPED = "stopped"
    DAMAGED = "damaged"


KINDS = {
    Kind.FINISHED: "Finished",
    Kind.MAKING: "In the making",
    Kind.STOPPED: "Interrupted",
    Kind.DAMAGED: "Damaged",
}


class Sort(StrEnum):
    """Orders of runs; those without the value come last, those that are equal the newest first.

    The newest first: the user's own before those that came with the project.
    """

    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"
    VALIDATION = "validation"
    ACCURACY = "accuracy"
    LOSS = "loss"
    QUICKEST = "quickest"


SORTS = {
    Sort.NEWEST: "Newest first",
    Sort.OLDEST: "Oldest first",
    Sort.NAME: "Name",
    Sort.VALIDATION: "Validation accuracy",
    Sort.ACCURACY: "Test accuracy",
    Sort.LOSS: "Test loss",
    Sort.QUICKEST: "Shortest training",
}


@dataclass(frozen=True)
class Row:
    """One run. state: in words. recipe: None if it is damaged. reason: why it is damaged or failed.

    is_reference: whether it came with the project.

    validation, accuracy: in [0, 1]. loss, wrong: on the test images. seconds: of all its epochs. None: not known.
    """

    fingerprint: str
    name: str
    kind: Kind
    state: str
    is_starred: bool
    dataset: str | None = None
    recipe: Recipe | None = None
    validation: float | None = None
    accuracy: float | None = None
    loss: float | None = None
    wrong: int | None = None
    seconds: float | None = None
    when: datetime | None = None
    reason: str = ""
    is_reference: bool = False


def rows(runs: Iterable[Run], jobs: Iterable[Job], damaged: Mapping[str, DigitLabError], labels: Labels) -> list[Row]:
    """A row for each run, in no order. damaged: fingerprint -> what is wrong with the run."""
    found = [_finished(run, labels) for run in runs] + [_unfinished(job, labels) for job in jobs]
    return found + [
        Row(
            fingerprint=fingerprint,
            name=labels.names.get(fingerprint, "Damaged run"),
            kind=Kind.DAMAGED,
            state="Damaged",
            is_starred=labels.starred == fingerprint,
            reason=str(error),
        )
        for fingerprint, error in damaged.items()
    ]


def filtered(found: Sequence[Row], kinds: Sequence[Kind], dataset: str | None, words: str) -> list[Row]:
    """The rows of these kinds (none: of all) and this dataset (None: of any) that hold the words somewhere."""
    wanted = " ".join(words.lower().split())
    return [
        row
        for row in found
        if (not kinds or row.kind in kinds) and (dataset is None or row.dataset == dataset) and wanted in _text(row)
    ]


def ordered(found: Sequence[Row], sort: Sort) -> list[Row]:
    """The rows in an order."""
    newest = sorted(found, key=lambda row: (row.is_reference, -row.when.timestamp() if row.when else float("-inf")))
    if sort is Sort.NEWEST:
        return sorted(newest, key=lambda row: row.when is None)
    if sort is Sort.NAME:
        return sorted(newest, key=lambda row: row.name.lower())
    values = {
        Sort.OLDEST: lambda row: row.when.timestamp() if row.when else None,
        Sort.VALIDATION: lambda row: None if row.validation is None else -row.validation,
        Sort.ACCURACY: lambda row: None if row.accuracy is None else -row.accuracy,
        Sort.LOSS: lambda row: row.loss,
        Sort.QUICKEST: lambda row: row.seconds,
    }
    return sorted(newest, key=lambda row: (values[sort](row) is None, values[sort](row) or 0.0))


def best_on_validation(found: Sequence[Row]) -> Row | None:
    """The finished run that one would choose, by its validation images; None if none has any."""
    known = [row for row in found if row.kind is Kind.FINISHED and row.validation is not None]
    return ordered(known, Sort.VALIDATION)[0] if known else None


def chosen_of(text: str, found: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """The rows that a link names, and those of its names that no row answers to.

    text: first letters of fingerprints, with commas between.
    """
    chosen: dict[Row, None] = {}
    unknown = []
    for name in dict.fromkeys(part for part in text.split(",") if part):
        match = next((row for row in found if row.fingerprint.startswith(name)), None)
        if match is None:
            unknown.append(name)
        else:
            chosen[match] = None
    return list(chosen), unknown


def text_of(fingerprints: Iterable[str]) -> str | None:
    """What a link says for these runs; None for none."""
    return ",".join(fingerprint[:SHORT] for fingerprint in fingerprints) or None


def after_selection(before: Sequence[str], shown: Sequence[str], selected: Sequence[str]) -> list[str]:
    """The fingerprints that are chosen after a selection among those shown; the others stay, in their order."""
    kept = [one for one in before if one not in shown or one in selected]
    return kept + [one for one in selected if one not in kept]


def letters_of(chosen: Sequence[Row]) -> dict[str, str]:
    """Fingerprint -> letter, of those finished runs among the chosen that are compared; none if there is only one."""
    finished = [row.fingerprint for row in chosen if row.kind is Kind.FINISHED]
    return dict(zip(finished[:MOST_COMPARED], ascii_uppercase, strict=False)) if len(finished) > 1 else {}


def varying_settings(found: Sequence[Row]) -> list[str]:
    """For each row what tells it from the others: Dense units 256, Phase 2: epochs 1; empty where it is damaged.

    What has most different values comes first. The seed has a column of its own.
    """
    differing = settings_that_differ([row.recipe for row in found if row.recipe is not None])
    names = sorted(
        differing.keys() - {"seed"}, key=lambda name: (-len(set(differing[name])), list(differing).index(name))
    )
    return ["" if row.recipe is None else _in_words(row.recipe, names) for row in found]


def _finished(run: Run, labels: Labels) -> Row:
    request, metrics = run.request, run.metrics
    return Row(
        fingerprint=run.fingerprint,
        name=job_text.run_name(run, labels),
        kind=Kind.FINISHED,
        state="Reference" if run.is_reference else "Finished",
        is_starred=labels.starred == run.fingerprint,
        dataset=request.dataset.name,
        recipe=request.recipe,
        validation=metrics.validation.accuracy if metrics.validation else None,
        accuracy=metrics.test.accuracy,
        loss=metrics.test.loss,
        wrong=metrics.test.incorrect,
        seconds=sum(record.seconds for record in run.history),
        when=run.finished,
        is_reference=run.is_reference,
    )


def _unfinished(job: Job, labels: Labels) -> Row:
    request = job.request
    return Row(
        fingerprint=job.fingerprint,
        name=labels.names.get(job.fingerprint) or job_text.name_of(request),
        kind=Kind.STOPPED if job.can_resume else Kind.MAKING,
        state=job_text.headline(job),
        is_starred=labels.starred == job.fingerprint,
        dataset=request.dataset.name,
        recipe=request.recipe,
        when=job.asked or job.since,
        reason=job.failure or "",
    )


def _in_words(recipe: Recipe, names: Iterable[str]) -> str:
    values = {setting.name: format_value(setting.value) for setting in recipe.settings()}
    return ", ".join(f"{full_label_of(name)} {values[name]}" for name in names)


def _text(row: Row) -> str:
    """Everything that one may look for in a row."""
    words = [row.name, row.state, row.dataset or "", row.reason, row.fingerprint]
    if row.recipe is not None:
        words += [f"seed {row.recipe.seed}", _in_words(row.recipe, Recipe().differences(row.recipe))]
    return " ".join(words).lower()

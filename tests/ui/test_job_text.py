from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import cost
from core.cost import Speeds
from core.data.dataset import Dataset
from core.jobs import Job, State
from core.recipe import Recipe
from core.store import RunRequest, WorkingRun
from core.training.progress import EpochRecord, Progress
from ui import job_text

NOTHING = Speeds({})


@pytest.fixture
def job(tiny_recipe: Recipe, tiny_dataset: Dataset, tmp_path: Path) -> Job:
    request = RunRequest.of(tiny_recipe.changed({"phase2.epochs": 4}), tiny_dataset, "express")
    now = datetime.now(UTC)
    working = WorkingRun(tmp_path / request.fingerprint)
    return Job(request.fingerprint, State.RUNNING, request, None, None, None, now, now, working)


def test_the_name_of_a_run_is_its_preset_and_its_dataset(job: Job) -> None:
    assert job_text.name_of(job.request) == "Express on strokes"
    assert job_text.name_of(replace(job.request, preset=None)) == "Custom on strokes"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": State.QUEUED, "place": 1}, "Next in the queue"),
        ({"state": State.QUEUED, "place": 3}, "Place 3 in the queue"),
        ({"state": State.STARTING}, "Starting: loading the networks' library"),
        ({}, "Training"),
        ({"asked": None}, "Training, by another program"),
        ({"progress": Progress("phase2", 2, 4, 1, 10)}, "Phase 2, epoch 2 of 4"),
        ({"progress": Progress("codes", 0, 0, 3, 4)}, "Codes, 75%"),
        ({"progress": Progress("evaluation", 0, 0, 0, 0)}, "Evaluation"),
        ({"state": State.STOPPING}, "Stopping"),
        ({"state": State.SILENT, "since": None}, "Its process is silent"),
        ({"state": State.INTERRUPTED}, "Interrupted before it began"),
        ({"state": State.CANCELLED, "progress": Progress("phase1", 2, 4, 1, 10)}, "Cancelled in Phase 1, epoch 2"),
        ({"state": State.FAILED, "progress": Progress("evaluation", 0, 0, 0, 0)}, "Failed in Evaluation"),
    ],
)
def test_the_headline_says_what_it_does(job: Job, changes: dict[str, object], words: str) -> None:
    assert job_text.headline(replace(job, **changes)) == words


def test_its_figures_are_those_it_tells(job: Job) -> None:
    assert job_text.figures(job) == ""
    progress = Progress("phase2", 1, 4, 1, 10, {"accuracy": 0.5, "loss": 0.25})
    assert job_text.figures(replace(job, progress=progress)) == "loss 0.250 · accuracy 50.00%"


def test_the_share_that_is_done_grows_from_nothing_to_nearly_all(job: Job) -> None:
    assert job_text.share_done(job, NOTHING) == 0.0
    on_its_way = [
        Progress("autoencoder", 1, 1, 0, 10),
        Progress("autoencoder", 1, 1, 10, 10),
        Progress("codes", 0, 0, 1, 2),
        Progress("phase1", 1, 1, 5, 10),
        Progress("phase2", 1, 4, 10, 10),
        Progress("phase2", 4, 4, 10, 10),
        Progress("evaluation", 0, 0, 0, 0),
    ]
    shares = [job_text.share_done(replace(job, progress=progress), NOTHING) for progress in on_its_way]
    assert shares == sorted(shares)
    assert 0.0 < shares[0] < shares[-1] < 1.0


def test_the_time_left_is_that_of_this_stage_and_all_that_follow(job: Job) -> None:
    assert job_text.seconds_left(job, NOTHING) is None
    assert job_text.time_left(job, NOTHING) == ""
    estimate = cost.estimate(job.request.recipe, job.request.dataset, NOTHING)
    later = replace(job, progress=Progress("phase2", 3, 4, 1, 10, seconds_left=100.0))
    assert job_text.seconds_left(later, NOTHING) == pytest.approx(100.0 + estimate.after("phase2"))
    assert job_text.time_left(later, NOTHING) == "about 2 min left"


def test_the_slow_first_steps_of_many_epochs_frighten_nobody(job: Job) -> None:
    estimate = cost.estimate(job.request.recipe, job.request.dataset, NOTHING)
    first = replace(job, progress=Progress("phase2", 1, 4, 1, 10, seconds_left=9999.0))
    assert job_text.seconds_left(first, NOTHING) < 2 * estimate.seconds["phase2"] + estimate.after("phase2")


def test_what_was_kept_is_told_by_stage(job: Job) -> None:
    assert job_text.kept(job) == "No epoch was finished, so that it begins anew."
    job.working.ask()
    epoch = EpochRecord("autoencoder", 1, 0.2, None, 0.1, None, 0.001, 1.5)
    job.working.write_history([epoch, replace(epoch, epoch=2), replace(epoch, stage="phase1")])
    assert "(Autoencoder 2 epochs, Phase 1 1 epoch)" in job_text.kept(job)

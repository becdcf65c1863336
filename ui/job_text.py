"""What is said about a run in the making: its name, what it does, how far it is, how long it will take."""

from core import cost
from core.cost import Cost, Speeds
from core.errors import DigitLabError
from core.jobs import Job, State
from core.store import Run, RunRequest
from core.store.labels import Labels
from core.training.progress import Progress
from core.wording import STAGE_NAMES, about, ago, count, loss, percent

ICONS = {
    State.QUEUED: "schedule",
    State.STARTING: "hourglass_top",
    State.RUNNING: "play_circle",
    State.STOPPING: "hourglass_bottom",
    State.SILENT: "warning",
    State.CANCELLED: "stop_circle",
    State.INTERRUPTED: "pause_circle",
    State.FAILED: "error",
}


def name_of(request: RunRequest) -> str:
    """Express on mnist-5k."""
    return f"{(request.preset or 'custom').capitalize()} on {request.dataset.name}"


def run_name(run: Run, labels: Labels) -> str:
    """What people called a finished run, or what it is; Reference: best on mnist."""
    if run.is_reference:
        return f"Reference: {run.path.name} on {run.request.dataset.name}"
    return labels.names.get(run.fingerprint) or name_of(run.request)


def headline(job: Job) -> str:
    """What the run does now, in a few words: Phase 2, epoch 3 of 100."""
    match job.state:
        case State.QUEUED:
            return "Next in the queue" if job.place == 1 else f"Place {job.place} in the queue"
        case State.STARTING:
            return "Starting: loading the networks' library"
        case State.STOPPING:
            return "Stopping"
        case State.SILENT:
            return f"Its process has been silent since {ago(job.since)}" if job.since else "Its process is silent"
        case State.CANCELLED:
            return f"Cancelled {_where(job)}"
        case State.INTERRUPTED:
            return f"Interrupted {_where(job)}"
        case State.FAILED:
            return f"Failed {_where(job)}"
    progress = job.progress
    if progress is None:
        return "Training" if job.asked else "Training, by another program"
    stage = STAGE_NAMES[progress.stage]
    if progress.epoch:
        return f"{stage}, epoch {progress.epoch} of {progress.epochs}"
    if progress.steps:
        return f"{stage}, {progress.step / progress.steps:.0%}"
    return stage


def figures(job: Job) -> str:
    """The running loss and accuracy: loss 0.0903 · accuracy 98.67%; empty if there are none."""
    metrics = job.progress.metrics if job.progress else {}
    words = [f"loss {loss(metrics['loss'])}"] if "loss" in metrics else []
    words += [f"accuracy {percent(metrics['accuracy'])}"] if "accuracy" in metrics else []
    return " · ".join(words)


def share_done(job: Job, speeds: Speeds) -> float:
    """How much of its time the run has behind it, in [0, 1]; an estimate."""
    estimate, progress = _estimate(job, speeds), job.progress
    if estimate is None or progress is None:
        return 0.0
    in_stage = _share_of_stage(progress) * estimate.seconds.get(progress.stage, 0.0)
    return min(max((estimate.before(progress.stage) + in_stage) / estimate.total, 0.0), 1.0)


def seconds_left(job: Job, speeds: Speeds) -> float | None:
    """Seconds until the result, at most; None before training has begun. An estimate."""
    estimate, progress = _estimate(job, speeds), job.progress
    if estimate is None or progress is None:
        return None
    expected = (1.0 - _share_of_stage(progress)) * estimate.seconds.get(progress.stage, 0.0)
    left = expected if progress.seconds_left is None else progress.seconds_left
    if progress.epoch == 1 < progress.epochs:
        # The first steps pay for what comes once; to multiply that by all epochs would frighten people.
        left = min(left, 2 * expected)
    return left + estimate.after(progress.stage)


def time_left(job: Job, speeds: Speeds) -> str:
    """About 3 min left; empty before training has begun."""
    left = seconds_left(job, speeds)
    return "" if left is None else f"about {about(left)} left"


def kept(job: Job) -> str:
    """What was kept of a run that does not go on."""
    epochs: dict[str, int] = {}
    for record in job.history():
        epochs[record.stage] = max(epochs.get(record.stage, 0), record.epoch)
    if not epochs:
        return "No epoch was finished, so that it begins anew."
    words = [f"{STAGE_NAMES[stage]} {count(number, 'epoch')}" for stage, number in epochs.items()]
    return f"Every finished epoch is kept ({', '.join(words)}); it goes on after the last one."


def _estimate(job: Job, speeds: Speeds) -> Cost | None:
    try:
        return cost.estimate(job.request.recipe, job.request.dataset, speeds)
    except DigitLabError:
        return None


def _share_of_stage(progress: Progress) -> float:
    """How much of its stage a training has behind it, in [0, 1]."""
    in_epoch = progress.step / progress.steps if progress.steps else 0.0
    return (progress.epoch - 1 + in_epoch) / progress.epochs if progress.epochs else in_epoch


def _where(job: Job) -> str:
    progress = job.progress
    if progress is None:
        return "before it began"
    stage = STAGE_NAMES[progress.stage]
    return f"in {stage}, epoch {progress.epoch}" if progress.epoch else f"in {stage}"

"""Jobs with real worker processes. Starting one and loading TensorFlow in it takes seconds, so tests share it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.data import sources
from core.data.dataset import Dataset
from core.jobs import Job, Jobs
from core.jobs.cluster import Cluster
from core.recipe import Recipe
from core.settings import Settings
from core.store import RunRequest

PATIENCE_SECONDS = 90.0

Until = Callable[[Callable[[], bool]], None]
Asked = Callable[..., RunRequest]


def wait_until(true: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds:g} seconds"
        time.sleep(0.02)


@pytest.fixture
def until() -> Until:
    return wait_until


@pytest.fixture(scope="session")
def workers() -> Iterator[Cluster]:
    cluster = Cluster(environment={})
    yield cluster
    cluster.close()


@pytest.fixture
def home(tmp_path: Path, tiny_dataset: Dataset, tiny_settings: Settings) -> Settings:
    """A home of the test's own, with the strokes in it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "strokes").symlink_to(tiny_settings.data / "strokes")
    return Settings(tmp_path)


@pytest.fixture
def jobs(home: Settings, workers: Cluster) -> Iterator[Jobs]:
    made = Jobs(home, workers)
    yield made
    for job in made.all():
        if job.can_stop:
            made.cancel(job.fingerprint)
    wait_until(lambda: not any(job.is_active for job in made.all()))


@pytest.fixture
def asked(home: Settings, tiny_recipe: Recipe) -> Asked:
    """Makes requests: `asked(phase2_epochs=500)`."""

    def ask(**changes: object) -> RunRequest:
        dotted = {name.replace("_", ".", 1): value for name, value in changes.items()}
        dataset = sources.load("strokes", home=home.data)
        return RunRequest.of(tiny_recipe.changed(dotted), dataset, None)

    return ask


def epochs_of(job: Job | None, stage: str = "phase2") -> int:
    return sum(record.stage == stage for record in job.history()) if job else 0

"""Pages opened by Streamlit's own test client, in homes of all kinds: without runs, with one, at work, at rest."""

import contextlib
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.data import folder, mnist
from core.data.dataset import Dataset
from core.errors import RunDamagedError
from core.evaluation import evaluate
from core.recipe import Recipe
from core.settings import HOME_VARIABLE, Settings
from core.store import Run, RunRequest, RunStore
from core.store.records import write_json
from core.training.progress import EpochRecord, Progress
from ui import loading

ROOT = Path(__file__).resolve().parents[2]

Open = Callable[..., AppTest]


@pytest.fixture
def home(tmp_path: Path, tiny_dataset: Dataset, tiny_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home of the test's own, with the strokes as a dataset and no run; the one that the app uses."""
    settings = Settings(tmp_path / "home")
    settings.data.mkdir(parents=True)
    (settings.data / "strokes").symlink_to(tiny_settings.data / "strokes")
    monkeypatch.setenv(HOME_VARIABLE, str(settings.home))
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    return settings


@pytest.fixture
def run(home: Settings, tiny_run: Run) -> Run:
    """A finished run in the home."""
    return Run(Path(shutil.copytree(tiny_run.path, home.runs / tiny_run.fingerprint)))


MISREAD = {4: 2, 7: 0, 10: 2}
"""Test images of `known_run` that are misread (all three are "level"), and the class they are read as."""


@pytest.fixture
def known_run(run: Run) -> Run:
    """The finished run with probabilities that are known: `MISREAD` with 60%, 75% and 90%, all others 95% right."""
    labels = run.predictions.test_labels
    read = labels.copy()
    sure = np.full(len(labels), 0.95)
    for (position, predicted), confidence in zip(MISREAD.items(), (0.6, 0.75, 0.9), strict=True):
        read[position], sure[position] = predicted, confidence
    return _with_predictions(run, labels, _probabilities(read, sure, 3))


@pytest.fixture
def faultless_run(run: Run) -> Run:
    """The finished run, as if it read every test image rightly, with 95%."""
    labels = run.predictions.test_labels
    return _with_predictions(run, labels, _probabilities(labels, np.full(len(labels), 0.95), 3))


@pytest.fixture
def run_without_images(run: Run) -> Run:
    """A run on MNIST, which is not at hand, that is right (but for 947, an 8 that it reads as a 9) and 90% sure."""
    labels = np.arange(10_000) % 10
    labels[947] = 8
    read = labels.copy()
    read[947] = 9
    recipe = run.path / "recipe.json"
    values = json.loads(recipe.read_text())
    published = " ".join(mnist.DIGESTS[name] for name in folder.FILE_NAMES)
    values["dataset"] |= {
        "name": "mnist",
        "digest": hashlib.sha256(published.encode()).hexdigest(),
        "class_names": [str(digit) for digit in range(10)],
        "n_test": 10_000,
    }
    recipe.write_text(json.dumps(values))
    return _with_predictions(Run(run.path), labels, _probabilities(read, np.full(10_000, 0.9), 10))


def _probabilities(read: np.ndarray, sure: np.ndarray, n_classes: int) -> np.ndarray:
    rest = (1 - sure) / (n_classes - 1)
    return np.where(np.arange(n_classes) == read[:, np.newaxis], sure[:, np.newaxis], rest[:, np.newaxis])


def _with_predictions(run: Run, labels: np.ndarray, probabilities: np.ndarray) -> Run:
    """The run, as if it had said this of the test images; changes its folder."""
    report = evaluate(probabilities, labels, run.request.dataset.class_names)
    write_json(run.path / "metrics.json", replace(run.metrics, test=report).to_json())
    errors = np.linspace(0.01, 0.02, len(labels))
    changed = {"test_labels": labels, "test_probabilities": probabilities, "reconstruction_errors": errors}
    np.savez(run.path / "predictions.npz", **(vars(run.predictions) | changed))
    return Run(run.path)


@pytest.fixture
def request_at_rest(home: Settings, tiny_dataset: Dataset, tiny_recipe: Recipe) -> RunRequest:
    """A run that was interrupted in epoch 2 of 5 of its second phase."""
    request = RunRequest.of(tiny_recipe.changed({"phase2.epochs": 5, "seed": 3}), tiny_dataset, "express")
    working = RunStore(home.runs).working_run(request.fingerprint)
    working.ask()
    working.write_request(request)
    working.write_history(
        [
            EpochRecord("autoencoder", 1, 0.2, None, 0.1, None, 0.001, 1.5),
            EpochRecord("phase1", 1, 1.2, 0.5, 1.1, 0.6, 0.001, 0.5),
            EpochRecord("phase2", 1, 0.9, 0.7, 0.8, 0.75, 0.001, 2.5),
        ]
    )
    working.write_progress(Progress("phase2", 2, 5, 4, 10, {"loss": 0.7, "accuracy": 0.8}, 8.0))
    return request


@pytest.fixture
def request_at_work(home: Settings, request_at_rest: RunRequest) -> Iterator[RunRequest]:
    """The same run while a living process holds it."""
    store = RunStore(home.runs)
    working = store.working_run(request_at_rest.fingerprint)
    working.beat()
    with contextlib.suppress(RunDamagedError), store.writing(request_at_rest.fingerprint):
        yield request_at_rest


@pytest.fixture
def open_page(home: Settings) -> Iterator[Open]:
    """Opens a page by its name, with URL parameters: `open_page("mistakes", view="correct")`."""

    def open_one(name: str = "overview", **query: str) -> AppTest:
        app = AppTest.from_file(ROOT / "ui" / "router.py", default_timeout=60)
        app.query_params.update(query)
        app.run()
        if name != "overview":
            app.switch_page(f"../pages/{name}.py")
            app.query_params.update(query)
            app.run()
        assert not app.exception
        return app

    yield open_one
    loading.close()
    st.cache_data.clear()
    st.cache_resource.clear()


def words_of(app: AppTest) -> str:
    """Everything that can be read on a page, sidebar included."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.error, app.warning, app.info)
    texts = [str(element.value) for kind in kinds for element in kind]
    texts += [str(part) for metric in app.metric for part in (metric.label, metric.value, metric.delta)]
    texts += [button.label for button in app.button]
    return "\n".join(texts)


def galleries(app: AppTest) -> list[list[int]]:
    """The test images in each gallery of the page, in their order."""
    drawn = [one.proto for one in app.get("bidi_component") if one.proto.component_name == "digitlab_gallery"]
    tiles = [json.loads(proto.json)["tiles"] for proto in drawn]
    return [[int(alt.split(":")[0].removeprefix("Test image ")) for alt, *_ in one] for one in tiles]

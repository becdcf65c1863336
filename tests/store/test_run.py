"""A finished run as people and programs read it."""

import csv
import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.data.split import split
from core.evaluation import evaluate
from core.network_summary import summarise
from core.recipe import Recipe, run_fingerprint
from core.store import Run, RunRequest
from core.store.records import DatasetFacts, Metrics, read_history, write_history
from core.store.run import FILES
from core.training.progress import EpochRecord


def test_a_run_folder_is_readable_by_people(tiny_run: Run) -> None:
    assert {path.name for path in tiny_run.path.iterdir()} >= set(FILES)
    for name in ("recipe.json", "metrics.json", "environment.json"):
        text = (tiny_run.path / name).read_text("utf-8")
        assert json.loads(text)
        assert text.endswith("}\n")
        assert text.count("\n") > 5
    header, *rows = csv.reader((tiny_run.path / "history.csv").read_text().splitlines())
    assert header == [field.name for field in dataclasses.fields(EpochRecord)]
    assert [row[:2] for row in rows] == [["autoencoder", "1"], ["phase1", "1"], ["phase2", "1"]]


def test_json_files_are_json_for_every_reader(tiny_run: Run) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    for path in tiny_run.path.glob("*.json"):
        json.loads(path.read_text(), parse_constant=refuse)


def test_the_request_says_what_was_asked_for(tiny_run: Run, tiny_recipe: Recipe, tiny_dataset: Dataset) -> None:
    request = tiny_run.request
    assert request.recipe == tiny_recipe
    assert request.preset is None
    assert request.fingerprint == tiny_run.fingerprint == run_fingerprint(tiny_recipe, tiny_dataset.digest)
    parts = split(tiny_dataset.train_labels, tiny_recipe.validation_fraction, tiny_recipe.seed)
    assert request.dataset == DatasetFacts(
        name="strokes",
        digest=tiny_dataset.digest,
        source=tiny_dataset.source,
        class_names=("upright", "level", "slanting"),
        image_shape=(12, 12),
        n_train=len(parts.train),
        n_validation=len(parts.validation),
        n_test=50,
    )
    assert request.network == summarise(tiny_recipe.architecture, (12, 12), 3)
    assert RunRequest.from_json(json.loads(json.dumps(request.to_json()))) == request


@pytest.mark.parametrize("fraction", [0.0, 0.2, 0.5, 0.33])
def test_the_facts_count_the_split_as_it_is_made(tiny_dataset: Dataset, fraction: float) -> None:
    facts, parts = DatasetFacts.of(tiny_dataset, fraction), split(tiny_dataset.train_labels, fraction, 0)
    assert (facts.n_train, facts.n_validation) == (len(parts.train), len(parts.validation))


def test_metrics_survive_the_journey_through_json(tiny_run: Run) -> None:
    metrics = tiny_run.metrics
    assert Metrics.from_json(json.loads(json.dumps(metrics.to_json()))) == metrics
    without = dataclasses.replace(metrics, validation=None)
    assert Metrics.from_json(json.loads(json.dumps(without.to_json()))) == without


def test_predictions_are_of_every_validation_and_test_image(
    tiny_run: Run, tiny_recipe: Recipe, tiny_dataset: Dataset
) -> None:
    found = tiny_run.predictions
    parts = split(tiny_dataset.train_labels, tiny_recipe.validation_fraction, tiny_recipe.seed)
    np.testing.assert_array_equal(found.validation_rows, parts.validation)
    np.testing.assert_array_equal(found.validation_labels, tiny_dataset.train_labels[parts.validation])
    np.testing.assert_array_equal(found.test_labels, tiny_dataset.test_labels)
    assert found.validation_rows.dtype == found.test_labels.dtype == np.int64
    assert found.validation_probabilities.shape == (len(parts.validation), 3)
    assert found.test_probabilities.shape == found.phase1_test_probabilities.shape == (50, 3)
    assert found.test_probabilities.dtype == np.float32
    assert (found.reconstruction_errors.shape, found.reconstruction_errors.dtype) == ((50,), np.float64)
    names = tiny_dataset.class_names
    assert evaluate(found.test_probabilities, found.test_labels, names) == tiny_run.metrics.test
    assert evaluate(found.validation_probabilities, found.validation_labels, names) == tiny_run.metrics.validation
    assert evaluate(found.phase1_test_probabilities, found.test_labels, names) == tiny_run.metrics.phase1_test
    assert tiny_run.metrics.reconstruction_error == found.reconstruction_errors.mean()


def test_predictions_are_those_of_the_saved_network(tiny_run: Run, tiny_dataset: Dataset) -> None:
    import keras

    inputs = (tiny_dataset.test_images[..., np.newaxis] / 255).astype(np.float32)
    classifier = keras.saving.load_model(tiny_run.classifier_path)
    np.testing.assert_allclose(classifier.predict_on_batch(inputs), tiny_run.predictions.test_probabilities, atol=1e-5)
    autoencoder = keras.saving.load_model(tiny_run.autoencoder_path)
    errors = np.square(autoencoder.predict_on_batch(inputs) - inputs).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(errors, tiny_run.predictions.reconstruction_errors, rtol=1e-4)


def test_the_proof_of_what_each_phase_did_is_recorded(tiny_run: Run) -> None:
    stages = tiny_run.metrics.stages
    assert list(stages) == ["autoencoder", "phase1", "phase2"]
    layers = ["encoder_conv_1", "encoder_norm_1", "encoder_conv_2", "encoder_norm_2", "dense", "predictions"]
    for name in ("phase1", "phase2"):
        assert list(stages[name].largest_change) == layers
    for layer in layers:
        frozen = layer.startswith("encoder_")
        assert (stages["phase1"].largest_change[layer] == 0) == frozen
        assert stages["phase2"].largest_change[layer] > 0
    assert [facts.epochs for facts in stages.values()] == [1, 1, 1]


@pytest.mark.parametrize(
    "records",
    [
        [],
        [EpochRecord("autoencoder", 1, 0.1 + 0.2, None, 1e-300, None, 1e-7, 0.5)],
        [EpochRecord("phase1", 1, float("inf"), 1 / 3, None, None, 0.1, 3.25)] * 3,
    ],
)
def test_a_history_is_read_as_it_was_written(tmp_path: Path, records: list[EpochRecord]) -> None:
    write_history(tmp_path / "history.csv", records)
    assert read_history(tmp_path / "history.csv") == records

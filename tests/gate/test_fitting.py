import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.data.split import Split
from core.errors import GateError
from core.gate.fitting import FALSE_ALARMS, add_gate, fit_gate
from core.gate.gate import arrays_of
from core.gate.made import varied
from core.store import Run

from .conftest import Fitted, StandIn


def novelty(fitted: Fitted, stand_in: StandIn, images: np.ndarray) -> np.ndarray:
    return fitted.gate.novelty(images, stand_in.answers(images))


def test_the_stated_share_of_the_validation_images_is_refused(fitted: Fitted) -> None:
    assert fitted.facts.false_alarms == FALSE_ALARMS
    assert fitted.facts.refused == pytest.approx(FALSE_ALARMS, abs=2 / fitted.facts.threshold_images)
    assert fitted.facts.threshold_from == "validation images"
    assert (fitted.facts.fitted_images, fitted.facts.made_images) == (800, 400)
    assert fitted.facts.threshold_images == 800


def test_few_digits_that_were_never_seen_are_refused(fitted: Fitted, stand_in: StandIn) -> None:
    clean = stand_in.dataset.test_images
    assert len(clean) >= 500
    assert (novelty(fitted, stand_in, clean) > 0.5).mean() <= 0.04
    names = stand_in.dataset.class_names
    changed = varied(clean, stand_in.dataset.test_labels, names, np.random.default_rng(8))
    assert (novelty(fitted, stand_in, changed) > 0.5).mean() <= 0.05


def test_kinds_that_the_gate_was_not_fitted_to_are_told_from_digits(fitted: Fitted, stand_in: StandIn) -> None:
    random = np.random.default_rng(3)
    noise = random.integers(0, 256, (100, 28, 28), np.uint8)
    inverted = 255 - stand_in.dataset.test_images[:50]
    gradients = np.broadcast_to(np.linspace(0, 200, 28).astype(np.uint8), (20, 28, 28)).copy()
    digits = novelty(fitted, stand_in, stand_in.dataset.test_images[:500])
    for others in (noise, inverted, gradients):
        found = novelty(fitted, stand_in, others)
        assert (found > 0.5).mean() > 0.9
        assert found.min() > np.median(digits)


def test_the_same_images_give_the_same_gate(fitted: Fitted, stand_in: StandIn) -> None:
    space, weighing, facts = fit_gate(
        stand_in.classifier, stand_in.autoencoder, stand_in.dataset, stand_in.parts, seed=0, images=400
    )
    assert facts == fitted.facts
    expected = arrays_of(fitted.space, fitted.weighing)
    for name, value in arrays_of(space, weighing).items():
        np.testing.assert_array_equal(value, expected[name])


def test_without_validation_images_the_threshold_is_set_on_training_images(stand_in: StandIn) -> None:
    everything = np.concatenate([stand_in.parts.train, stand_in.parts.validation])
    parts = Split(train=everything, validation=everything[:0])
    _, _, facts = fit_gate(stand_in.classifier, stand_in.autoencoder, stand_in.dataset, parts, seed=0, images=60)
    assert (facts.threshold_from, facts.threshold_images) == ("training images", 60)


def test_too_few_images_are_refused(stand_in: StandIn) -> None:
    parts = replace(stand_in.parts, train=stand_in.parts.train[:40])
    with pytest.raises(GateError, match="needs at least 30 images for each of its parts; there are 20"):
        fit_gate(stand_in.classifier, stand_in.autoencoder, stand_in.dataset, parts, seed=0)


def test_a_training_ends_with_a_gate(tiny_run: Run) -> None:
    assert tiny_run.gate_path.is_file()
    facts = json.loads((tiny_run.path / "gate.json").read_text())
    assert facts["false_alarms"] == FALSE_ALARMS
    assert "gate" not in tiny_run.environment


def test_a_run_without_a_gate_can_be_given_one(tiny_run: Run, tiny_dataset: Dataset, tmp_path: Path) -> None:
    run = Run(tmp_path / tiny_run.fingerprint)
    shutil.copytree(tiny_run.path, run.path)
    given = run.gate_path.read_bytes()
    run.gate_path.unlink()
    add_gate(run, tiny_dataset)
    assert run.gate_path.read_bytes() == given
    run.autoencoder_onnx_path.unlink()
    with pytest.raises(GateError, match=r"expected autoencoder\.onnx in .*, found none"):
        add_gate(run, tiny_dataset)

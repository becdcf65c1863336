"""The same recipe trains on JAX, where there is no TensorFlow."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.recipe import Recipe
from core.settings import Settings
from core.store import Run, RunStore

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),  # XLA compiles each of the networks for minutes on a busy machine
    pytest.mark.skipif(
        importlib.util.find_spec("jax") is None,
        reason="JAX is not among the pins; `pip install jax` beside them runs this test",
    ),
]

SCRIPT = """
import json, sys
from pathlib import Path
sys.modules["tensorflow"] = None  # as on a machine that has none
from core.data import sources
from core.errors import TrainingCancelled
from core.pipeline import get_or_train
from core.recipe import Recipe
from core.settings import Settings
from core.training.progress import Observer

class Stopped(Observer):
    stage_now, asked = None, 0
    def stage(self, name):
        self.stage_now, self.asked = name, 0
    def cancelled(self):
        self.asked += 1
        return self.stage_now == sys.argv[4] and self.asked == 15

dataset = sources.load("strokes", home=Path(sys.argv[1]))
recipe = Recipe.from_json(json.loads(sys.argv[2]))
try:
    get_or_train(recipe, dataset, Settings(Path(sys.argv[3])), Stopped())
except TrainingCancelled:
    print("cancelled")
"""


def train(recipe: Recipe, data: Path, home: Path, stop_in: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(data), json.dumps(recipe.to_json()), str(home), stop_in],
        cwd=ROOT,
        env={**os.environ, "KERAS_BACKEND": "jax", "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def the_run(home: Path) -> Run:
    (run,) = RunStore(home / "runs").runs()
    return run


def test_a_recipe_trains_on_jax_and_survives_an_interruption(
    tiny_recipe: Recipe, tiny_dataset: Dataset, tiny_settings: Settings, tmp_path: Path
) -> None:
    import keras

    recipe = tiny_recipe.changed(
        {
            "architecture.dense_dropout": 0.2,
            "augmentation.shift": 1,
            "phase1.epochs": 2,
            "phase2.epochs": 2,
            "phase2.optimizer": "adamw",
            "phase2.weight_decay": 0.01,
            "phase2.patience": None,
            "phase2.average": 0.9,
            "phase2.schedule": "one_cycle",
        }
    )
    data, straight, stopped = tiny_settings.data, tmp_path / "straight", tmp_path / "stopped"
    assert train(recipe, data, straight) == ""
    assert train(recipe, data, stopped, stop_in="phase2") == "cancelled"
    assert train(recipe, data, stopped) == ""
    run, resumed = the_run(straight), the_run(stopped)
    assert run.environment["backend"] == "jax"
    expected: dict[str, Any] = vars(run.predictions)
    for name, array in vars(resumed.predictions).items():
        np.testing.assert_array_equal(array, expected[name], err_msg=name)
    stages = run.metrics.stages
    assert all((change == 0) == name.startswith("encoder_") for name, change in stages["phase1"].largest_change.items())
    assert all(change > 0 for change in stages["phase2"].largest_change.values())

    # What JAX trained opens here, on TensorFlow, and answers alike.
    inputs = (tiny_dataset.test_images[..., np.newaxis] / 255).astype(np.float32)
    answers = keras.saving.load_model(run.classifier_path).predict_on_batch(inputs)
    np.testing.assert_allclose(answers, run.predictions.test_probabilities, atol=1e-5)

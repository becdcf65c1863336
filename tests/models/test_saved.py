"""A saved network opens in plain Keras, where there is no Digit Lab."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.models.networks import build_classifier, stock_copy
from core.recipe import Architecture
from core.store import Run

SCRIPT = """
import sys
import numpy as np
try:
    import core
    sys.exit("the project is on the path of this process")
except ModuleNotFoundError:
    pass
import keras
np.savez("outputs.npz", **{
    path: keras.saving.load_model(path).predict_on_batch(np.load(path + ".npy")) for path in sys.argv[1:]
})
"""


def test_saved_networks_open_in_plain_keras_and_answer_alike(tmp_path: Path, tiny_run: Run) -> None:
    import keras

    random = np.random.default_rng(0)
    paper = Architecture(code_dropout=0.5)
    networks = {
        "paper-classifier.keras": (paper, build_classifier(paper, (28, 28), 10, seed=1)),
    }
    expected = {}
    for name, (architecture, model) in networks.items():
        for layer in model.layers:
            layer.set_weights([w + random.uniform(0, 0.1, w.shape).astype(w.dtype) for w in layer.get_weights()])
        stock_copy(model, architecture).save(tmp_path / name)
        expected[name] = model
    for path in (tiny_run.classifier_path, tiny_run.autoencoder_path):
        (tmp_path / path.name).write_bytes(path.read_bytes())
        expected[path.name] = keras.saving.load_model(path)
    for name, model in expected.items():
        inputs = random.uniform(0, 1, (3, *model.input.shape[1:])).astype(np.float32)
        np.save(tmp_path / f"{name}.npy", inputs)
        expected[name] = model.predict_on_batch(inputs)

    # -I: neither the working folder nor PYTHONPATH leads to the project.
    done = subprocess.run(
        [sys.executable, "-I", "-c", SCRIPT, *expected], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with np.load(tmp_path / "outputs.npz") as found:
        for name, outputs in expected.items():
            np.testing.assert_allclose(found[name], outputs, atol=1e-5)


@pytest.mark.parametrize("name", ["classifier_path", "autoencoder_path"])
def test_a_saved_network_holds_no_optimiser(name: str, tiny_run: Run) -> None:
    import keras

    assert not keras.saving.load_model(getattr(tiny_run, name)).compiled

"""Insight into a finished run: what the pipeline stored, what the autoencoder answers without TensorFlow."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.data.split import split
from core.errors import RunDamagedError
from core.insight import Autoencoder, nearest
from core.insight.doubted import DOUBTED_LABELS, doubted_labels
from core.store import Run

MNIST_DIGEST = "35b4ae54c9e51524e6ee0ca4bc2f8e434b97ffde5dd5af15c3f02b75b02244e2"


@pytest.fixture
def run(tiny_run: Run, tmp_path: Path) -> Run:
    """A copy of the tiny run, to be damaged."""
    return Run(Path(shutil.copytree(tiny_run.path, tmp_path / tiny_run.fingerprint)))


def test_a_run_keeps_the_codes_of_its_training_and_test_images(tiny_run: Run, tiny_dataset: Dataset) -> None:
    codes, recipe = tiny_run.codes, tiny_run.request.recipe
    assert codes is not None
    parts = split(tiny_dataset.train_labels, recipe.validation_fraction, recipe.seed)

    np.testing.assert_array_equal(codes.train_rows, parts.train)
    assert len(codes.train) == len(parts.train)
    assert len(codes.test) == len(tiny_dataset.test_images)
    assert codes.explained.sum() == pytest.approx(1, abs=0.1)


def test_neighbours_of_strokes_are_strokes_of_the_same_kind(tiny_run: Run, tiny_dataset: Dataset) -> None:
    codes = tiny_run.codes
    assert codes is not None
    found = nearest(codes, codes.test, 3)
    assert (tiny_dataset.train_labels[found.rows] == tiny_dataset.test_labels[:, np.newaxis]).mean() > 0.9


def test_the_autoencoder_reconstructs_as_keras_does(tiny_run: Run, tiny_dataset: Dataset) -> None:
    from core.data.scaling import to_images, to_inputs
    from core.inference import load_keras

    autoencoder = Autoencoder.open(tiny_run)
    assert autoencoder is not None
    images = tiny_dataset.test_images[:20]
    expected = np.asarray(load_keras(tiny_run.autoencoder_path)(to_inputs(images), training=False))

    found = autoencoder.reconstruct(images)
    assert found.dtype == np.uint8
    assert np.abs(found.astype(int) - to_images(expected)).max() <= 1
    assert autoencoder.reconstruct(images[:0]).shape == (0, 12, 12)


def test_codes_of_any_image_lie_in_the_runs_space(tiny_run: Run, tiny_dataset: Dataset) -> None:
    autoencoder, codes = Autoencoder.open(tiny_run), tiny_run.codes
    assert autoencoder is not None
    assert codes is not None

    encoded = autoencoder.encode(tiny_dataset.test_images)
    assert encoded is not None
    np.testing.assert_allclose(encoded.astype(float), codes.test.astype(float), atol=0.05)
    train = autoencoder.encode(tiny_dataset.train_images[codes.train_rows[:5]])
    assert train is not None
    np.testing.assert_array_equal(nearest(codes, train, 1).rows[:, 0], codes.train_rows[:5])


def test_images_of_another_size_are_refused(tiny_run: Run) -> None:
    autoencoder = Autoencoder.open(tiny_run)
    assert autoencoder is not None
    with pytest.raises(ValueError, match=r"expected the shape \(n, 12, 12\) and the type uint8, found \(1, 28, 28\)"):
        autoencoder.reconstruct(np.zeros((1, 28, 28), np.uint8))


def test_a_run_may_lack_what_is_optional(run: Run, tiny_dataset: Dataset) -> None:
    (run.path / "codes.npz").unlink()
    run.check()
    autoencoder = Autoencoder.open(run)
    assert run.codes is None
    assert autoencoder is not None
    assert autoencoder.encode(tiny_dataset.test_images[:1]) is None

    run.autoencoder_onnx_path.unlink()
    run.check()
    assert Autoencoder.open(run) is None


def test_damaged_files_are_named(run: Run) -> None:
    (run.path / "codes.npz").write_bytes((run.path / "codes.npz").read_bytes()[:500])
    run.autoencoder_onnx_path.write_bytes(b"no network")

    with pytest.raises(RunDamagedError, match=r"codes\.npz in .* cannot be read"):
        _ = run.codes
    with pytest.raises(RunDamagedError, match=r"autoencoder\.onnx: expected a network .* delete that file"):
        Autoencoder.open(run)


def test_tensorflow_is_never_loaded(tiny_run: Run) -> None:
    script = (
        "import sys; from pathlib import Path; import numpy as np; from core.store import Run\n"
        "from core.insight import Autoencoder, nearest, occlusion_map\n"
        "from core.prediction import Predictor\n"
        "run = Run(Path(sys.argv[1])); images = np.zeros((1, 12, 12), np.uint8)\n"
        "nearest(run.codes, Autoencoder.open(run).encode(images), 3)\n"
        "occlusion_map(Predictor.open(run).predict, images[0], 0)\n"
        "print({'tensorflow', 'keras', 'sklearn'} & set(sys.modules))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script, str(tiny_run.path)], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "set()"


def test_labels_were_doubted_on_mnist_only() -> None:
    assert doubted_labels(MNIST_DIGEST) == DOUBTED_LABELS
    assert doubted_labels("0" * 64) == {}


def test_most_annotators_did_not_confirm_a_doubted_label() -> None:
    assert len(DOUBTED_LABELS) == 15
    for doubted in DOUBTED_LABELS.values():
        assert doubted.for_label + doubted.for_proposed + doubted.for_neither == 5
        assert doubted.for_label < 3
        assert doubted.label != doubted.proposed


def test_doubted_labels_are_those_of_the_published_files(mnist_folder: Path) -> None:
    from core.data import folder

    labels = folder.read(mnist_folder).arrays[3]
    assert {i: int(labels[i]) for i in DOUBTED_LABELS} == {i: one.label for i, one in DOUBTED_LABELS.items()}


def test_codes_that_cannot_be_described_cost_no_run(tmp_path: Path) -> None:
    from core.pipeline import _save_codes
    from core.store import WorkingRun

    working = WorkingRun(tmp_path)
    infinite = np.full((3, 4), np.inf, np.float16)

    assert _save_codes(np.arange(3), infinite, infinite, working) == {
        "codes": "train: expected finite codes, found some that are not."
    }
    assert list(tmp_path.iterdir()) == []


def test_an_autoencoder_that_answers_otherwise_is_not_kept(
    tiny_run: Run, tiny_dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core import export
    from core.errors import ExportError
    from core.inference import load_keras
    from core.models.networks import with_code

    path = tmp_path / "autoencoder.onnx"
    path.write_bytes(b"older")
    model = with_code(load_keras(tiny_run.autoencoder_path))
    monkeypatch.setattr(export, "TOLERANCE", -1.0)

    with pytest.raises(ExportError, match="the stored network's reconstructions"):
        export.write_autoencoder_onnx(model, path, tiny_dataset.test_images[:2])
    assert not path.exists()

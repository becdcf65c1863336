import os
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from core.errors import TrainingCancelled
from core.models.networks import build_classifier, encoder_of
from core.recipe import Architecture
from core.training import codes
from core.training.codes import codes_of, forget_old_codes
from core.training.progress import Observer, Progress

N_IMAGES = 23


@pytest.fixture(scope="module")
def encoder() -> keras.Model:
    return encoder_of(build_classifier(Architecture(filters=((4,), (8,))), (8, 6), 3, seed=0))


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (N_IMAGES, 8, 6), np.uint8)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "BATCH", 5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stages" / "codes-abc" / "train.npy"


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("rows", [range(N_IMAGES), [3], [7, 2, 2, 22], range(5), []], ids=str)
def test_codes_are_the_encoders_answers_in_half_precision(
    encoder: keras.Model, images: np.ndarray, path: Path, rows: Any
) -> None:
    rows = np.array(rows, np.int64)
    found = codes_of(encoder, images, rows, path, Observer())
    assert (found.shape, found.dtype) == ((len(rows), 4 * 3 * 8), np.float16)
    assert isinstance(found, np.memmap)
    assert not found.flags.writeable
    if len(rows):
        inputs = (images[rows, ..., np.newaxis] / 255).astype(np.float32)
        np.testing.assert_allclose(found, encoder.predict_on_batch(inputs), rtol=1e-3, atol=1e-5)
    np.testing.assert_array_equal(np.load(path), found)
    assert [p.name for p in path.parent.iterdir()] == ["train.npy"]


def test_codes_are_computed_once(encoder: keras.Model, images: np.ndarray, path: Path) -> None:
    rows = np.arange(N_IMAGES)
    first = codes_of(encoder, images, rows, path, Observer())
    again = codes_of(None, images, rows, path, Observer())  # type: ignore[arg-type]
    np.testing.assert_array_equal(first, again)


@pytest.mark.usefixtures("small_batches")
def test_progress_counts_the_batches(encoder: keras.Model, images: np.ndarray, path: Path) -> None:
    told: list[Progress] = []
    observer = Observer()
    observer.step = told.append  # type: ignore[method-assign]
    codes_of(encoder, images, np.arange(N_IMAGES), path, observer)
    assert [(p.stage, p.step, p.steps) for p in told] == [("codes", step, 5) for step in (1, 2, 3, 4, 5)]


@pytest.mark.usefixtures("small_batches")
def test_a_cancelled_encoding_leaves_nothing(encoder: keras.Model, images: np.ndarray, path: Path) -> None:
    class Impatient(Observer):
        asked = 0

        def cancelled(self) -> bool:
            self.asked += 1
            return self.asked == 3

    with pytest.raises(TrainingCancelled):
        codes_of(encoder, images, np.arange(N_IMAGES), path, Impatient())
    assert list(path.parent.iterdir()) == []


def test_what_a_killed_encoding_left_is_removed(encoder: keras.Model, images: np.ndarray, path: Path) -> None:
    path.parent.mkdir(parents=True)
    (path.parent / ".train.npy.0123abcd.part").write_bytes(b"half of 1.2 GB")
    codes_of(encoder, images, np.arange(3), path, Observer())
    assert [p.name for p in path.parent.iterdir()] == ["train.npy"]


def test_old_codes_are_forgotten_and_used_ones_kept(encoder: keras.Model, images: np.ndarray, tmp_path: Path) -> None:
    names = [f"codes-{letter}" for letter in "abcd"]
    for age, name in enumerate(names):
        codes_of(encoder, images, np.arange(2), tmp_path / name / "train.npy", Observer())
        os.utime(tmp_path / name, (time.time() - 1000 + age,) * 2)
    (tmp_path / "phase1-x").mkdir()
    codes_of(encoder, images, np.arange(2), tmp_path / "codes-a" / "train.npy", Observer())
    forget_old_codes(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["codes-a", "codes-d", "phase1-x"]
    forget_old_codes(tmp_path / "nowhere")

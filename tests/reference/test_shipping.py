"""A finished run made small: what is kept, how exact it is, and that its figures are those of what is kept."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.errors import DatasetError, ExportError
from core.evaluation import evaluate
from core.insight import Autoencoder
from core.reference import shipping
from core.reference.checking import problems_of
from core.reference.shipping import COMPONENTS, ship
from core.store import ReferenceRun, Run
from core.store.reference import READERS
from core.store.run import FILES


@pytest.fixture
def shipped(tiny_reference: Path) -> ReferenceRun:
    return ReferenceRun(tiny_reference / "best")


def test_it_is_a_sound_run_with_all_its_files(shipped: ReferenceRun) -> None:
    shipped.check()
    assert {path.name for path in shipped.path.iterdir()} == {
        *FILES,
        *("classifier.onnx", "autoencoder.onnx", "gate.npz", "gate.json", "compaction.json"),
        *("codes.npz", "images.npz", "training_images.npz"),
    }
    assert problems_of(shipped) == []


def test_metrics_are_those_of_the_kept_answers(shipped: ReferenceRun, tiny_run: Run, tiny_dataset: Dataset) -> None:
    kept, names = shipped.predictions, tiny_dataset.class_names
    found = evaluate(kept.test_probabilities, kept.test_labels, names)
    assert (found.correct, found.confusion) == (shipped.metrics.test.correct, shipped.metrics.test.confusion)
    assert found.loss == pytest.approx(shipped.metrics.test.loss, rel=1e-3)
    assert shipped.metrics.test.correct == tiny_run.metrics.test.correct
    assert shipped.metrics.validation is not None
    assert shipped.metrics.phase1_test == tiny_run.metrics.phase1_test
    assert shipped.metrics.reconstruction_error == kept.reconstruction_errors.mean()
    assert shipped.metrics.stages == tiny_run.metrics.stages


def test_answers_are_kept_in_half_precision_where_no_class_changes(shipped: ReferenceRun, tiny_run: Run) -> None:
    assert shipped.compaction is not None
    (words,) = [words for words in shipped.compaction.exactness if words.startswith("probabilities")]
    with np.load(shipped.path / "predictions.npz") as file:
        for name in ("validation_probabilities", "test_probabilities", "phase1_test_probabilities"):
            kept, read = file[name], getattr(shipped.predictions, name)
            assert kept.dtype == (np.float32 if name.replace("_", " ") in words else np.float16)
            assert read.dtype == np.float32
        assert file["phase1_test_probabilities"].argmax(axis=1).tolist() == (
            tiny_run.predictions.phase1_test_probabilities.argmax(axis=1).tolist()
        )
        assert file["reconstruction_errors"].dtype == np.float32
    assert shipped.predictions.reconstruction_errors.dtype == np.float64


def test_its_records_are_the_runs_own(shipped: ReferenceRun, tiny_run: Run) -> None:
    assert shipped.history == tiny_run.history
    assert shipped.environment == tiny_run.environment
    assert shipped.request.recipe == tiny_run.request.recipe
    assert shipped.request.fingerprint == tiny_run.fingerprint


def test_it_names_no_folder_of_the_machine_that_made_it(shipped: ReferenceRun, tiny_run: Run) -> None:
    assert "/" in tiny_run.request.dataset.source
    assert "/" not in shipped.request.dataset.source
    for name in ("recipe.json", "compaction.json", "metrics.json"):
        assert str(tiny_run.path.parent) not in (shipped.path / name).read_text()


def test_codes_are_kept_in_their_first_components(shipped: ReferenceRun, tiny_run: Run, tiny_dataset: Dataset) -> None:
    codes, whole = shipped.codes, tiny_run.codes
    assert codes is not None
    assert whole is not None
    n = min(COMPONENTS, whole.test.shape[1])
    np.testing.assert_array_equal(codes.test, whole.test[:, :n])
    np.testing.assert_array_equal(codes.train_rows, whole.train_rows)
    np.testing.assert_array_equal(codes.train, whole.train[:, :n])
    autoencoder = Autoencoder.open(shipped)
    assert autoencoder is not None
    found = autoencoder.encode(tiny_dataset.test_images[:5])
    assert found is not None
    np.testing.assert_allclose(found, codes.test[:5], atol=0.05)


def test_of_many_training_images_some_are_kept_with_their_codes(
    tmp_path: Path, tiny_run: Run, tiny_dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipping, "KEPT_TRAINING", 30)
    made = ship(tiny_run, tmp_path / "robust", tiny_dataset)
    kept, codes, whole = made.training_images, made.codes, tiny_run.codes
    assert kept is not None
    assert codes is not None
    assert whole is not None
    assert len(kept.rows) == 30
    at = np.searchsorted(whole.train_rows, kept.rows)
    np.testing.assert_array_equal(whole.train_rows[at], kept.rows)
    assert set(np.diff(at)) <= {len(whole.train_rows) // 30, -(-len(whole.train_rows) // 30)}  # spread over all
    np.testing.assert_array_equal(codes.train_rows, kept.rows)
    np.testing.assert_array_equal(codes.train, whole.train[at, : codes.train.shape[1]])
    np.testing.assert_array_equal(kept.images, tiny_dataset.train_images[kept.rows])
    np.testing.assert_array_equal(kept.labels, tiny_dataset.train_labels[kept.rows])
    assert made.compaction is not None
    assert made.compaction.left_out == ("the codes of all but 30 training images",)
    assert problems_of(made, with_keras=False) == []


def test_what_only_reading_needs_is_kept_by_those_that_read(
    tmp_path: Path, shipped: ReferenceRun, tiny_run: Run, tiny_dataset: Dataset
) -> None:
    assert shipped.path.name in READERS
    assert shipped.gate_path.is_file()
    made = ship(tiny_run, tmp_path / "paper", tiny_dataset)
    assert not made.gate_path.is_file()
    autoencoder = Autoencoder.open(made)
    assert autoencoder is not None
    assert autoencoder.encode(tiny_dataset.test_images[:5]) is None
    assert made.compaction is not None
    assert made.compaction.left_out == (
        "the codes of the training images",
        "the components of the codes",
        "the gate that tells digits from other things",
    )
    assert made.codes is not None
    assert len(made.codes.train) == len(made.codes.train_rows) == 0
    assert made.training_images is None
    assert problems_of(made, with_keras=False) == []


def test_the_images_that_pages_show_first_are_kept(shipped: ReferenceRun, tiny_dataset: Dataset) -> None:
    kept, report = shipped.images, shipped.metrics.test
    assert kept is not None
    assert {*report.first_correct, *report.first_incorrect} <= set(kept.rows.tolist())
    np.testing.assert_array_equal(kept.images, tiny_dataset.test_images[kept.rows])
    assert (np.diff(kept.rows) > 0).all()


def test_a_new_one_takes_the_place_of_an_older(tmp_path: Path, tiny_run: Run, tiny_dataset: Dataset) -> None:
    target = tmp_path / "reference" / "best"
    target.mkdir(parents=True)
    (target / "older").write_text("file")
    ship(tiny_run, target, tiny_dataset)
    assert not (target / "older").exists()
    assert [path.name for path in target.parent.iterdir()] == ["best"]


def test_another_dataset_is_refused_and_nothing_is_left(tmp_path: Path, tiny_run: Run, tiny_dataset: Dataset) -> None:
    other = replace(tiny_dataset, digest="0" * 64)
    with pytest.raises(DatasetError, match="expected the one that run"):
        ship(tiny_run, tmp_path / "reference" / "best", other)
    assert not (tmp_path / "reference").exists()


def test_answers_that_are_not_the_networks_are_refused(tmp_path: Path, tiny_run: Run, tiny_dataset: Dataset) -> None:
    run = Run(Path(shutil.copytree(tiny_run.path, tmp_path / "run")))
    kept = vars(run.predictions)
    np.savez(run.path / "predictions.npz", **kept | {"test_probabilities": kept["test_probabilities"][:, ::-1]})
    with pytest.raises(ExportError, match=r"expected its network to give the answers in predictions\.npz"):
        ship(Run(run.path), tmp_path / "reference" / "best", tiny_dataset)
    assert list((tmp_path / "reference").iterdir()) == []


def test_a_run_without_onnx_files_gets_them(tmp_path: Path, tiny_run: Run, tiny_dataset: Dataset) -> None:
    run = Run(Path(shutil.copytree(tiny_run.path, tmp_path / "run")))
    for path in (run.onnx_path, run.autoencoder_onnx_path, run.path / "codes.npz"):
        path.unlink()
    made = ship(run, tmp_path / "reference" / "best", tiny_dataset)
    assert problems_of(made, with_keras=False) == []
    assert made.onnx_path.is_file()
    assert made.autoencoder_onnx_path.is_file()
    assert made.codes is None


def test_what_is_wrong_is_told(tmp_path: Path, tiny_reference: Path) -> None:
    folder = Path(shutil.copytree(tiny_reference / "best", tmp_path / "best"))
    path = folder / "predictions.npz"
    with np.load(path) as file:
        arrays = dict(file)
    arrays["test_probabilities"] = arrays["test_probabilities"][:, ::-1]
    np.savez(path, **arrays)
    problems = problems_of(ReferenceRun(folder), with_keras=False)
    assert any("the test metrics say" in problem for problem in problems)
    assert any("classifier.onnx gives other answers" in problem for problem in problems)
    path.unlink()
    assert problems_of(ReferenceRun(folder)) == [
        f"Run reference/best: predictions.npz is missing from {folder}; restore the file from the project's repository."
    ]


def test_training_images_that_are_not_those_of_the_codes_are_told(tmp_path: Path, tiny_reference: Path) -> None:
    folder = Path(shutil.copytree(tiny_reference / "best", tmp_path / "best"))
    path = folder / "training_images.npz"
    kept = dict(np.load(path))
    np.savez(path, **kept | {"images": kept["images"][::-1]})
    [problem] = problems_of(ReferenceRun(folder), with_keras=False)
    assert problem == "reference/best: the training images that were kept are not found by their codes."
    np.savez(path, **{name: array[1:] for name, array in kept.items()})
    [problem] = problems_of(ReferenceRun(folder), with_keras=False)
    assert problem == "reference/best: the training images that were kept are not those of the kept codes."

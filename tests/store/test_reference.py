"""Runs that came with the project: found, listed and read beside the user's own, and left as they are."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.errors import RunDamagedError, RunNotFoundError
from core.settings import REFERENCE, Settings, from_environment
from core.store import ReferenceRun, Run, RunImages, RunStore, Trash, default_run, labels, reference_runs


@pytest.fixture
def folder(tmp_path: Path, tiny_reference: Path) -> Path:
    """A copy of the reference results, to be changed."""
    return Path(shutil.copytree(tiny_reference, tmp_path / "reference"))


@pytest.fixture
def both(tmp_path: Path, folder: Path) -> RunStore:
    """A store without runs of its own, beside the reference results."""
    return RunStore(tmp_path / "runs", folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def own_run(store: RunStore, tiny_run: Run) -> Run:
    return Run(Path(shutil.copytree(tiny_run.path, store.folder / tiny_run.fingerprint)))


def test_they_are_found_by_name_and_by_fingerprint(both: RunStore) -> None:
    (best,) = both.references()
    assert (best.name, best.is_reference, len(best.fingerprint)) == ("reference/best", True, 16)
    for name in ("reference/best", best.fingerprint, best.fingerprint[:6]):
        assert both.find(name).path == best.path
    assert both.runs() == []
    assert both.get(best.fingerprint) is None


def test_a_name_that_is_none_of_theirs(both: RunStore) -> None:
    with pytest.raises(RunNotFoundError, match=r"no run 'reference/worst' among the 1 in .*reference"):
        both.find("reference/worst")
    for name in ("reference/", "reference/../reference/best", "reference/tables"):
        with pytest.raises(RunNotFoundError):
            both.find(name)


def test_training_does_not_take_them_for_its_own(both: RunStore, tiny_run: Run) -> None:
    assert both.references()[0].request.fingerprint == tiny_run.fingerprint
    assert both.get(tiny_run.fingerprint) is None
    own = own_run(both, tiny_run)
    assert both.find(tiny_run.fingerprint).path == own.path


def test_latest_is_the_users_own_once_there_is_one(both: RunStore, tiny_run: Run) -> None:
    assert both.find("latest").name == "reference/best"
    own = own_run(both, tiny_run)
    assert both.find("latest").path == own.path
    assert both.find("latest", to_read=True).path == own.path


def test_another_run_reads_than_is_shown(both: RunStore, folder: Path, tiny_run: Run) -> None:
    for name in ("robust", "express", "extra"):
        shutil.copytree(folder / "best", folder / name)
    runs = both.references()
    assert [run.path.name for run in runs] == ["best", "express", "robust", "extra"]
    assert default_run(runs) is runs[0]
    assert default_run(runs, to_read=True) is runs[2]
    assert default_run(runs, runs[1].fingerprint, to_read=True) is runs[1]
    assert default_run(runs, "0123456789abcdef") is runs[0]
    assert default_run([]) is None
    own = own_run(both, tiny_run)
    assert default_run([*runs, own]) is own
    assert default_run([runs[3]]) is runs[3]


def test_a_star_may_be_theirs_and_lies_in_the_users_home(both: RunStore, folder: Path) -> None:
    before = contents(folder)
    (best,) = both.references()
    labels.star(both.folder, best.fingerprint)
    assert default_run(both.references(), labels.read(both.folder).starred) is not None
    assert contents(folder) == before


def test_they_are_not_put_into_the_trash(both: RunStore, folder: Path) -> None:
    before = contents(folder)
    (best,) = both.references()
    for name in (best.fingerprint, best.name):
        with pytest.raises(RunNotFoundError):
            Trash(both).put(name)
    assert contents(folder) == before


def test_a_changed_result_is_another_fingerprint(folder: Path) -> None:
    before = reference_runs(folder)[0].fingerprint
    path = folder / "best" / "metrics.json"
    path.write_text(path.read_text() + " ")
    assert reference_runs(folder)[0].fingerprint != before


def test_a_damaged_one_is_reported_with_what_to_do(both: RunStore, folder: Path) -> None:
    (folder / "best" / "metrics.json").unlink()
    assert both.references() == []
    (problem,) = both.damaged()
    for words in ("reference/best", "metrics.json is missing", "restore the file from the project's repository"):
        assert words in str(problem)
    with pytest.raises(RunDamagedError):
        both.find("reference/best")


def test_what_is_no_run_among_them_is_passed_over(both: RunStore, folder: Path) -> None:
    (folder / "tables").mkdir()
    (folder / ".hidden").mkdir()
    (folder / "README.md").write_text("words")
    assert [run.name for run in both.references()] == ["reference/best"]
    assert both.damaged() == []


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs", tmp_path / "nowhere")
    assert (store.references(), store.damaged()) == ([], [])
    assert reference_runs(tmp_path / "nowhere") == []


def test_what_was_left_out_is_told(tiny_reference: Path, tiny_run: Run) -> None:
    made = ReferenceRun(tiny_reference / "best").compaction
    assert made is not None
    assert made.run == tiny_run.fingerprint
    assert made.incorrect == tiny_run.metrics.test.incorrect
    assert tiny_run.compaction is None


def test_its_record_is_checked(folder: Path) -> None:
    path = folder / "best" / "compaction.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "incorrect": "few"}))
    with pytest.raises(RunDamagedError, match="incorrect"):
        _ = ReferenceRun(folder / "best").compaction


def test_images_that_came_with_a_run(tiny_reference: Path, tiny_run: Run) -> None:
    run = ReferenceRun(tiny_reference / "best")
    kept = run.images
    assert kept is not None
    images = RunImages(run, None)
    np.testing.assert_array_equal(images.test(kept.rows[::-1]), kept.images[::-1])
    absent = np.setdiff1d(np.arange(50), kept.rows)
    assert images.has(kept.rows)
    assert not images.has([*kept.rows[:1], *absent[:1]]) or not len(absent)
    for row in absent[:1]:
        with pytest.raises(KeyError):
            images.test([int(row)])
    nothing = RunImages(tiny_run, None)
    assert nothing.rows is not None
    assert not len(nothing.rows)
    assert not nothing.has([0])
    assert len(nothing.test([])) == 0 if nothing.has([]) and tiny_run.images else True


def test_training_images_that_came_with_a_run(
    tiny_reference: Path, tiny_run: Run, tiny_dataset: Dataset, folder: Path
) -> None:
    run = ReferenceRun(tiny_reference / "best")
    kept = run.training_images
    assert kept is not None
    asked = kept.rows[[7, 0, 7]]
    for images in (RunImages(run, None), RunImages(run, tiny_dataset), RunImages(tiny_run, tiny_dataset)):
        found = images.training(asked)
        assert found is not None
        np.testing.assert_array_equal(found.rows, asked)
        np.testing.assert_array_equal(found.images, tiny_dataset.train_images[asked])
        np.testing.assert_array_equal(found.labels, tiny_dataset.train_labels[asked])
    absent = np.setdiff1d(np.arange(200), kept.rows)
    assert RunImages(run, None).training([int(kept.rows[0]), int(absent[0])]) is None
    assert RunImages(tiny_run, None).training(asked) is None
    (folder / "best" / "training_images.npz").write_bytes(b"no images")
    with pytest.raises(RunDamagedError, match=r"training_images\.npz .* cannot be read"):
        RunImages(ReferenceRun(folder / "best"), None).training(asked)


def test_the_folder_is_the_projects_own_unless_another_is_named(tmp_path: Path) -> None:
    assert from_environment({}).reference == REFERENCE
    assert from_environment({"DIGITLAB_REFERENCE": str(tmp_path)}).reference == tmp_path
    assert RunStore.of(Settings(tmp_path, tmp_path / "reference")).reference == tmp_path / "reference"

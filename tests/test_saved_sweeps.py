from pathlib import Path

import pytest

from core.data.dataset import Dataset
from core.errors import RecipeError
from core.recipe import Recipe, run_fingerprint
from core.saved_sweeps import SavedSweep, forget, save, saved_sweeps
from core.store import DatasetFacts
from core.sweeps import Sweep


@pytest.fixture
def saved(tmp_path: Path, tiny_recipe: Recipe, tiny_dataset: Dataset) -> SavedSweep:
    sweep = Sweep(tiny_recipe, "dense_units", (4, 8), seeds=(0, 1))
    return save(tmp_path / "sweeps", sweep, DatasetFacts.of(tiny_dataset, 0.2))


def test_a_sweep_is_read_as_it_was_saved(saved: SavedSweep, tmp_path: Path) -> None:
    assert saved_sweeps(tmp_path / "sweeps") == [saved]


def test_its_runs_are_those_of_the_recipes_on_the_dataset(saved: SavedSweep, tiny_dataset: Dataset) -> None:
    runs = saved.runs()
    assert [(run.value, run.seed) for run in runs] == [(4, 0), (4, 1), (8, 0), (8, 1)]
    recipes = [recipe for _, _, recipe in saved.sweep.recipes()]
    assert [run.request.fingerprint for run in runs] == [
        run_fingerprint(recipe, tiny_dataset.digest) for recipe in recipes
    ]
    assert [run.request.recipe for run in runs] == recipes


def test_each_run_has_the_validation_part_of_its_own_recipe(
    tmp_path: Path, tiny_recipe: Recipe, tiny_dataset: Dataset
) -> None:
    sweep = Sweep(tiny_recipe, "validation_fraction", (0.1, 0.5))
    runs = save(tmp_path, sweep, DatasetFacts.of(tiny_dataset, 0.2)).runs()
    assert [(run.request.dataset.n_train, run.request.dataset.n_validation) for run in runs] == [(180, 20), (100, 100)]
    assert [run.request.dataset for run in runs] == [DatasetFacts.of(tiny_dataset, share) for share in (0.1, 0.5)]


def test_the_same_sweep_again_is_one_sweep_and_the_latest_comes_first(
    saved: SavedSweep, tmp_path: Path, tiny_recipe: Recipe
) -> None:
    folder = tmp_path / "sweeps"
    other = save(folder, Sweep(tiny_recipe, "phase2.epochs", (1, 2)), saved.dataset)
    again = save(folder, saved.sweep, saved.dataset)
    assert again.name == saved.name
    assert [one.name for one in saved_sweeps(folder)] == [saved.name, other.name]


def test_a_sweep_is_forgotten(saved: SavedSweep, tmp_path: Path) -> None:
    forget(tmp_path / "sweeps", saved.name)
    forget(tmp_path / "sweeps", saved.name)
    assert saved_sweeps(tmp_path / "sweeps") == []


def test_a_file_that_is_no_sweep_is_left_out(saved: SavedSweep, tmp_path: Path) -> None:
    folder = tmp_path / "sweeps"
    (folder / "broken.json").write_text("{")
    (folder / "other.json").write_text("[1]")
    text = (folder / f"{saved.name}.json").read_text()
    (folder / "axis.json").write_text(text.replace('"dense_units"', '"seed"', 1))
    assert saved_sweeps(folder) == [saved]
    assert (folder / "broken.json").exists()


def test_there_are_no_sweeps_before_the_first(tmp_path: Path) -> None:
    assert saved_sweeps(tmp_path / "none") == []


def test_a_sweep_that_cannot_be_is_refused_before_it_is_saved(tiny_recipe: Recipe) -> None:
    with pytest.raises(RecipeError):
        Sweep(tiny_recipe, "dense_units", (0,))

"""The plan and its making: what is worth most comes first, nothing is trained or shipped twice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.data.dataset import Dataset
from core.errors import RecipeError
from core.presets import PRESETS
from core.recipe import Recipe
from core.reference import making, trials
from core.reference.plan import CONTROLS, SHIPPED, SWEEPS, Part, PlannedRun, plan
from core.store import ReferenceRun, Run


def test_the_order_of_worth() -> None:
    names = [part.name for part in plan()]
    present = [name for name in SHIPPED if name in PRESETS]
    first = [*present, *SWEEPS, "controls"]
    assert names == [*first, *(f"{name}-seeds" for name in present), *SWEEPS, "controls"]
    assert [part.is_table for part in plan()][: len(present)] == [False] * len(present)


def test_sweeps_change_their_axis_alone() -> None:
    paper = PRESETS["paper"].recipe
    for part in plan():
        if part.axis:
            for run in part.runs:
                changed = {name for name in run.recipe.differences(paper) if name != "classifier_seed"}
                assert changed <= {f"architecture.{part.axis}", f"phase1.{part.axis}", f"phase2.{part.axis}"}


def test_one_autoencoder_serves_the_papers_sweeps() -> None:
    parts = [part for part in plan() if part.axis]
    assert {run.recipe.seed for part in parts for run in part.runs} == {0}
    assert {run.seed for part in parts for run in part.runs} == {0, 1, 2}


def test_controls_leave_a_step_out() -> None:
    (part, *_) = [part for part in plan() if part.name == "controls"]
    recipes = {run.label: run.recipe for run in part.runs}
    assert list(recipes) == list(CONTROLS)
    assert recipes["random encoder, frozen"].autoencoder.epochs == recipes["random encoder, frozen"].phase2.epochs == 0
    assert recipes["from scratch, phase 2 only"].phase1.epochs == 0


def test_fewer_seeds_make_fewer_runs() -> None:
    assert max(len(part.runs) for part in plan((7,)) if part.name.endswith("-seeds")) == 1
    assert {run.seed for part in plan((7,)) for run in part.runs} == {7}


def test_parts_are_chosen_by_name() -> None:
    parts = plan()
    assert making.chosen(parts, []) == parts
    assert [part.name for part in making.chosen(parts, ["controls", "paper"])] == ["paper", "controls", "controls"]
    with pytest.raises(RecipeError, match="expected a part of the plan"):
        making.chosen(parts, ["worst"])


@pytest.fixture
def parts(tiny_recipe: Recipe) -> tuple[Part, ...]:
    """A plan of two parts: a run with its networks, and a table that repeats it."""
    runs = (PlannedRun("paper", None, 0, tiny_recipe),)
    return Part("paper", "paper", runs, is_table=False), Part("paper-again", "paper", runs)


def test_runs_are_trained_and_shipped(
    tmp_path: Path, parts: tuple[Part, ...], tiny_run: Run, tiny_dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Recipe, str]] = []
    shipped: list[Path] = []
    said: list[str] = []

    def train(recipe: Recipe, preset: str) -> Run:
        asked.append((recipe, preset))
        return tiny_run

    ship: Callable[..., ReferenceRun] = making.ship
    monkeypatch.setattr(
        making, "ship", lambda run, target, dataset: (shipped.append(target), ship(run, target, dataset))
    )
    making.make(parts, tmp_path, tiny_dataset, train, lambda _: False, said.append)
    assert [preset for _, preset in asked] == ["paper", "paper"]
    assert said == ["paper: paper, seed 0", "paper-again: paper, seed 0"]
    assert making.is_shipped(tiny_run, tmp_path / "paper")
    assert trials.tables(tmp_path)["paper-again"].trials[0].run == tiny_run.fingerprint

    making.make(parts, tmp_path, tiny_dataset, train, lambda _: False, said.append)
    assert shipped == [tmp_path / "paper"]
    assert 0 < making.size_of(tmp_path).bytes < making.size_of(tmp_path).limit


def test_what_is_trained_already_comes_first_and_stands_in_its_place(
    tmp_path: Path, tiny_recipe: Recipe, tiny_run: Run, tiny_dataset: Dataset
) -> None:
    longer = tiny_recipe.changed({"phase1.epochs": 9})
    part = Part("tried", "paper", (PlannedRun("longer", None, 0, longer), PlannedRun("as it is", None, 0, tiny_recipe)))
    asked: list[Recipe] = []

    def train(recipe: Recipe, preset: str) -> Run:
        asked.append(recipe)
        return tiny_run

    said: list[str] = []
    making.make([part], tmp_path, tiny_dataset, train, lambda recipe: recipe == tiny_recipe, said.append)
    assert asked == [tiny_recipe, longer]
    assert [trial.label for trial in trials.tables(tmp_path)["tried"].trials] == ["longer", "as it is"]


def test_a_table_that_knows_more_is_left_as_it_is(tmp_path: Path, parts: tuple[Part, ...], tiny_run: Run) -> None:
    _, part = parts
    more = [trials.trial(tiny_run, "paper"), trials.trial(tiny_run, "paper", seed=1)]
    more[1] = type(more[1])(**{**vars(more[1]), "run": "another"})
    table = trials.TrialTable(part.name, part.runs[0].recipe, tiny_run.request.dataset, None, tuple(more))
    trials.write(tmp_path, table)
    making.write_table(part, [(part.runs[0], tiny_run)], tmp_path)
    assert len(trials.tables(tmp_path)[part.name].trials) == 2


def test_a_damaged_one_counts_as_not_shipped(tmp_path: Path, tiny_run: Run) -> None:
    assert not making.is_shipped(tiny_run, tmp_path / "nowhere")

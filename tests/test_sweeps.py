"""Sweeps name the right recipes, share one autoencoder where they can, and say what the results allow to say."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RecipeError
from core.recipe import Recipe
from core.store import Run
from core.sweeps import (
    ALIASES,
    Point,
    Spread,
    Sweep,
    parse_values,
    point,
    summarise,
    timed_stage,
)

NUMERIC = [s.name for s in Recipe().settings() if s.kind in (int, float) and "seed" not in s.name]


def made_point(value: int, validation_loss: float | None, seed: int = 0) -> Point:
    return Point(value, seed, 0.1, 0.9, validation_loss, None if validation_loss is None else 0.8, 2.0)


def test_a_sweep_names_each_value_with_each_seed() -> None:
    recipes = Sweep(Recipe(), "dense_units", (16, 32), (0, 1)).recipes()
    assert [(value, seed) for value, seed, _ in recipes] == [(16, 0), (16, 1), (32, 0), (32, 1)]
    assert [(r.architecture.dense_units, r.seed, r.classifier_seed) for _, _, r in recipes] == [
        (16, 0, 0),
        (16, 0, 1),
        (32, 0, 0),
        (32, 0, 1),
    ]


@pytest.mark.parametrize(("alias", "names"), ALIASES.items())
def test_an_alias_changes_all_its_settings_and_nothing_else(alias: str, names: tuple[str, ...]) -> None:
    [(_, _, recipe)] = Sweep(Recipe(), alias, (7,)).recipes()
    assert recipe.differences(Recipe()).keys() == set(names)
    assert all(here == 7 for here, _ in recipe.differences(Recipe()).values())


def test_an_axis_of_the_autoencoder_varies_the_seed_of_everything() -> None:
    base = Recipe().changed({"classifier_seed": 9})
    recipes = Sweep(base, "autoencoder.epochs", (2,), (4, 5)).recipes()
    assert [(seed, r.seed, r.classifier_seed) for _, seed, r in recipes] == [(4, 4, None), (5, 5, None)]


@pytest.mark.parametrize(("axis", "seed"), [("phase2.epochs", 9), ("autoencoder.epochs", 3)])
def test_without_seeds_a_sweep_keeps_the_recipes_own(axis: str, seed: int) -> None:
    base = Recipe().changed({"seed": 3, "classifier_seed": 9})
    [(_, found, recipe)] = Sweep(base, axis, (2,)).recipes()
    assert found == seed
    assert recipe == base.changed({axis: 2})


@pytest.mark.parametrize("axis", NUMERIC)
def test_seeds_share_one_autoencoder_exactly_where_values_do(axis: str) -> None:
    from core.pipeline import stage_folders

    low = {"norm_momentum": 0.5, "elastic_smoothness": 1.0, "kernel_size": 1}.get(axis.rpartition(".")[2], 0)
    first = {"learning_rate": 0.1, "dense_units": 1, "patience": 2, "batch_size": 1, "images": 1}
    value = first.get(axis.rpartition(".")[2], low)
    base = Recipe().changed({"phase2.patience": None})
    sweep = Sweep(base, axis, (value,), (1, 2))

    def autoencoder(recipe: Recipe) -> Path:
        return stage_folders(recipe, "digest", Path("stages"))[0].path

    own, swept = autoencoder(base), [autoencoder(recipe) for _, _, recipe in sweep.recipes()]
    assert (sweep.seed_setting == "classifier_seed") == (len({own, *swept}) == 1)


@pytest.mark.parametrize(
    ("axis", "values", "seeds", "message"),
    [
        ("dens_units", (1,), (), "did you mean dense_units?"),
        ("phase1.epoch", (1,), (), "did you mean phase1.epochs?"),
        ("zzz", (1,), (), "expected a dotted name or one of epochs, batch_size, dense_units"),
        ("seed", (1,), (), "name them as its seeds"),
        ("classifier_seed", (1,), (), "name them as its seeds"),
        ("phase1.optimizer", (1,), (), "expected a setting that is a number"),
        ("architecture.filters", (1,), (), "expected a setting that is a number"),
        ("dense_units", (), (), "at least one value"),
        ("dense_units", (8, 8), (), "values: expected each only once, got 8, 8"),
        ("dense_units", (8,), (1, 1), "seeds: expected each only once, got 1, 1"),
        ("dense_units", (8, 0), (), "architecture.dense_units: expected a whole number from 1 to 4096, got 0"),
        ("dense_units", (8,), (-1,), "classifier_seed: expected"),
        ("validation_fraction", (0.0,), (), "early stopping needs validation images"),
    ],
)
def test_an_impossible_sweep_is_refused_before_anything_is_trained(
    axis: str, values: tuple[float, ...], seeds: tuple[int, ...], message: str
) -> None:
    with pytest.raises(RecipeError) as refused:
        Sweep(Recipe(), axis, values, seeds)
    assert message in str(refused.value)


def test_typed_values_take_the_type_of_the_setting() -> None:
    assert parse_values(Recipe(), "epochs", ["1", " 20"]) == (1, 20)
    assert parse_values(Recipe(), "phase1.learning_rate", ["1e-3", "0.1"]) == (0.001, 0.1)
    assert parse_values(Recipe(), "phase2.patience", ["none", "3"]) == (None, 3)
    with pytest.raises(RecipeError, match="expected a whole number"):
        parse_values(Recipe(), "epochs", ["1.5"])


@pytest.mark.parametrize(
    ("axis", "stage"),
    [
        ("epochs", "phase2"),
        ("phase1.epochs", "phase1"),
        ("autoencoder.batch_size", "autoencoder"),
        ("dense_units", "phase2"),
        ("validation_fraction", "phase2"),
        ("augmentation.shift", "phase2"),
    ],
)
def test_seconds_are_compared_in_the_stage_that_the_axis_is_about(axis: str, stage: str) -> None:
    value = 1 if axis != "validation_fraction" else 0.1
    assert timed_stage(Sweep(Recipe(), axis, (value,))) == stage


def test_a_point_holds_what_its_run_holds(tiny_run: Run) -> None:
    found = point(8, 0, tiny_run, "phase2")
    last = tiny_run.history[-1]
    assert last.stage == "phase2"
    assert (found.value, found.seed) == (8, 0)
    assert (found.train_loss, found.train_accuracy) == (last.loss, last.accuracy)
    assert (found.validation_loss, found.validation_accuracy) == pytest.approx((last.val_loss, last.val_accuracy))
    assert found.seconds_per_epoch == last.seconds


def test_a_summary_gives_mean_and_range_over_the_seeds() -> None:
    summary = summarise([made_point(8, 0.5), made_point(8, 0.7, 1), made_point(16, 0.4), made_point(16, 0.6, 1)])
    assert [(row.value, row.n_seeds) for row in summary.rows] == [(8, 2), (16, 2)]
    assert summary.rows[0].validation_loss == Spread(pytest.approx(0.6), 0.5, 0.7)
    assert summary.rows[0].train_accuracy == Spread(0.9, 0.9, 0.9)


def test_the_best_value_has_the_lowest_mean_validation_loss() -> None:
    summary = summarise([made_point(8, 0.5), made_point(16, 0.3), made_point(32, 0.4)])
    assert summary.choice is not None
    assert summary.choice.best.value == 16
    assert summary.choice.runner_up is not None
    assert summary.choice.runner_up.value == 32


@pytest.mark.parametrize(
    ("losses", "within_noise"),
    [
        ({8: [0.1, 0.2], 16: [0.3, 0.4]}, False),
        ({8: [0.1, 0.3], 16: [0.2, 0.5]}, True),
        ({8: [0.1, 0.2], 16: [0.2, 0.4]}, True),
        ({8: [0.1], 16: [0.2]}, None),
        ({8: [0.1, 0.2]}, None),
    ],
)
def test_a_difference_counts_only_if_the_seeds_do_not_overlap(
    losses: dict[int, list[float]], within_noise: bool | None
) -> None:
    points = [made_point(value, loss, seed) for value, found in losses.items() for seed, loss in enumerate(found)]
    choice = summarise(points).choice
    assert choice is not None
    assert choice.best.value == 8
    assert choice.within_noise is within_noise


def test_without_validation_images_nothing_is_chosen() -> None:
    summary = summarise([made_point(8, None), made_point(16, 0.1)])
    assert summary.choice is None
    assert summary.rows[0].validation_loss is None


def test_a_figure_that_one_seed_lacks_has_no_spread() -> None:
    row = summarise([made_point(8, None), made_point(8, 0.1, 1)]).rows[0]
    assert row.validation_loss is None
    assert row.train_loss is not None


@given(st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.floats(0, 100)), min_size=1))
def test_whatever_the_points_the_best_mean_is_the_lowest(points: list[tuple[int, float]]) -> None:
    summary = summarise([made_point(value, loss, seed) for seed, (value, loss) in enumerate(points)])
    means = [row.validation_loss.mean for row in summary.rows if row.validation_loss]
    assert len(means) == len({value for value, _ in points})
    assert summary.choice is not None
    assert summary.choice.best.validation_loss is not None
    assert summary.choice.best.validation_loss.mean == min(means)
    for row in summary.rows:
        assert row.validation_loss is not None
        assert row.validation_loss.low <= row.validation_loss.mean * (1 + 1e-12)
        assert row.validation_loss.mean <= row.validation_loss.high * (1 + 1e-12)

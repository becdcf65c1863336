import itertools
from dataclasses import replace

import pytest

from core import cost
from core.cost import Speeds
from core.errors import DatasetError
from core.presets import PRESETS
from core.recipe import Recipe
from core.store import DatasetFacts, Run

MNIST = DatasetFacts("mnist", "0" * 64, "", tuple("0123456789"), (28, 28), 48_000, 12_000, 10_000)
NOTHING = Speeds({})


def test_before_any_run_it_guesses_from_a_table_and_says_so() -> None:
    paper = cost.estimate(Recipe(), MNIST, NOTHING)
    assert paper.is_guess
    assert 3 * 3600 < paper.total < 10 * 3600
    assert set(paper.seconds) == {"autoencoder", "codes", "phase1", "phase2", "evaluation"}
    express = cost.estimate(PRESETS["express"].recipe, MNIST, NOTHING)
    assert 60 < express.total < 600


def test_the_parts_add_up_in_order() -> None:
    estimate = cost.estimate(PRESETS["express"].recipe, MNIST, NOTHING)
    parts = list(estimate.seconds.items())
    for (stage, seconds), (following, _) in itertools.pairwise(parts):
        assert estimate.before(following) == pytest.approx(estimate.before(stage) + seconds)
        assert estimate.before(stage) + seconds + estimate.after(stage) == pytest.approx(estimate.total)


@pytest.mark.parametrize(
    ("changes", "factor"),
    [({"autoencoder.epochs": 80}, 2.0), ({"autoencoder.epochs": 0}, 0.0), ({"autoencoder.images": 100_000}, 1.0)],
)
def test_a_stage_costs_its_epochs(changes: dict[str, int], factor: float) -> None:
    base = cost.estimate(Recipe(), MNIST, NOTHING).seconds["autoencoder"]
    changed = cost.estimate(Recipe().changed(changes), MNIST, NOTHING).seconds["autoencoder"]
    assert changed == pytest.approx(factor * base)


def test_wider_networks_cost_more_and_fewer_images_less() -> None:
    base = cost.estimate(Recipe(), MNIST, NOTHING)
    wide = cost.estimate(Recipe().changed({"architecture.filters": "64,64/128/256,512"}), MNIST, NOTHING)
    assert wide.seconds["autoencoder"] == pytest.approx(4 * base.seconds["autoencoder"], rel=0.05)
    few = cost.estimate(Recipe().changed({"phase2.images": 4_800}), MNIST, NOTHING)
    assert few.seconds["phase2"] < 0.25 * base.seconds["phase2"]  # validation stays


def test_a_phase_that_is_skipped_needs_no_codes_and_makes_no_guess(tiny_run: Run) -> None:
    speeds = Speeds({"autoencoder": cost.measure([tiny_run]).measured["autoencoder"]})
    recipe = tiny_run.request.recipe.changed({"phase1.epochs": 0, "phase2.epochs": 0})
    estimate = cost.estimate(recipe, MNIST, speeds)
    assert estimate.seconds["codes"] == estimate.seconds["phase1"] == estimate.seconds["phase2"] == 0.0
    assert not estimate.is_guess


def test_a_tiny_network_says_nothing_of_a_large_one(tiny_run: Run) -> None:
    estimate = cost.estimate(Recipe(), MNIST, cost.measure([tiny_run]))
    assert estimate == cost.estimate(Recipe(), MNIST, Speeds({}))
    assert estimate.is_guess


def test_what_was_measured_here_is_what_the_same_recipe_is_said_to_take(tiny_run: Run) -> None:
    speeds = cost.measure([tiny_run])
    request = tiny_run.request
    estimate = cost.estimate(request.recipe, request.dataset, speeds)
    seconds = {record.stage: record.seconds for record in tiny_run.history}
    assert estimate.seconds["autoencoder"] == pytest.approx(seconds["autoencoder"], rel=0.01)
    assert estimate.seconds["phase2"] == pytest.approx(seconds["phase2"], rel=0.01)
    assert "phase1" not in speeds.measured  # its only epoch is the one that also made the codes


def test_runs_of_other_machines_say_nothing_of_this_one(tiny_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "processor", lambda: "another processor")
    assert cost.measure([tiny_run]) == NOTHING


def test_the_most_similar_training_is_believed() -> None:
    small = cost.Speed(multiplications=10_000, batch_size=64, rate=1e8)
    large = cost.Speed(multiplications=90_000_000, batch_size=64, rate=1e10)
    speeds = Speeds({"autoencoder": (small, large)})
    paper = Recipe().changed({"phase1.epochs": 0, "phase2.epochs": 0})
    tiny = paper.changed({"architecture.filters": "1/1"})
    assert cost.estimate(paper, MNIST, speeds).seconds["autoencoder"] == pytest.approx(
        cost.estimate(paper, MNIST, Speeds({"autoencoder": (large,)})).seconds["autoencoder"]
    )
    assert cost.estimate(tiny, MNIST, speeds).seconds["autoencoder"] == pytest.approx(
        cost.estimate(tiny, MNIST, Speeds({"autoencoder": (small,)})).seconds["autoencoder"]
    )


def test_images_that_the_network_cannot_take_are_refused() -> None:
    with pytest.raises(DatasetError, match="27x28 pixels"):
        cost.estimate(Recipe(), replace(MNIST, image_shape=(27, 28)), NOTHING)

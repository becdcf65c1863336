"""What several runs cost together: what they share, and what is on disk already, is paid for once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.cost import FINISH_SECONDS, START_SECONDS, Cost, Speeds, estimate, estimate_all
from core.data.dataset import Dataset
from core.recipe import Recipe
from core.stages import stage_names
from core.store import RunRequest

Ask = Callable[..., RunRequest]
NOTHING = Speeds({})


@pytest.fixture
def ask(tiny_recipe: Recipe, tiny_dataset: Dataset) -> Ask:
    def asked(**changes: object) -> RunRequest:
        dotted = {name.replace("__", "."): value for name, value in changes.items()}
        return RunRequest.of(tiny_recipe.changed(dotted), tiny_dataset, None)

    return asked


def alone(request: RunRequest) -> Cost:
    return estimate(request.recipe, request.dataset, NOTHING)


def test_one_run_costs_what_it_costs_alone(ask: Ask, tmp_path: Path) -> None:
    found = estimate_all([ask()], NOTHING, tmp_path)
    assert dict(found.seconds) == pytest.approx(dict(alone(ask()).seconds))
    assert found.total == pytest.approx(alone(ask()).total)
    assert found.is_guess


def test_none_cost_nothing(tmp_path: Path) -> None:
    assert estimate_all([], NOTHING, tmp_path) == Cost({}, False, 0)
    assert estimate_all([], NOTHING, tmp_path).total == 0


def test_seeds_of_the_classifier_share_one_autoencoder_and_its_codes(ask: Ask, tmp_path: Path) -> None:
    one, two = ask(classifier_seed=1), ask(classifier_seed=2)
    together, single = estimate_all([one, two], NOTHING, tmp_path), alone(one)
    assert together.seconds["autoencoder"] == pytest.approx(single.seconds["autoencoder"])
    assert together.seconds["codes"] == pytest.approx(single.seconds["codes"])
    assert together.seconds["phase2"] == pytest.approx(2 * single.seconds["phase2"])
    assert together.seconds["evaluation"] == pytest.approx(2 * single.seconds["evaluation"])
    assert together.total == pytest.approx(sum(together.seconds.values()) + 2 * (START_SECONDS + FINISH_SECONDS))


def test_seeds_of_everything_share_nothing(ask: Ask, tmp_path: Path) -> None:
    together = estimate_all([ask(seed=1), ask(seed=2)], NOTHING, tmp_path)
    assert together.seconds["autoencoder"] == pytest.approx(2 * alone(ask()).seconds["autoencoder"])


def test_a_longer_training_goes_on_from_a_shorter_one(ask: Ask, tmp_path: Path) -> None:
    together = estimate_all([ask(phase2__epochs=2), ask(phase2__epochs=6)], NOTHING, tmp_path)
    assert together.seconds["phase2"] == pytest.approx(alone(ask(phase2__epochs=6)).seconds["phase2"])


def test_what_is_finished_on_disk_costs_nothing(ask: Ask, tmp_path: Path) -> None:
    request = ask(phase2__epochs=4)
    names = stage_names(request.recipe, request.dataset.digest)
    for name, epochs in ((names.autoencoder, 1), (names.phase1, 1), (names.phase2, 1)):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"epoch-{epochs:04d}.npz").touch()
    (tmp_path / names.codes).mkdir()
    found, single = estimate_all([request], NOTHING, tmp_path), alone(request)
    assert found.seconds["autoencoder"] == found.seconds["codes"] == found.seconds["phase1"] == 0
    assert found.seconds["phase2"] == pytest.approx(0.75 * single.seconds["phase2"])


def test_a_skipped_stage_costs_nothing(ask: Ask, tmp_path: Path) -> None:
    assert estimate_all([ask(phase1__epochs=0)], NOTHING, tmp_path).seconds["phase1"] == 0

from core.model_card import model_card
from core.store import Run


def test_the_card_says_what_it_is_and_how_good(tiny_run: Run) -> None:
    card = " ".join(model_card(tiny_run).split())
    report, environment = tiny_run.metrics.test, tiny_run.environment
    assert card.startswith("# A classifier of strokes images ")
    assert tiny_run.fingerprint in card
    assert f"{report.accuracy:.2%}: {report.incorrect} of 50 wrong" in card
    assert "160 images to train, 40 to validate, 50 to test" in card
    assert "one run with seed 0" in card
    assert environment["processor"] in card
    assert "`(n, 12, 12, 1)` of float32 in [0, 1]" in card
    assert "upright, level, slanting." in card
    assert "settings of its own" in card


def test_the_card_keeps_this_machine_s_folders_to_itself(tiny_run: Run) -> None:
    assert str(tiny_run.path.parents[1]) not in model_card(tiny_run)

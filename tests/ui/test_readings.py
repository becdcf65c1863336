import numpy as np
import pytest

from core.store import Run
from ui import readings


def test_names_are_cut_to_what_fits() -> None:
    assert readings.short("slanting") == "slanting"
    assert readings.short("slanting to the right") == "slanting…"


def test_words_and_tiles_say_what_an_image_is_and_what_it_was_read_as(
    tiny_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    probabilities = np.full((50, 3), 0.2)
    probabilities[:, 1] = 0.6
    changed = type(tiny_run.predictions)(**(vars(tiny_run.predictions) | {"test_probabilities": probabilities}))
    run = Run(tiny_run.path)
    monkeypatch.setitem(vars(run), "predictions", changed)
    readings.loading._outcomes.clear()
    assert readings.words(run, 1) == "level, read rightly"
    assert readings.words(run, 2) == "slanting, read as level"
    assert readings.tile(run, 2) == readings.Tile(
        "Test image 2: slanting, read as level, with 60.00% confidence", "slanting → level", "bad"
    )
    assert readings.tile(run, 1).caption == "level"
    columns = readings.columns(run, np.array([2, 1]))
    assert columns["test_image"] == [2, 1]
    assert columns["predicted_class"] == ["level", "level"]
    assert columns["loss"] == pytest.approx([-np.log(0.2), -np.log(0.6)])
    assert columns["label_doubted"] == [False, False]
    readings.loading._outcomes.clear()

import numpy as np

from core import tables
from core.recipe import Recipe
from core.store import Run


def test_answers_name_every_test_image_with_what_was_read(tiny_run: Run) -> None:
    report = tiny_run.metrics.test
    table = tables.answers(tiny_run)

    assert {len(column) for column in table.values()} == {report.n_images}
    assert list(table["image"]) == list(range(report.n_images))
    assert sum(table["right"]) == report.correct
    assert np.mean(table["loss"]) == report.loss
    wrong = [image for image, right in zip(table["image"], table["right"], strict=True) if not right]
    assert tuple(wrong[:9]) == report.first_incorrect
    assert all(table["true class"][image] != table["read as"][image] for image in wrong)
    np.testing.assert_allclose(
        sum(np.asarray(table[f"probability of {name}"]) for name in ("upright", "level", "slanting")), 1, atol=1e-5
    )


def test_scores_and_confusion_are_those_of_the_report(tiny_run: Run) -> None:
    report = tiny_run.metrics.test
    scores = tables.class_scores(report)
    assert scores["class"] == ["upright", "level", "slanting", "Macro avg", "Weighted avg"]
    assert scores["recall"][:3] == [one.recall for one in report.classes]
    assert scores["support"] == [17, 17, 16, 50, 50]
    confusion = tables.confusion(report)
    assert list(confusion) == ["true class", "read as upright", "read as level", "read as slanting"]
    assert confusion["true class"] == ["upright", "level", "slanting"]
    assert tuple(column[1] for column in list(confusion.values())[1:]) == report.confusion[1]


def test_settings_stand_beside_the_paper_s() -> None:
    table = tables.settings(Recipe().changed({"phase1.epochs": 7}))
    rows = dict(zip(table["setting"], zip(table["value"], table["paper"], strict=True), strict=True))
    assert rows["phase1.epochs"] == ("7", "100")
    assert rows["architecture.filters"] == ("32,32/64/128,256",) * 2
    assert rows["phase1.patience"] == ("none", "none")

from core import paper


def test_its_figures_agree_with_each_other() -> None:
    assert paper.CORRECT + paper.INCORRECT == sum(scores.support for scores in paper.CLASSES) == 10_000
    assert paper.CORRECT / 10_000 == paper.TEST_ACCURACY
    assert round(sum(scores.f1 for scores in paper.CLASSES) / 10, 2) == paper.MACRO_AVERAGE.f1

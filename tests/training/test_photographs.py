import numpy as np
import pytest

from core.training.photographs import DIGITS, PATH, SYMBOLS, draw_photographed


@pytest.mark.parametrize("name", DIGITS + SYMBOLS)
def test_a_character_stands_as_mnists_do_and_is_met_in_many_hands(name: str) -> None:
    generator = np.random.default_rng(0)
    images = [draw_photographed(name, (28, 28), generator) for _ in range(60)]
    for image in images:
        assert image is not None
        assert (image.shape, image.dtype) == ((28, 28), np.uint8)
        assert image.max() > 150
        rows, columns = (np.flatnonzero((image > 60).any(axis=axis)) for axis in (1, 0))
        assert 17 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 22
    assert len({image.tobytes() for image in images if image is not None}) > 20


def test_all_digits_are_met_equally_often_and_the_licence_stands_beside_them() -> None:
    with np.load(PATH) as file:
        names, counts = np.unique(file["characters"], return_counts=True)
    assert set(names.tolist()) == set(DIGITS + SYMBOLS)
    assert set(counts[np.isin(names, list(DIGITS))].tolist()) == {100}
    assert "Permission is hereby granted, free of charge" in PATH.with_suffix(".md").read_text()


def test_characters_come_in_any_size_and_others_not_at_all() -> None:
    image = draw_photographed("7", (16, 24), np.random.default_rng(0))
    assert image is not None
    assert image.shape == (16, 24)
    assert draw_photographed("zero", (28, 28), np.random.default_rng(0)) is None

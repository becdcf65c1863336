import pytest

from ui.tables import csv_of


def test_csv_has_a_line_of_names_and_a_row_for_each_entry() -> None:
    assert csv_of({"name": ["a,b", "č"], "loss": [0.5, None]}).decode() == 'name,loss\n"a,b",0.5\nč,\n'


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        csv_of({"x": [1], "y": [1, 2]})

from pathlib import Path

import pytest

from core.store import labels
from core.store.labels import Labels


def test_there_are_none_before_the_first(tmp_path: Path) -> None:
    assert labels.read(tmp_path / "none") == Labels()


def test_a_star_moves_and_goes(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    labels.star(runs, "aa")
    labels.star(runs, "bb")
    assert labels.read(runs).starred == "bb"
    labels.star(runs, None)
    assert labels.read(runs).starred is None


def test_names_are_given_tidied_and_taken_away(tmp_path: Path) -> None:
    labels.rename(tmp_path, "aa", "  the \n first  ")
    labels.rename(tmp_path, "bb", "x" * 200)
    labels.star(tmp_path, "aa")
    assert labels.read(tmp_path) == Labels("aa", {"aa": "the first", "bb": "x" * 80})
    labels.rename(tmp_path, "aa", " ")
    assert labels.read(tmp_path) == Labels("aa", {"bb": "x" * 80})


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"starred": null, "names": []}'])
def test_a_file_that_cannot_be_read_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "labels.json").write_text(text)
    assert labels.read(tmp_path) == Labels()
    labels.rename(tmp_path, "aa", "again")
    assert labels.read(tmp_path).names == {"aa": "again"}

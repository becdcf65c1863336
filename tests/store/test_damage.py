"""A folder damaged by hand is reported and skipped, and never deleted."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import RunDamagedError
from core.store import Run, RunStore
from core.store.run import FILES


def contents(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


def assert_reported(store: RunStore, run: Run, *words: str) -> None:
    """The run is skipped, named with what is wrong, and left as it is; its neighbour is not touched by it."""
    neighbour = store.folder / "neighbour"
    if not neighbour.exists():
        raise AssertionError("make the neighbour before the damage")
    before = contents(run.path)
    assert [found.path for found in store.runs()] == [neighbour]
    (report,) = (str(error) for error in store.damaged())
    for word in (run.fingerprint, str(run.path), *words):
        assert word in report
    for read in (lambda: store.get(run.fingerprint), lambda: store.find(run.fingerprint)):
        with pytest.raises(RunDamagedError):
            read()
    assert contents(run.path) == before


@pytest.fixture
def run_and_neighbour(store: RunStore, run: Run) -> Run:
    shutil.copytree(run.path, store.folder / "neighbour")
    return run


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file(store: RunStore, run_and_neighbour: Run, name: str) -> None:
    (run_and_neighbour.path / name).unlink()
    assert_reported(store, run_and_neighbour, name, "missing", "train again")


@pytest.mark.parametrize("name", FILES)
def test_a_folder_in_place_of_a_file(store: RunStore, run_and_neighbour: Run, name: str) -> None:
    (run_and_neighbour.path / name).unlink()
    (run_and_neighbour.path / name).mkdir()
    neighbour_only = [found.path.name for found in store.runs()]
    assert neighbour_only == ["neighbour"]
    assert name in str(store.damaged()[0])


def test_an_empty_folder(store: RunStore, run_and_neighbour: Run) -> None:
    for file in run_and_neighbour.path.iterdir():
        file.unlink()
    assert_reported(store, run_and_neighbour)


READ_AT_ONCE = ["recipe.json", "metrics.json", "environment.json", "history.csv"]


@pytest.mark.parametrize("name", READ_AT_ONCE)
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-4],
        lambda data: b"\xff\xfe" + data,
        lambda data: b"\x00" * len(data),
    ],
    ids=["empty", "half", "end", "encoding", "zeros"],
)
def test_a_file_that_cannot_be_read(
    store: RunStore, run_and_neighbour: Run, name: str, damage: Callable[[bytes], bytes]
) -> None:
    path = run_and_neighbour.path / name
    path.write_bytes(damage(path.read_bytes()))
    assert_reported(store, run_and_neighbour, name, "cannot be read", "train again")


@pytest.mark.parametrize("name", ["recipe.json", "metrics.json", "environment.json"])
@pytest.mark.parametrize("text", ["null", "5", '"text"', "[]", "[1]", "{}", "true", "[" * 100_000], ids=lambda t: t[:6])
def test_json_of_another_shape(store: RunStore, run_and_neighbour: Run, name: str, text: str) -> None:
    (run_and_neighbour.path / name).write_text(text)
    assert_reported(store, run_and_neighbour, name)


WRONG: list[tuple[str, list[str], Any]] = [
    ("recipe.json", ["fingerprint"], 5),
    ("recipe.json", ["preset"], ["paper"]),
    ("recipe.json", ["recipe"], None),
    ("recipe.json", ["recipe", "seed"], "0"),
    ("recipe.json", ["recipe", "phase1", "epochs"], -1),
    ("recipe.json", ["recipe", "phase1", "epoch"], 1),
    ("recipe.json", ["dataset"], None),
    ("recipe.json", ["dataset", "n_train"], "many"),
    ("recipe.json", ["dataset", "class_names"], "012"),
    ("recipe.json", ["dataset", "class_names"], [0, 1, 2]),
    ("recipe.json", ["dataset", "image_shape"], [12]),
    ("recipe.json", ["dataset", "image_shape"], [12.5, 12]),
    ("recipe.json", ["dataset", "colour"], "grey"),
    ("metrics.json", ["test"], None),
    ("metrics.json", ["test", "accuracy"], "high"),
    ("metrics.json", ["test", "correct"], 10**6),
    ("metrics.json", ["test", "classes"], {}),
    ("metrics.json", ["test", "confusion"], [["a"]]),
    ("metrics.json", ["test", "calibration"], []),
    ("metrics.json", ["validation", "loss"], None),
    ("metrics.json", ["phase1_test"], 0.9),
    ("metrics.json", ["reconstruction_error"], "small"),
    ("metrics.json", ["stages"], []),
    ("metrics.json", ["stages", "phase1"], 3),
    ("metrics.json", ["stages", "phase1", "epochs"], True),
    ("metrics.json", ["stages", "phase1", "largest_change"], [0.5]),
    ("environment.json", ["finished"], None),
    ("environment.json", ["finished"], 1700000000),
    ("environment.json", ["finished"], "yesterday"),
]


@pytest.mark.parametrize(("name", "keys", "value"), WRONG, ids=str)
def test_a_value_of_another_type(
    store: RunStore, run_and_neighbour: Run, name: str, keys: list[str], value: Any
) -> None:
    path = run_and_neighbour.path / name
    values = inner = json.loads(path.read_text())
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    path.write_text(json.dumps(values))
    assert_reported(store, run_and_neighbour, name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("phase1,1,", "phase1,one,"),
        ("loss", "less"),
        ("epoch,", ""),
        ("\nphase1", "\nphase1,,,"),
        ("\nphase2,1,", "\nphase1,2,"),
    ],
)
def test_a_history_of_another_shape(store: RunStore, run_and_neighbour: Run, old: str, new: str) -> None:
    path = run_and_neighbour.path / "history.csv"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    assert_reported(store, run_and_neighbour, "history.csv")


def test_every_missing_field_is_told(store: RunStore, run_and_neighbour: Run) -> None:
    for name in ("recipe.json", "metrics.json"):
        path = run_and_neighbour.path / name
        whole = json.loads(path.read_text())
        for key in whole:
            path.write_text(json.dumps({k: v for k, v in whole.items() if k != key}))
            with pytest.raises(RunDamagedError, match=key):
                Run(run_and_neighbour.path).check()
        path.write_text(json.dumps(whole))
    assert len(store.runs()) == 2


@pytest.mark.parametrize("part", ["predictions", "codes"])
def test_arrays_that_cannot_be_read(run: Run, part: str) -> None:
    path, chance = run.path / f"{part}.npz", random.Random(0)
    whole = path.read_bytes()
    expected = vars(getattr(Run(run.path), part))

    def read() -> dict[str, np.ndarray]:
        return vars(getattr(Run(run.path), part))

    for length in [0, 1, 22, *chance.sample(range(len(whole)), 20)]:
        path.write_bytes(whole[:length])
        with pytest.raises(RunDamagedError, match=rf"{part}\.npz .* cannot be read"):
            read()
    for position in chance.sample(range(len(whole)), 60):
        damaged = bytearray(whole)
        damaged[position] ^= chance.randrange(1, 256)
        path.write_bytes(damaged)
        try:
            found = read()
        except RunDamagedError:
            continue
        for name, array in expected.items():  # a date in the archive, or the like
            np.testing.assert_array_equal(found[name], array)


def test_arrays_are_never_unpickled(run: Run) -> None:
    path = run.path / "predictions.npz"
    arrays = dict(np.load(path))
    np.savez(path, **{**arrays, "test_labels": np.array([object()])})
    with pytest.raises(RunDamagedError, match="allow_pickle"):
        _ = run.predictions


@pytest.mark.parametrize("name", ["test_labels", "validation_probabilities"])
def test_arrays_that_lack_one_are_damaged(run: Run, name: str) -> None:
    path = run.path / "predictions.npz"
    arrays = dict(np.load(path))
    del arrays[name]
    np.savez(path, **arrays)
    with pytest.raises(RunDamagedError, match=name):
        _ = run.predictions


def test_a_run_without_the_optional_files_is_whole(store: RunStore, run: Run) -> None:
    for path in (run.onnx_path, run.autoencoder_onnx_path, run.path / "codes.npz"):
        path.unlink()
    assert [found.path for found in store.runs()] == [run.path]
    assert Run(run.path).codes is None

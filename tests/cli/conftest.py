"""The command line called in this process, in a home with the tiny dataset and its run."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.recipe import Recipe, format_value
from core.settings import HOME_VARIABLE, Settings
from core.store import Run


def as_read(values: Any) -> Any:
    """Values as they come out of JSON: lists for tuples."""
    return json.loads(json.dumps(values))


@dataclass(frozen=True)
class Answer:
    """What a command gave."""

    code: int
    out: str
    err: str

    @property
    def values(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Answer]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs one command line."""
    monkeypatch.delenv("COLUMNS", raising=False)

    def run(*words: object) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        return Answer(code, *capsys.readouterr())

    return run


@pytest.fixture
def empty_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The command line's home, with nothing in it."""
    monkeypatch.setenv(HOME_VARIABLE, str(settings.home))
    return settings


@pytest.fixture
def home(empty_home: Settings, tiny_settings: Settings, tiny_run: Run) -> Settings:
    """The command line's home: a copy of the one that has the dataset "strokes" and `tiny_run`."""
    shutil.copytree(tiny_settings.home, empty_home.home)
    return empty_home


@pytest.fixture
def run_folder(home: Settings, tiny_run: Run) -> Path:
    """The copy of `tiny_run` in `home`."""
    return home.runs / tiny_run.fingerprint


@pytest.fixture(scope="session")
def tiny_options(tiny_recipe: Recipe) -> list[str]:
    """The options that make `train` and `sweep` use `tiny_recipe` on "strokes"."""
    changes = tiny_recipe.differences(Recipe())
    options = [word for name, (value, _) in changes.items() for word in ("--set", f"{name}={format_value(value)}")]
    return ["--preset", "paper", "--dataset", "strokes", *options]

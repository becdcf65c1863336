"""Where the command line writes, and its tables: results on stdout, progress and problems on stderr.

With `--json` stdout carries one JSON object and nothing else. Colours and moving bars are for terminals only.
"""

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

_WIDTH_OF_FILES = 160
"""Columns of output that goes to a file or another program, so that lines stay whole."""


class Screen:
    """One command's output."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self._out = _console(stderr=False)
        self.progress = _console(stderr=True)

    @property
    def moves(self) -> bool:
        """Whether progress may redraw lines: stderr is a terminal."""
        return self.progress.is_terminal

    def say(self, text: str = "", style: str = "") -> None:
        """A line for people, on stdout; wrapped between words on a terminal, and whole anywhere else."""
        if not self.as_json:
            self._out.print(Text(text, style), soft_wrap=not self._out.is_terminal)

    def show(self, what: RenderableType) -> None:
        """A table or anything else that rich draws, for people."""
        if not self.as_json:
            self._out.print(what)

    def heading(self, text: str) -> None:
        """A heading, with an empty line above."""
        self.say()
        self.say(text, "bold")

    def json(self, values: dict[str, Any]) -> None:
        """The result for machines; nothing without `--json`."""
        if self.as_json:
            sys.stdout.write(json.dumps(values, indent=2) + "\n")

    def json_line(self, values: dict[str, Any]) -> None:
        """One of many results for machines, on a line of its own and at once; nothing without `--json`."""
        if self.as_json:
            sys.stdout.write(json.dumps(values) + "\n")

    def note(self, text: str) -> None:
        """A line of progress, on stderr."""
        self.progress.print(Text(text), soft_wrap=not self.moves)

    def prompt(self, text: str) -> None:
        """A question, on stderr; the answer is typed behind it."""
        self.progress.print(Text(text), end="", soft_wrap=True)

    @contextlib.contextmanager
    def busy(self, text: str) -> Iterator[None]:
        """Something moves on a terminal while the block takes its time."""
        if not self.moves:
            yield
            return
        with self.progress.status(text):
            yield

    def problem(self, text: str, label: str = "Error: ") -> None:
        """What went wrong, on stderr, always on one line."""
        self.progress.print(Text.assemble((label, "bold red"), " ".join(text.split())), soft_wrap=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    wide = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(stderr=stderr, highlight=False, width=_WIDTH_OF_FILES if wide else None)


def table(*columns: str, numbers: Sequence[str] = ()) -> Table:
    """A table without lines: a dim head, two spaces between columns. numbers: the columns that align to the right."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    return made


def facts(*pairs: tuple[str, str]) -> Table:
    """Labels and what they are, one below the other."""
    grid = Table.grid(padding=(0, 3, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in pairs:
        grid.add_row(label, Text(value))
    return grid


def clock(seconds: float) -> str:
    """0:41, 3:12, 1:02:03."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02d}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"

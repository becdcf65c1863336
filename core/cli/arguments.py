"""Words on the command line: the parser, the options that several commands share, and the list of settings.

A usage error is one line, like every other problem.
"""

import argparse
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from core.cli.screen import Screen
from core.errors import DigitLabError
from core.presets import PRESETS, preset
from core.recipe import Recipe, Setting, format_value
from core.settings import Settings

Run = Callable[[argparse.Namespace, Screen, Settings], int]
"""What a command does: its options, where it writes, where the files are -> exit code."""

_WIDEST = 100


class UsageError(DigitLabError):
    """The words on the command line do not form a command."""


def width() -> int:
    """Columns for help texts: those of the terminal, but no wider than one likes to read."""
    return min(_WIDEST, shutil.get_terminal_size().columns)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=width())

    def _format_action(self, action: argparse.Action) -> str:
        text = super()._format_action(action)
        if isinstance(action, argparse._SubParsersAction):
            # The placeholder COMMAND on a line of its own says nothing, and the commands need no deeper indent.
            text = textwrap.indent(textwrap.dedent(text.partition("\n")[2]), "  ")
        return text


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError instead of ending the program, and takes no abbreviations."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Formatter, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Raises UsageError with argparse's words."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}; `{self.prog} --help` explains.")


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
"""Where the commands' parsers are added; it can be indexed in annotations only."""


def add_command(
    commands: Commands,
    name: str,
    run: Run,
    summary: str,
    *,
    description: str = "",
    epilog: str | None = None,
    resumable: bool = False,
) -> Parser:
    """A command's parser. resumable: whether the command may be interrupted and given again."""
    paragraphs = (f"{summary[:1].upper()}{summary[1:]}.", description)
    text = "\n\n".join(textwrap.fill(paragraph, width()) for paragraph in paragraphs if paragraph)
    parser = commands.add_parser(name, help=summary, description=text, epilog=epilog)
    parser.set_defaults(run=run, resumable=resumable)
    return parser


def add_dataset_options(parser: Parser, default: str) -> None:
    """`--dataset` and `--data-dir`. default: what is used without them, for the help text."""
    parser.add_argument("--dataset", metavar="NAME", help=f"a dataset that `datasets` lists (default: {default})")
    parser.add_argument("--data-dir", metavar="FOLDER", type=Path, help="a folder with four IDX files, raw or .gz")


def add_recipe_options(parser: Parser) -> None:
    """`--preset` and `--set`."""
    parser.add_argument("--preset", metavar="NAME", default="express", help="settings to begin with (default: express)")
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        dest="changes",
        action="append",
        default=[],
        help="change one setting; may be given often",
    )


def recipe_of(options: argparse.Namespace, n_images: int) -> Recipe:
    """The recipe that `--preset` and `--set` describe for so many training images. Raises UsageError or RecipeError."""
    changes = {}
    for words in options.changes:
        name, equals, value = words.partition("=")
        if not equals:
            raise UsageError(f"--set: expected name=value, like phase1.epochs=20, got {words!r}.")
        changes[name.strip()] = value
    return preset(options.preset).recipe_for(n_images).changed(changes)


def whole_numbers(option: str, text: str) -> tuple[int, ...]:
    """Numbers between commas. Raises UsageError that names the option."""
    try:
        return tuple(int(word) for word in text.split(","))
    except ValueError:
        raise UsageError(f"{option}: expected whole numbers with commas between, like 0,1,2, got {text!r}.") from None


def presets_text() -> str:
    """The presets and what each is for, as a part of a help text."""
    heading = "presets (all but paper train more epochs on datasets smaller than MNIST):"
    return "\n".join([heading, *(_entry(one.name, one.purpose, 12) for one in PRESETS.values())])


def settings_text(recipe: Recipe) -> str:
    """Every setting as `name=value` with its description and range, as a part of a help text.

    A description that was given already, for another stage, is not repeated.
    """
    lines, told = ["settings (--set NAME=VALUE; the values shown are the paper's):"], set()
    section = None
    for setting in recipe.settings():
        if setting.name.rpartition(".")[0] != section:
            section = setting.name.rpartition(".")[0]
            lines.append("")
        text = f"{setting.description} {_allowed(setting)}".strip()
        lines.append(_entry(f"{setting.name}={format_value(setting.value)}", "" if text in told else text, 36))
        told.add(text)
    return "\n".join(lines)


def _allowed(setting: Setting) -> str:
    if setting.choices is not None:
        return f"({', '.join(setting.choices)})"
    if setting.low is None or setting.high is None:
        return ""
    return f"({setting.low:g} to {setting.high:g})" if setting.high < 1e6 else f"({setting.low:g} and up)"


def _entry(name: str, text: str, column: int) -> str:
    """A name and, from that column on, its text, in the layout that argparse gives to options."""
    lines = textwrap.wrap(text, max(20, width() - column))
    head = f"  {name}"
    if lines and len(head) < column:
        head = f"{head:<{column}}{lines.pop(0)}"
    return "\n".join([head, *(" " * column + line for line in lines)])

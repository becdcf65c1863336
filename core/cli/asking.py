"""The paper's step 5: "Ask from user to give the training parameters or use the defined ones"."""

import sys

from core.cli.arguments import UsageError
from core.cli.screen import Screen
from core.errors import RecipeError
from core.recipe import Recipe, Setting, format_value

ASKED = (
    "architecture.filters",
    "architecture.kernel_size",
    "autoencoder.epochs",
    "autoencoder.batch_size",
    "architecture.dense_units",
    "phase1.epochs",
    "phase1.batch_size",
    "phase2.epochs",
    "phase2.batch_size",
)
"""The parameters that the paper gives, in its order."""


def ask(recipe: Recipe, screen: Screen) -> Recipe:
    """The recipe with the values that the person in front of the screen types.

    An empty answer keeps a value; a wrong one is explained and asked again. Raises UsageError when the input ends.
    """
    screen.note("Enter keeps the value in brackets.")
    for name in ASKED:
        recipe = _ask_one(recipe, name, screen)
    screen.note("")
    return recipe


def _ask_one(recipe: Recipe, name: str, screen: Screen) -> Recipe:
    setting = next(setting for setting in recipe.settings() if setting.name == name)
    while True:
        answer = _answer(setting, screen)
        if not answer:
            return recipe
        try:
            return recipe.changed({name: answer})
        except RecipeError as error:
            screen.note(f"  {error}")


def _answer(setting: Setting, screen: Screen) -> str:
    screen.prompt(f"{setting.name} [{format_value(setting.value)}]: ")
    line = sys.stdin.readline()
    if not line:
        screen.note("")
        raise UsageError(f"--ask: expected an answer for {setting.name}, but the input ended.")
    return line.strip()

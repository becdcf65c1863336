"""`train`: from a preset and changes to a finished run, trained now or found in the store."""

import argparse

from core.cli.arguments import (
    Commands,
    Parser,
    add_command,
    add_dataset_options,
    add_recipe_options,
    presets_text,
    recipe_of,
    settings_text,
)
from core.cli.asking import ask
from core.cli.datasets import Chosen, choose, describe
from core.cli.loading import networks_loaded
from core.cli.progress import watching
from core.cli.results import epochs_text, recipe_text, show_place, show_report
from core.cli.screen import Screen, facts
from core.data.dataset import Dataset
from core.presets import MNIST_IMAGES
from core.recipe import Recipe, run_fingerprint
from core.settings import Settings
from core.store import Run, RunStore
from core.wording import moment


def add_to(commands: Commands) -> Parser:
    """The command `train`."""
    parser = add_command(
        commands,
        "train",
        _train,
        "train a classifier, or show the run if these settings were trained before",
        description="Trains the autoencoder, the classifier on the frozen encoder (phase 1) and the whole classifier "
        "(phase 2), evaluates it on the test images and keeps it as a run. Ctrl-C stops it; the same command resumes.",
        epilog=f"{presets_text()}\n\n{settings_text(Recipe())}",
        resumable=True,
    )
    add_recipe_options(parser)
    add_dataset_options(parser, "mnist where its files are there, else the built-in mnist-5k")
    parser.add_argument("--ask", action="store_true", help="ask for the paper's parameters, with their values now")
    return parser


def finished(recipe: Recipe, dataset: Dataset, settings: Settings) -> Run | None:
    """The run of this recipe that is in the store, if there is one. Raises RunDamagedError if it is not sound."""
    return RunStore(settings.runs).get(run_fingerprint(recipe, dataset.digest))


def find_or_train(
    recipe: Recipe, dataset: Dataset, preset: str, settings: Settings, screen: Screen, *, transient: bool = False
) -> tuple[Run, bool]:
    """The run, and whether it was in the store; TensorFlow is loaded only if it was not.

    Raises what `core.pipeline.get_or_train` does. transient: moving bars go away at the end.
    """
    if run := finished(recipe, dataset, settings):
        return run, True
    with networks_loaded(screen):
        from core.pipeline import get_or_train
    with watching(screen, recipe, transient=transient) as observer:
        return get_or_train(recipe, dataset, settings, observer, preset), False


def show_plan(screen: Screen, chosen: Chosen, *more: tuple[str, str]) -> None:
    """What is about to happen: the dataset, why it is this one, and more lines."""
    screen.show(facts(("Dataset", describe(chosen.dataset)), ("", f"{chosen.why[:1].upper()}{chosen.why[1:]}."), *more))


def _train(options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    recipe_of(options, MNIST_IMAGES)  # so that a wrong setting is refused before a dataset is downloaded
    chosen = choose(options.dataset, options.data_dir, settings, screen)
    n_images = len(chosen.dataset.train_labels)
    recipe = recipe_of(options, n_images)
    if options.ask:
        recipe = ask(recipe, screen)
    show_plan(
        screen, chosen, ("Recipe", recipe_text(recipe, options.preset, n_images)), ("Epochs", epochs_text(recipe))
    )
    screen.say()

    run, is_cached = find_or_train(recipe, chosen.dataset, options.preset, settings, screen)
    if is_cached:
        screen.say(f"Trained before, on {moment(run.finished)}: nothing to do. These are its results.")
    screen.say()
    show_report(screen, run.metrics.test)
    show_place(screen, run)
    screen.json(
        {
            "run": run.fingerprint,
            "folder": str(run.path),
            "cached": is_cached,
            "preset": options.preset,
            "dataset": chosen.to_json(),
            "recipe": recipe.to_json(),
            "metrics": run.metrics.to_json(),
        }
    )
    return 0

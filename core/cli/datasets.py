"""The datasets: `datasets` lists them, and the commands that need one choose and load it here."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.cli.arguments import Commands, Parser, add_command
from core.cli.progress import downloading
from core.cli.screen import Screen, table
from core.data import embedded, folder, mnist, sources
from core.data.dataset import Dataset
from core.errors import DatasetError, DatasetNotFoundError
from core.settings import Settings
from core.store import Run


@dataclass(frozen=True)
class Chosen:
    """A dataset and, as half a sentence, why it is this one."""

    dataset: Dataset
    why: str

    def to_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        return {
            "name": self.dataset.name,
            "digest": self.dataset.digest,
            "source": self.dataset.source,
            "why": self.why,
            "n_train": len(self.dataset.train_labels),
            "n_test": len(self.dataset.test_labels),
            "image_shape": list(self.dataset.image_shape),
            "class_names": list(self.dataset.class_names),
        }


def choose(name: str | None, data_dir: Path | None, settings: Settings, screen: Screen) -> Chosen:
    """The dataset that `--dataset` and `--data-dir` name, else MNIST where it is there, else the built-in mnist-5k.

    Raises a DataError.
    """
    with downloading(screen) as progress:
        dataset = sources.load(name, home=settings.data, data_dir=data_dir, progress=progress)
    if data_dir is not None:
        return Chosen(dataset, f"from {data_dir}, as --data-dir asks")
    if name is not None:
        return Chosen(dataset, "as --dataset asks")
    if dataset.name == embedded.NAME:
        return Chosen(
            dataset,
            f"built in, and used because {settings.data / mnist.NAME} does not hold the files of MNIST; "
            "--dataset mnist downloads them (11 MB)",
        )
    return Chosen(dataset, f"found in {settings.data / mnist.NAME}")


def dataset_of(run: Run, name: str | None, data_dir: Path | None, settings: Settings, screen: Screen) -> Dataset:
    """The dataset that a run was trained on. name, data_dir: where to look instead of under the run's own name.

    Raises DatasetError if what is found has other images or labels, or another DataError if nothing is.
    """
    facts = run.request.dataset
    try:
        with downloading(screen) as progress:
            dataset = sources.load(
                name or (None if data_dir else facts.name), home=settings.data, data_dir=data_dir, progress=progress
            )
    except DatasetNotFoundError as error:
        if name or data_dir:
            raise
        raise DatasetNotFoundError(
            f"Run {run.name}: its dataset {facts.name} ({facts.source}) is not in {settings.data}; "
            "name its folder with --data-dir."
        ) from error
    if dataset.digest != facts.digest:
        raise DatasetError(
            f"Run {run.name}: expected the dataset it was trained on, {facts.name} with the digest "
            f"{facts.digest[:16]}, found {dataset.name} with {dataset.digest[:16]}; name the right one with --dataset "
            "or --data-dir."
        )
    return dataset


def describe(dataset: Dataset) -> str:
    """mnist-5k: 4,000 training and 1,000 test images of 28x28 pixels, 10 classes."""
    height, width = dataset.image_shape
    return (
        f"{dataset.name}: {len(dataset.train_labels):,} training and {len(dataset.test_labels):,} test images "
        f"of {height}x{width} pixels, {dataset.n_classes} classes"
    )


def add_to(commands: Commands) -> Parser:
    """The command `datasets`."""
    names = ", ".join(folder.FILE_NAMES)
    return add_command(
        commands,
        "datasets",
        _datasets,
        "list the datasets, and what is wrong with those that cannot be used",
        description=f"Any folder of $DIGITLAB_HOME/data with four IDX files ({names}; raw or .gz) is a dataset. "
        "A file class_names.txt beside them, one name a line, names its classes.",
    )


def _datasets(options: argparse.Namespace, screen: Screen, settings: Settings) -> int:
    infos = sources.available(settings.data)
    default = sources.default_name(settings.data)
    listing = table("Dataset", "Training", "Test", "Pixels", "Where", numbers=("Training", "Test"))
    for info in infos:
        pixels = "x".join(str(side) for side in info.image_shape) if info.image_shape else ""
        counts = ("" if count is None else f"{count:,}" for count in (info.n_train, info.n_test))
        listing.add_row(info.name, *counts, pixels, info.where, style="dim" if info.problem else "")
    screen.show(listing)
    for info in infos:
        if info.problem:
            screen.say()
            screen.say(f"{info.name} cannot be used: {info.problem}", "red")
    screen.say()
    screen.say(f"Without --dataset, {default} is used.", "dim")
    screen.json(
        {
            "default": default,
            "datasets": [
                {
                    "name": info.name,
                    "where": info.where,
                    "n_train": info.n_train,
                    "n_test": info.n_test,
                    "image_shape": list(info.image_shape) if info.image_shape else None,
                    "is_present": info.is_present,
                    "problem": info.problem,
                }
                for info in infos
            ],
        }
    )
    return 0

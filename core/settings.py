"""Where Digit Lab keeps its files. Read once from the environment at a program's door, then passed on as a value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "DIGITLAB_HOME"
DEFAULT_HOME = "workspace"
REFERENCE_VARIABLE = "DIGITLAB_REFERENCE"
REFERENCE = Path(__file__).resolve().parents[1] / "reference"
"""The results that come with the project."""


@dataclass(frozen=True)
class Settings:
    """Folders of one Digit Lab home, and that of the results which come with the project.

    home: the folder that holds everything below; made when something is first written to it. reference: the folder of
    the reference runs and sweeps, which is read and never written.
    """

    home: Path
    reference: Path = REFERENCE

    @property
    def data(self) -> Path:
        """Datasets, one folder each (`data/mnist/` holds the four IDX files)."""
        return self.home / "data"

    @property
    def runs(self) -> Path:
        """Finished runs, one folder each, and those in the making."""
        return self.home / "runs"

    @property
    def sweeps(self) -> Path:
        """Sweeps that were launched from the dashboard, one small file each."""
        return self.home / "sweeps"

    @property
    def feedback(self) -> Path:
        """What people said that digits are, with the images: one folder for each kind of image."""
        return self.home / "feedback"

    @property
    def stages(self) -> Path:
        """Checkpoints and cached codes that runs share; safe to delete, costly to make again."""
        return self.home / "stages"


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of this process: `$DIGITLAB_HOME`, else `workspace/` in the current folder.

    `$DIGITLAB_REFERENCE` names another folder of reference results than the project's own.
    """
    return Settings(
        home=Path(environment.get(HOME_VARIABLE) or DEFAULT_HOME).expanduser().resolve(),
        reference=Path(environment.get(REFERENCE_VARIABLE) or REFERENCE).expanduser().resolve(),
    )

"""Where Digit Lab keeps its files. Read once from the environment at a program's door, then passed on as a value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "DIGITLAB_HOME"
DEFAULT_HOME = "workspace"


@dataclass(frozen=True)
class Settings:
    """Folders of one Digit Lab home.

    home: the folder that holds everything below; made when something is first written to it.
    """

    home: Path

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
    def stages(self) -> Path:
        """Checkpoints and cached codes that runs share; safe to delete, costly to make again."""
        return self.home / "stages"


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of this process: `$DIGITLAB_HOME`, else `workspace/` in the current folder."""
    return Settings(home=Path(environment.get(HOME_VARIABLE) or DEFAULT_HOME).expanduser().resolve())

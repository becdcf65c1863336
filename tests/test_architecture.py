"""Imports run one way: import-linter holds it inside `core` (see pyproject.toml), these hold the rest."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Pages that only show results import these, and must not wait seconds for TensorFlow.
LIGHT = [
    "core.errors",
    "core.settings",
    "core.recipe",
    "core.presets",
    "core.data",
    "core.images",
    "core.evaluation",
    "core.comparison",
    "core.store",
    "core.prediction",
    "core.insight",
    "core.figures",
    "core.gallery",
    "core.jobs",
    "core.sweeps",
    "core.cli",
]
HEAVY = ["tensorflow", "keras", "streamlit"]


def imports(tree: ast.AST) -> set[str]:
    """Top-level names of everything that a syntax tree imports, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def screens() -> list[Path]:
    return [*ROOT.glob("streamlit_app.py"), *(ROOT / "ui").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]


def test_results_are_shown_without_loading_tensorflow_or_streamlit() -> None:
    present = [name for name in LIGHT if importlib.util.find_spec(name)]
    script = f"import sys, {', '.join(present)}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert len(present) >= 5
    assert loaded.stdout.split() == []


def test_screens_leave_networks_to_core() -> None:
    if not screens():
        pytest.skip("there is no dashboard yet")
    guilty = {
        str(file.relative_to(ROOT)): imports(ast.parse(file.read_text())) & {"tensorflow", "keras"}
        for file in screens()
    }
    assert {file: found for file, found in guilty.items() if found} == {}


def test_only_networks_and_training_load_keras_when_imported() -> None:
    # The pipeline only puts these two to work; whoever wants it quick imports it where it is called.
    allowed = (ROOT / "core" / "models", ROOT / "core" / "training", ROOT / "core" / "pipeline.py")
    guilty = [
        str(file.relative_to(ROOT))
        for file in sorted((ROOT / "core").rglob("*.py"))
        if not any(place in (file, *file.parents) for place in allowed)
        and any(
            imports(statement) & {"tensorflow", "keras"}
            for statement in ast.parse(file.read_text()).body
            if isinstance(statement, ast.Import | ast.ImportFrom)
        )
    ]
    assert guilty == []

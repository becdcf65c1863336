"""The set-up's promises: what is used is declared, what is declared is explained and pinned."""

import ast
import re
import socket
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OWN = {"core", "ui", "pages", "tests", "benchmarks", "conftest", "streamlit_app"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(file: str) -> dict[str, str]:
    """Package name -> the comment behind it, for each package line of a requirements*.in."""
    lines = (ROOT / file).read_text().splitlines()
    parts = [line.partition("#") for line in lines if line.strip() and not line.startswith(("#", "-"))]
    return {canonical(package.strip()): reason.strip() for package, _, reason in parts}


def pin_lines(file: str) -> list[str]:
    return [line for line in (ROOT / file).read_text().splitlines() if line and not line.lstrip().startswith("#")]


def pinned(file: str) -> set[str]:
    return {canonical(line.partition("==")[0]) for line in pin_lines(file)}


def imported(file: Path) -> set[str]:
    """Top-level names of all modules that a Python file imports, at its top or inside a function."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(), str(file))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def third_party(*folders: str) -> dict[str, str]:
    """Imported third-party module -> one of the files that import it."""
    files = [ROOT / folder for folder in folders if folder.endswith(".py") and (ROOT / folder).is_file()]
    files += [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    found = {name: str(file.relative_to(ROOT)) for file in files for name in imported(file)}
    return {name: file for name, file in found.items() if name not in OWN | sys.stdlib_module_names}


def undeclared(modules: dict[str, str], packages: set[str]) -> list[str]:
    homes = packages_distributions()
    return [
        f"{file} imports {module}"
        for module, file in modules.items()
        if not {canonical(home) for home in homes.get(module, [])} & packages
    ]


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_each_declared_package_has_its_reason_and_its_pin(name: str) -> None:
    packages = declared(f"{name}.in")
    assert len(packages) > 5
    assert [package for package, reason in packages.items() if len(reason) < 10] == []
    assert set(packages) - pinned(f"{name}.txt") == set()


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_pins_are_exact_come_from_the_public_index_and_say_how_they_were_made(name: str) -> None:
    lines = pin_lines(f"{name}.txt")
    assert [line for line in lines if not re.fullmatch(r"[a-zA-Z0-9._-]+==[a-zA-Z0-9.+!]+( ; .+)?", line)] == []
    header = (ROOT / f"{name}.txt").read_text().splitlines()[1]
    assert "uv pip compile" in header
    assert f"{name}.in -o {name}.txt" in header


def test_both_sets_of_pins_agree() -> None:
    users, developers = (
        dict(line.partition(" ;")[0].split("==") for line in pin_lines(f"{name}.txt"))
        for name in ("requirements", "requirements-dev")
    )
    assert {name for name in users.keys() & developers.keys() if users[name] != developers[name]} == set()


def test_the_program_imports_only_what_it_declares() -> None:
    modules = third_party("core", "ui", "pages", "streamlit_app.py")
    assert "numpy" in modules
    assert undeclared(modules, set(declared("requirements.in"))) == []


def test_tests_and_benchmarks_import_only_what_is_declared() -> None:
    modules = third_party("tests", "benchmarks")
    assert "pytest" in modules
    # A rival, not a dependency: its benchmark is run where it is installed.
    assert modules.pop("torch") == "benchmarks/plain_torch.py"
    assert undeclared(modules, {*declared("requirements.in"), *declared("requirements-dev.in")}) == []


def test_the_readme_names_the_two_commands_that_do_everything() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make app" in readme
    assert "make test" in readme


def test_make_help_explains_every_target_a_person_needs() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    explained = dict(line.split(maxsplit=2)[1:] for line in listed.splitlines() if line.startswith("  make "))
    assert {"app", "test", "test-all", "lint", "format", "pins", "clean", "help"} <= explained.keys()


@pytest.mark.parametrize("answer", ["3.10", "3.14"])
def test_make_refuses_an_unsuitable_python_in_one_clear_line(tmp_path: Path, answer: str) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "Python {answer}.0"\nexit 1\n')
    python.chmod(0o755)
    (tmp_path / "requirements.txt").touch()
    made = subprocess.run(
        ["make", "--no-print-directory", "-f", str(ROOT / "Makefile"), "install", f"PYTHON={python}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 2
    assert f"needs Python 3.11, 3.12 or 3.13, and '{python}' is: Python {answer}.0" in made.stderr.splitlines()[0]
    assert not (tmp_path / ".venv").exists()


def test_no_test_reaches_the_internet() -> None:
    with pytest.raises(OSError, match=r"look up example\.org"):
        socket.create_connection(("example.org", 80), timeout=1)
    with socket.socket() as there, pytest.raises(OSError, match=r"reach 192\.0\.2\.1"):
        there.connect(("192.0.2.1", 80))


def test_tests_may_talk_to_this_machine() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as client,
    ):
        accepted, _ = server.accept()
        accepted.close()
        assert client.recv(1) == b""

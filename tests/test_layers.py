"""Who may import whom, by the contracts of import-linter and by what really gets loaded."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "gdstudio"

LOADS_ALL_OF = """
import importlib, pkgutil, sys
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(getattr(package, "__path__", []), name + "."):
        importlib.import_module(module.name)
graphical = ("PySide6", "shiboken6", "pyqtgraph", "OpenGL")
print(*sorted({module.partition(".")[0] for module in sys.modules} & set(graphical)))
"""


def _imports(path: Path) -> set[str]:
    """Return the full names that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_the_contracts_are_kept() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    done = subprocess.run(
        [*command, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "name",
    ["gdstudio.engine", "gdstudio.data", "gdstudio.analysis", "gdstudio.experiment", "gdstudio.cli", "gdstudio"],
)
def test_loads_no_qt(name: str) -> None:
    names = [name] if name != "gdstudio" else []
    code = LOADS_ALL_OF if names else "import gdstudio, sys; gdstudio.run\n" + LOADS_ALL_OF
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_only_the_views_with_opengl_import_it() -> None:
    importers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(f"{name}.".startswith(("pyqtgraph.opengl.", "OpenGL.")) for name in _imports(path))
    }
    assert {path for path in importers if not path.startswith("views/gl/")} == set()
    assert importers


def test_only_the_machine_names_llvmlite() -> None:
    importers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(f"{name}.".startswith("llvmlite.") for name in _imports(path))
    }
    assert importers
    assert {path for path in importers if not path.startswith("engine/machine/")} == set()


def test_the_engine_opens_no_file_reads_no_clock_and_starts_no_thread() -> None:
    banned = {"io", "os", "pathlib", "shutil", "tempfile", "threading", "time", "datetime", "concurrent", "random"}
    for path in (PACKAGE / "engine").rglob("*.py"):
        assert not {name.partition(".")[0] for name in _imports(path)} & banned, path


def test_nothing_evaluates_text_as_python() -> None:
    for path in PACKAGE.rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        calls = (node.func for node in nodes if isinstance(node, ast.Call))
        names = {call.id for call in calls if isinstance(call, ast.Name)}
        assert not names & {"eval", "exec", "compile", "__import__"}, path
        assert not {name.partition(".")[0] for name in _imports(path)} & {"pickle", "marshal", "sympy"}, path

"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
FOLDERS = ("gdstudio", "tests", "packaging", "resources", "docs", ".ci")
NO_TEXT = {".gif", ".gz", ".npz", ".otf", ".png", ".pyc", ".qm", ".ttf", ".webp"}
FILES = [*ROOT.glob("*"), *(path for name in FOLDERS for path in (ROOT / name).rglob("*"))]
TEXTS = sorted(path for path in FILES if path.is_file() and path.suffix not in NO_TEXT)
MODULES = [path for path in TEXTS if path.suffix == ".py"]
SHIPPED = [path for path in MODULES if "gdstudio" in path.relative_to(ROOT).parts]
FOREVER_NAMES = {"utils", "helpers", "common", "misc", "manager"}

# Written so that these lines are no example of what they look for.
MACHINE_PATH = re.compile(r"""(?:^|["'= (])/(?:home|root|work|farm|Users)/""", re.MULTILINE)
REGISTRY = re.compile("index" + "-url|find" + "-links|registry *= *http")
UNFINISHED = re.compile(r"\b(?:TO" + "DO|FIX" + r"ME|XX" + r"X)\b")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_is_short_and_says_why_it_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    assert lines <= 350, "divide it by what it knows"
    assert ast.get_docstring(ast.parse(text))
    assert path.stem not in FOREVER_NAMES


@pytest.mark.parametrize("path", SHIPPED, ids=_name)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            length = (node.end_lineno or 0) - first.lineno + 1
            assert length <= 50, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", TEXTS, ids=_name)
def test_a_file_holds_nothing_of_one_machine_and_nothing_unfinished(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not MACHINE_PATH.search(text)
    assert not REGISTRY.search(text)
    assert not UNFINISHED.search(text)


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in lines)
    return {_key(name): version for name, version in (line.split("==") for line in lines)}


def test_constraints_pin_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = _pins()
    for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pins[_key(requirement.name)]), line

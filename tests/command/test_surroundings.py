"""The commands in odd surroundings: other locales, no home, no display, warnings that are errors."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="surroundings are others there")

COMMANDS = [
    ["run", "--problem", "bowl", "--json", "--out", "run.npz"],
    ["list", "problems", "--json"],
    ["render", "--problem", "bowl", "--view", "surface", "--size", "300x200", "--out", "bowl.png"],
    ["render", "--problem", "line_fit", "--view", "curves", "--size", "300x200", "--out", "line.svg"],
]
SURROUNDINGS: dict[str, dict[str, str]] = {
    "nothing": {},
    "locale without Unicode": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "no home": {"HOME": "/nonexistent", "TMPDIR": "/nonexistent", "XDG_RUNTIME_DIR": "/nonexistent"},
    "home that cannot be written": {"HOME": "/proc", "XDG_CACHE_HOME": "/proc", "XDG_CONFIG_HOME": "/proc"},
    "warnings are errors": {"PYTHONWARNINGS": "error"},
    "no docstrings": {"PYTHONOPTIMIZE": "2"},
    "display that is gone": {"DISPLAY": ":9876", "QT_QPA_PLATFORM": "xcb"},
    "platform that does not exist": {"QT_QPA_PLATFORM": "nonsense"},
}


def say(folder: Path, surroundings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gdstudio", *arguments], env=surroundings, cwd=folder,
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
    )


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: " ".join(arguments[:2]))
def test_a_command_works_as_everywhere(tmp_path: Path, surroundings: str, arguments: list[str]) -> None:
    done = say(tmp_path, SURROUNDINGS[surroundings], *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    written = [arguments[-1]] if "--out" in arguments else []
    assert os.listdir(tmp_path) == written


@pytest.mark.parametrize(
    ("surroundings", "message"),
    [
        ({}, "There is no display to open a window on"),
        ({"QT_QPA_PLATFORM": "xcb"}, "There is no display to open a window on"),
        ({"QT_QPA_PLATFORM": "wayland;xcb:option"}, "There is no display to open a window on"),
        ({"DISPLAY": ":9876"}, "There is no display to open a window on"),
        ({"QT_QPA_PLATFORM": "nonsense"}, "Qt does not start on nonsense, which QT_QPA_PLATFORM asks for"),
    ],
)
@pytest.mark.parametrize("arguments", [[], ["render", "--problem", "bowl", "--view", "window", "--out", "a.png"]])
def test_a_window_that_could_not_open_is_refused(
    tmp_path: Path, surroundings: dict[str, str], message: str, arguments: list[str]
) -> None:
    done = say(tmp_path, surroundings, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"gdstudio: {message}")
    assert done.stderr.count("\n") == 1
    assert os.listdir(tmp_path) == []


def test_a_window_is_drawn_where_warnings_are_errors(tmp_path: Path) -> None:
    surroundings = {"QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C", "PYTHONWARNINGS": "error", "HOME": str(tmp_path)}
    done = say(tmp_path, surroundings, "render", "--problem", "bowl", "--view", "window", "--out", "window.png")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "window.png").stat().st_size > 10_000

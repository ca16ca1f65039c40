"""The wheel holds the whole program: it is built, and used from an environment that has nothing of the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent


class Environment(NamedTuple):
    """A virtual environment with the wheel in it, and a folder to run from."""

    folder: Path
    elsewhere: Path

    def run(self, *command: str) -> str:
        """Run a program of the environment and return what it prints."""
        program = self.folder / "bin" / command[0]
        done = subprocess.run(
            [program, *command[1:]], cwd=self.elsewhere, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Install the wheel where only the packages of others are borrowed from the running environment."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    # a plain path is appended: the wheel's own files come first, and the .pth of the checkout is not read
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return Environment(folder, tmp_path_factory.mktemp("elsewhere"))


def test_every_resource_and_module_is_inside(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    resources = {path.relative_to(ROOT / "resources") for path in (ROOT / "resources").rglob("*") if path.is_file()}
    assert len(resources) > 20
    assert {f"gdstudio/_resources/{path.as_posix()}" for path in resources} <= inside
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "gdstudio").rglob("*.py")}
    assert modules <= inside
    assert not [name for name in inside if name.startswith("tests")]


def test_the_desktop_gets_its_entry_and_icon(wheel: Path) -> None:
    shared = [name.partition(".data/data/")[2] for name in zipfile.ZipFile(wheel).namelist() if ".data/data/" in name]
    assert [Path(name).suffix for name in sorted(shared)] == [".desktop", ".svg", ".xml"]


def test_the_program_is_the_installed_one(installed: Environment) -> None:
    code = "import gdstudio, gdstudio.resources as r; print(gdstudio.__file__, r.resource('icons'), sep='\\n')"
    for line in installed.run("python", "-c", code).splitlines():
        assert Path(line).is_relative_to(installed.folder)


def test_the_version_is_said_alike(wheel: Path, installed: Environment) -> None:
    assert installed.run("gdstudio", "--version").split()[-1] == wheel.name.split("-")[1]


def test_the_window_has_its_own_command(installed: Environment) -> None:
    assert (installed.folder / "bin" / "gdstudio-window").exists()


def test_problems_are_listed(installed: Environment) -> None:
    assert "rosenbrock" in installed.run("gdstudio", "list", "problems")


def test_the_doctor_is_content(installed: Environment) -> None:
    facts = json.loads(installed.run("gdstudio", "doctor", "--json"))
    assert facts["ready"] is True
    assert all(facts["fonts"].values())


def test_a_descent_runs(installed: Environment) -> None:
    result = json.loads(installed.run("gdstudio", "run", "--problem", "parabola", "--json"))
    assert result["outcome"] == "converged"
    assert abs(result["theta"]["x"]) < 1e-3


def test_a_picture_is_painted(installed: Environment) -> None:
    installed.run("gdstudio", "render", "--problem", "rosenbrock", "--view", "contour", "--out", "map.svg")
    assert b"<svg" in (installed.elsewhere / "map.svg").read_bytes()

"""The doctor finds what there is and what is missing, and says how to get it."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from gdstudio import doctor, probes

PACKAGING = Path(__file__).parent.parent / "packaging"


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    return doctor.collect()


def _healthy() -> dict[str, Any]:
    return {
        "versions": {"python": "3.11.2", **dict.fromkeys(doctor.PACKAGES, "1.0")},
        "display": {"DISPLAY": ":0", "WAYLAND_DISPLAY": None, "answers": True},
        "qt": {"platform": "xcb", "qt": "6.11.3"},
        "opengl": {"vendor": "Mesa", "renderer": "llvmpipe", "version": "4.5"},
        "machine_code": {"works": True, "milliseconds": 6.0},
        "libraries": {library.name: True for library in doctor.LIBRARIES},
        "fonts": dict.fromkeys(doctor.FONTS, True),
    }


def _examined(**changes: dict[str, Any]) -> dict[str, Any]:
    facts = _healthy()
    for key, change in changes.items():
        facts[key] = {**facts[key], **change}
    facts["findings"] = doctor.findings(facts)
    facts["ready"] = not any(finding["needed"] for finding in facts["findings"])
    return facts


def test_this_machine_can_run_the_program(facts: dict[str, Any]) -> None:
    assert doctor.exit_code(facts) == 0, doctor.report(facts)
    assert facts["machine_code"]["works"] is True
    assert all(facts["versions"].values())
    assert all(facts["fonts"].values())
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts


@pytest.mark.opengl
def test_the_renderer_is_named(facts: dict[str, Any]) -> None:
    assert facts["opengl"]["renderer"] in doctor.report(facts)


def test_nothing_is_found_on_a_healthy_machine() -> None:
    facts = _examined()
    assert facts["findings"] == []
    assert "nothing is missing" in doctor.report(facts)


@pytest.mark.parametrize(
    ("change", "needed", "says"),
    [
        ({"versions": {"numpy": None}}, True, "pip install numpy"),
        ({"versions": {"llvmlite": None}}, False, "pip install llvmlite"),
        ({"libraries": {"libEGL.so.1": False}}, True, "apt-get install --no-install-recommends -y libegl1"),
        ({"libraries": {"libxcb-cursor.so.0": False}}, True, "libxcb-cursor0"),
        ({"libraries": {"libwayland-cursor.so.0": False}}, False, "libwayland-cursor0"),
        ({"qt": {"error": "it crashed"}}, True, "it crashed"),
        ({"opengl": {"error": "no driver"}}, False, "no driver"),
        ({"machine_code": {"error": "illegal instruction"}}, False, "illegal instruction"),
        ({"display": {"answers": False}}, False, "no display"),
        ({"fonts": {"Inter-Medium.otf": False}}, False, "Inter-Medium.otf"),
    ],
)
def test_what_is_missing_is_one_finding_with_its_remedy(
    change: dict[str, dict[str, Any]], needed: bool, says: str
) -> None:
    facts = _examined(**change)
    assert len(facts["findings"]) == 1
    assert facts["findings"][0]["needed"] is needed
    assert says in doctor.report(facts)
    assert doctor.exit_code(facts) == (1 if needed else 0)


def test_every_library_is_in_the_list_of_debian_packages() -> None:
    listed = (PACKAGING / "debian-packages-run.txt").read_text(encoding="utf-8").splitlines()
    assert {library.package for library in doctor.LIBRARIES} == {
        name for name in listed if name.startswith("lib") and name != "libgl1-mesa-dri"
    }


def test_the_packages_are_those_the_project_depends_on() -> None:
    project = tomllib.loads((PACKAGING.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {Requirement(line).name for line in project["dependencies"]}
    assert names | {"gdstudio"} == set(doctor.PACKAGES)


def test_looking_needs_no_qt() -> None:
    code = "import sys, gdstudio.doctor; sys.exit(any(m.startswith('PySide6') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_command_prints_json_and_ends_as_the_doctor_says() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gdstudio", "doctor", "--json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["ready"] is True


def test_a_crash_of_a_probe_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false" if Path("/bin/false").exists() else "false")
    assert probes.ask("opengl") == {"error": "ended with code 1"}


def test_a_display_that_does_not_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":65000")
    assert not probes.display_answers()
    monkeypatch.delenv("DISPLAY")
    assert not probes.display_answers()
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert not probes.display_answers()


def test_the_display_of_the_tests_answers(qapp: object) -> None:
    assert probes.display_answers()
    assert probes.main(["--display"]) == 0

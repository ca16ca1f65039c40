"""Says what this machine has of what the program needs, and how to get the rest.

Nothing of Qt is imported here: what could crash is tried by `probes` in processes of their own.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from importlib import metadata
from typing import Any, NamedTuple

from gdstudio.probes import ask, display_answers
from gdstudio.resources import resource

PACKAGES = (
    "gdstudio",
    "PySide6-Essentials",
    "pyqtgraph",
    "PyOpenGL",
    "numpy",
    "llvmlite",
    "contourpy",
    "msgspec",
    "platformdirs",
    "psutil",
    "ziamath",
)
"""Python packages that the program uses, by the names that installers know."""

REPLACEABLE = frozenset({"llvmlite"})
"""Packages without which the program still runs: the interpreter stands in for machine code."""

FONTS = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "JetBrainsMono-Regular.ttf")
"""Fonts that come with the program."""

_APT = "sudo apt-get install --no-install-recommends -y "


class Library(NamedTuple):
    """A shared library that Qt loads on Linux, the Debian package that brings it, and what asks for it."""

    name: str
    package: str
    wanted_by: str


LIBRARIES = (
    Library("libglib-2.0.so.0", "libglib2.0-0", "qt"),
    Library("libEGL.so.1", "libegl1", "qt"),
    Library("libGL.so.1", "libgl1", "qt"),
    Library("libfontconfig.so.1", "libfontconfig1", "qt"),
    Library("libxkbcommon.so.0", "libxkbcommon0", "qt"),
    Library("libdbus-1.so.3", "libdbus-1-3", "qt"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0", "x11"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4", "x11"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1", "x11"),
    Library("libxcb-shape.so.0", "libxcb-shape0", "x11"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "x11"),
    Library("libwayland-cursor.so.0", "libwayland-cursor0", "wayland"),
    Library("libgssapi_krb5.so.2", "libgssapi-krb5-2", "network"),
)


def collect() -> dict[str, Any]:
    """Look at everything and return it as plain data that JSON can hold.

    Returns
    -------
    dict
        ``versions``, ``display``, ``qt``, ``opengl``, ``machine_code``, ``libraries`` and ``fonts`` say
        what there is; ``findings`` is a list of ``{"what", "remedy", "needed"}`` for what is missing;
        ``ready`` says whether the program can run, perhaps with less than all.
    """
    display = _display()
    facts: dict[str, Any] = {
        "versions": _versions(),
        "display": display,
        "qt": ask("qt"),
        "opengl": ask("opengl") if display["answers"] else {"error": "not tried: there is no display"},
        "machine_code": ask("machine-code"),
        "libraries": _libraries(),
        "fonts": {name: _has_font(name) for name in FONTS},
    }
    facts["findings"] = findings(facts)
    facts["ready"] = not any(finding["needed"] for finding in facts["findings"])
    return facts


def report(facts: dict[str, Any]) -> str:
    """Return what `collect` found as text for people, several lines."""
    lines = ["Versions"]
    lines += [f"  {name:<20} {version or 'missing'}" for name, version in facts["versions"].items()]
    lines += ["Display"]
    lines += [f"  {name:<20} {_plain(value)}" for name, value in facts["display"].items()]
    for title, key in (("Qt", "qt"), ("OpenGL", "opengl"), ("Machine code", "machine_code")):
        lines += [title]
        lines += [f"  {name:<20} {_plain(value)}" for name, value in facts[key].items()]
    for title, key in (("Shared libraries", "libraries"), ("Fonts", "fonts")):
        present, absent = _split(facts[key])
        lines += [title]
        lines += [f"  {len(present)} of {len(facts[key])} present"]
        lines += [f"  missing: {', '.join(absent)}"] if absent else []
    lines += ["Findings"]
    lines += [f"  {finding['what']} {finding['remedy']}" for finding in facts["findings"]]
    lines += [] if facts["findings"] else ["  nothing is missing"]
    lines += ["The program can run." if facts["ready"] else "The program cannot run as things are."]
    return "\n".join(lines)


def exit_code(facts: dict[str, Any]) -> int:
    """Return 0 where the program can run, else 1."""
    return 0 if facts["ready"] else 1


def _versions() -> dict[str, str | None]:
    versions: dict[str, str | None] = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = None
    return versions


def _display() -> dict[str, Any]:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return {
        "system": platform.platform(),
        **{name: os.environ.get(name) for name in names},
        "answers": display_answers(),
    }


def _libraries() -> dict[str, bool]:
    if not sys.platform.startswith("linux"):
        return {}
    return {library.name: _loads(library.name) for library in LIBRARIES}


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _has_font(name: str) -> bool:
    try:
        resource("fonts", name)
    except FileNotFoundError:
        return False
    return True


def findings(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is missing by `facts`: sentence, remedy, and whether the program needs it to run."""
    found: list[dict[str, Any]] = []

    def find(what: str, remedy: str, *, needed: bool) -> None:
        found.append({"what": what, "remedy": remedy, "needed": needed})

    for package, version in facts["versions"].items():
        if version is None:
            find(f"{package} is not installed.", f"pip install {package}", needed=package not in REPLACEABLE)
    absent = [library for library in LIBRARIES if not facts["libraries"].get(library.name, True)]
    if absent:
        names = " ".join(library.package for library in absent)
        needed = any(library.wanted_by in _loaded_here(facts["display"]) for library in absent)
        what = f"Missing among the shared libraries: {', '.join(library.name for library in absent)}."
        find(what, _APT + names, needed=needed)
    if "error" in facts["qt"]:
        find(f"Qt does not start ({facts['qt']['error']}).", "", needed=True)
    _, fonts = _split(facts["fonts"])
    if fonts:
        find(f"Missing among the fonts: {', '.join(fonts)}.", "Install the program anew.", needed=False)
    if not facts["display"]["answers"]:
        find("There is no display.", "Windows need one; everything else works without.", needed=False)
    elif "error" in facts["opengl"]:
        remedy = _APT + "libgl1-mesa-dri" if sys.platform.startswith("linux") else ""
        what = f"OpenGL does not work ({facts['opengl']['error']}): surfaces are drawn without it."
        find(what, remedy, needed=False)
    if "error" in facts["machine_code"] and facts["versions"]["llvmlite"] is not None:
        what = f"Machine code does not work ({facts['machine_code']['error']}): runs are slower without it."
        find(what, "pip install --force-reinstall llvmlite", needed=False)
    return found


def _loaded_here(display: dict[str, Any]) -> set[str]:
    loaded = {"qt", "network"}
    if display["WAYLAND_DISPLAY"]:
        return loaded | {"wayland"}
    return loaded | {"x11"} if display["DISPLAY"] else loaded


def _split(present: dict[str, bool]) -> tuple[list[str], list[str]]:
    return [name for name, is_there in present.items() if is_there], [
        name for name, is_there in present.items() if not is_there
    ]


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not set" if value is None else str(value)

"""The first window painted, as a whole process, against the least that a window of this kind needs."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING

from tests.bench.measure import Figure, at_most, given
from tests.bench.window_first_paint import PAINTED, SHOWN

if TYPE_CHECKING:
    from tests.bench.__main__ import Settings

_REPEATS = 11
_BARE, _OURS = "tests.bench.window_bare", "tests.bench.window_ours"


def _until_said(command: list[str], words: tuple[str, ...], environment: dict[str, str]) -> list[float]:
    """Start a process and return the seconds until it has said each word; then end it."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        times = []
        for word in words:
            assert process.stdout.readline().strip() == word
            times.append(time.perf_counter() - begun)
        process.kill()
    return times


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    bare, painted, shown = [], [], []
    with tempfile.TemporaryDirectory() as home:
        # a person with no past: no unsaved work, no preferences
        folders = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), home)
        environment = os.environ | folders
        for repeat in range(_REPEATS + 1):
            first = _until_said([settings.python, "-m", _BARE], (PAINTED,), environment)
            ours = _until_said([settings.python, "-m", _OURS], (PAINTED, SHOWN), environment)
            if repeat:  # the first fills the disk's cache
                bare += first
                painted.append(ours[0])
                shown.append(ours[1])
    figures = {"bare": bare, "ours": painted, "shown": shown}
    middle = {name: statistics.median(times) * 1e3 for name, times in figures.items()}
    return [
        given("a bare window of PySide6 and pyqtgraph painted, whole process", middle["bare"], "ms"),
        given("our window painted, whole process", middle["ours"], "ms"),
        at_most("first window painted: ours / the bare one", middle["ours"] / middle["bare"], 1.5, "x"),
        given("our window with surface, contours and runs on screen", middle["shown"], "ms"),
    ]

"""A run that goes flat out: how evenly the window's thread ticks meanwhile."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer

from tests.bench.measure import Figure, at_most, given, left_out
from tests.bench.window_stage import opengl_here, pause, percentile, settle, single, studio_on_screen, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.controllers.studio import Studio
    from tests.bench.__main__ import Settings

_ITERATIONS = 10_000_000
_SECONDS, _SECONDS_AT_REST = 6.0, 3.0
_TICK_MS = 16


class _Ticks:
    """A timer in the window's thread, and the times between its ticks while something holds."""

    def __init__(self, counts: Callable[[], bool]) -> None:
        self.gaps: list[float] = []
        self._counts = counts
        self._last: float | None = None
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        if self._last is not None:
            self.gaps.append(now - self._last)
        self._last = now if self._counts() else None

    @property
    def seconds(self) -> float:
        """How long it has held so far."""
        return sum(self.gaps)


def _ticks(studio: Studio) -> list[float]:
    """Run to the end at unlimited speed, from one start after another, until enough has been measured."""
    player = studio.player
    player.set_speed(math.inf)
    ticks, number = _Ticks(lambda: player.playback.playing), 0
    while ticks.seconds < _SECONDS:
        number += 1
        studio.set_start_value(0, -1.2 + 1e-3 * number)
        settle(studio)
        player.play()
        until(lambda: not player.playback.playing)
        assert player.available == _ITERATIONS
    return ticks.gaps


def _at_rest() -> list[Figure]:
    """Measure what the machine itself, shared with others, does to such a timer."""
    ticks = _Ticks(lambda: True)
    pause(_SECONDS_AT_REST)
    return [
        given("the same timer in a window at rest: median", percentile(ticks.gaps, 50), "ms"),
        given("  99 of 100 ticks", percentile(ticks.gaps, 99), "ms"),
        given("  the worst", max(ticks.gaps) * 1e3, "ms"),
    ]


def _figures(gaps: list[float], where: str, median: float | None, p99: float) -> list[Figure]:
    name, middle = f"a tick of 16 ms while 10^7 iterations go flat out, {where}: median", percentile(gaps, 50)
    return [
        given(name, middle, "ms") if median is None else at_most(name, middle, median, "ms"),
        at_most(f"  99 of 100 ticks, {where}", percentile(gaps, 99), p99, "ms"),
        at_most(f"  the worst, {where}", max(gaps) * 1e3, 500, "ms"),
        given("  ticks measured", len(gaps), ""),
    ]


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    del settings
    drawn = opengl_here()
    figures: list[Figure] = []
    with studio_on_screen(single(_ITERATIONS), opengl=drawn) as studio:
        if drawn:
            figures += _figures(_ticks(studio), "3-D view drawn", None, 100)
        else:
            figures.append(left_out("ticks with the 3-D view drawn", "there is no OpenGL on this display"))
        studio.screen.surface.hide()
        settle(studio)
        figures += _at_rest()
        figures += _figures(_ticks(studio), "3-D view hidden", 20, 50)
    return figures

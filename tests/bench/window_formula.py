"""A formula typed in the window: how long until its machine code has run, and what the window feels of it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from gdstudio.app import create_application
from gdstudio.experiment.greeting import greeting
from gdstudio.runner.mailbox import Mailbox
from gdstudio.runner.worker import Snapshot
from tests.bench.measure import Figure, at_most, given
from tests.bench.window_stage import pause, percentile, settle, single, studio_on_screen, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdstudio.controllers.studio import Studio
    from gdstudio.experiment.document import Experiment
    from tests.bench.__main__ import Settings

_REPEATS, _FEWER = 12, 6
# Seconds: a quick typist's, and long enough for all that waits for a pause, such as typesetting.
_BETWEEN_KEYS, _REST = 0.05, 0.4
_TEXT = "(1-x)^2 + {number}*(y-x^2)^2"


class _Watch:
    """When snapshots of each generation left the worker, and when the window's thread was at leisure."""

    def __init__(self) -> None:
        self.left: dict[int, float] = {}
        self.ticks: list[float] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self.ticks.append(time.perf_counter()))
        self._timer.start(1)

    @contextmanager
    def of_the_worker(self) -> Iterator[None]:
        """Take note of every snapshot that is handed over."""
        put = Mailbox.put

        def noted(mailbox: Mailbox, slot: str, message: Any) -> None:
            if isinstance(message, Snapshot) and message.runs and len(message.runs[0].loss) > 1:
                self.left.setdefault(message.generation, time.perf_counter())
            put(mailbox, slot, message)

        with patch.object(Mailbox, "put", noted):
            yield

    def worst_gap(self, begun: float, end: float) -> float:
        """Return the longest time between two ticks from `begun` to `end`, these two counted as ticks."""
        within = [begun, *(tick for tick in self.ticks if begun < tick < end), end]
        return max(later - earlier for earlier, later in pairwise(within))


def _shows(studio: Studio, text: str) -> bool:
    known, player = studio.player.experiment, studio.player
    return known is not None and known.problem.text == text and not player.waiting and studio.screen.complete


def _measured(studio: Studio, watch: _Watch, repeats: int) -> dict[str, list[float]]:
    """Type formulas never seen before, and measure from the last key of each."""
    field = studio.window.panel.problem.field
    found: dict[str, list[float]] = {"ran": [], "gap": [], "shown": [], "gap of typing": []}
    for repeat in range(repeats):
        text = _TEXT.format(number=200 + repeat * 7)
        field.setFocus()
        field.selectAll()
        begun = time.perf_counter()
        for key in text[:-1]:
            QTest.keyClicks(field, key)
            pause(_BETWEEN_KEYS)
        found["gap of typing"].append(watch.worst_gap(begun, watch.ticks[-1]))
        settle(studio)
        pause(_REST)
        begun = time.perf_counter()
        QTest.keyClicks(field, text[-1])
        until(partial(_shows, studio, text))
        found["shown"].append(time.perf_counter() - begun)
        pause(_REST)
        assert studio.player.snapshot is not None
        ran = watch.left[studio.player.snapshot.generation]
        found["ran"].append(ran - begun)
        found["gap"].append(watch.worst_gap(begun, ran))
        watch.ticks.clear()
    return found


def _typed(experiment: Experiment, repeats: int) -> dict[str, list[float]]:
    create_application()
    watch = _Watch()
    with watch.of_the_worker(), studio_on_screen(experiment, opengl=False) as studio:
        studio.choose_kind("formula")
        settle(studio)
        return _measured(studio, watch, repeats)


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    del settings
    name = "a formula typed in the window"
    one = _typed(single(1000), _REPEATS)
    many = _typed(greeting(), _FEWER)
    return [
        at_most(f"{name}, from its last key until its machine code has run", percentile(one["ran"], 50), 50, "ms"),
        at_most("  9 of 10 formulas", percentile(one["ran"], 90), 50, "ms"),
        at_most("  worst gap of the window's thread meanwhile: median", percentile(one["gap"], 50), 10, "ms"),
        at_most("  9 of 10 formulas", percentile(one["gap"], 90), 10, "ms"),
        given("  the worst of all", max(one["gap"]) * 1e3, "ms"),
        given("  until surface, contours and curves have all they need", percentile(one["shown"], 50), "ms"),
        given("  with four runs: until the first has run", percentile(many["ran"], 50), "ms"),
        given("  with four runs: worst gap meanwhile, median", percentile(many["gap"], 50), "ms"),
        given("  worst gap while the rest was typed, drawn without OpenGL: median",
              percentile(one["gap of typing"], 50), "ms"),
    ]

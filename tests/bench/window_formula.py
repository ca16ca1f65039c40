"""A formula typed in the window: how long until its machine code has run, and what the window feels of it."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtTest import QTest

from gdstudio.experiment.greeting import greeting
from tests.bench.measure import Figure, at_most, given
from tests.bench.window_stage import pause, percentile, settle, single, studio_on_screen
from tests.bench.window_watch import REST, Watch, columns_of

if TYPE_CHECKING:
    from gdstudio.experiment.document import Experiment
    from tests.bench.__main__ import Settings

_REPEATS, _FEWER = 12, 6
# Seconds: a quick typist's.
_BETWEEN_KEYS = 0.05
_TEXT = "(1-x)^2 + {number}*(y-x^2)^2"


def _typed(experiment: Experiment, repeats: int) -> dict[str, list[float]]:
    """Type formulas never seen before, and measure from the last key of each."""
    with studio_on_screen(experiment, opengl=False) as studio:
        watch, times, typing = Watch(studio), [], []
        studio.choose_kind("formula")
        settle(studio)
        field = studio.window.panel.problem.field
        with watch.of_the_worker():
            for repeat in range(repeats):
                text = _TEXT.format(number=200 + repeat * 7)
                field.setFocus()
                field.selectAll()
                begun = time.perf_counter()
                for key in text[:-1]:
                    QTest.keyClicks(field, key)
                    pause(_BETWEEN_KEYS)
                typing.append(watch.worst_gap(begun, watch.ticks[-1]))
                settle(studio)
                pause(REST)
                times.append(watch.of_a_change(partial(QTest.keyClicks, field, text[-1])))
        return {**columns_of(times), "gap of typing": typing}


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
        given("  until its curves are on screen", percentile(one["curves"], 50), "ms"),
        given("  until surface, contours and curves have all they need", percentile(one["shown"], 50), "ms"),
        given("  with four runs: until the first has run", percentile(many["ran"], 50), "ms"),
        given("  with four runs: worst gap meanwhile, median", percentile(many["gap"], 50), "ms"),
        given("  worst gap while the rest was typed, drawn without OpenGL: median",
              percentile(one["gap of typing"], 50), "ms"),
    ]

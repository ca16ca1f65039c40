"""While a run is paused no pixel of the plots changes, whatever the worker does meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdstudio.controllers.playback import PlayState
from gdstudio.engine.stopping import Stopping
from gdstudio.experiment.document import Experiment, Problem, Run
from gdstudio.experiment.greeting import greeting

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gui.conftest import Bench

Key = Qt.Key
# Slow enough that a million iterations are still under way when somebody presses pause.
LABOUR = "sin(x*y) + cos(x - y)^2 + exp(-x^2) + log(1 + y^2) + erf(x + y) + tanh(x*y) + atan2(x, 2 + y^2)"


def _labour(iterations: int) -> Experiment:
    runs = tuple(
        Run(optimizer=key, hyperparameters={"learning_rate": 1e-6}, slot=slot)
        for slot, key in enumerate(("adam", "gd", "momentum"))
    )
    stopping = Stopping(iterations=iterations, tolerance=0.0)
    return Experiment(problem=Problem(text=LABOUR), start=(1.0, 1.0), runs=runs, stopping=stopping)


def test_paused_while_it_plays(bench: Bench) -> None:
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 20)
    bench.press(Key.Key_F5)
    bench.stays_still()


def test_paused_flat_out_over_a_million_iterations(open_window: Callable[..., Bench]) -> None:
    bench = open_window(_labour(10**6))
    bench.window.transport.speed_slider.setFocus()
    bench.press(Key.Key_End)
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 0)
    bench.press(Key.Key_F5)
    assert bench.player.playback.state is PlayState.PAUSED
    position = bench.position
    assert 0 < position < 10**6
    bench.stays_still()
    assert bench.position == position
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > position)


def test_paused_below_the_pointer(bench: Bench) -> None:
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 20)
    bench.press(Key.Key_F5)
    for view in bench.plots:
        QTest.mouseMove(view, view.rect().center())
    bench.stays_still()


def test_stepped_while_more_is_computed(open_window: Callable[..., Bench]) -> None:
    bench = open_window(_labour(10**6))
    bench.press(Key.Key_Period)
    bench.until(lambda: bench.position == 1)
    bench.press(Key.Key_Period)
    bench.until(lambda: bench.position == 2)
    bench.stays_still()


def test_nothing_moves_before_the_run_and_after_it(bench: Bench) -> None:
    bench.stays_still()
    bench.press(Key.Key_End)
    bench.rests(PlayState.FINISHED)
    bench.stays_still()


def test_a_step_changes_what_is_seen(bench: Bench) -> None:
    before = bench.pictures()
    bench.press(Key.Key_Period)
    assert all(now != first for now, first in zip(bench.pictures(), before, strict=True))


@pytest.mark.parametrize("speed_key", [Key.Key_End, None])
def test_what_was_computed_meanwhile_is_shown_at_the_next_run(
    open_window: Callable[..., Bench], speed_key: Qt.Key | None
) -> None:
    bench = open_window(replace(greeting(), stopping=Stopping(iterations=400_000, tolerance=0.0)))
    if speed_key is not None:
        bench.window.transport.speed_slider.setFocus()
        bench.press(speed_key)
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 0)
    bench.press(Key.Key_F5)
    held = bench.position
    bench.press(Key.Key_Period)
    bench.until(lambda: bench.position > held or bench.player.playback.state is PlayState.FINISHED)
    assert bench.position <= held + 1
    bench.window.centre.setFocus()
    bench.press(Key.Key_End)
    bench.rests(PlayState.FINISHED)
    assert bench.position == 400_000


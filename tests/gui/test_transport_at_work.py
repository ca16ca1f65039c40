"""Run, pause, step, restart, run to the end, and the speed, by mouse and key."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from gdstudio.controllers.playback import PlayState
from gdstudio.engine.stopping import Stopping
from gdstudio.experiment.document import Experiment, Problem, Run
from gdstudio.experiment.greeting import greeting

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gui.conftest import Bench

Key = Qt.Key


def _click(bench: Bench, name: str) -> None:
    """Click the round button that triggers an action."""
    button = next(each for each in bench.window.transport.buttons if each.action() is bench.action(name))
    bench.click(button)


def test_run_plays_at_the_pace_shown(bench: Bench) -> None:
    assert "60" in bench.window.transport.speed_value.text()
    _click(bench, "actionRun")
    assert bench.player.playback.playing
    bench.until(lambda: bench.position >= 10)
    begun, first = time.perf_counter(), bench.position
    bench.until(lambda: bench.position >= first + 30)
    pace = (bench.position - first) / (time.perf_counter() - begun)
    assert 20 < pace < 90  # a busy machine may be slower, never faster
    assert bench.surface.cursor_iteration == bench.contour.cursor_iteration == bench.loss.cursor_iteration
    assert bench.loss.cursor_iteration == bench.position
    assert bench.status == "Running"


def test_the_greeting_plays_for_several_seconds() -> None:
    iterations, usual_speed = greeting().stopping.iterations, 60
    assert 5 < iterations / usual_speed < 30


def test_run_and_pause_take_turns(bench: Bench) -> None:
    assert (bench.action("actionRun").isEnabled(), bench.action("actionPause").isEnabled()) == (True, False)
    bench.press(Key.Key_F5)
    assert (bench.action("actionRun").isEnabled(), bench.action("actionPause").isEnabled()) == (False, True)
    bench.until(lambda: bench.position > 3)
    bench.press(Key.Key_F5)
    assert (bench.action("actionRun").isEnabled(), bench.action("actionPause").isEnabled()) == (True, False)
    assert bench.player.playback.state is PlayState.PAUSED
    assert bench.status == "Paused"
    position = bench.position
    bench.press(Key.Key_Space)
    bench.until(lambda: bench.position > position)
    bench.press(Key.Key_Space)
    assert bench.player.playback.state is PlayState.PAUSED


def test_step_goes_exactly_one_on(bench: Bench) -> None:
    for expected in range(1, 6):
        _click(bench, "actionStep")
        assert bench.position == expected
    bench.press(Key.Key_Period)
    assert bench.position == 6
    assert f"iteration 6 of {greeting().stopping.iterations}" in bench.window.transport.position.text()


def test_a_step_while_it_plays_pauses_it(bench: Bench) -> None:
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 2)
    before = bench.position
    bench.press(Key.Key_Period)
    assert bench.position == before + 1
    assert bench.player.playback.state is PlayState.PAUSED


def test_a_step_at_once_after_a_change_is_not_lost(bench: Bench) -> None:
    bench.enter(bench.window.panel.start.fields[0], "0.5")
    bench.window.centre.setFocus()
    bench.press(Key.Key_Period)
    bench.until(lambda: bench.position == 1)
    assert bench.snapshot.runs[0].theta[0, 0] == 0.5


def test_the_end_at_once_after_a_change_is_that_of_the_new_run(bench: Bench) -> None:
    bench.press(Key.Key_End)
    bench.rests(PlayState.FINISHED)
    bench.limit(2_000)
    bench.window.centre.setFocus()
    bench.press(Key.Key_End)
    bench.rests(PlayState.FINISHED)
    assert bench.position == bench.window.transport.timeline.maximum() == 2_000


def test_restart_goes_to_the_start(bench: Bench) -> None:
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 5)
    _click(bench, "actionRestart")
    assert bench.position == 0
    assert bench.player.playback.state is PlayState.READY
    bench.press(Key.Key_Period)
    bench.press(Key.Key_R)
    assert bench.position == 0


def test_run_to_the_end(bench: Bench) -> None:
    bench.press(Key.Key_End)
    bench.rests(PlayState.FINISHED)
    assert bench.position == bench.window.transport.timeline.maximum() == 800
    assert bench.status.startswith("Adam: ")
    assert "Reached the limit of 800 iterations" in bench.status
    bench.press(Key.Key_F5)
    assert bench.player.playback.playing
    bench.until(lambda: 0 < bench.position < 400)


def test_run_to_the_end_while_it_plays_gives_the_speed_back(bench: Bench) -> None:
    bench.limit(1_000_000)
    bench.window.centre.setFocus()
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 2)
    bench.press(Key.Key_End)
    bench.rests(PlayState.FINISHED)
    assert bench.position == bench.player.available
    assert bench.player.playback.speed == bench.window.transport.speed() == 60


def test_the_end_of_a_run_is_the_end_of_the_timeline(open_window: Callable[..., Bench]) -> None:
    experiment = Experiment(
        problem=Problem(key="bowl"), start=(1.0, 1.0), runs=(Run(optimizer="gd"),), stopping=Stopping(iterations=5000)
    )
    bench = open_window(experiment)
    bench.press(Key.Key_End)
    bench.rests(PlayState.FINISHED)
    assert bench.status.startswith("Converged")
    assert bench.position == bench.snapshot.runs[0].iterations < 5000
    assert bench.window.transport.timeline.maximum() == bench.position


def test_a_diverged_run_says_so(open_window: Callable[..., Bench]) -> None:
    steep = Run(optimizer="gd", hyperparameters={"learning_rate": 1.0})
    bench = open_window(Experiment(problem=Problem(key="parabola"), start=(1.0,), runs=(steep,)))
    bench.press(Key.Key_End)
    bench.rests(PlayState.FINISHED)
    assert bench.status.startswith("Diverged")


def test_nothing_to_do_at_once(open_window: Callable[..., Bench]) -> None:
    bench = open_window(replace(greeting(), stopping=Stopping(iterations=0)))
    bench.press(Key.Key_F5)
    bench.rests(PlayState.FINISHED)
    assert bench.position == 0


def test_without_any_optimizer_the_window_goes_on(open_window: Callable[..., Bench]) -> None:
    bench = open_window(replace(greeting(), runs=()))
    for key in (Key.Key_F5, Key.Key_Period, Key.Key_End, Key.Key_Home):
        bench.press(key)
        bench.settled()
    assert bench.position == 0
    assert bench.window.panel.optimizers.empty.isVisible()


@pytest.mark.parametrize(("key", "speed"), [(Key.Key_Home, 1.0), (Key.Key_End, math.inf)])
def test_speed_by_key(bench: Bench, key: Qt.Key, speed: float) -> None:
    bench.window.transport.speed_slider.setFocus()
    bench.press(key)
    assert bench.window.transport.speed() == bench.player.playback.speed == speed


def test_one_iteration_a_second(bench: Bench) -> None:
    bench.window.transport.speed_slider.setFocus()
    bench.press(Key.Key_Home)
    begun = time.perf_counter()
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position == 1)
    assert 0.9 < time.perf_counter() - begun < 3
    assert bench.position == 1


def test_unlimited_speed_runs_flat_out(bench: Bench) -> None:
    bench.limit(300_000)
    bench.window.transport.speed_slider.setFocus()
    bench.press(Key.Key_End)
    bench.press(Key.Key_F5)
    bench.rests(PlayState.FINISHED)
    assert bench.position == 300_000
    assert "steps/s" in bench.window.status.rate.text()


def test_the_speed_can_be_changed_while_it_plays(bench: Bench) -> None:
    bench.limit(50_000)
    bench.window.centre.setFocus()
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 2)
    slider = bench.window.transport.speed_slider
    slider.setFocus()
    bench.press(Key.Key_PageUp)
    assert 60 < bench.player.playback.speed < math.inf
    bench.press(Key.Key_End)
    bench.rests(PlayState.FINISHED)
    assert bench.position == 50_000

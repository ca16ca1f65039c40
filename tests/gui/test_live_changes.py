"""Hyperparameters set while a run plays are logged and hold from the next iteration; at rest the run begins anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from gdstudio.controllers.playback import PlayState
from gdstudio.experiment.run import run_experiment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gui.conftest import Bench

Key = Qt.Key


def _slider_path(bench: Bench, first: float, last: float, count: int) -> list[QPointF]:
    slider = bench.row().slider
    return [QPointF(x * slider.width(), slider.height() / 2) for x in np.linspace(first, last, count)]


def _play_until(bench: Bench, iteration: int) -> None:
    bench.window.centre.setFocus()
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position >= iteration)


def _agrees_with_the_engine(bench: Bench) -> None:
    """Hold every run on show against the engine's own, with the log of changes."""
    for index, run in enumerate(bench.snapshot.runs):
        expected = run_experiment(bench.experiment, index).trajectory
        assert np.array_equal(run.theta, expected.theta[: len(run.theta)])
        assert np.array_equal(run.trajectory.learning_rate[1:], expected.learning_rate[1 : len(run.theta)])


def test_a_rate_typed_while_it_plays_is_logged_and_holds_from_there(bench: Bench) -> None:
    before = bench.snapshot.runs[0].theta.copy()
    _play_until(bench, 20)
    bench.enter(bench.row().field, "0.1")
    assert bench.player.playback.playing
    (change,) = bench.experiment.runs[0].changes
    assert (change.name, change.value) == ("learning_rate", 0.1)
    assert change.iteration >= 20
    bench.settled()
    after = bench.snapshot.runs[0].theta
    assert np.array_equal(after[: change.iteration + 1], before[: change.iteration + 1])
    assert not np.array_equal(after[change.iteration + 1], before[change.iteration + 1])
    assert bench.window.transport.timeline.marks() == (change.iteration,)
    assert bench.row().field.value() == 0.1
    _agrees_with_the_engine(bench)


def test_the_others_are_left_alone(bench: Bench) -> None:
    before = [run.theta for run in bench.snapshot.runs]
    _play_until(bench, 10)
    bench.enter(bench.row().field, "0.1")
    bench.settled()
    for old, new in zip(before[1:], bench.snapshot.runs[1:], strict=True):
        assert np.array_equal(old, new.theta)


def test_a_slider_dragged_while_it_plays_is_one_step_of_undo(bench: Bench) -> None:
    first = bench.experiment
    _play_until(bench, 10)
    for _ in bench.drag(bench.row().slider, _slider_path(bench, 0.6, 0.9, 8)):
        with bench.qtbot.waitSignal(bench.player.moved, timeout=5_000):
            pass
    changes = bench.experiment.runs[0].changes
    assert len(changes) > 4
    assert [change.iteration for change in changes] == sorted(change.iteration for change in changes)
    assert bench.player.playback.playing
    bench.settled()
    _agrees_with_the_engine(bench)
    bench.action("actionUndo").trigger()
    assert bench.experiment == first
    assert not bench.action("actionUndo").isEnabled()


def test_a_live_change_survives_pause_step_and_run(bench: Bench) -> None:
    _play_until(bench, 10)
    bench.enter(bench.row().field, "0.1")
    bench.settled()
    changed = bench.experiment
    bench.window.centre.setFocus()
    bench.press(Key.Key_F5)
    bench.press(Key.Key_Period)
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > changed.runs[0].changes[0].iteration + 10)
    bench.press(Key.Key_End)
    bench.rests(PlayState.FINISHED)
    assert bench.experiment == changed
    _agrees_with_the_engine(bench)
    bench.press(Key.Key_Home)
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 3)
    assert bench.experiment == changed


def test_at_rest_a_change_recomputes_from_the_start(bench: Bench) -> None:
    before = bench.snapshot.runs[0].theta
    _play_until(bench, 10)
    bench.press(Key.Key_F5)
    bench.enter(bench.row().field, "0.1")
    assert bench.experiment.runs[0].changes == ()
    assert bench.experiment.runs[0].hyperparameters["learning_rate"] == 0.1
    bench.settled()
    assert bench.position == 0
    assert bench.player.playback.state is PlayState.READY
    assert not np.array_equal(bench.snapshot.runs[0].theta[1], before[1])
    _agrees_with_the_engine(bench)


def test_a_change_at_rest_forgets_the_log(bench: Bench) -> None:
    _play_until(bench, 10)
    bench.enter(bench.row().field, "0.1")
    bench.window.centre.setFocus()
    bench.press(Key.Key_F5)
    bench.enter(bench.row().field, "0.05")
    bench.settled()
    assert bench.experiment.runs[0].changes == ()
    assert bench.window.transport.timeline.marks() == ()
    _agrees_with_the_engine(bench)


def test_two_numbers_changed_while_it_plays(bench: Bench) -> None:
    _play_until(bench, 10)
    bench.enter(bench.row("beta1").field, "0.5")
    bench.until(lambda: bench.position > 40)
    bench.enter(bench.row().field, "0.1")
    bench.settled()
    assert [change.name for change in bench.experiment.runs[0].changes] == ["beta1", "learning_rate"]
    _agrees_with_the_engine(bench)


def test_a_change_flat_out_keeps_what_was_seen(bench: Bench) -> None:
    bench.limit(3_000_000)
    bench.enter(bench.window.panel.stopping.tolerance, "0")
    bench.settled()
    bench.window.transport.speed_slider.setFocus()
    bench.press(Key.Key_End)
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 0)
    before = bench.snapshot.runs[0].theta
    bench.enter(bench.row().field, "0.03")
    changes = bench.experiment.runs[0].changes
    bench.rests(PlayState.FINISHED)
    rows = changes[0].iteration + 1 if changes else len(before)
    assert np.array_equal(bench.snapshot.runs[0].theta[:rows], before[:rows])


@pytest.mark.parametrize(("typed", "why"), [("-1", "learning rate"), ("nan", "number"), ("abc", "number")])
def test_a_value_that_cannot_be_is_refused(bench: Bench, typed: str, why: str) -> None:
    before = bench.experiment
    bench.enter(bench.row().field, typed)
    assert bench.experiment is before
    error = bench.row().error
    assert error.isVisible()
    assert why in error.text().replace("_", " ")


def test_a_change_after_a_runs_own_end_makes_it_anew(open_window: Callable[..., Bench], bench: Bench) -> None:
    bench.choose("Matyas")
    bench.limit(3000)
    bench.settled()
    _play_until(bench, 1)
    bench.press(Key.Key_End)
    bench.rests(PlayState.FINISHED)
    bench.enter(bench.row().field, "0.5")
    bench.settled()
    assert bench.experiment.runs[0].changes == ()
    _agrees_with_the_engine(bench)

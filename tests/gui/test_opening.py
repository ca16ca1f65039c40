"""The window as it opens: what stands in it, what greets a newcomer, and that it is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSlider, QWidget

from gdstudio.app import create_application, studio_of
from gdstudio.controllers.playback import PlayState
from gdstudio.experiment.greeting import greeting
from gdstudio.views.main_window import MainWindow
from tests.gui.conftest import colours_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.gui.conftest import Bench

ACTIONS = (
    "actionRun", "actionPause", "actionStep", "actionStepBack", "actionRestart", "actionExportImage",
    "actionExportTrajectory", "actionUndo", "actionRedo",
)


def test_the_greeting_is_there_and_ready(bench: Bench) -> None:
    assert bench.experiment == greeting()
    assert bench.player.playback.state is PlayState.READY
    assert bench.position == 0
    assert bench.window.transport.timeline.maximum() == greeting().stopping.iterations
    assert bench.status.startswith("Ready")
    assert [card.header.text() for card in bench.window.panel.optimizers.cards] == [
        "Adam", "Momentum", "RMSProp", "Gradient descent"
    ]
    assert not bench.window.isWindowModified()


def test_what_tools_look_for_is_found(bench: Bench) -> None:
    for name in ("surfaceView", "contourView", "lossView", "parameterPanel", "timeline"):
        widget = bench.find(QWidget, name)
        assert widget.isVisible()
        assert widget.window() is bench.window
        assert widget.width() > 100


def test_actions_are_found(bench: Bench) -> None:
    actions = [bench.find(QAction, name) for name in ACTIONS]
    assert all(action.text() for action in actions)
    assert {action.objectName() for action in actions if action.isEnabled()} == {
        "actionRun", "actionStep", "actionRestart", "actionExportImage", "actionExportTrajectory"
    }


def test_the_views_show_something(bench: Bench) -> None:
    for view in bench.plots:
        assert colours_of(view) > 8, view.objectName()


def test_the_whole_run_is_previewed_before_it_plays(bench: Bench) -> None:
    runs = bench.surface.content().runs
    assert [run.last for run in runs] == [800, 800, 800, 800]
    assert bench.contour.content().runs == runs
    assert len(bench.loss.content().series) == 4


def test_the_slider_that_is_the_timeline_cannot_be_moved_by_hand(bench: Bench) -> None:
    timeline = bench.find(QSlider, "timeline")
    bench.click(timeline)
    assert timeline.value() == 0


def test_the_application_is_made_once(bench: Bench) -> None:
    assert create_application() is create_application()


def test_a_window_that_is_not_ours_has_no_studio(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    with pytest.raises(LookupError, match="create_window"):
        studio_of(window)

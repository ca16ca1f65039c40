"""The status bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.main_window import MainWindow


def test_texts_stand_in_their_places(window: MainWindow) -> None:
    status = window.status
    status.setState("Running · still descending")
    status.setReadout("f = 4.118 at (−0.52, 1.31) under the pointer")
    status.setStepsPerSecond(41e6)
    assert status.state.whole() == "Running · still descending"
    assert status.readout.accessibleName().startswith("f = 4.118")
    assert status.rate.text() == "41 M steps/s"
    status.setStepsPerSecond(None)
    assert status.rate.text() == ""


def test_a_message_passes(window: MainWindow, qtbot: QtBot) -> None:
    status = window.status
    status.setState("Paused")
    status.showMessage("Saved.", 20)
    assert status.state.whole() == "Saved."
    status.setState("Running")
    qtbot.waitUntil(lambda: status.state.whole() == "Running")


def test_long_texts_are_shortened_and_whole_in_the_tooltip(window: MainWindow) -> None:
    text = "very " * 200
    window.status.setReadout(text)
    assert window.status.readout.text().endswith("…")
    assert window.status.readout.toolTip() == text

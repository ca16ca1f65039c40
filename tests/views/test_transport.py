"""Timeline and transport."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtTest import QTest

from gdstudio.scene.theme import DARK
from gdstudio.views import icons
from gdstudio.views.panel.sliders import STEPS
from gdstudio.views.transport import FASTEST, position_of, speed_at

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton

    from gdstudio.views.main_window import MainWindow


def test_the_cursor_is_shown_in_words_and_on_the_timeline(window: MainWindow) -> None:
    transport = window.transport
    transport.setPosition(618, 2000)
    assert (transport.timeline.value(), transport.timeline.maximum()) == (618, 2000)
    assert transport.position.text() == "iteration 618 of 2000"
    transport.setPosition(38, 100_000, 8.7)
    assert transport.position.text() == "iteration 38 of 100\u00a0000  ·  epoch 8.7"


def test_a_shorter_run_moves_the_end(window: MainWindow) -> None:
    window.transport.setPosition(2000, 2000)
    window.transport.setPosition(3, 10)
    assert (window.transport.timeline.value(), window.transport.timeline.maximum()) == (3, 10)


def test_the_timeline_leaves_mouse_and_keys_alone(window: MainWindow) -> None:
    timeline = window.transport.timeline
    window.transport.setPosition(5, 10)
    QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(3, 9))
    assert timeline.value() == 5
    assert timeline.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert timeline.accessibleName()


def test_the_timeline_is_filled_up_to_the_cursor_and_marked(window: MainWindow) -> None:
    window.setThemeChoice("dark")
    timeline = window.transport.timeline
    timeline.setMarks((75,))
    window.transport.setPosition(50, 100)
    image = timeline.grab().toImage()
    ratio = image.devicePixelRatio()
    middle = round(timeline.height() / 2 * ratio)

    def at(share: float) -> str:
        return image.pixelColor(round(timeline.width() * share * ratio), middle).name()

    assert at(0.25) == DARK.accent
    assert at(0.6) == DARK.line
    assert at(0.5) == DARK.text
    assert QColor(at(0.75)).hue() != QColor(DARK.line).hue()


@pytest.mark.parametrize("position", range(0, STEPS + 1, 20))
def test_speeds_and_positions_agree(position: int) -> None:
    assert abs(position_of(speed_at(position)) - position) <= 20


def test_the_scale_of_speeds() -> None:
    assert speed_at(0) == 1
    assert math.isinf(speed_at(STEPS))
    assert speed_at(STEPS - 1) == FASTEST
    assert position_of(math.inf) == STEPS
    assert position_of(0.1) == 0


def test_speed_by_mouse_and_key(window: MainWindow) -> None:
    transport = window.transport
    said: list[float] = []
    transport.speedChanged.connect(said.append)
    transport.setSpeed(60)
    assert transport.speed_value.text() == "60 it/s"
    assert said == []
    slider = transport.speed_slider
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 1, 10))
    assert math.isinf(transport.speed())
    assert transport.speed_value.text() == "unlimited"
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert said[-1] == 1
    assert transport.speed_value.text() == "1 it/s"


def test_buttons_trigger_their_actions(window: MainWindow) -> None:
    said: list[str] = []
    for name in ("actionRestart", "actionRun", "actionPause", "actionStep", "actionToEnd"):
        getattr(window, name).triggered.connect(lambda _checked=False, name=name: said.append(name))
    for button in window.transport.buttons:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    window.setPlaying(True)
    QTest.mouseClick(window.transport.play, Qt.MouseButton.LeftButton)
    assert said == ["actionRestart", "actionRun", "actionStep", "actionToEnd", "actionPause"]


def _icon(button: QAbstractButton) -> list[str]:
    """Return the names of the icons that have the shape of the one on a button."""
    def shape(picture: QPixmap) -> QImage:
        return picture.toImage().convertToFormat(QImage.Format.Format_Alpha8)

    shown = shape(button.icon().pixmap(48))
    return [name for name in ("run", "pause", "step") if shape(icons.pixmap(name, QColor("white"), 48)) == shown]


def test_the_round_button_follows_the_run(window: MainWindow) -> None:
    play = window.transport.play
    assert (_icon(play), play.isEnabled()) == (["run"], True)
    window.setPlaying(True)
    assert (_icon(play), play.accessibleName()) == (["pause"], "Pause")
    window.setPlaying(False, can_run=False)
    assert (_icon(play), play.isEnabled()) == (["run"], False)

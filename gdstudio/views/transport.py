"""Timeline and transport: where the cursor is in the run, and how it moves along."""

from __future__ import annotations

import math
from functools import partial

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from gdstudio.views.actions import plain
from gdstudio.views.controls import IconButton
from gdstudio.views.panel.numbers import round_to_digits, whole
from gdstudio.views.panel.sliders import STEPS, SlimSlider
from gdstudio.views.shortcuts import Mnemonic
from gdstudio.views.style import mono_font

FASTEST = 10_000.0
"""Iterations a second just below "unlimited"."""
MARK_COLOUR = "#E69F00"


class Timeline(QSlider):
    """The run from its start to its end: `value` is the iteration at the cursor, `maximum` the length.

    It shows and does not yet take the mouse. Ticks stand where something was changed while the run played.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("timeline")
        self.setRange(0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._marks: tuple[int, ...] = ()

    def marks(self) -> tuple[int, ...]:
        """Return the iterations at which ticks stand."""
        return self._marks

    def setMarks(self, iterations: tuple[int, ...]) -> None:
        """Put ticks at `iterations`."""
        if iterations != self._marks:
            self._marks = iterations
            self.update()

    def sizeHint(self) -> QSize:
        """Height of the playhead; as wide as there is room."""
        return QSize(300, 18)

    def minimumSizeHint(self) -> QSize:
        """Height of the playhead."""
        return QSize(60, 18)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave the mouse to the window."""
        event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Leave the mouse to the window."""
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Leave the mouse to the window."""
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the window."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the keys to the window."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw groove, the part behind the cursor, ticks and playhead."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        role, colours = QPalette.ColorRole, QApplication.palette()
        middle, x = self.height() / 2, self._x_of(self.value())
        painter.setBrush(colours.color(role.Mid))
        painter.drawRoundedRect(QRectF(0, middle - 2, self.width(), 4), 2, 2)
        painter.setBrush(colours.color(role.Accent))
        painter.drawRoundedRect(QRectF(0, middle - 2, x, 4), 2, 2)
        painter.setBrush(QColor(MARK_COLOUR))
        for mark in self._marks:
            painter.drawRect(QRectF(self._x_of(mark) - 1, middle - 5, 2, 10))
        painter.setBrush(colours.color(role.WindowText))
        left = min(max(0.0, x - 2), self.width() - 4.0)
        painter.drawRoundedRect(QRectF(left, middle - 8, 4, 16), 1.5, 1.5)

    def _x_of(self, iteration: int) -> float:
        return self.width() * iteration / self.maximum() if self.maximum() else 0.0


def speed_at(position: int) -> float:
    """Return iterations a second at a slider's position, 0 to 1000: from 1 up, infinite at the end."""
    if position >= STEPS:
        return math.inf
    return round_to_digits(FASTEST ** (position / (STEPS - 1)), 2)


def position_of(speed: float) -> int:
    """Return the slider's position of `speed` iterations a second."""
    if math.isinf(speed) or speed > FASTEST:
        return STEPS
    return round((STEPS - 1) * math.log(max(1.0, speed)) / math.log(FASTEST))


class ActionButton(IconButton):
    """An icon button that triggers an action and is enabled with it."""

    def __init__(self, action: QAction, icon: str, role: str = "round", pixels: int = 18) -> None:
        colour = QPalette.ColorRole.HighlightedText if role == "play" else QPalette.ColorRole.WindowText
        super().__init__(icon, role, pixels, colour)
        self._action = action
        self.clicked.connect(lambda: self._action.trigger())
        action.changed.connect(self._follow)
        self._follow()

    def action(self) -> QAction:
        """Return the action that a click triggers."""
        return self._action

    def setAction(self, action: QAction, icon: str) -> None:
        """Trigger another action from now on."""
        if action is not self._action:
            self._action.changed.disconnect(self._follow)
            self._action = action
            action.changed.connect(self._follow)
            self.setIconName(icon)
            self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.say(plain(self._action.text()), self._action.toolTip())


class TransportBar(QWidget):
    """Timeline above; buttons, the iteration in words and the speed below.

    `speedChanged` carries iterations a second, infinite for unlimited.

    Parameters
    ----------
    actions : dict
        The actions ``restart``, ``step_back``, ``run``, ``pause``, ``step`` and ``to_end``.
    """

    speedChanged = Signal(float)

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transportBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._actions = actions
        self._shown: tuple[int, int, float | None] = (0, 0, None)
        self._speed = 60.0
        self.timeline = Timeline(self)
        self.play = ActionButton(actions["run"], "run", "play", 22)
        self.buttons = (
            ActionButton(actions["restart"], "restart"), ActionButton(actions["step_back"], "step-back"),
            self.play, ActionButton(actions["step"], "step"), ActionButton(actions["to_end"], "to-end"),
        )
        self.position = QLabel(self)
        self.position.setFont(mono_font())
        self.speed_label = QLabel(self)
        self.speed_label.setProperty("role", "muted")
        self.speed_slider = SlimSlider(self)
        self.speed_slider.setMaximumWidth(140)
        self.speed_value = QLabel(self)
        self.speed_value.setFont(mono_font())
        self.speed_value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._speed_keys = Mnemonic(self, partial(self.speed_slider.setFocus, Qt.FocusReason.ShortcutFocusReason))
        self._lay_out()
        self.speed_slider.moved.connect(self._slid)
        self.retranslate()
        self.setSpeed(self._speed)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        for button in self.buttons:
            line.addWidget(button)
        line.addSpacing(16)
        line.addWidget(self.position)
        line.addStretch(1)
        line.addWidget(self.speed_label)
        line.addWidget(self.speed_slider, 3)
        line.addWidget(self.speed_value)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 9, 18, 10)
        column.setSpacing(6)
        column.addWidget(self.timeline)
        column.addLayout(line)

    def setPosition(self, iteration: int, length: int, epoch: float | None = None) -> None:
        """Show the cursor at `iteration` of `length`; `epoch` for problems with data."""
        if (iteration, length, epoch) == self._shown:
            return
        self._shown = (iteration, length, epoch)
        if length != self.timeline.maximum():
            self.timeline.setMaximum(length)
            longest = self._position_text(length, length, epoch)
            self.position.setMinimumWidth(self.position.fontMetrics().horizontalAdvance(longest) + 4)
        self.timeline.setValue(iteration)
        self._say_position()

    def setPlaying(self, playing: bool) -> None:
        """Let the round button pause a run that plays and run one that does not."""
        name = "pause" if playing else "run"
        self.play.setAction(self._actions[name], name)

    def speed(self) -> float:
        """Return iterations a second; infinite for unlimited."""
        return self._speed

    def setSpeed(self, speed: float) -> None:
        """Show `speed` iterations a second, without a signal."""
        self._speed = speed
        self.speed_slider.setPosition(position_of(speed))
        self._say_speed()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.timeline.setAccessibleName(self.tr("Timeline"))
        self.timeline.setToolTip(self.tr("The iteration at the cursor, from the start of the run to its end; "
                                         "ticks: changes while it played"))
        self.speed_label.setText(self._speed_keys.take(self.tr("s&peed")))
        tooltip = self.tr("How many iterations a second the run plays: 1 to 10 000, at the right end as fast as it can")
        tooltip = self._speed_keys.told(tooltip)
        self.speed_label.setToolTip(tooltip)
        self.speed_slider.setToolTip(tooltip)
        self.speed_slider.setAccessibleName(self.tr("Speed"))
        unlimited, usual = self.tr("unlimited"), self.tr("{speed} it/s").format(speed=whole(FASTEST))
        metrics = self.speed_value.fontMetrics()
        self.speed_value.setMinimumWidth(max(metrics.horizontalAdvance(text) for text in (unlimited, usual)) + 2)
        self._say_position()
        self._say_speed()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _slid(self, position: int, _final: bool) -> None:
        self._speed = speed_at(position)
        self._say_speed()
        self.speedChanged.emit(self._speed)

    def _say_position(self) -> None:
        iteration, length, epoch = self._shown
        text = self._position_text(iteration, length, epoch)
        self.position.setText(text)
        self.position.setAccessibleName(text)

    def _position_text(self, iteration: int, length: int, epoch: float | None) -> str:
        numbers = {"iteration": _spaced(iteration), "length": _spaced(length)}
        text = self.tr("iteration {iteration} of {length}").format(**numbers)
        if epoch is not None:
            text += "  ·  " + self.tr("epoch {epoch}").format(epoch=f"{epoch:.1f}")
        return text

    def _say_speed(self) -> None:
        if math.isinf(self._speed):
            text = self.tr("unlimited")
        else:
            text = self.tr("{speed} it/s").format(speed=whole(round(self._speed)))
        self.speed_value.setText(text)
        self.speed_slider.setAccessibleDescription(text)


def _spaced(number: int) -> str:
    return whole(number) if number >= 10_000 else str(number)

"""Sliders with a slim groove and a scale of real numbers, linear or logarithmic."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QSlider, QWidget

from gdstudio.views.panel.numbers import round_to_digits

if TYPE_CHECKING:
    from gdstudio.engine.parameters import Parameter

STEPS = 1000
GROOVE, KNOB = 4.0, 6.0


class SlimSlider(QSlider):
    """A horizontal slider whose knob jumps to the mouse and follows it.

    `moved` carries the position and whether the movement is over: False at every move of a drag, True at
    its end and at every key. A position that was set emits nothing.
    """

    moved = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, STEPS)
        self.setSingleStep(STEPS // 100)
        self.setPageStep(STEPS // 10)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.actionTriggered.connect(self._keyed)
        self._dragged = self._moved = False

    def sizeHint(self) -> QSize:
        """Wide enough to be grasped."""
        return QSize(90, 22)

    def minimumSizeHint(self) -> QSize:
        """As narrow as still makes sense."""
        return QSize(40, 22)

    def setPosition(self, position: int) -> None:
        """Put the knob at `position`, unless it is being dragged."""
        if not self._dragged:
            self.setValue(position)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that move a slider from the window's shortcuts."""
        if (event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
                and event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End)
                and event.modifiers() == Qt.KeyboardModifier.NoModifier):
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag where the mouse is."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._dragged = True
        self._moved = False
        self.setSliderDown(True)
        self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a drag."""
        if self._dragged:
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag: one `moved` that is final."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._let_go()

    def hideEvent(self, event: QHideEvent) -> None:
        """End a drag that the release will never reach."""
        self._let_go()
        super().hideEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn by the wheel only where the slider has the focus, so that scrolling past changes nothing."""
        if not self.hasFocus():
            event.ignore()
            return
        before = self.value()
        super().wheelEvent(event)
        if self.value() != before:
            self.moved.emit(self.value(), True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw groove, filled part and knob in the colours of the palette."""
        del event
        colours = QApplication.palette()
        role = QPalette.ColorRole
        accent = colours.color(role.Accent if self.isEnabled() else role.PlaceholderText)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle, x = self.height() / 2, self._x_of(self.value())
        painter.setBrush(colours.color(role.Mid))
        painter.drawRoundedRect(QRectF(KNOB, middle - 2, self.width() - 2 * KNOB, GROOVE), 2, 2)
        painter.setBrush(accent)
        painter.drawRoundedRect(QRectF(KNOB, middle - 2, max(0.0, x - KNOB), GROOVE), 2, 2)
        if self.hasFocus():
            halo = QColor(accent)
            halo.setAlpha(110)
            painter.setBrush(halo)
            painter.drawEllipse(QRectF(x - KNOB - 3.5, middle - KNOB - 3.5, 2 * KNOB + 7, 2 * KNOB + 7))
        painter.setBrush(colours.color(role.WindowText))
        painter.setPen(QPen(colours.color(role.Button), 1.5))
        painter.drawEllipse(QRectF(x - KNOB, middle - KNOB, 2 * KNOB, 2 * KNOB))

    def _x_of(self, position: int) -> float:
        room = self.width() - 2 * KNOB
        return KNOB + room * (position - self.minimum()) / max(1, self.maximum() - self.minimum())

    def _follow(self, event: QMouseEvent) -> None:
        share = (event.position().x() - KNOB) / max(1.0, self.width() - 2 * KNOB)
        span = self.maximum() - self.minimum()
        position = self.minimum() + round(min(1.0, max(0.0, share)) * span)
        if position != self.value():
            self._moved = True
            self.setValue(position)
            self.moved.emit(position, False)

    def _let_go(self) -> None:
        if not self._dragged:
            return
        self._dragged = False
        self.setSliderDown(False)
        if self._moved:
            self.moved.emit(self.value(), True)

    def _keyed(self, action: int) -> None:
        if self._dragged or action == QSlider.SliderAction.SliderMove.value:
            return
        position = min(self.maximum(), max(self.minimum(), self.sliderPosition()))
        if position != self.value():
            self.setValue(position)
            self.moved.emit(position, True)


class ScaleSlider(SlimSlider):
    """A slider over the usual range of a parameter.

    `changed` carries the value and whether it is final; values are rounded to three digits, as people
    would type them, and lie in the range that the parameter allows.
    """

    changed = Signal(float, bool)

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parameter = parameter
        self.moved.connect(lambda position, final: self.changed.emit(self.value_at(position), final))

    def setParameter(self, parameter: Parameter) -> None:
        """Stand for another parameter; a drag for the one before ends."""
        self._let_go()
        self._parameter = parameter

    def setValueShown(self, value: float) -> None:
        """Put the knob where `value` is, at an end where it lies beyond."""
        self.setPosition(self.position_of(value))

    def position_of(self, value: float) -> int:
        """Return the position, 0 to 1000, of a value."""
        low, high = self._parameter.usual
        if self._parameter.logarithmic:
            if value <= 0:
                return 0
            low, high, value = math.log(low), math.log(high), math.log(value)
        share = (value - low) / (high - low) if high > low else 0.0
        return round(STEPS * min(1.0, max(0.0, share)))

    def value_at(self, position: int) -> float:
        """Return the value at a position, 0 to 1000."""
        low, high = self._parameter.usual
        share = position / STEPS
        if position in (0, STEPS):
            value = high if position else low
        elif self._parameter.logarithmic:
            value = round_to_digits(math.exp(math.log(low) + share * (math.log(high) - math.log(low))))
        else:
            grain = 10 ** math.floor(math.log10((high - low) / STEPS))
            value = round_to_digits(round((low + share * (high - low)) / grain) * grain, 12)
        return float(round(value)) if self._parameter.integer else value

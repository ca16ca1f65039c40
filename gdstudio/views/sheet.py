"""A dialog inside the window: a card over what is behind it, which waits but stays in sight.

It is a part of the window and no window of its own, so that it looks alike everywhere, is in every picture of the
window, and needs no manager of windows. While it is open it alone has the keyboard and the mouse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gdstudio.views.controls import Divider, scroll_into_sight
from gdstudio.views.panel.parameter_panel import ParameterPanel
from gdstudio.views.plots.canvas import PlotCanvas
from gdstudio.views.sheet_style import sheet_style
from gdstudio.views.style import text_font

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QSize
    from PySide6.QtWidgets import QPushButton

MARGIN = 24
"""What is left of the window at least around the card."""
_HIGHEST = 0.105


class SheetBody(QWidget):
    """The middle of a card. It hides all behind it, so that nothing there is painted when something on it changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill it with the colour of the card."""
        QPainter(self).fillRect(event.rect(), QApplication.palette().color(QPalette.ColorRole.Window))


class _Curtain(QWidget):
    """Keeps a part of the window as it was painted last: it says that it hides what is behind, and paints nothing."""

    def __init__(self, window: QWidget, part: QWidget) -> None:
        super().__init__(window)
        self._window, self._part = window, part
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def fall(self) -> None:
        """Cover the part where it is now, over all else."""
        if self._part.isVisible():
            self.setGeometry(QRect(self._part.mapTo(self._window, QPoint()), self._part.size()))
            self.raise_()
            self.show()


def _take_away(widget: QWidget) -> None:
    """Hide what will be deleted; what it covered is painted then, and not a second time at the deletion."""
    widget.hide()
    widget.resize(0, 0)


class Sheet(QDialog):
    """A card in the middle of a window, and a veil over the rest; deletes itself when closed.

    Parameters
    ----------
    window : QWidget
        The window that it covers.
    usual : QSize
        Size of the card where there is room for it.
    """

    def __init__(self, window: QWidget, usual: QSize) -> None:
        super().__init__(window)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setObjectName("sheet")
        self._usual = usual
        self._before: QWidget | None = None
        self._curtains: list[_Curtain] = []
        self._closed = False
        self.card = QFrame(self)
        self.card.setObjectName("sheetCard")
        self._dress()
        window.installEventFilter(self)

    def open(self) -> None:
        """Show the card; the focus goes back to where it was when it closes."""
        # of this window: the focus may be in a dialog that is about to be deleted
        self._before = window.focusWidget() if (window := self.parentWidget()) else None
        if self._before is not None:
            # what is behind may be made anew meanwhile, and Python is not told of every widget that Qt deletes
            self._before.destroyed.connect(self._forget)
        self._cover()
        if (window := self.parentWidget()) is not None:
            # now, as closing has more to do
            self._curtains = [_Curtain(window, part) for part in _parts(window)]
        self.show()
        self.raise_()

    def stillBehind(self) -> None:
        """Leave what takes longest to paint as it looks until this closes: work comes first that changes it."""
        for curtain in self._curtains:
            curtain.fall()

    def done(self, result: int) -> None:
        """Close, and give the focus back."""
        if self._closed:
            return
        self._closed = True
        before, self._before = self._before, None
        self.stillBehind()
        super().done(result)
        _take_away(self)
        self._leave()
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        """Delete the curtains and then this, one in each round of events: what is behind each is painted by itself."""
        part = self._curtains[0] if self._curtains else self

        def leave() -> None:
            self._curtains = self._curtains[1:]
            _take_away(part)
            part.deleteLater()
            if part is not self:
                self._leave()

        QTimer.singleShot(1, part, leave)

    def _forget(self) -> None:
        self._before = None

    # events

    def event(self, event: QEvent) -> bool:
        """Keep all keys from the shortcuts of the window but those that end it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if not event.matches(QKeySequence.StandardKey.Quit):
                event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window at its new size."""
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self._cover()
            # at another size there is nothing that was painted last
            for curtain in self._curtains:
                curtain.hide()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Keep the focus on the card."""
        chain = [each for each in self.controls() if each.isVisible() and each.isEnabled()]
        now = QApplication.focusWidget()
        if not chain:
            return True
        step = 1 if forwards else -1
        place = (chain.index(now) + step) % len(chain) if now in chain else min(step, 0)
        reason = Qt.FocusReason.TabFocusReason if forwards else Qt.FocusReason.BacktabFocusReason
        chain[place].setFocus(reason)
        scroll_into_sight(chain[place])
        return True

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, in order."""
        return []

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close where the veil is pressed."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.reject()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the veil and the card's shadow."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, 80 if _dark() else 45))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for reach in range(12, 0, -2):
            painter.setBrush(QColor(0, 0, 0, 10 if _dark() else 5))
            place = self.card.geometry().adjusted(-reach, -reach + 4, reach, reach + 6)
            painter.drawRoundedRect(place, 10 + reach, 10 + reach)

    # construction

    def setParts(self, head: QHBoxLayout, body: SheetBody, buttons: Mapping[str, QPushButton]) -> None:
        """Lay out the card: `head`, `body`, and a row of buttons.

        Parameters
        ----------
        head : QHBoxLayout
            What stands above the body.
        body : SheetBody
            The middle.
        buttons : mapping of str to QPushButton
            By their names as objects, from left to right; the last two, cancel and take, stand at the right.
        """
        row = QHBoxLayout()
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(10)
        for place, (name, button) in enumerate(buttons.items(), start=1):
            button.setObjectName(name)
            button.setProperty("role", "go" if place == len(buttons) else "pill")
            button.setFont(text_font(12))
            button.setAutoDefault(False)
            if place == len(buttons) - 1:
                row.addStretch(1)
            row.addWidget(button)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Divider(self.card))
        column.addWidget(body, 1)
        column.addWidget(Divider(self.card))
        column.addLayout(row)

    def _cover(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        self.setGeometry(window.rect())
        width = min(self._usual.width(), window.width() - 2 * MARGIN)
        height = min(self._usual.height(), window.height() - 2 * MARGIN)
        top = min(round(window.height() * _HIGHEST), (window.height() - height) // 2)
        self.card.setGeometry(QRect((window.width() - width) // 2, top, width, height))

    def _dress(self) -> None:
        sheet = sheet_style(QApplication.palette())
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)


def _parts(window: QWidget) -> list[QWidget]:
    """Return what takes longest to paint in a window, each less than all the rest together."""
    found: list[QWidget] = [*window.findChildren(PlotCanvas), *window.findChildren(ParameterPanel)]
    return found


def _dark() -> bool:
    colours, role = QApplication.palette(), QPalette.ColorRole
    return colours.color(role.WindowText).lightness() > colours.color(role.Window).lightness()

"""Small controls that the panel, the transport and the window share.

Each knows its colours from the palette and its icon by name, so a change of theme reaches it by itself.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QWidget,
)

from gdstudio.views import icons
from gdstudio.views.style import heading_font, text_font

_LIST_KEYS = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space)


class IconButton(QToolButton):
    """A button with an icon of the theme's colours.

    Parameters
    ----------
    icon : str
        Name of the icon.
    role : {"icon", "round", "play", "floating", "link"}
        Its look in the style sheet.
    pixels : int
        Width and height of the icon.
    colour : QPalette.ColorRole
        Where the icon's colour comes from.
    """

    def __init__(
        self,
        icon: str,
        role: str = "icon",
        pixels: int = 16,
        colour: QPalette.ColorRole = QPalette.ColorRole.PlaceholderText,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._colour = colour
        self.setProperty("role", role)
        self.setIconSize(QSize(pixels, pixels))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.recolour()

    def setIconName(self, name: str) -> None:
        """Show another icon."""
        if name != self._icon_name:
            self._icon_name = name
            self.recolour()

    def say(self, name: str, tooltip: str = "") -> None:
        """Set the accessible name and the tooltip, which is the name unless said otherwise."""
        self.setAccessibleName(name)
        self.setToolTip(tooltip or name)

    def recolour(self) -> None:
        """Take the icon's colour from the application's palette, which the theme sets."""
        self.setIcon(icons.icon(self._icon_name, QApplication.palette().color(self._colour)))


class LinkButton(QPushButton):
    """A word in the accent colour that does something."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "link")
        self.setFont(text_font(12, text_font().Weight.DemiBold))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)


class CheckBox(QCheckBox):
    """A check box in the theme's colours."""

    def sizeHint(self) -> QSize:
        """Room for box and text."""
        return QSize(24 + self.fontMetrics().horizontalAdvance(self.text()), 24)

    def minimumSizeHint(self) -> QSize:
        """Room for the box; the text is elided."""
        return QSize(24, 24)

    def hitButton(self, position: QPoint) -> bool:
        """Take clicks on the text too."""
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw box, mark and text."""
        del event
        role, colours = QPalette.ColorRole, QApplication.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0.5, self.height() / 2 - 7.5, 15, 15)
        checked = self.isChecked()
        painter.setPen(colours.color(role.Accent if checked or self.hasFocus() else role.Midlight))
        painter.setBrush(colours.color(role.Accent if checked else role.Base))
        painter.drawRoundedRect(box, 4, 4)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(20, 2.5, -0.5, -2.5), 4, 4)
        if checked:
            painter.setPen(QPen(colours.color(role.HighlightedText), 2))
            x, y = box.x(), box.y()
            painter.drawPolyline(QPolygonF([QPointF(x + 4, y + 8), QPointF(x + 6.5, y + 10.5), QPointF(x + 11, y + 5)]))
        painter.setPen(colours.color(role.WindowText if checked else role.PlaceholderText))
        place = self.rect().adjusted(24, 0, 0, 0)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class ChevronCombo(QComboBox):
    """A combo box with the theme's chevron that leaves the wheel to the panel unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(18)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that search and move in the box from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
            if plain and ((event.text() and event.text().isprintable()) or event.key() in _LIST_KEYS):
                event.accept()
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box with as much of the text as there is room for, then the chevron."""
        del event
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self).width()
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        colour = QApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        place = QRect(self.width() - 23, (self.height() - 14) // 2, 14, 14)
        icons.icon("chevron-down", colour).paint(painter, place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the choice only where the box has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ElidedLabel(QLabel):
    """A line of text that ends in an ellipsis where there is too little room; the tooltip has all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setWhole(self, text: str) -> None:
        """Show `text`, shortened if it must be."""
        if text != self._whole:
            self._whole = text
            self._elide()

    def whole(self) -> str:
        """Return the whole text."""
        return self._whole

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        hint = super().sizeHint()
        return QSize(self._metrics().horizontalAdvance(self._whole) + 2, hint.height())

    def minimumSizeHint(self) -> QSize:
        """Hardly any width: the text is elided."""
        return QSize(8, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide anew."""
        super().resizeEvent(event)
        self._elide()

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self.font())

    def _elide(self) -> None:
        shown = self._metrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(0, self.width()))
        self.setText(shown)
        self.setAccessibleName(self._whole)
        self.setToolTip(self._whole if shown != self._whole else "")
        self.updateGeometry()


class Divider(QFrame):
    """A thin line between sections."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "divider")
        self.setFixedHeight(1)


class HeadingLabel(QLabel):
    """The heading of a section."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(heading_font())
        self.setProperty("role", "muted")


def scroll_into_sight(widget: QWidget) -> None:
    """Scroll what is around a widget until it can be seen."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()


def popup_under(button: QWidget) -> QPoint:
    """Return where a menu under `button` begins, in global coordinates."""
    return button.mapToGlobal(QPoint(0, button.height() + 2))

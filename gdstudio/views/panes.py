"""The frames that hold the views: tabs above a stack, and the centre with its floating buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from gdstudio.views.controls import IconButton
from gdstudio.views.style import text_font

COMPACT_BELOW = 620
"""Width of the centre below which its buttons show no words, so that they leave room for the legend."""


class TabbedPane(QWidget):
    """Views of which one is shown, under tabs with an underline.

    `chosen` carries the key of the view that a person chose.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plotPane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = QTabBar(self)
        self.tabs.setFont(text_font())
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setUsesScrollButtons(True)
        self.stack = QStackedWidget(self)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(14, 3, 6, 0)
        self.head.addWidget(self.tabs, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.head)
        column.addWidget(self.stack, 1)
        self.tabs.currentChanged.connect(self._show)
        self.tabs.tabBarClicked.connect(self._clicked)

    def addView(self, key: str, widget: QWidget, title: str = "") -> None:
        """Add a view; its tab stands behind the others."""
        self.stack.addWidget(widget)
        index = self.tabs.addTab(title)
        self.tabs.setTabData(index, key)
        self._show(self.tabs.currentIndex())

    def setTitle(self, key: str, title: str) -> None:
        """Set what stands on the tab of a view."""
        index = self._index(key)
        if index >= 0:
            self.tabs.setTabText(index, title)
            self.tabs.setTabToolTip(index, title)

    def setViewOffered(self, key: str, offered: bool) -> None:
        """Show or hide the tab of a view."""
        index = self._index(key)
        if offered != self.tabs.isTabVisible(index):
            self.tabs.setTabVisible(index, offered)
            # has the tabs laid out again: now and then one that was offered was not to be seen
            QApplication.sendEvent(self.tabs, QEvent(QEvent.Type.StyleChange))

    def setCurrent(self, key: str) -> None:
        """Bring a view to the front."""
        self.tabs.setCurrentIndex(self._index(key))

    def current(self) -> str:
        """Return the key of the view in front, or an empty string."""
        return self.tabs.tabData(self.tabs.currentIndex()) or ""

    def _index(self, key: str) -> int:
        return next((index for index in range(self.tabs.count()) if self.tabs.tabData(index) == key), -1)

    def _show(self, index: int) -> None:
        if 0 <= index < self.stack.count():
            self.stack.setCurrentIndex(index)

    def _clicked(self, index: int) -> None:
        if index >= 0:
            self.chosen.emit(self.tabs.tabData(index))


class FloatingButton(IconButton):
    """A button over the view that triggers an action, with a text of its own."""

    def __init__(self, action: QAction, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(icon or "image", "floating", 14, QPalette.ColorRole.PlaceholderText, parent)
        self.setFont(text_font(12))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonTextBesideIcon if icon else style.ToolButtonTextOnly)
        self.setProperty("iconic", bool(icon))
        self._action = action
        self.setCheckable(action.isCheckable())
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def setCompact(self, compact: bool) -> None:
        """Show the icon alone where there is one and little room."""
        if self.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextOnly:
            return
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonIconOnly if compact else style.ToolButtonTextBesideIcon)
        self.setProperty("iconic", not compact)
        self.style().unpolish(self)
        self.style().polish(self)

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setVisible(self._action.isVisible())
        self.setChecked(self._action.isChecked())
        self.setToolTip(self._action.toolTip())


class CentrePane(QWidget):
    """The view in the middle, with buttons floating at its top right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("centrePane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view: QWidget | None = None
        self._compact = False
        self.buttons = QWidget(self)
        self.buttons_row = QHBoxLayout(self.buttons)
        self.buttons_row.setContentsMargins(0, 0, 0, 0)
        self.buttons_row.setSpacing(6)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def addButton(self, button: FloatingButton) -> None:
        """Let a button float to the right of the others."""
        button.setCompact(self._compact)
        self.buttons_row.addWidget(button)
        self._place_buttons()

    def setView(self, view: QWidget) -> None:
        """Show `view` here."""
        if self._view is not None:
            self._column.removeWidget(self._view)
        self._view = view
        self._column.addWidget(view)
        self.buttons.raise_()

    def minimumSizeHint(self) -> QSize:
        """Room for the buttons."""
        return QSize(self.buttons.sizeHint().width() + 28, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the buttons at the top right."""
        super().resizeEvent(event)
        self._place_buttons()

    def changeEvent(self, event: QEvent) -> None:
        """Make room for other words."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._place_buttons()

    def event(self, event: QEvent) -> bool:
        """Place the buttons anew when their size has changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place_buttons()
        return super().event(event)

    def _place_buttons(self) -> None:
        compact = self.width() < COMPACT_BELOW
        if compact != self._compact:
            self._compact = compact
            for button in self.buttons.findChildren(FloatingButton):
                button.setCompact(compact)
        size = self.buttons.sizeHint()
        self.buttons.setGeometry(self.width() - size.width() - 14, 12, size.width(), size.height())
        self.buttons.raise_()

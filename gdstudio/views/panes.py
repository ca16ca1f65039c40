"""The frames that hold the views: tabs above a stack, and the centre with its floating buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from gdstudio.views.controls import IconButton
from gdstudio.views.remark import Remark
from gdstudio.views.style import text_font

COMPACT_BELOW = 620
"""Width of the centre below which its buttons show no words, so that they leave room for the legend."""
# What the margins take beside the tabs, and a gap.
_AROUND_TABS = 40


class TabbedPane(QWidget):
    """Views of which one is shown, under tabs with an underline, a note beside them and a remark on it below.

    A view that is not offered has no tab at all. A tab that `QTabBar` hides would not do: asked for what it is already,
    `setTabVisible` drops the layout that another tab still waits for, and the scroll buttons go by the last tab, hidden
    or not.

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
        # By key, in the order of the tabs.
        self._widgets: dict[str, QWidget] = {}
        self._titles: dict[str, str] = {}
        self._remarks: dict[str, tuple[tuple[str, ...], str]] = {}
        self.remark = Remark(self)
        self.remark.hide()
        self._notes: dict[str, tuple[str, ...]] = {}
        self.note = QLabel(self)
        self.note.setProperty("role", "muted")
        self.note.setFont(text_font(12))
        self.note.hide()
        head = QHBoxLayout()
        head.setContentsMargins(14, 3, 12, 0)
        head.addWidget(self.tabs, 1)
        head.addWidget(self.note, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.stack, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 0, 12, 6)
        foot.addWidget(self.remark)
        column.addLayout(foot)
        self.tabs.currentChanged.connect(self._show)
        self.tabs.tabBarClicked.connect(self._clicked)

    def addView(self, key: str, widget: QWidget, title: str = "") -> None:
        """Add a view; its tab stands behind the others."""
        self.stack.addWidget(widget)
        self._widgets[key], self._titles[key] = widget, title
        self.setViewOffered(key, True)
        self._show()

    def setTitle(self, key: str, title: str) -> None:
        """Set what stands on the tab of a view."""
        if key not in self._widgets:
            return
        self._titles[key] = title
        index = self._index(key)
        if index >= 0:
            self._label(index, title)

    def setRemark(self, key: str, wordings: tuple[str, ...], explanation: str = "") -> None:
        """Say something below a view while it is in front: in the longest wording that fits; nothing without any."""
        if self._remarks.get(key) != (wordings, explanation):
            self._remarks[key] = wordings, explanation
            self._show_remark()

    def setNote(self, key: str, wordings: tuple[str, ...]) -> None:
        """Say beside the tabs what is what in a view while it is in front, where one of the wordings fits."""
        if self._notes.get(key) != wordings:
            self._notes[key] = wordings
            self._show_note()

    def setViewOffered(self, key: str, offered: bool) -> None:
        """Show or take away the tab of a view; one that goes while it is in front makes room for a neighbour."""
        index = self._index(key)
        if not offered and index >= 0:
            self.tabs.removeTab(index)
        elif offered and index < 0:
            before = list(self._widgets)[:list(self._widgets).index(key)]
            index = self.tabs.insertTab(len(set(before) & set(self.offered())), "")
            self.tabs.setTabData(index, key)
            self._label(index, self._titles[key])
        self._show_note()

    def offered(self) -> tuple[str, ...]:
        """Return the keys of the views that have tabs, from left to right."""
        return tuple(self.tabs.tabData(index) for index in range(self.tabs.count()))

    def setCurrent(self, key: str) -> None:
        """Bring a view to the front."""
        self.tabs.setCurrentIndex(self._index(key))

    def current(self) -> str:
        """Return the key of the view in front, or an empty string."""
        return self.tabs.tabData(self.tabs.currentIndex()) or ""

    def _index(self, key: str) -> int:
        offered = self.offered()
        return offered.index(key) if key in offered else -1

    def _label(self, index: int, title: str) -> None:
        self.tabs.setTabText(index, title)
        self.tabs.setTabToolTip(index, title)

    def _show(self) -> None:
        widget = self._widgets.get(self.current())
        if widget is not None:
            self.stack.setCurrentWidget(widget)
        self._show_remark()
        self._show_note()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the wording of the note anew."""
        super().resizeEvent(event)
        self._show_note()

    def _show_note(self) -> None:
        room, metrics = self.width() - self.tabs.sizeHint().width() - _AROUND_TABS, self.note.fontMetrics()
        wordings = self._notes.get(self.current(), ())
        self.note.setText(next((each for each in wordings if metrics.horizontalAdvance(each) <= room), ""))
        self.note.setToolTip("".join(wordings[:1]))
        self.note.setVisible(bool(self.note.text()))

    def _show_remark(self) -> None:
        wordings, explanation = self._remarks.get(self.current(), ((), ""))
        self.remark.setWordings(wordings, explanation)
        self.remark.setVisible(bool(wordings))

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

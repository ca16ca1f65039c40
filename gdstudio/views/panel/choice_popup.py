"""A list that opens under a control, to choose one of its rows or several of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gdstudio.views.controls import LinkButton

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent

_WIDTH, _ROW, _MOST_ROWS = 220, 30, 12
_KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class PopupRow:
    """A row: its key, its text and whether it is chosen."""

    key: str
    text: str
    chosen: bool


class ChoicePopup(QFrame):
    """Rows in a popup that deletes itself when it closes.

    Parameters
    ----------
    rows : tuple of PopupRow
        What there is to choose.
    single : bool
        Whether one row is taken, which closes the list, or several are ticked until it is closed.

    Signals: `picked(key)` of the one row; `chosen(tuple of keys)` of the ticked ones when the list closes.
    """

    picked = Signal(str)
    chosen = Signal(object)

    def __init__(self, rows: tuple[PopupRow, ...], *, single: bool, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._single = single
        self._dropped = False
        self.list = QListWidget(self)
        self.list.setUniformItemSizes(True)
        self.all, self.none = LinkButton(self), LinkButton(self)
        for row in rows:
            item = QListWidgetItem(row.text, self.list)
            item.setData(_KEY, row.key)
            if not single:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(_state(row.chosen))
            if row.chosen and self.list.currentRow() < 0:
                self.list.setCurrentItem(item)
        self._lay_out(len(rows))
        self.list.itemClicked.connect(self._clicked)
        self.all.clicked.connect(lambda: self._tick_all(True))
        self.none.clicked.connect(lambda: self._tick_all(False))

    def open_at(self, place: QPoint) -> None:
        """Show the list with its upper left corner at a place of the screen."""
        available = self.screen().availableGeometry()
        self.adjustSize()
        self.move(
            min(place.x(), available.right() - self.width()), min(place.y(), available.bottom() - self.height())
        )
        self.show()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def item(self, key: str) -> QListWidgetItem:
        """Return the row with a key."""
        return next(each for each in self._items() if each.data(_KEY) == key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the current row on Enter, or close with what is ticked; Escape changes nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self._dropped = True
            self.close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            current = self.list.currentItem()
            if self._single and current is not None:
                self._clicked(current)
            else:
                self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say what is ticked."""
        super().closeEvent(event)
        if not self._single and not self._dropped:
            self._dropped = True
            ticked = (each for each in self._items() if each.checkState() == Qt.CheckState.Checked)
            self.chosen.emit(tuple(each.data(_KEY) for each in ticked))

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _clicked(self, item: QListWidgetItem) -> None:
        if self._single:
            self.close()
            self.picked.emit(item.data(_KEY))

    def _tick_all(self, ticked: bool) -> None:
        for each in self._items():
            each.setCheckState(_state(ticked))

    def _lay_out(self, rows: int) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list)
        self.list.setFixedSize(_WIDTH, min(rows, _MOST_ROWS) * _ROW + 12)
        line = QHBoxLayout()
        line.setContentsMargins(10, 2, 10, 6)
        line.setSpacing(14)
        line.addWidget(self.all)
        line.addWidget(self.none)
        line.addStretch(1)
        if not self._single:
            column.addLayout(line)
        for button, text in ((self.all, self.tr("all")), (self.none, self.tr("none"))):
            button.setText(text)
            button.setAccessibleName(text)
            button.setVisible(not self._single)


def _state(ticked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked

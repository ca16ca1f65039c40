"""The list at the left of the optimizer picker: names under headings, the year at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gdstudio.views.style import heading_font, mix, mono_font, text_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QItemSelection

    from gdstudio.views.picker_model import OptimizerEntry

KEY, YEAR, REFUSED = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
_ROW, _HEADING, _FIRST_HEADING = 26, 31, 24


class _Rows(QStyledItemDelegate):
    """Paints headings and rows."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        heading = index.data(KEY) is None
        return QSize(120, (_HEADING if index.row() else _FIRST_HEADING) if heading else _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        role, colours = QPalette.ColorRole, QApplication.palette()
        place = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = place.adjusted(8, 0, -8, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        if index.data(KEY) is None:
            painter.setFont(heading_font())
            painter.setPen(colours.color(role.PlaceholderText))
            painter.drawText(inside.adjusted(0, 0, 0, -4), Qt.AlignmentFlag.AlignBottom, index.data())
            painter.restore()
            return
        panel, accent = colours.color(role.Window), colours.color(role.Accent)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mix(panel, accent, 0.25 if chosen else 0.08))
            painter.drawRoundedRect(place.adjusted(0, 1, 0, -1), 5, 5)
        year = index.data(YEAR)
        painter.setFont(mono_font(12))
        painter.setPen(colours.color(role.PlaceholderText))
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, year)
        room = inside.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(year) - 8, 0)
        painter.setFont(text_font())
        painter.setPen(colours.color(role.PlaceholderText if index.data(REFUSED) else role.WindowText))
        name = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, name)
        painter.restore()


class EntryList(QListView):
    """Optimizers under the headings of their families.

    Signals
    -------
    moved(str)
        Another row is the current one: its key, empty where there is none.
    taken(str)
        A row was clicked twice.
    """

    moved = Signal(str)
    taken = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setItemDelegate(_Rows(self))
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.doubleClicked.connect(self._taken)

    def setEntries(self, entries: Sequence[OptimizerEntry], current: str | None) -> None:
        """Show entries, which come in the order of their families; `current` becomes the current one if it is here."""
        self._items.clear()
        family = None
        for entry in entries:
            if entry.family != family:
                family = entry.family
                heading = QStandardItem(family)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                self._items.appendRow(heading)
            item = QStandardItem(entry.name)
            item.setEditable(False)
            item.setData(entry.key, KEY)
            item.setData(entry.year, YEAR)
            item.setData(bool(entry.refusal), REFUSED)
            item.setData(f"{entry.name}, {entry.year}, {entry.family}", Qt.ItemDataRole.AccessibleTextRole)
            self._items.appendRow(item)
        keys = [entry.key for entry in entries]
        if keys:
            self.setCurrent(current if current in keys else keys[0])
            if self.current() != keys[0]:
                self.scrollTo(self.currentIndex(), QListView.ScrollHint.PositionAtCenter)
            else:
                self.scrollToTop()
        else:
            self.moved.emit("")

    def keys(self) -> list[str]:
        """Return the keys of the rows, from top to bottom."""
        found = (self._items.item(row).data(KEY) for row in range(self._items.rowCount()))
        return [key for key in found if key is not None]

    def current(self) -> str | None:
        """Return the key of the current row."""
        key = self.currentIndex().data(KEY)
        return str(key) if key is not None else None

    def setCurrent(self, key: str) -> None:
        """Make the row of an optimizer the current one, in sight with the heading above it."""
        row = next(row for row in range(self._items.rowCount()) if self._items.item(row).data(KEY) == key)
        self.setCurrentIndex(self._items.index(row, 0))
        if row and self._items.item(row - 1).data(KEY) is None:
            self.scrollTo(self._items.index(row - 1, 0))
        self.scrollTo(self._items.index(row, 0))

    def step(self, rows: int) -> None:
        """Go up or down by so many rows, not beyond the ends."""
        keys, now = self.keys(), self.current()
        if keys:
            place = keys.index(now) + rows if now in keys else 0
            self.setCurrent(keys[min(max(place, 0), len(keys) - 1)])

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Say which row is current."""
        super().selectionChanged(selected, deselected)
        key = self.current()
        if key is not None:
            self.moved.emit(key)

    def _taken(self, index: QModelIndex) -> None:
        key = index.data(KEY)
        if key is not None:
            self.taken.emit(key)

"""The first rows of a file of columns; above each column its name, its role and what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from gdstudio.views.controls import popup_under
from gdstudio.views.panel.choice_popup import ChoicePopup, PopupRow
from gdstudio.views.style import mono_font, text_font

if TYPE_CHECKING:
    from gdstudio.views.panel.data_model import ColumnModel

_HEADER, _LINE, _PADDING = 62, 17, 9
_NARROWEST, _WIDEST = 72, 210
_ROW = 24
# Widths are worked out for the columns that may come in sight at first.
_MEASURED = 60
#: The role of a feature that leaves out all others.
ONLY = "only"
_Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractTableModel):
    """The cells as they stand."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns: tuple[ColumnModel, ...] = ()
        self.notes: tuple[str, ...] = ()
        self.cells: tuple[tuple[str, ...], ...] = ()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of rows shown."""
        return 0 if parent is not None and parent.isValid() else len(self.cells)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell; of a column that is left out it is faint."""
        if role == Qt.ItemDataRole.DisplayRole:
            cells = self.cells[index.row()]
            return cells[index.column()] if index.column() < len(cells) else ""
        if role == Qt.ItemDataRole.ForegroundRole and self.columns[index.column()].role == "left_out":
            return QApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name of a column as the file has it."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.ToolTipRole:
            column = self.columns[section]
            note = self.notes[section] if section < len(self.notes) else ""
            called = self.tr("{title}, called {name} in formulas").format(title=column.title, name=column.name)
            return ". ".join(part for part in (called if column.title != column.name else column.title, note) if part)
        return None


class _Header(QHeaderView):
    """Three lines above each column."""

    def __init__(self, table: PreviewTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(True)
        self.setMinimumSectionSize(40)

    def sizeHint(self) -> QSize:
        """Room for three lines."""
        return QSize(super().sizeHint().width(), _HEADER)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Draw name, role and note."""
        colours, role = QApplication.palette(), QPalette.ColorRole
        text, muted, accent = (colours.color(each) for each in (role.WindowText, role.PlaceholderText, role.Accent))
        column, note = self._table.column(logicalIndex)
        painter.save()
        painter.fillRect(rect, colours.color(role.Button))
        painter.setPen(colours.color(role.Mid))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        of_role = {"target": accent, "feature": text, "left_out": muted}[column.role]
        bold = text_font(12, QFont.Weight.DemiBold)
        lines: tuple[tuple[str, QFont, QColor], ...] = (
            (column.title, bold, muted if column.role == "left_out" else text),
            (self._table.role_name(column.role), text_font(11), of_role), (note, text_font(11), muted),
        )
        for number, (line, font, colour) in enumerate(lines):
            place = QRect(rect.x() + _PADDING, rect.y() + 6 + number * _LINE, rect.width() - 2 * _PADDING, _LINE)
            painter.setFont(font)
            painter.setPen(colour)
            shown = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()


class PreviewTable(QTableView):
    """A table of text; a click above a column, or Enter in it, chooses its role.

    `roleChosen` carries the name of a column and the role that a person gave it, `ONLY` among them.
    """

    roleChosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("previewTable")
        self._rows = _Rows(self)
        self.popup: ChoicePopup | None = None
        self.setHorizontalHeader(_Header(self))
        self.setModel(self._rows)
        self.setFont(mono_font(11))
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.horizontalHeader().sectionClicked.connect(self._ask_role)

    def show_rows(
        self, columns: tuple[ColumnModel, ...], notes: tuple[str, ...], cells: tuple[tuple[str, ...], ...]
    ) -> None:
        """Show columns, what is said of them, and their first rows."""
        anew = cells != self._rows.cells or len(columns) != len(self._rows.columns) or any(
            before.name != now.name or before.title != now.title
            for before, now in zip(self._rows.columns, columns, strict=True))
        if anew:
            self._rows.beginResetModel()
        self._rows.columns, self._rows.notes, self._rows.cells = columns, notes, cells
        if anew:
            self._rows.endResetModel()
        self._set_widths()
        self.viewport().update()
        self.horizontalHeader().viewport().update()

    def column(self, index: int) -> tuple[ColumnModel, str]:
        """Return a column and what is said of it."""
        notes = self._rows.notes
        return self._rows.columns[index], notes[index] if index < len(notes) else ""

    def role_name(self, role: str) -> str:
        """Return what people call the role of a column."""
        return {
            "target": self.tr("target"), "feature": self.tr("feature"), "left_out": self.tr("left out"),
            ONLY: self.tr("the only feature"),
        }[role]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the role of the current column on Enter or Space."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and self.currentIndex().isValid():
            self._ask_role(self.currentIndex().column())
            return
        super().keyPressEvent(event)

    def _ask_role(self, index: int) -> None:
        column, _ = self.column(index)
        roles = ("target",) if column.labels and column.role == "target" else (
            ("target", "left_out") if column.labels else ("feature", "target", "left_out", ONLY))
        rows = tuple(PopupRow(each, self.role_name(each), each == column.role) for each in roles)
        header = self.horizontalHeader()
        popup = ChoicePopup(rows, single=True, parent=self)
        popup.setAccessibleName(self.tr("Role of {name}").format(name=column.title))
        popup.picked.connect(lambda role: self.roleChosen.emit(column.name, role))
        popup.destroyed.connect(self._popup_gone)
        self.popup = popup
        place = popup_under(header)
        place.setX(place.x() + header.sectionViewportPosition(index))
        popup.open_at(place)

    def _popup_gone(self) -> None:
        self.popup = None

    def _set_widths(self) -> None:
        header = self.horizontalHeader()
        metrics, cells = self.fontMetrics(), self._rows.cells[:20]
        for index in range(min(_MEASURED, len(self._rows.columns))):
            column, note = self.column(index)
            texts = (column.title, note, *(row[index] for row in cells if index < len(row)))
            wanted = max(metrics.horizontalAdvance(text[:60]) for text in texts) + 2 * _PADDING + 6
            header.resizeSection(index, min(_WIDEST, max(_NARROWEST, wanted)))

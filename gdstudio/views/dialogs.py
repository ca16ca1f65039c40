"""The two small windows of the help menu. They are not modal: the run plays on."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable


class TextDialog(QDialog):
    """A title, a formatted text and a button to close; deletes itself when closed."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QLabel(text, self)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setWordWrap(True)
        self.text.setMinimumWidth(360)
        self.text.setAccessibleName(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(14)
        column.addWidget(self.text)
        column.addWidget(buttons)


def shortcuts_text(rows: Iterable[tuple[str, str]]) -> str:
    """Return a table, as rich text, of what is done (first) and the keys that do it (second)."""
    cell = "<td style='padding: 3px 28px 3px 0'>{}</td>"
    lines = (f"<tr>{cell.format(escape(name))}{cell.format(f'<b>{escape(keys)}</b>')}</tr>" for name, keys in rows)
    return f"<table>{''.join(lines)}</table>"

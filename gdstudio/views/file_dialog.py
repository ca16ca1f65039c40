"""Qt's own file dialog in the program's dress: where the system has none of its own, this is what people see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QHeaderView, QToolButton, QTreeView

from gdstudio.views import icons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget

_ICONS = {"backButton": "chevron-left", "forwardButton": "chevron-right", "toParentButton": "chevron-up",
          "newFolderButton": "plus"}
_NAMES = 0


class FileDialog(QFileDialog):
    """A file dialog whose columns are whole and whose icons have the colours of the theme; deletes itself when closed.

    Parameters
    ----------
    parent : QWidget or None
        The window that it belongs to.
    title : str
        Translated title.
    mode : QFileDialog.AcceptMode
        Whether a file is opened or saved.
    filters : sequence of str
        Translated names of the formats with their endings, such as ``"Experiments (*.json)"``.
    """

    def __init__(
        self, parent: QWidget | None, title: str, mode: QFileDialog.AcceptMode, filters: Sequence[str]
    ) -> None:
        super().__init__(parent, title)
        self.setAcceptMode(mode)
        self.setNameFilters(filters)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def showEvent(self, event: QShowEvent) -> None:
        """Dress what Qt has built; nothing of it is there where the system shows a dialog of its own."""
        super().showEvent(event)
        files = self.findChild(QTreeView, "treeView")
        if files is not None:
            header = files.header()
            header.setStretchLastSection(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setSectionResizeMode(_NAMES, QHeaderView.ResizeMode.Stretch)
        colour = self.palette().color(QPalette.ColorRole.WindowText)
        for name, icon in _ICONS.items():
            button = self.findChild(QToolButton, name)
            if button is not None:
                button.setIcon(icons.icon(icon, colour))
        for box in self.findChildren(QDialogButtonBox):
            for each in box.buttons():
                each.setIcon(QIcon())

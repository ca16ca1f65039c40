"""Where to export to, and what: one file dialog with the choices beside the name.

It asks only. Whoever opened it does the work when it says `chosen`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QLabel, QWidget

from gdstudio.views.file_dialog import FileDialog

if TYPE_CHECKING:
    from collections.abc import Sequence


class ExportDialog(FileDialog):
    """A file dialog with one more row for each of `choices`.

    Parameters
    ----------
    title : str
        Translated title.
    filters : sequence of (str, str)
        For each format its translated name and its ending with the dot; the first is the default.
    choices : sequence of (str, str, sequence of (str, object))
        For each row its key, its translated label and its options: translated text and value.
    name : str
        Name proposed for the file, without an ending.

    Signals
    -------
    chosen(str, dict)
        A person confirmed: path, and the value of each choice by its key.
    """

    chosen = Signal(str, dict)

    def __init__(
        self, title: str, filters: Sequence[tuple[str, str]],
        choices: Sequence[tuple[str, str, Sequence[tuple[str, object]]]], name: str, parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, title)
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._endings = {f"{text} (*{ending})": ending for text, ending in filters}
        self.setNameFilters(list(self._endings))
        self.filterSelected.connect(self._take_ending)
        self._take_ending(self.selectedNameFilter())
        self.selectFile(name)
        self._boxes: dict[str, QComboBox] = {}
        layout = self.layout()
        for key, label, options in choices:
            box = QComboBox(self)
            for text, value in options:
                box.addItem(text, value)
            box.setObjectName(f"choice_{key}")
            box.setAccessibleName(label)
            caption = QLabel(label, self)
            caption.setBuddy(box)
            self._boxes[key] = box
            if isinstance(layout, QGridLayout):
                row = layout.rowCount()
                layout.addWidget(caption, row, 0)
                layout.addWidget(box, row, 1)
        self.accepted.connect(self._say_chosen)

    def _take_ending(self, name_filter: str) -> None:
        self.setDefaultSuffix(self._endings[name_filter])

    def _say_chosen(self) -> None:
        values = {key: box.currentData() for key, box in self._boxes.items()}
        self.chosen.emit(self.selectedFiles()[0], values)

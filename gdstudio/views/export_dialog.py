"""Where to export to, and what: one file dialog with the choices beside the name.

It asks only. Whoever opened it does the work when it says `chosen`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QLabel, QWidget

from gdstudio.views.file_dialog import FileDialog
from gdstudio.views.panel.section import ErrorLabel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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
    only : mapping of (str, sequence of str)
        For values of choices that not every format can hold, the endings of those that can.

    Signals
    -------
    chosen(str, dict)
        A person confirmed: path, and the value of each choice by its key.
    """

    chosen = Signal(str, dict)

    def __init__(
        self, title: str, filters: Sequence[tuple[str, str]],
        choices: Sequence[tuple[str, str, Sequence[tuple[str, object]]]], name: str, parent: QWidget | None = None,
        only: Mapping[object, Sequence[str]] | None = None,
    ) -> None:
        self._endings = {f"{text} (*{ending})": ending for text, ending in filters}
        super().__init__(parent, title, QFileDialog.AcceptMode.AcceptSave, list(self._endings))
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self._only = dict(only or {})
        self._mistake = ErrorLabel(self)
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
            box.currentIndexChanged.connect(self._limit)
            if isinstance(layout, QGridLayout):
                row = layout.rowCount()
                layout.addWidget(caption, row, 0)
                layout.addWidget(box, row, 1)
        if isinstance(layout, QGridLayout):
            layout.addWidget(self._mistake, layout.rowCount(), 0, 1, layout.columnCount())
        self.fileSelected.connect(lambda _: self._mistake.setSentence(""))
        self.currentChanged.connect(lambda _: self._mistake.setSentence(""))
        self.accepted.connect(self._say_chosen)

    def accept(self) -> None:
        """Take the name, or say what is wrong with its ending and stay open."""
        place = Path(self.selectedFiles()[0])
        offered = self._offered()
        if place.is_dir() or place.suffix.lower() in offered.values():
            super().accept()
            return
        endings = ", ".join(offered.values())
        self._mistake.setSentence(
            self.tr("This can be written as {endings}; {name} has another ending.").format(
                endings=endings, name=place.name
            )
        )

    def _offered(self) -> dict[str, str]:
        """Return the filters, with their endings, of all formats that can hold what is chosen."""
        limits = [self._only[value] for value in self._values().values() if value in self._only]
        return {
            text: ending for text, ending in self._endings.items() if all(ending in limit for limit in limits)
        }

    def _limit(self) -> None:
        """Offer the formats that can hold what is chosen; the present one stays where it can."""
        self._mistake.setSentence("")
        before, offered = self.selectedNameFilter(), list(self._offered())
        if offered == self.nameFilters():
            return
        self.setNameFilters(offered)
        chosen = before if before in offered else offered[0]
        self.selectNameFilter(chosen)
        self._take_ending(chosen)

    def _take_ending(self, name_filter: str) -> None:
        self.setDefaultSuffix(self._endings[name_filter])

    def _values(self) -> dict[str, object]:
        return {key: box.currentData() for key, box in self._boxes.items()}

    def _say_chosen(self) -> None:
        self.chosen.emit(self.selectedFiles()[0], self._values())

"""A combo box whose rows have keys: code compares those, people read the names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QListView

from gdstudio.views.controls import ChevronCombo

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gdstudio.views.panel.model import Choice


class _Choices(QAbstractListModel):
    """The rows, asked for as they come in sight: there may be one for each of very many columns."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.choices: tuple[Choice, ...] = ()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """Return the number of choices."""
        return 0 if parent is not None and parent.isValid() else len(self.choices)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name of a choice, or its key."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self.choices[index.row()].name
        return self.choices[index.row()].key if role == Qt.ItemDataRole.UserRole else None

    def put(self, choices: tuple[Choice, ...]) -> None:
        """Have other choices."""
        self.beginResetModel()
        self.choices = choices
        self.endResetModel()


class KeyCombo(ChevronCombo):
    """A combo box of choices; `picked` carries the key of the one that a person took."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Choices(self)
        self._places: dict[str, int] = {}
        self.setModel(self._rows)
        # its width is that of the place it stands in: the widest of all names is not looked for
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(lambda index: self.picked.emit(self._rows.choices[index].key))

    def setChoices(self, choices: tuple[Choice, ...], current: str) -> None:
        """Offer `choices` and show one of them, without a signal."""
        if choices is not self._rows.choices and choices != self._rows.choices:
            self._places = {choice.key: place for place, choice in enumerate(choices)}
            self._rows.put(choices)
        self.setCurrentIndex(self._places.get(current, -1))

    def showPopup(self) -> None:
        """Open the list; all its rows are alike, so that not each of them need be measured."""
        view = self.view()
        if isinstance(view, QListView):
            view.setUniformItemSizes(True)
        super().showPopup()

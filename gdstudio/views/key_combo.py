"""A combo box whose rows have keys: code compares those, people read the names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gdstudio.views.controls import ChevronCombo

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gdstudio.views.panel.model import Choice


class KeyCombo(ChevronCombo):
    """A combo box of choices; `picked` carries the key of the one that a person took."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: tuple[Choice, ...] = ()
        self.activated.connect(lambda index: self.picked.emit(self.itemData(index)))

    def setChoices(self, choices: tuple[Choice, ...], current: str) -> None:
        """Offer `choices` and show one of them, without a signal."""
        if choices != self._choices:
            self._choices = choices
            self.clear()
            for choice in choices:
                self.addItem(choice.name, choice.key)
        self.setCurrentIndex(self.findData(current))

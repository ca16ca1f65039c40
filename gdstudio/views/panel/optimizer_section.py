"""The race in the panel: a card for each optimizer, and a button to add one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gdstudio.experiment.checking import MAXIMUM_RUNS
from gdstudio.scene.theme import DARK, Theme
from gdstudio.views.controls import LinkButton
from gdstudio.views.panel.card import Card
from gdstudio.views.panel.section import Section
from gdstudio.views.shortcuts import Mnemonic

if TYPE_CHECKING:
    from gdstudio.views.panel.model import CardModel


class OptimizerSection(Section):
    """Cards in a column.

    Signals: `addAsked`; with the index of the card `changeAsked`, `equationsAsked`, `removed`, `duplicated`,
    `resetAsked`, `visibilityToggled`, `expansionToggled`; `parameterChanged(index, key, value, final)`;
    `batchChanged(index, size or None, final)`; `drawingChanged(index, what, value, final)`.
    """

    addAsked = Signal()
    changeAsked = Signal(int)
    equationsAsked = Signal(int)
    removed = Signal(int)
    duplicated = Signal(int)
    resetAsked = Signal(int)
    visibilityToggled = Signal(int)
    expansionToggled = Signal(int)
    parameterChanged = Signal(int, str, float, bool)
    batchChanged = Signal(int, object, bool)
    drawingChanged = Signal(int, str, object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._theme = DARK
        self.cards: list[Card] = []
        self.add = LinkButton(self)
        self.add.clicked.connect(lambda: self.addAsked.emit())
        self._add_keys = Mnemonic(self, self.add.click)
        self.header.addWidget(self.add)
        self.empty = QLabel(self)
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        self.body.addWidget(self.empty)
        self.body.addLayout(self._column)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of the runs from `theme`."""
        self._theme = theme
        for card in self.cards:
            card.setTheme(theme)

    def setModel(self, cards: tuple[CardModel, ...]) -> None:
        """Show the runs."""
        while len(self.cards) > len(cards):
            card = self.cards.pop()
            card.hide()
            self._column.removeWidget(card)
            card.deleteLater()
        while len(self.cards) < len(cards):
            self._append()
        for card, model in zip(self.cards, cards, strict=True):
            card.setModel(model)
        self.empty.setVisible(not cards)
        full = len(cards) >= MAXIMUM_RUNS
        if full == self.add.isEnabled():
            self._set_full(full)

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        return [self.add, *(each for card in self.cards for each in card.controls())]

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setTitle(self.tr("Optimizers"))
        self.add.setText(self._add_keys.take(self.tr("+ &add")))
        self.add.setAccessibleName(self.tr("Add an optimizer"))
        self.empty.setText(self.tr("No optimizer yet. Add one to see it descend."))
        for card in self.cards:
            card.retranslate()
        self._set_full(not self.add.isEnabled())

    def _set_full(self, full: bool) -> None:
        """Let nothing be added to as many runs as there can be."""
        self.add.setEnabled(not full)
        for card in self.cards:
            card.setFull(self._full() if full else "")
        self._say_add()

    def _full(self) -> str:
        return self.tr("There are {most} runs, and there cannot be more: remove one first").format(most=MAXIMUM_RUNS)

    def _say_add(self) -> None:
        what = self.tr("Add an optimizer to the race, from the same start") if self.add.isEnabled() else self._full()
        self.add.setToolTip(self._add_keys.told(what))

    def _append(self) -> None:
        card = Card(self._theme, self)
        index = len(self.cards)
        for signal, intent in (
            (card.removeAsked, self.removed), (card.changeAsked, self.changeAsked),
            (card.equationsAsked, self.equationsAsked), (card.duplicateAsked, self.duplicated),
            (card.resetAsked, self.resetAsked), (card.visibilityToggled, self.visibilityToggled),
            (card.expansionToggled, self.expansionToggled),
        ):
            signal.connect(lambda intent=intent: intent.emit(index))
        card.parameterChanged.connect(lambda key, value, final: self.parameterChanged.emit(index, key, value, final))
        card.batchChanged.connect(lambda size, final: self.batchChanged.emit(index, size, final))
        card.drawingChanged.connect(lambda what, value, final: self.drawingChanged.emit(index, what, value, final))
        card.retranslate()
        self.cards.append(card)
        self._column.addWidget(card)
        card.show()

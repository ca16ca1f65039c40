"""The start point in the panel: a field for each variable, and which two variables are shown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.views.controls import ChevronCombo, ElidedLabel, LinkButton
from gdstudio.views.panel.fields import NumberField
from gdstudio.views.panel.named_layout import NamedLayout
from gdstudio.views.panel.numbers import coordinate, short_coordinate
from gdstudio.views.panel.section import ErrorLabel, Section, give_room, row_label

if TYPE_CHECKING:
    from gdstudio.views.panel.model import StartModel

MOST_FIELDS = 20
"""Of more variables there are fields for the two that the views show."""
# The least width of a field where few stand there, and where many do.
_FEW, _MANY = 70, 62


def finite(value: float) -> float:
    """Return `value` if it is finite.

    Raises
    ------
    StudioError
        Where it is infinite or not a number.
    """
    if not math.isfinite(value):
        raise StudioError(QT_TRANSLATE_NOOP("Errors", "A start must be a finite number, not {value}."), value=value)
    return value


class StartSection(Section):
    """Fields for the start, in one row up to two variables and in two columns beyond, where there is room for that.

    Where there are very many variables it has the fields of the two that are shown.

    Signals: `startChanged(index, value)`, `resetAsked()`, `shownChanged(first, second)`.
    """

    startChanged = Signal(int, float)
    resetAsked = Signal()
    shownChanged = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.reset = LinkButton(self)
        self.header.addWidget(self.reset)
        self.fields: list[NumberField] = []
        self.error = ErrorLabel(self)
        self._grid_place = QWidget(self)
        self._rows = NamedLayout(self._grid_place)
        self._shown_place = QWidget(self)
        self.shown_label = row_label(self)
        self.shown = (ChevronCombo(self), ChevronCombo(self))
        NamedLayout(self._shown_place).addGroup(self.shown_label, self.shown)
        for place in (self._grid_place, self.error, self._shown_place):
            self.body.addWidget(place)
        self._model: StartModel | None = None
        self.reset.clicked.connect(self.resetAsked)
        for which, combo in enumerate(self.shown):
            combo.activated.connect(lambda index, which=which: self._show(which, index))

    def setModel(self, model: StartModel) -> None:
        """Show the start of `model`."""
        before, self._model = self._model, model
        if model == before:
            return
        if before is None or before.names != model.names:
            for combo in self.shown:
                combo.clear()
                combo.addItems(list(model.names))
        if before is None or (before.names, _with_fields(before)) != (model.names, _with_fields(model)):
            self._build(model)
        for field, index in zip(self.fields, _with_fields(model), strict=True):
            field.setValue(model.values[index])
        self._shown_place.setVisible(len(model.names) > 2)
        for combo, index in zip(self.shown, model.shown, strict=True):
            combo.setCurrentIndex(index if len(model.names) > 2 else -1)
            give_room(combo)

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        return [self.reset, *self.fields, *self.shown]

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setTitle(self.tr("Start"))
        self.reset.setText(self.tr("reset"))
        self.reset.setToolTip(self.tr("Back to the start that the problem suggests"))
        self.reset.setAccessibleName(self.tr("Reset the start"))
        self.shown_label.setText(self.tr("shown"))
        for combo, name in zip(self.shown, (self.tr("First variable shown"), self.tr("Second variable shown")),
                               strict=True):
            combo.setAccessibleName(name)
            combo.setToolTip(self.tr("The two variables that surface and contours show; the others keep their value"))
        self._say_fields()

    def _say_fields(self) -> None:
        if self._model is None:
            return
        for field, index in zip(self.fields, _with_fields(self._model), strict=True):
            name = self._model.names[index]
            field.setAccessibleName(self.tr("Start of {name}").format(name=name))
            field.setToolTip(self.tr("{name}: where the descent begins; any finite number. "
                                     "A click on the contours sets it too.").format(name=name))

    def _build(self, model: StartModel) -> None:
        indices = _with_fields(model)
        few = len(indices) <= 2
        self._rows.clear()
        self.fields = []
        self.error.setSentence("")
        for index in indices:
            field = NumberField(finite, coordinate if few else short_coordinate, parent=self._grid_place)
            field.setMinimumWidth(_FEW if few else _MANY)
            field.committed.connect(lambda value, index=index: self.startChanged.emit(index, value))
            field.rejected.connect(self.error.setSentence)
            self.fields.append(field)
        names = [model.names[index] for index in indices]
        if few:
            self._rows.addGroup(self._name(" , ".join(names)), self.fields)
        else:
            for name, field in zip(names, self.fields, strict=True):
                self._rows.addGroup(self._name(name), [field])
        self._say_fields()

    def _name(self, text: str) -> ElidedLabel:
        label = ElidedLabel(self._grid_place)
        label.setProperty("role", "muted")
        label.setWhole(text)
        return label

    def _show(self, which: int, index: int) -> None:
        if self._model is None:
            return
        first, second = self._model.shown
        old = (first, second)[which]
        if index == (first, second)[1 - which]:
            first, second = second, first
        else:
            first, second = (index, second) if which == 0 else (first, index)
        if index != old:
            self.shownChanged.emit(first, second)


def _with_fields(model: StartModel) -> tuple[int, ...]:
    """Return the indices of the variables that have a field."""
    return tuple(range(len(model.names))) if len(model.names) <= MOST_FIELDS else model.shown

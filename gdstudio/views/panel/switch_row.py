"""A hyperparameter that is on or off: a box to tick in place of a slider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gdstudio.views.controls import CheckBox

if TYPE_CHECKING:
    from gdstudio.engine.parameters import Parameter


class SwitchRow(QWidget):
    """The box of one switch.

    `changed` carries 0 or 1, and True, as the number of a slider that was let go.
    """

    changed = Signal(float, bool)

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parameter = parameter
        self.box = CheckBox(self)
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.box)
        self.box.clicked.connect(lambda checked: self.changed.emit(float(checked), True))
        self.retranslate()

    def parameter(self) -> Parameter:
        """Return the parameter of this row."""
        return self._parameter

    def setParameter(self, parameter: Parameter) -> None:
        """Stand for another switch; `setValue` follows."""
        self._parameter = parameter
        self.retranslate()

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard."""
        return [self.box]

    def setValue(self, value: float) -> None:
        """Show whether it is on, without a signal."""
        self.box.setChecked(value != 0.0)

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        name = QCoreApplication.translate("Parameters", self._parameter.key.replace("_", " "))
        meaning = QCoreApplication.translate("Parameters", self._parameter.meaning)
        self.box.setText(name)
        self.box.setAccessibleName(name)
        self.box.setAccessibleDescription(meaning)
        self.box.setToolTip(meaning)

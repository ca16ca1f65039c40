"""One parameter in the panel: its name and symbol, a slider over its usual range, a field for any value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gdstudio.views.panel.fields import NumberField
from gdstudio.views.panel.numbers import compact
from gdstudio.views.panel.section import ErrorLabel, row_label
from gdstudio.views.panel.sliders import ScaleSlider
from gdstudio.views.panel.switch_row import SwitchRow

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gdstudio.engine.parameters import Parameter

FIELD_WIDTH = 56
LABEL_WIDTH = 94
"""Width of the labels where there is room for it and none needs more."""
SLIDER_WIDTH = 38
NARROWEST = 150
_GAP = 4
# Optimizers with more numbers than this are few.
_RESERVED = 8
_PREFIXES = ("schedule_", "lookahead_", "sam_")

_LETTERS = frozenset((
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "rho",
    "sigma", "tau", "phi", "chi", "psi", "omega",
))


def parameter_label(parameter: Parameter) -> str:
    """Return how a parameter is called beside its control: ``learning rate η``, but only ``β₁`` for ``beta1``.

    What belongs to a schedule or a wrapper stands under its name and does not repeat it.
    """
    key = parameter.key
    for prefix in _PREFIXES:
        key = key.removeprefix(prefix)
    if key.rstrip("0123456789") in _LETTERS:
        return parameter.symbol
    name = QCoreApplication.translate("Parameters", key.replace("_", " "))
    return f"{name} {parameter.symbol}" if parameter.symbol and parameter.symbol != name else name


def _counted(value: float) -> str:
    """Write a whole number, large ones as `compact` does."""
    return f"{value:.0f}" if abs(value) < 1e6 else compact(value)


class ParameterRow(QWidget):
    """Label, slider and field of one parameter.

    `changed` carries the value and whether it is final: False while the slider is dragged, True at its
    end, at a key and for a typed value.
    """

    changed = Signal(float, bool)

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parameter = parameter
        self.label = row_label(self)
        self.label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.slider = ScaleSlider(parameter, self)
        self.field = NumberField(parameter.check, _counted if parameter.integer else compact, parent=self)
        self.error = ErrorLabel(self)
        self.field.setProperty("role", "value")
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.field.setFixedWidth(FIELD_WIDTH)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(_GAP)
        line.addWidget(self.label)
        line.addWidget(self.slider, 1)
        line.addWidget(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self.error)
        self.slider.changed.connect(self._slid)
        self.field.committed.connect(self._typed)
        self.field.rejected.connect(self.error.setSentence)
        self.retranslate()

    def parameter(self) -> Parameter:
        """Return the parameter of this row."""
        return self._parameter

    def setParameter(self, parameter: Parameter) -> None:
        """Stand for another parameter; `setValue` follows."""
        self.slider.setParameter(parameter)
        self.field.setCheck(parameter.check)
        self._parameter = parameter
        self.retranslate()

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, in order."""
        return [self.slider, self.field]

    def setValue(self, value: float) -> None:
        """Show `value` in both controls, without a signal."""
        self.field.setValue(value)
        self.slider.setValueShown(value)

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        parameter = self._parameter
        name = parameter_label(parameter)
        self.label.setText(name)
        meaning = QCoreApplication.translate("Parameters", parameter.meaning)
        usual = self.tr("Usually {low} to {high}; allowed: {range}.").format(
            low=compact(parameter.usual[0]), high=compact(parameter.usual[1]), range=parameter.range_text
        )
        tooltip = f"<p><b>{parameter.symbol}</b> &nbsp; {meaning}</p><p>{usual}</p>"
        for widget in (self.label, self.slider, self.field):
            widget.setToolTip(tooltip)
        self.slider.setAccessibleName(self.tr("{name}, slider").format(name=name))
        self.field.setAccessibleName(name)
        for control in (self.slider, self.field):
            control.setAccessibleDescription(meaning)

    def _slid(self, value: float, final: bool) -> None:
        self.field.setValue(value)
        self.error.setSentence("")
        self.changed.emit(value, final)

    def _typed(self, value: float) -> None:
        self.slider.setValueShown(value)
        self.changed.emit(value, True)


class ParameterRows(QWidget):
    """The rows of several parameters. Rows are used again for others, as making one takes a millisecond.

    `changed` carries the key, the value and whether it is final.
    """

    changed = Signal(str, float, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, ParameterRow | SwitchRow] = {}
        # of numbers and of switches; hidden
        self._spare: dict[bool, list[ParameterRow | SwitchRow]] = {False: [], True: []}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def row(self, key: str) -> ParameterRow:
        """Return the row of a number."""
        row = self._rows[key]
        assert isinstance(row, ParameterRow)
        return row

    def switch(self, key: str) -> SwitchRow:
        """Return the row of a switch."""
        row = self._rows[key]
        assert isinstance(row, SwitchRow)
        return row

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        return [each for row in self._rows.values() for each in row.controls()]

    def setParameters(self, parameters: tuple[Parameter, ...]) -> None:
        """Have one row for each of `parameters`, in their order."""
        if [row.parameter() for row in self._rows.values()] == list(parameters):
            return
        # every row that is shown would have the whole panel laid out
        self._column.setEnabled(False)
        before = list(self._rows.values())
        for row in reversed(before):
            self._spare[row.parameter().is_switch].append(row)
        rows = [self._row_of(parameter) for parameter in parameters]
        self._rows = {row.parameter().key: row for row in rows}
        for row in (row for row in before if row not in rows):
            row.hide()
        if rows != before[:len(rows)]:
            for row in rows:
                self._column.removeWidget(row)
                self._column.addWidget(row)
        for row in rows:
            row.show()
        self._column.setEnabled(True)
        self._column.activate()
        self.setVisible(bool(parameters))
        self._line_up()

    def _row_of(self, parameter: Parameter) -> ParameterRow | SwitchRow:
        """Return a row for a parameter: a spare one if there is one of its kind."""
        if self._spare[parameter.is_switch]:
            row = self._spare[parameter.is_switch].pop()
            if row.parameter() != parameter:
                row.setParameter(parameter)
            return row
        return self._made(parameter)

    def _made(self, parameter: Parameter) -> ParameterRow | SwitchRow:
        made = SwitchRow(parameter, self) if parameter.is_switch else ParameterRow(parameter, self)
        made.changed.connect(lambda value, final: self.changed.emit(made.parameter().key, value, final))
        return made

    def reserve(self) -> None:
        """Make rows for as many numbers as others may have, one in each round of events, before they are asked for."""
        numbers = [row for row in self._rows.values() if isinstance(row, ParameterRow)]
        if numbers and len(numbers) + len(self._spare[False]) < _RESERVED:
            row = self._made(numbers[0].parameter())
            row.hide()
            self._spare[False].append(row)
            QTimer.singleShot(0, self, self.reserve)

    def setValue(self, key: str, value: float) -> None:
        """Show the value of a parameter."""
        self._rows[key].setValue(value)

    def minimumSizeHint(self) -> QSize:
        """Leave the width to the panel, whatever the labels have now."""
        return QSize(NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Line the sliders up, and leave the labels what room there is."""
        super().resizeEvent(event)
        self._line_up()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        for row in self._rows.values():
            row.retranslate()
        self._line_up()

    def _line_up(self) -> None:
        labels = [row.label for row in self._rows.values() if isinstance(row, ParameterRow)]
        wanted = max((label.fontMetrics().horizontalAdvance(label.text()) + 2 for label in labels), default=0)
        room = self.width() - FIELD_WIDTH - SLIDER_WIDTH - 2 * _GAP
        width = max(20, min(room, max(wanted, LABEL_WIDTH)))
        for label in labels:
            label.setFixedWidth(width)

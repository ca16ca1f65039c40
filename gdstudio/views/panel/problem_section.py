"""The problem in the panel: which row of the tables, or which formula, and the numbers in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gdstudio.views.equation import EquationView
from gdstudio.views.panel.fields import MonoField
from gdstudio.views.panel.parameter_row import ParameterRows
from gdstudio.views.panel.search_combo import SearchCombo
from gdstudio.views.panel.section import ErrorLabel, Section, row_label
from gdstudio.views.segments import Segments

if TYPE_CHECKING:
    from gdstudio.views.panel.model import Mistake, PanelModel, ProblemModel

LONGEST_FORMULA = 1000


class ColumnMark(QWidget):
    """A small mark under the character of a field that a sentence is about."""

    def __init__(self, field: MonoField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._column: int | None = None
        self.setFixedHeight(7)
        self.setVisible(False)
        field.cursorPositionChanged.connect(self.update)

    def column(self) -> int | None:
        """Return the column under which the mark stands."""
        return self._column

    def setColumn(self, column: int | None) -> None:
        """Put the mark under `column` of the field's text; None hides it."""
        self._column = column
        self.setVisible(column is not None)
        self.update()

    def sizeHint(self) -> QSize:
        """Height of the mark; the width is the panel's."""
        return QSize(20, 7)

    def markX(self) -> float:
        """Return where the mark stands, in pixels from the left: at an end where its character is scrolled away."""
        column = self._column or 0
        metrics = QFontMetricsF(self._field.font())
        text, left = self._field.text(), 9.0
        first = self._field.cursorPositionAt(QPoint(round(left) + 1, self._field.height() // 2))
        offset = metrics.horizontalAdvance(text[:column]) - metrics.horizontalAdvance(text[:first])
        middle = metrics.horizontalAdvance(text[column] if column < len(text) else " ") / 2
        return min(max(left + offset + middle, 4.0), self.width() - 5.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a triangle that points up."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QApplication.palette().color(QPalette.ColorRole.BrightText))
        x = self.markX()
        painter.drawPolygon(QPolygonF([QPointF(x, 0), QPointF(x - 4.5, 7), QPointF(x + 4.5, 7)]))


class ProblemSection(Section):
    """Tabs for the kind of problem; a searchable table row, the formula, its gradient, its own parameters.

    Signals: `kindChosen(kind)`, `problemChosen(key)`, `formulaEdited(text)` at every keystroke, and
    `parameterChanged(key, value, final)`.
    """

    kindChosen = Signal(str)
    problemChosen = Signal(str)
    formulaEdited = Signal(str)
    parameterChanged = Signal(str, float, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.tabs = Segments(("function", "formula", "data"), self)
        self.combo = SearchCombo(self)
        self.field = MonoField(self)
        self.field.setMaxLength(LONGEST_FORMULA)
        self.mark = ColumnMark(self.field, self)
        self.error = ErrorLabel(self)
        self.equation = EquationView(self)
        self.variables = row_label(self)
        self.parameters = ParameterRows(self)
        self.remark = QLabel(self)
        self.remark.setProperty("role", "muted")
        self.remark.setWordWrap(True)
        self.remark.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        typed = QVBoxLayout()
        typed.setSpacing(2)
        typed.addWidget(self.field)
        typed.addWidget(self.mark)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.combo)
        self.body.addLayout(typed)
        below: tuple[QWidget, ...] = (self.error, self.equation, self.variables, self.parameters, self.remark)
        for widget in below:
            self.body.addWidget(widget)
        self._model: ProblemModel | None = None
        self.tabs.chosen.connect(self.kindChosen)
        self.tabs.pointed.connect(self._pointed)
        self.combo.picked.connect(self.problemChosen)
        self.field.textEdited.connect(self.formulaEdited)
        self.parameters.changed.connect(self.parameterChanged)

    def setModel(self, panel: PanelModel) -> None:
        """Show the problem of `panel`."""
        model = panel.problem
        self.combo.setChoices(panel.datasets if model.kind == "data" else panel.functions)
        self.combo.setCurrent(model.chosen)
        before, self._model = self._model, model
        if model == before:
            return
        self.tabs.setCurrent(model.kind)
        self.combo.setVisible(model.kind != "formula")
        self.field.setReadOnly(model.kind == "data")
        if before is None or model.text != before.text or not self.field.hasFocus():
            self.field.setTextKeepingCursor(model.text)
        self._set_reading(model)
        self.parameters.setParameters(tuple(each.parameter for each in model.parameters))
        for each in model.parameters:
            self.parameters.setValue(each.key, each.value)
        self.parameters.setVisible(bool(model.parameters))
        self.remark.setText(model.remark)
        self.remark.setVisible(bool(model.remark))
        if before is None or before.kind != model.kind:
            self._say_field()

    def _pointed(self, kind: str) -> None:
        """Let a person who clicked on the formula type at once."""
        if kind == "formula":
            self.field.setFocus(Qt.FocusReason.MouseFocusReason)
            self.field.end(False)

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        return [*self.tabs.controls(), self.combo, self.field, *self.parameters.controls()]

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setTitle(self.tr("Problem"))
        self.tabs.setAccessibleName(self.tr("Kind of problem"))
        self.tabs.say("function", self.tr("Function"), self.tr("A test function from the table, with known minima"))
        self.tabs.say("formula", self.tr("Formula"), self.tr("A formula of your own, read as you type"))
        self.tabs.say("data", self.tr("Data"), self.tr("A loss averaged over a data set"))
        name = self.tr("Problem from the table")
        self.combo.setAccessibleName(name)
        self.combo.search.setAccessibleName(name)
        self.combo.setToolTip(self.tr("Which problem to descend; type a part of its name to find it"))
        self.combo.search.setPlaceholderText(self.tr("search…"))
        self.field.setPlaceholderText(self.tr("a formula, such as x^2 + 10*y^2"))
        self._say_field()
        self.parameters.retranslate()
        if self._model:
            self._set_reading(self._model)

    def _say_field(self) -> None:
        self.field.setAccessibleName(self.tr("Formula of the loss"))
        if self._model and self._model.kind == "data":
            tooltip = self.tr("The loss of one sample; what is descended is its mean over the batch")
        else:
            tooltip = self.tr("The loss to descend: + - * / ^, functions such as sin and exp, up to 20 variables")
        self.field.setToolTip(tooltip)

    def _set_reading(self, model: ProblemModel) -> None:
        mistake: Mistake | None = model.mistake
        self.error.setSentence(mistake.message if mistake else "")
        self.mark.setColumn(mistake.column if mistake else None)
        self.field.setInvalid(mistake is not None)
        self.field.setAccessibleDescription(mistake.message if mistake else "")
        self.equation.setEquation(None if mistake else model.equation)
        self.equation.setVisible(mistake is None and model.equation is not None)
        names = "" if mistake or model.kind != "formula" else ", ".join(model.variables)
        text = self.tr("variable {names}") if len(model.variables) == 1 else self.tr("variables {names}")
        self.variables.setText(text.format(names=names))
        self.variables.setVisible(bool(names))

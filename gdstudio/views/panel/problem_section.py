"""The problem in the panel: which row of the tables, or which formula, and the numbers in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gdstudio.views.equation import EquationView
from gdstudio.views.panel.data_section import DataSection
from gdstudio.views.panel.parameter_row import ParameterRows
from gdstudio.views.panel.search_combo import SearchCombo
from gdstudio.views.panel.section import Section, row_label
from gdstudio.views.panel.typed_text import TypedText
from gdstudio.views.segments import Segments

if TYPE_CHECKING:
    from gdstudio.views.panel.model import PanelModel, ProblemModel

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
        self.typed = TypedText(self)
        self.field, self.mark, self.error = self.typed.field, self.typed.mark, self.typed.error
        self.equation = EquationView(self)
        self.variables = row_label(self)
        self.parameters = ParameterRows(self)
        self.remark = QLabel(self)
        self.remark.setProperty("role", "muted")
        self.remark.setWordWrap(True)
        self.remark.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.data = DataSection(self)
        below: tuple[QWidget, ...] = (self.equation, self.variables, self.parameters, self.remark, self.data)
        for widget in (self.tabs, self.combo, self.typed, *below):
            self.body.addWidget(widget)
        self._model: ProblemModel | None = None
        self.tabs.chosen.connect(self.kindChosen)
        self.tabs.pointed.connect(self._pointed)
        self.combo.picked.connect(self.problemChosen)
        self.typed.edited.connect(self.formulaEdited)
        self.parameters.changed.connect(self.parameterChanged)

    def setModel(self, panel: PanelModel) -> None:
        """Show the problem of `panel`."""
        model = panel.problem
        self.combo.setChoices(panel.functions)
        self.combo.setCurrent(model.chosen)
        if model.data is not None:
            # shown anew in any case: what was asked for in it may have been refused
            self.data.setModel(model.data)
        before, self._model = self._model, model
        if model == before:
            return
        self.tabs.setCurrent(model.kind)
        self.data.setVisible(model.data is not None)
        self.combo.setVisible(model.kind == "function")
        self.typed.setVisible(model.data is None)
        if before is None or model.text != before.text or not self.field.hasFocus():
            self.typed.setText(model.text)
        self._set_reading(model)
        self.parameters.setParameters(tuple(each.parameter for each in model.parameters))
        for each in model.parameters:
            self.parameters.setValue(each.key, each.value)
        self.parameters.setVisible(bool(model.parameters))
        self.remark.setText(model.remark)
        self.remark.setVisible(bool(model.remark))

    def _pointed(self, kind: str) -> None:
        """Let a person who clicked on the formula type at once."""
        if kind == "formula":
            self.field.setFocus(Qt.FocusReason.MouseFocusReason)
            self.field.end(False)

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        typed = (self.combo, self.field, *self.parameters.controls())
        return [*self.tabs.controls(), *typed, *self.data.controls()]

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
        self.field.setAccessibleName(self.tr("Formula of the loss"))
        self.field.setToolTip(
            self.tr("The loss to descend: + - * / ^, functions such as sin and exp, up to 20 variables"))
        self.parameters.retranslate()
        self.data.retranslate()
        if self._model:
            self._set_reading(self._model)

    def _set_reading(self, model: ProblemModel) -> None:
        mistake = model.mistake
        self.typed.setMistake(mistake)
        self.equation.setEquation(None if mistake else model.equation)
        self.equation.setVisible(mistake is None and model.equation is not None)
        names = "" if mistake or model.kind != "formula" else ", ".join(model.variables)
        text = self.tr("variable {names}") if len(model.variables) == 1 else self.tr("variables {names}")
        self.variables.setText(text.format(names=names))
        self.variables.setVisible(bool(names))
